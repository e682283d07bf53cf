import { createClient } from 'graphql-ws';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, it, test } from 'vitest';
import WebSocket from 'ws';
import { startApp } from '../../../src/app/start.js';
import { sql } from '../../../src/db/sql.js';
import type { EventCatalog } from '../../../src/events/catalog.js';
import { emit } from '../../../src/events/outbox.js';
import { continueTrace } from '../../../src/lib/trace-context.js';
import { priorityOf } from '../../../src/modules/notifications/priority.js';
import { settled } from '../../support/events.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';
import { startSmtpServer } from '../../support/smtp-server.js';

type ApprovalEvent = Extract<keyof EventCatalog, `approval.${string}`>;
type ApprovalFacts = Partial<EventCatalog['approval.submitted']>;

let server: TestServer;
let clock = new Date('2026-01-27T10:00:00Z');
beforeAll(async () => {
  server = await startTestServer({ now: () => clock });
});
afterAll(() => server?.stop());

const trace = continueTrace(`00-${'a1'.repeat(16)}-${'b2'.repeat(8)}-01`);
const originOf = (actor: Person | undefined) => ({
  viewer: { userId: actor?.id },
  requestId: 'test',
  ip: undefined,
  notes: { trace },
});

/** Writes events of the document 123 in one transaction, as the commands of approvals do. */
const happen = (
  events: { type: ApprovalEvent; actor?: Person; facts: ApprovalFacts }[],
  on = server.app,
): Promise<void> =>
  on.database.client.transaction(async (tx) => {
    for (const { type, actor, facts } of events) {
      const data = {
        ownerId: 1,
        title: 'Facture EDF',
        submittedById: null,
        level: 1,
        amount: '100.50',
        currency: 'EUR',
        comment: null,
        deciderIds: [],
        ...facts,
      };
      await emit(tx, originOf(actor), type, ['Document', 123], data);
    }
  });

