import { afterAll, beforeAll, expect, test } from 'vitest';
import { modules } from '../../../src/app/modules.js';
import type { EventCatalog, EventType } from '../../../src/events/catalog.js';
import { emit } from '../../../src/events/outbox.js';
import { settled } from '../../support/events.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

/** An event, and how it is told: the French title and message, then the English ones. `BY` is who did it. */
type Case = { [T in EventType]: [type: T, data: EventCatalog[T], fr: string, en: string] }[EventType];

const casesFor = ({ id: reader }: Person): Case[] => {
  const approval = {
    ownerId: 1,
    title: 'Facture EDF',
    submittedById: reader,
    level: 1,
    amount: null,
    currency: null,
    comment: null,
    deciderIds: [reader],
  };
  const appointment = {
    clientId: '1',
    interventionId: null,
    technicianUserId: reader,
    createdById: null,
    startsAtLocal: '2026-03-30T09:00',
    version: 1,
    fields: ['startsAt'],
  };
  const alert = { kind: 'failure_rate', subjectKind: 'server', subjectName: '', adminIds: [reader] } satisfies Partial<
    EventCatalog['alert.raised']
  >;
  const raised = { ...alert, webhookName: null, threshold: 5, value: 12.345, requestCount: 1200 };
  const rule = { bankAccountId: 1, ownerId: 1, createdById: reader, description: 'Loyer' };
  const occurrence = { ...rule, amount: '1250.50', currency: 'EUR' };
  const task = { name: 'Purge', action: 'purge', runId: 1, startedById: reader, durationMs: 1, attempt: 1 };
  const webhook = { ownerId: reader, name: 'Ventes' };
  return [
    [
      'approval.submitted',
      approval,
      'Document à valider | Facture EDF soumise par BY',
      'Document to approve | Facture EDF was submitted by BY',
    ],
    [
      'approval.escalated',
      approval,
      'Document à valider | Facture EDF transmise au niveau supérieur par BY',
      'Document to approve | Facture EDF was passed on to the next level by BY',
    ],
    [
      'approval.reopened',
      approval,
      'Document à valider | Facture EDF remise en validation par BY',
      'Document to approve | Facture EDF was put up for approval again by BY',
    ],
    [
      'approval.approved',
      approval,
      'Document validé | Facture EDF validée par BY',
      'Document approved | Facture EDF was approved by BY',
    ],
    [
      'approval.rejected',
      { ...approval, title: 'Bail', comment: 'Illisible' },
      'Document rejeté | Bail rejeté par BY : Illisible',
      'Document rejected | Bail was rejected by BY: Illisible',
    ],
    [
      'document.shared',
      { ownerId: 1, title: 'Bail', userId: reader },
      'Document partagé | Bail partagé avec vous par BY',
      'Document shared | Bail was shared with you by BY',
    ],
    [
      'appointment.created',
      appointment,
      'Nouveau rendez-vous | Un rendez-vous vous a été attribué par BY (30 mars 2026 à 09:00)',
      'New appointment | An appointment was given to you by BY (30 March 2026 at 09:00)',
    ],
    [
      'appointment.updated',
      appointment,
      'Rendez-vous modifié | Un de vos rendez-vous a été modifié par BY (30 mars 2026 à 09:00)',
      'Appointment changed | One of your appointments was changed by BY (30 March 2026 at 09:00)',
    ],
    [
      'appointment.deleted',
      appointment,
      'Rendez-vous supprimé | Un de vos rendez-vous a été supprimé par BY (30 mars 2026 à 09:00)',
      'Appointment deleted | One of your appointments was deleted by BY (30 March 2026 at 09:00)',
    ],
    [
      'appointment.confirmed',
      appointment,
      'Rendez-vous confirmé | Le client a confirmé un rendez-vous (30 mars 2026 à 09:00)',
      'Appointment confirmed | The client has confirmed an appointment (30 March 2026 at 09:00)',
    ],
    [
      'appointment.move_requested',
      appointment,
      'Autre horaire demandé | Le client demande à déplacer un rendez-vous (30 mars 2026 à 09:00)',
      'Another time asked for | The client asks for an appointment to be moved (30 March 2026 at 09:00)',
    ],
    [
      'appointment.reminded',
      appointment,
      'Rappel de rendez-vous | Vous avez bientôt un rendez-vous (30 mars 2026 à 09:00)',
      'Reminder of an appointment | You have an appointment soon (30 March 2026 at 09:00)',
    ],
    [
      'maintenance_contract.visit_unbooked',
      {
        clientId: '1',
        interventionId: '1',
        title: 'Chaudière',
        startsAtLocal: '2026-03-30T09:00',
        technicianUserId: reader,
        createdById: null,
      },
      'Visite sans rendez-vous | La visite « Chaudière » du 30 mars 2026 à 09:00 n’a pas de rendez-vous : le créneau est pris',
      'Visit without an appointment | The visit “Chaudière” on 30 March 2026 at 09:00 has no appointment: its time is taken',
    ],
    [
      'balance.drifted',
      { accounts: 2, accountIds: [7, 8], adminIds: [reader] },
      "Soldes incohérents | 2 comptes dont le solde n'est pas l'ouverture plus les transactions : n° 7, 8",
      'Inconsistent balances | 2 accounts whose balance is not the opening balance plus the transactions: no. 7, 8',
    ],
    [
      'bank_account.shared',
      { ownerId: 1, userId: reader, name: 'Courant', permission: 'write' },
      'Compte partagé | « Courant » est partagé avec vous par BY : vous pouvez le consulter et y écrire des opérations',
      'Account shared | “Courant” was shared with you by BY: you may look at it and enter transactions',
    ],
    [
      'recurrence.posted',
      { ...occurrence, dates: ['2026-03-01'], transactionIds: [1] },
      'Opération récurrente passée | Loyer (1250.50 EUR) le 2026-03-01',
      'Recurring transaction posted | Loyer (€1,250.50) on 1 March 2026',
    ],
    [
      'recurrence.refused',
      { ...occurrence, date: '2026-03-01' },
      'Opération récurrente refusée | Loyer (1250.50 EUR) le 2026-03-01 : le solde du compte d’épargne ne suffit pas',
      'Recurring transaction refused | Loyer (€1,250.50) on 1 March 2026: the balance of the savings account is too low',
    ],
    [
      'recurrence.stopped',
      { ...rule, reason: 'access_lost' },
      'Opération récurrente arrêtée | Loyer : vous ne pouvez plus écrire dans ce compte',
      'Recurring transaction stopped | Loyer: you may no longer write to this account',
    ],
    [
      'invoice.status_changed',
      { customerId: 1, createdById: reader, number: 'F-1', from: 'sent', to: 'overdue' },
      'Facture en retard | F-1 n’est pas réglée à son échéance',
      'Overdue invoice | F-1 was not paid by its due date',
    ],
    [
      'alert.raised',
      raised,
      "Taux d'erreur élevé | Le serveur entier : 12,35 % des 1200 dernières requêtes ont échoué (seuil : 5 %)",
      'High error rate | The whole server: 12.35% of the last 1,200 requests failed (threshold: 5%)',
    ],
    [
      'alert.ended',
      { ...alert, webhookName: null, value: 1, reason: 'recovered' },
      "Fin d'alerte : taux d'erreur élevé | Le serveur entier : la situation est revenue à la normale",
      'Alert over: high error rate | The whole server: things are back to normal',
    ],
    [
      'task.completed',
      task,
      "Tâche terminée | La tâche Purge s'est terminée",
      'Task finished | The task Purge has finished',
    ],
    ['task.failed', task, 'Échec de la tâche | La tâche Purge a échoué', 'Task failed | The task Purge has failed'],
    [
      'webhook.disabled',
      { ...webhook, reason: 'failing', isManaged: false },
      'Webhook désactivé | Le webhook Ventes a été désactivé : rien ne lui est parvenu depuis cinq jours',
      'Webhook switched off | The webhook Ventes was switched off: nothing has reached it for five days',
    ],
  ];
};