const fields = 'type priority title message link isRead';
async function told(person: Person, on = server): Promise<any[]> {
  await settled(on.app);
  const { data, errors } = await on.graphql(`{ notifications(first: 100) { nodes { ${fields} } } }`, {}, person.token);
  expect(errors).toBeUndefined();
  return data.notifications.nodes;
}
const mutate = async (
  name: string,
  type: string,
  selection: string,
  input: object,
  token: string,
  on = server,
): Promise<any> => {
  const { data, errors } = await on.graphql(
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`,
    { input },
    token,
  );
  if (errors) throw Object.assign(new Error(errors[0].message), errors[0].extensions);
  return data[name];
};
const people = async (n: number, on = server): Promise<Person[]> => {
  const made: Person[] = [];
  while (made.length < n) made.push(await on.person());
  return made;
};

async function fileDocument(owner: Person): Promise<string> {
  const [{ id }] = await server.sql(
    `insert into documents (title, filename, original_filename, content_key, content_hash, file_size, mime_type, owner_id)
     values ('Bail', 'b.pdf', 'b.pdf', 'k', md5(random()::text) || md5(random()::text), 1, 'application/pdf', ?) returning id`,
    [owner.id],
  );
  return String(id);
}
const share = (id: string, owner: Person, person: Person): Promise<unknown> =>
  mutate('shareDocument', 'ShareDocumentInput', '__typename', { id, person: person.username }, owner.token);

describe('who is told what', () => {
  const pending = {
    type: 'APPROVAL_PENDING',
    priority: 'HIGH',
    title: 'Document à valider',
    link: '/documents/123',
    isRead: false,
  };
  it.each([
    ['approval.submitted', { ...pending, message: 'Facture EDF soumise par ACTOR' }],
    ['approval.escalated', { ...pending, message: 'Facture EDF transmise au niveau supérieur par ACTOR' }],
    ['approval.reopened', { ...pending, message: 'Facture EDF remise en validation par ACTOR' }],
  ] as const)('%s goes to everybody who may decide, and to nobody else', async (type, expected) => {
    const [actor, one, two, submitter] = (await people(4)) as [Person, Person, Person, Person];
    await happen([{ type, actor, facts: { deciderIds: [one.id, two.id, actor.id], submittedById: submitter.id } }]);
    const notification = { ...expected, message: expected.message.replace('ACTOR', actor.username) };
    expect([await told(one), await told(two)]).toEqual([[notification], [notification]]);
    expect([await told(actor), await told(submitter)]).toEqual([[], []]);
  });

  it.each([
    [
      'approval.approved',
      { title: 'Facture EDF', comment: 'OK' },
      {
        type: 'APPROVAL_APPROVED',
        priority: 'NORMAL',
        title: 'Document validé',
        message: 'Facture EDF validée par ACTOR',
      },
    ],
    [
      'approval.rejected',
      { title: 'Contrat EDF', comment: 'Information manquante' },
      {
        type: 'APPROVAL_REJECTED',
        priority: 'HIGH',
        title: 'Document rejeté',
        message: 'Contrat EDF rejeté par ACTOR : Information manquante',
      },
    ],
  ] as const)('%s goes to who submitted it', async (type, facts, expected) => {
    const [actor, submitter] = (await people(2)) as [Person, Person];
    await happen([{ type, actor, facts: { ...facts, submittedById: submitter.id } }]);
    expect(await told(submitter)).toEqual([
      {
        ...expected,
        link: '/documents/123',
        isRead: false,
        message: expected.message.replace('ACTOR', actor.username),
      },
    ]);
    expect(await told(actor)).toEqual([]);
  });

  it('a comment is told to nobody, and what the server did names nobody', async () => {
    const [decider, submitter] = (await people(2)) as [Person, Person];
    await happen([
      {
        type: 'approval.commented',
        actor: server.admin,
        facts: { submittedById: submitter.id, deciderIds: [decider.id], comment: 'Vu' },
      },
      { type: 'approval.escalated', facts: { submittedById: submitter.id, deciderIds: [decider.id] } },
    ]);
    expect((await told(decider)).map((n) => n.message)).toEqual(['Facture EDF transmise au niveau supérieur']);
    expect(await told(submitter)).toEqual([]);
  });

  it('a document that is shared is told to the person, once however often it is shared', async () => {
    const [owner, friend] = (await people(2)) as [Person, Person];
    const id = await fileDocument(owner);
    await Promise.all([share(id, owner, friend), share(id, owner, friend)]);
    await share(id, owner, owner);
    expect(await told(friend)).toEqual([
      {
        type: 'DOCUMENT_SHARED',
        priority: 'NORMAL',
        title: 'Document partagé',
        message: `Bail partagé avec vous par ${owner.username}`,
        link: `/documents/${id}`,
        isRead: false,
      },
    ]);
    expect(await told(owner)).toEqual([]);
  });

  it('who is inactive or erased is told nothing; an erasure takes their notifications along, and their name out of those of others', async () => {
    const [gone, away, decider] = (await people(3)) as [Person, Person, Person];
    await happen([
      { type: 'approval.submitted', actor: decider, facts: { deciderIds: [gone.id] } },
      { type: 'approval.submitted', actor: gone, facts: { deciderIds: [decider.id] } },
    ]);
    await mutate(
      'updateNotificationPreference',
      'UpdateNotificationPreferenceInput',
      '__typename',
      { type: 'SYSTEM', byMail: false },
      gone.token,
    );
    expect(await told(gone)).toHaveLength(1);
    await mutate('deleteUser', 'DeleteUserInput', 'kept', { id: String(gone.id) }, server.admin.token);
    await server.sql('update users set is_active = false where id = ?', [away.id]);
    await happen([
      { type: 'approval.submitted', actor: server.admin, facts: { deciderIds: [gone.id, away.id, decider.id] } },
    ]);
    expect((await told(decider)).map((n) => n.message)).toEqual([
      `Facture EDF soumise par ${server.admin.username}`,
      `Facture EDF soumise par erased-${gone.id}`,
    ]);
    expect(
      await server.sql(
        'select 1 from notifications where user_id in (?, ?) union all select 1 from notification_preferences where user_id = ?',
        [gone.id, away.id, gone.id],
      ),
    ).toEqual([]);
  });
});

describe('reading', () => {
  const mark = (id: string, token: string): Promise<any> =>
    mutate(
      'markNotificationRead',
      'MarkNotificationReadInput',
      'notification { id isRead readAt } unreadCount',
      { id },
      token,
    );

  it('filters by what was read, type and priority; the same mark from two sides at once is one event', async () => {
    const [reader, other] = (await people(2)) as [Person, Person];
    await happen([
      { type: 'approval.submitted', actor: other, facts: { deciderIds: [reader.id] } },
      { type: 'approval.approved', actor: other, facts: { submittedById: reader.id } },
    ]);
    await settled(server.app);
    const list = async (filter: string): Promise<any> =>
      (await server.graphql(`{ notifications(filter: ${filter}) { totalCount nodes { id type } } }`, {}, reader.token))
        .data.notifications;
    const [{ id }] = (await list('{ type: APPROVAL_PENDING }')).nodes;
    const answers = await Promise.all([mark(id, reader.token), mark(id, reader.token)]);
    expect(answers[0]).toEqual({ notification: { id, isRead: true, readAt: '2026-01-27T10:00:00Z' }, unreadCount: 1 });
    expect(answers[1]).toEqual(answers[0]);
    expect(
      await server.sql(`select 1 from events where type = 'notification.read' and subject_id = ?`, [id]),
    ).toHaveLength(1);
    expect((await list('{ isRead: true }')).nodes.map((n: any) => n.id)).toEqual([id]);
    expect((await list('{ isRead: false, priority: NORMAL }')).nodes.map((n: any) => n.type)).toEqual([
      'APPROVAL_APPROVED',
    ]);
    expect((await list('{ isRead: false, priority: HIGH }')).totalCount).toBe(0);
    await expect(mark(id, other.token)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('what one person has not read comes in order from an index', async () => {
    const { id } = await server.person();
    await server.sql(
      `insert into notifications (user_id, type, priority, title, message, event_position, read_at)
       select ?, 'system', 'low', 't', 'm', n, case when n % 9 > 0 then now() end from generate_series(1, 1000) n`,
      [id],
    );
    await server.sql('analyze notifications');
    const plan = await server.db.client.transaction(async (tx) => {
      await tx.all(sql`set local enable_seqscan = off`);
      return JSON.stringify(
        await tx.all(
          sql`explain select id from notifications where user_id = ${id} and is_read = false order by created_at desc, id desc limit 50`,
        ),
      );
    });
    expect(plan).toContain('notifications_read_idx');
    expect(plan).not.toContain('Sort');
  });
});

describe('live', () => {
  const clientFor = (token: string) =>
    createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
    });
  const query = (after?: string) => ({
    query:
      'subscription ($after: Position) { notifications(after: $after) { position type notification { message } unreadCount } }',
    variables: { after },
  });
  async function take(iterator: AsyncIterator<any>, n: number): Promise<any[]> {
    const taken: any[] = [];
    while (taken.length < n) {
      const { value, done } = await iterator.next();
      if (done) break;
      expect(value.errors).toBeUndefined();
      taken.push(value.data.notifications);
    }
    return taken;
  }

  it("one's own come as they are made and read, and resume after a position without loss or doubles", async () => {
    const [reader, other] = (await people(2)) as [Person, Person];
    const client = clientFor(reader.token);
    const live = client.iterate(query('0'));
    const titles = ['Un', 'Deux', 'Trois'];
    for (const title of titles)
      await happen([
        { type: 'approval.submitted', actor: server.admin, facts: { title, deciderIds: [other.id, reader.id] } },
      ]);
    const first = await take(live, 3);
    expect(first.map((e) => [e.type, e.notification.message])).toEqual(
      titles.map((title) => ['NOTIFICATION_CREATED', `${title} soumis par ${server.admin.username}`]),
    );
    await server.graphql('mutation { markAllNotificationsRead { changedCount } }', {}, reader.token);
    expect(await take(live, 1)).toEqual([
      { position: expect.any(String), type: 'NOTIFICATION_ALL_READ', notification: null, unreadCount: 0 },
    ]);
    await client.dispose();

    await happen([
      { type: 'approval.submitted', actor: server.admin, facts: { title: 'Quatre', deciderIds: [reader.id] } },
    ]);
    await settled(server.app);
    const again = clientFor(reader.token);
    const resumed = await take(again.iterate(query(first[1].position)), 3);
    expect(resumed.map((e) => [e.type, e.notification?.message.split(' ')[0], e.unreadCount])).toEqual([
      ['NOTIFICATION_CREATED', 'Trois', 1],
      ['NOTIFICATION_ALL_READ', undefined, 1],
      ['NOTIFICATION_CREATED', 'Quatre', 1],
    ]);
    await again.dispose();
  });
});

test('what is older than 90 days is purged, and nothing younger', async () => {
  const [reader] = (await people(1)) as [Person];
  clock = new Date('2026-01-27T10:00:00Z');
  await happen([
    { type: 'approval.approved', actor: server.admin, facts: { submittedById: reader.id, title: 'Contrat ancien' } },
  ]);
  await settled(server.app);
  clock = new Date('2026-01-27T10:00:02Z');
  await happen([
    { type: 'approval.approved', actor: server.admin, facts: { submittedById: reader.id, title: 'Contrat récent' } },
  ]);
  await settled(server.app);
  // More than one batch.
  await server.sql(
    `insert into notifications (user_id, type, priority, title, message, event_position, created_at)
     select ?, 'system', 'low', 't', 'm', 1000000 + n, '2025-06-01' from generate_series(1, 2500) n`,
    [reader.id],
  );
  clock = new Date('2026-04-27T10:00:01Z');
  await server.services.jobs.run('notifications.purge', {});
  clock = new Date('2026-01-27T10:00:02Z');
  expect((await told(reader)).map((n) => n.message)).toEqual([`Contrat récent validé par ${server.admin.username}`]);
});

if (inject('database').kind === 'server') {
  const doubles = `select user_id, event_position from notifications group by 1, 2 having count(*) > 1`;

  test('two processes on one database make each notification once', async () => {
    const deciders = await people(3);
    const other = await startApp({ config: server.services.config, log: pino({ level: 'silent' }) });
    try {
      const events = 60;
      await Promise.all(
        Array.from({ length: events }, (_, i) =>
          happen(
            [
              {
                type: 'approval.submitted',
                actor: server.admin,
                facts: { title: `Contrat ${i}`, deciderIds: deciders.map((d) => d.id) },
              },
            ],
            i % 2 ? other : server.app,
          ),
        ),
      );
      await Promise.all([settled(server.app), settled(other)]);
      for (const decider of deciders) {
        expect(await told(decider)).toHaveLength(events);
        expect(
          await server.sql(`select 1 from events where type = 'notification.created' and data->>'userId' = ?`, [
            String(decider.id),
          ]),
        ).toHaveLength(events);
      }
      expect(await server.sql(doubles)).toEqual([]);
      expect(await server.sql('select * from event_failures')).toEqual([]);
    } finally {
      await other.stop();
    }
  });

  test('a consumer that dies amid its work leaves neither a half nor a double', async () => {
    const [first, second] = (await people(2)) as [Person, Person];
    const [locked, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holder = server.db.client.transaction(async (tx) => {
      await tx.all(sql`select 1 from users where id = ${second.id} for update`);
      locked.resolve();
      await release.promise;
    });
    await locked.promise;
    // One batch: the consumer has told the first person and waits for the row of the second when its connection is cut.
    await happen(
      [first, second].map((decider) => ({
        type: 'approval.submitted' as const,
        actor: server.admin,
        facts: { deciderIds: [decider.id] },
      })),
    );
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%insert into notifications%'`;
    await expect.poll(() => server.sql(cut)).toHaveLength(1);
    release.resolve();
    await holder;
    expect([await told(first), await told(second)].map((n) => n.length)).toEqual([1, 1]);
    expect(
      await server.sql(`select 1 from events where type = 'notification.created' and data->>'userId' in (?, ?)`, [
        String(first.id),
        String(second.id),
      ]),
    ).toHaveLength(2);
    expect(await server.sql(doubles)).toEqual([]);
    expect(server.log.some((line) => line.includes('could not go on'))).toBe(true);
  });
}