const happen = (cases: readonly Case[], actor: Person): Promise<void> =>
  server.db.client.transaction(async (tx) => {
    const origin = { viewer: { userId: actor.id }, requestId: 'test', ip: undefined };
    for (const [type, data] of cases) await emit(tx, origin, type, ['Document', 123], data);
  });

async function told(reader: Person): Promise<{ fr: string; en: string }[]> {
  await settled(server.app);
  const { data } = await server.graphql(
    '{ notifications(first: 100) { nodes { title message englishTitle englishMessage } } }',
    {},
    reader.token,
  );
  return data.notifications.nodes
    .map((n: any) => ({ fr: `${n.title} | ${n.message}`, en: `${n.englishTitle} | ${n.englishMessage}` }))
    .toReversed();
}

test('every notice is told in French and in English, and whoever is erased is named in neither', async () => {
  const [reader, actor] = [await server.person(), await server.person()];
  const cases = casesFor(reader);
  const expected = (name: string) =>
    cases.map(([, , fr, en]) => ({ fr: fr.replace('BY', name), en: en.replace('BY', name) }));
  expect(cases.map(([type]) => type).toSorted()).toEqual(
    modules
      .flatMap(({ notices = {} }) => Object.entries(notices))
      .flatMap(([type, notice]) => (notice ? [type] : []))
      .toSorted(),
  );

  await happen(cases, actor);
  expect(await told(reader)).toEqual(expected(actor.username));

  const renamed = `renamed.${actor.username}`;
  await server.sql('update users set username = ? where id = ?', [renamed, actor.id]);
  await happen(cases, actor);
  expect(await told(reader)).toEqual([...expected(actor.username), ...expected(renamed)]);

  await server.graphql(
    'mutation ($input: DeleteUserInput!) { deleteUser(input: $input) { kept } }',
    { input: { id: String(actor.id) } },
    server.admin.token,
  );
  const pseudonym = `erased-${actor.id}`;
  expect(await told(reader)).toEqual([...expected(pseudonym), ...expected(pseudonym)]);
  const kept = await server.sql('select n::text as row from notifications n where user_id = ?', [reader.id]);
  expect(JSON.stringify(kept)).not.toContain(actor.username);
});

test('what the server did, or somebody who is erased, names nobody', async () => {
  const [reader, gone] = [await server.person(), await server.person()];
  await server.sql('update users set erased_at = now(), is_active = false where id = ?', [gone.id]);
  await happen(
    casesFor(reader).filter(([, , fr]) => fr.includes('BY')),
    gone,
  );
  const messages = await told(reader);
  expect(messages).toHaveLength(10);
  expect(messages[6]).toEqual({
    fr: 'Nouveau rendez-vous | Un rendez-vous vous a été attribué (30 mars 2026 à 09:00)',
    en: 'New appointment | An appointment was given to you (30 March 2026 at 09:00)',
  });
  for (const { fr, en } of messages) expect(`${fr} ${en}`).not.toMatch(/ par | by |undefined|null/);
});

test('what was made before has no English text, and an erasure finds the name in it too', async () => {
  const [reader, actor, gone] = [await server.person(), await server.person(), await server.person()];
  await server.sql('update users set erased_at = now(), is_active = false where id = ?', [gone.id]);
  const insert = `insert into notifications (user_id, type, priority, title, message, event_position, actor_id)
                  values (?, ?, 'high', 'Titre', ?, ?, ?)`;
  const before = [
    ['appointment', `${actor.username} vous a attribué un rendez-vous (30 mars 2026 à 09:00)`, actor],
    ['appointment', `${actor.username} a modifié un de vos rendez-vous (30 mars 2026 à 09:00)`, actor],
    ['appointment', `${gone.username} a supprimé un de vos rendez-vous (30 mars 2026 à 09:00)`, gone],
    ['appointment', 'Le serveur vous a attribué un rendez-vous (30 mars 2026 à 09:00)', gone],
    ['document_shared', `Bail partagé avec vous par ${actor.username}`, actor],
  ] as const;
  for (const [n, [type, message, { id }]] of before.entries())
    await server.sql(insert, [reader.id, type, message, n, id]);
  await server.sql(`alter table notifications drop column english_title, drop column english_message,
                    drop column actor_name`);
  await server.sql(`delete from mikro_orm_migrations where name = '0065-english-notifications'`);
  await server.db.orm.migrator.up();

  const none = 'null | null';
  const named = (name: string) => [
    { fr: `Titre | Un rendez-vous vous a été attribué par ${name} (30 mars 2026 à 09:00)`, en: none },
    { fr: `Titre | Un de vos rendez-vous a été modifié par ${name} (30 mars 2026 à 09:00)`, en: none },
    { fr: `Titre | Un de vos rendez-vous a été supprimé par erased-${gone.id} (30 mars 2026 à 09:00)`, en: none },
    { fr: 'Titre | Le serveur vous a attribué un rendez-vous (30 mars 2026 à 09:00)', en: none },
    { fr: `Titre | Bail partagé avec vous par ${name}`, en: none },
  ];
  expect(await told(reader)).toEqual(named(actor.username));
  await server.graphql(
    'mutation ($input: DeleteUserInput!) { deleteUser(input: $input) { kept } }',
    { input: { id: String(actor.id) } },
    server.admin.token,
  );
  expect(await told(reader)).toEqual(named(`erased-${actor.id}`));
});