describe('mail', () => {
  let smtp: Awaited<ReturnType<typeof startSmtpServer>>;
  let mailing: TestServer;
  beforeAll(async () => {
    smtp = await startSmtpServer();
    mailing = await startTestServer({
      env: {
        SMTP_URL: smtp.url,
        MAIL_FROM: 'Passerelle <robot@example.net>',
        PUBLIC_URL: 'https://bureau.example.net/',
      },
    });
  });
  afterAll(async () => {
    await mailing?.stop();
    await smtp?.stop();
  });
  const mailsTo = (person: Person): typeof smtp.mails => smtp.mails.filter((mail) => mail.to === person.email);
  const submitTo = (...deciders: Person[]): Promise<void> =>
    happen(
      [{ type: 'approval.submitted', actor: mailing.admin, facts: { deciderIds: deciders.map((d) => d.id) } }],
      mailing.app,
    );

  it(
    'goes out in French with an absolute link, after a server that refused it at first, and only once',
    { timeout: 90_000 },
    async () => {
      const [decider] = (await people(1, mailing)) as [Person];
      smtp.refuseNext(1);
      await submitTo(decider);
      const jobsSeen = (): [string, string | undefined][] =>
        mailing.log
          .map((line) => JSON.parse(line))
          .filter(({ job }) => job === 'mail.send')
          .map(({ msg, traceId }) => [msg, traceId]);
      await expect.poll(() => jobsSeen().length, { timeout: 60_000 }).toBe(2);
      expect(mailsTo(decider)).toHaveLength(1);
      expect(smtp.refused()).toBe(1);
      const [mail] = mailsTo(decider);
      expect(mail?.from).toBe('robot@example.net');
      expect(mail?.headers).toMatchObject({
        from: 'Passerelle <robot@example.net>',
        subject: 'Document à valider',
        'auto-submitted': 'auto-generated',
        'message-id': expect.stringMatching(/^<notification-\d+-\d+@bureau\.example\.net>$/),
        'content-type': expect.stringMatching(/^text\/plain; charset=utf-8/),
      });
      expect(mail?.text).toContain(`Facture EDF soumise par ${mailing.admin.username}`);
      expect(mail?.text).toContain('https://bureau.example.net/console/documents/123');
      expect(smtp.logins).toContain('\0robot\0s3cret-of-smtp');

      const [{ id, mailed }] = await mailing.sql(
        'select id, mailed_at is not null as mailed from notifications where user_id = ?',
        [decider.id],
      );
      expect(mailed).toBe(true);
      await mailing.services.jobs.run('mail.send', { notificationId: id });
      expect(mailsTo(decider)).toHaveLength(1);
      expect(jobsSeen()).toEqual([
        ['a job failed', trace?.traceId],
        ['job done', trace?.traceId],
        ['job done', undefined],
      ]);
      expect(mailing.log.join()).not.toContain('s3cret-of-smtp');
      expect(JSON.stringify(await mailing.sql(`select output from pgboss.job where name = 'mail.send'`))).not.toContain(
        's3cret-of-smtp',
      );
    },
  );

  it('has the same Message-ID at each attempt, and is not marked before the server has taken it', async () => {
    const [decider] = (await people(1, mailing)) as [Person];
    await mailing.sql(
      `insert into notifications (user_id, type, priority, title, message, event_position) values (?, 'system', 'low', 'Titre', 'Texte', 0)`,
      [decider.id],
    );
    const [{ id }] = await mailing.sql('select id from notifications where user_id = ?', [decider.id]);
    smtp.refuseNext(1);
    await expect(mailing.services.jobs.run('mail.send', { notificationId: id })).rejects.toThrow(/EMESSAGE|451/);
    expect(await mailing.sql('select mailed_at from notifications where id = ?', [id])).toEqual([{ mailed_at: null }]);
    await mailing.services.jobs.run('mail.send', { notificationId: id });
    // As if the process had died before it could note the mail.
    await mailing.sql('update notifications set mailed_at = null where id = ?', [id]);
    await mailing.services.jobs.run('mail.send', { notificationId: id });
    const ids = mailsTo(decider).map((mail) => mail.headers['message-id']);
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
  });

  it('is left out for a type that the person has switched off, before or after the event', async () => {
    const [willing, unwilling] = (await people(2, mailing)) as [Person, Person];
    const preferences = async (): Promise<any[]> =>
      (await mailing.graphql('{ notificationPreferences { type byMail } }', {}, unwilling.token)).data
        .notificationPreferences;
    expect((await preferences()).map((p) => p.byMail)).toEqual(Object.keys(priorityOf).map(() => true));
    const set = (byMail: boolean): Promise<any> =>
      mutate(
        'updateNotificationPreference',
        'UpdateNotificationPreferenceInput',
        'notificationPreference { type byMail }',
        { type: 'APPROVAL_PENDING', byMail },
        unwilling.token,
        mailing,
      );
    expect(await set(false)).toEqual({ notificationPreference: { type: 'APPROVAL_PENDING', byMail: false } });
    expect((await preferences()).filter((p) => !p.byMail)).toEqual([{ type: 'APPROVAL_PENDING', byMail: false }]);

    await submitTo(willing, unwilling);
    expect(await told(unwilling, mailing)).toHaveLength(1);
    const waiting = `select n.user_id from pgboss.job j join notifications n on n.id = (j.data->>'notificationId')::int where j.name = 'mail.send' and n.user_id in (?, ?)`;
    expect(await mailing.sql(waiting, [willing.id, unwilling.id])).toEqual([{ user_id: willing.id }]);

    const [{ id }] = await mailing.sql('select id from notifications where user_id = ?', [unwilling.id]);
    await mailing.services.jobs.run('mail.send', { notificationId: id });
    expect(mailsTo(unwilling)).toEqual([]);
    await set(true);
    await mailing.services.jobs.run('mail.send', { notificationId: id });
    expect(mailsTo(unwilling)).toHaveLength(1);
  });

  it('is no job at all without a mail server', async () => {
    expect(await server.sql(`select 1 from pgboss.job where name = 'mail.send'`)).toEqual([]);
  });
});
