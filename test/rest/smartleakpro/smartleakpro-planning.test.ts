import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StoredEvent } from '../../../src/events/catalog.js';
import { onlyOwnRights } from '../../../src/kernel/viewer.js';
import { settled } from '../../support/events.js';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let technician: Person;
beforeAll(async () => {
  server = await startTestServer({ now: () => new Date('2026-03-25T10:00:00Z') });
  technician = await server.person({ roles: ['technicien'] });
});
afterAll(() => server?.stop());

const nobodysId = '00000000-0000-0000-0000-000000000000';
const api = (method: string, path: string, json?: unknown, token: string | null = technician.token): Promise<Answer> =>
  server.request(method, `/api/planning${path}`, {
    token: token ?? undefined,
    ...(json !== undefined && { json }),
  });

async function client(name = 'Dupont'): Promise<string> {
  const [row] = await server.sql('insert into clients (name, email, phone) values (?, ?, ?) returning id', [
    name,
    `${randomUUID()}@example.org`,
    '0612345678',
  ]);
  return row.id;
}

async function intervention(clientId: string, kind = 'detection', at = '2026-04-02T12:00:00Z'): Promise<string> {
  const [row] = await server.sql(
    `insert into interventions (client_id, kind, scheduled_at, description, technician)
     values (?::uuid, ?, ?, 'Fuite', 'Karim') returning id`,
    [clientId, kind, at],
  );
  return row.id;
}

/** Free unless a test says otherwise: each appointment has a day of its own. */
let day = 0;
const onNextDay = (): { date_heure_debut: string; date_heure_fin: string } => {
  const date = new Date(Date.UTC(2026, 5, (day += 1))).toISOString().slice(0, 10);
  return { date_heure_debut: `${date}T09:00:00Z`, date_heure_fin: `${date}T10:00:00Z` };
};
const book = async (body: object, status = 201): Promise<any> => {
  const answer = await api('POST', '/', body);
  expect(answer.json?.detail).toBe(status === 201 ? undefined : answer.json.detail);
  expect(answer.status).toBe(status);
  return answer.json;
};

describe('a booking', () => {
  test('as the consumers send it comes back with its client and its intervention', async () => {
    const clientId = await client('Hélène Dupont');
    const interventionId = await intervention(clientId);
    const made = await book({
      client_id: clientId,
      intervention_id: interventionId,
      date_heure_debut: '2026-03-30T09:00',
      date_heure_fin: '2026-03-30T10:00:00.123456',
      utilisateur_responsable: 'Karim B.',
      notes: 'Dupont, fuite; ét. 2\nC:\\new',
      couleur: '#007bff',
      rappel_avant: '24',
      statut: 'planifié',
    });
    expect(made).toEqual({
      id: expect.any(String),
      client_id: clientId,
      intervention_id: interventionId,
      // What has no zone is in UTC.
      date_heure_debut: '2026-03-30T09:00:00Z',
      date_heure_fin: '2026-03-30T10:00:00Z',
      utilisateur_responsable: 'Karim B.',
      notes: 'Dupont, fuite; ét. 2\nC:\\new',
      couleur: '#007bff',
      rappel_avant: 24,
      statut: 'planifie',
      date_confirmation_client: null,
      date_demande_deplacement: null,
      demande_deplacement: null,
      version: 1,
      date_creation: '2026-03-25T10:00:00Z',
      date_modification: '2026-03-25T10:00:00Z',
      client: { id: clientId, nom: 'Hélène Dupont', email: expect.any(String), telephone: '0612345678' },
      intervention: { id: interventionId, type_intervention: 'detection', description: 'Fuite' },
    });
    expect((await api('GET', `/${made.id}/`)).json).toEqual(made);
    const listed = await api(
      'GET',
      `?client_id=${clientId}&statut=planifi%C3%A9&date_debut=2026-03-30&date_fin=2026-03-30&technicien=karim&size=1`,
    );
    expect(listed.json).toEqual({ rendez_vous: [made], total: 1, page: 1, size: 1, pages: 1 });
    for (const elsewhere of ['date_fin=2026-03-29', 'date_debut=2026-03-31', 'statut=annule', 'technicien=Paul'])
      expect((await api('GET', `?client_id=${clientId}&${elsewhere}`)).json.total).toBe(0);
  });

  test('with a form’s empty fields has none of them', async () => {
    const made = await book({
      client_id: await client(),
      intervention_id: '',
      ...onNextDay(),
      utilisateur_responsable: '',
      notes: '',
      couleur: '',
      rappel_avant: '',
      statut: '',
    });
    expect(made).toMatchObject({
      intervention_id: null,
      intervention: null,
      utilisateur_responsable: null,
      notes: null,
      couleur: null,
      rappel_avant: null,
      statut: 'planifie',
    });
  });

  test.each<[string, (ids: { mine: string; foreign: string }) => object, number, string[]]>([
    [
      'nothing',
      () => ({ client_id: undefined, date_heure_debut: undefined, date_heure_fin: undefined }),
      422,
      ['client_id', 'date_heure_debut', 'date_heure_fin'],
    ],
    ['an end before the start', () => ({ date_heure_fin: '2026-01-01T08:00:00Z' }), 400, ['date_heure_fin']],
    [
      'an end at the start',
      () => ({ date_heure_debut: '2026-01-01T08:00:00Z', date_heure_fin: '2026-01-01T08:00:00Z' }),
      400,
      ['date_heure_fin'],
    ],
    ['a colour that is none', () => ({ couleur: 'bleu' }), 422, ['couleur']],
    ['a reminder in the past', () => ({ rappel_avant: -1 }), 422, ['rappel_avant']],
    ['a status that is none', () => ({ statut: 'peut-être' }), 422, ['statut']],
    ['a client that is none', () => ({ client_id: 'invalid-id' }), 422, ['client_id']],
    ['an unknown client', () => ({ client_id: nobodysId }), 404, []],
    ['an unknown intervention', () => ({ intervention_id: nobodysId }), 404, []],
    ['an intervention of another client', ({ foreign }) => ({ intervention_id: foreign }), 422, ['intervention_id']],
    ['an unknown person', () => ({ utilisateur_responsable: randomUUID() }), 422, ['utilisateur_responsable']],
  ])('%s is refused', async (_what, changes, status, fields) => {
    const mine = await client();
    const foreign = await intervention(await client());
    const answer = await api('POST', '/', { client_id: mine, ...onNextDay(), ...changes({ mine, foreign }) });
    expect(answer.status).toBe(status);
    expect(Object.keys(answer.json.field_errors).toSorted()).toEqual(fields.toSorted());
  });

  test('says in French what was wrong with it', async () => {
    const clientId = await client();
    const backwards = {
      client_id: clientId,
      date_heure_debut: '2026-05-02T09:00Z',
      date_heure_fin: '2026-05-01T09:00Z',
    };
    expect((await api('POST', '', backwards)).json.detail).toBe(
      'La date de fin doit être postérieure à la date de début',
    );
    expect(
      (await api('POST', '', { ...backwards, client_id: nobodysId, date_heure_fin: '2026-05-03T09:00Z' })).json.detail,
    ).toBe('Client non trouvé');
    expect((await api('GET', `/${nobodysId}`)).json).toMatchObject({
      detail: 'Rendez-vous non trouvé',
      error_code: 'NOT_FOUND',
    });
    expect((await api('GET', '/invalid-id')).status).toBe(404);
  });

  test('names its person by UUID or user name, and free text is kept', async () => {
    const [{ uuid }] = await server.sql('select uuid from users where id = ?', [technician.id]);
    for (const named of [uuid, technician.username.toUpperCase()]) {
      const made = await book({ client_id: await client(), ...onNextDay(), utilisateur_responsable: named });
      expect(made.utilisateur_responsable).toBe(named);
      const { data } = await server.graphql(
        '{ appointment(id: "' + made.id + '") { technicianUser { username } } }',
        {},
        server.admin.token,
      );
      expect(data.appointment.technicianUser).toEqual({ username: technician.username });
    }
  });

  test('under an id of the program’s own is made once', async () => {
    const body = { id: randomUUID(), client_id: await client(), ...onNextDay() };
    const first = await book(body);
    expect(first.id).toBe(body.id);
    expect(await book(body)).toEqual(first);
    const other = await server.person({ roles: ['technicien'] });
    expect((await api('POST', '/', body, other.token)).status).toBe(409);
  });
});

describe('two appointments of one technician', () => {
  const slot = (from: string, to: string) => ({
    date_heure_debut: `2026-04-20T${from}`,
    date_heure_fin: `2026-04-20T${to}`,
  });
  let technicien: string;
  const bookAt = async (from: string, to: string, changes: object = {}): Promise<Answer> =>
    api('POST', '', { client_id: await client(), utilisateur_responsable: technicien, ...slot(from, to), ...changes });
  const anew = (): void => void (technicien = `Tech ${randomUUID()}`);

  test('may touch, and may not overlap, whatever zone they are written in', async () => {
    anew();
    expect((await bookAt('09:00:00Z', '10:00:00Z')).status).toBe(201);
    expect((await bookAt('10:00:00Z', '11:00:00Z')).status).toBe(201);
    expect((await bookAt('08:00:00Z', '09:00:00Z')).status).toBe(201);
    const overlapping = await bookAt('09:59:00Z', '10:30:00Z');
    expect(overlapping.status).toBe(409);
    expect(overlapping.json).toEqual({
      detail: 'Conflit détecté avec 2 rendez-vous existant(s)',
      error_code: 'CONFLICT',
      field_errors: {},
    });
    expect((await bookAt('10:00:00+01:00', '10:30:00+01:00')).status).toBe(409);
    expect((await bookAt('09:00:00+01:00', '09:30:00+01:00')).status).toBe(409);
  });

  test('are of one technician however the name is spelt, and another’s stand beside them', async () => {
    anew();
    technicien += ' Éloi';
    expect((await bookAt('09:00:00Z', '10:00:00Z')).status).toBe(201);
    const respelt = technicien.toUpperCase().replace('É', 'E');
    expect((await bookAt('09:30:00Z', '10:30:00Z', { utilisateur_responsable: respelt })).status).toBe(409);
    expect((await bookAt('09:30:00Z', '10:30:00Z', { utilisateur_responsable: `${respelt} 2` })).status).toBe(201);
  });

  test('collide only while they are planned or confirmed', async () => {
    anew();
    const first = (await bookAt('09:00:00Z', '10:00:00Z', { statut: 'annulé' })).json;
    const second = (await bookAt('09:00:00Z', '10:00:00Z', { statut: 'terminé' })).json;
    const third = (await bookAt('09:00:00Z', '10:00:00Z', { statut: 'confirmé' })).json;
    expect(third.statut).toBe('confirme');
    expect((await api('PUT', `/${first.id}`, { statut: 'planifie' })).status).toBe(409);
    expect((await api('PUT', `/${third.id}`, { statut: 'annule' })).status).toBe(200);
    expect((await api('PUT', `/${second.id}`, { statut: 'planifie' })).status).toBe(200);
  });

  test('without a technician collide at one client, also with those that have one', async () => {
    const clientId = await client();
    const at = (from: string, to: string, utilisateur_responsable = '') =>
      api('POST', '', { client_id: clientId, utilisateur_responsable, ...slot(from, to) });
    expect((await at('09:00:00Z', '10:00:00Z')).status).toBe(201);
    expect((await at('09:30:00Z', '10:30:00Z')).status).toBe(409);
    expect((await at('09:30:00Z', '10:30:00Z', 'Anne')).status).toBe(409);
    expect((await at('11:00:00Z', '12:00:00Z', 'Anne')).status).toBe(201);
    expect((await at('11:00:00Z', '12:00:00Z', 'Paul')).status).toBe(201);
    expect((await at('11:30:00Z', '12:30:00Z')).json.detail).toBe('Conflit détecté avec 2 rendez-vous existant(s)');
    expect((await api('POST', '', { client_id: await client(), ...slot('09:00:00Z', '10:00:00Z') })).status).toBe(201);
  });

  test('for one slot, twenty at once: one stands', async () => {
    anew();
    const answers = await Promise.all(Array.from({ length: 20 }, () => bookAt('09:00:00Z', '10:00:00Z')));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
  });
});

describe('a change', () => {
  test('of itself, whole as it was read, is none', async () => {
    const made = await book({ client_id: await client(), ...onNextDay(), utilisateur_responsable: 'Zoé', notes: 'x' });
    const again = await api('PUT', `/${made.id}`, made);
    expect(again.status).toBe(200);
    expect(again.json).toEqual(made);
    // React sends the whole form, with what its fields cut off.
    const form = {
      client_id: made.client_id,
      intervention_id: '',
      date_heure_debut: made.date_heure_debut.slice(0, 16),
      date_heure_fin: made.date_heure_fin.slice(0, 16),
      utilisateur_responsable: 'Zoé',
      notes: 'y',
      couleur: '',
      rappel_avant: 2,
    };
    expect((await api('PUT', `/${made.id}/`, form)).json).toMatchObject({
      ...made,
      notes: 'y',
      rappel_avant: 2,
      version: 2,
      date_modification: expect.any(String),
    });
  });

  test('by drag and drop moves it, unless the time is taken', async () => {
    const made = await book({ client_id: await client(), ...onNextDay(), utilisateur_responsable: 'Zoé' });
    const taken = await book({ client_id: await client(), ...onNextDay(), utilisateur_responsable: 'Zoé' });
    const moved = await api('PUT', `/${made.id}`, {
      date_heure_debut: '2026-09-01T09:00:00.000Z',
      date_heure_fin: '2026-09-01T10:00:00.000Z',
    });
    expect(moved.json).toMatchObject({ date_heure_debut: '2026-09-01T09:00:00Z', notes: null, version: 2 });
    const { date_heure_debut, date_heure_fin } = taken;
    const refused = await api('PUT', `/${made.id}`, { date_heure_debut, date_heure_fin });
    expect(refused.json.detail).toBe('Conflit détecté avec 1 rendez-vous existant(s)');
    expect((await api('PUT', `/${made.id}`, { date_heure_debut: '2026-09-01T11:00:00Z' })).status).toBe(400);
  });

  test('of an old version is refused with what is there now', async () => {
    const made = await book({ client_id: await client(), ...onNextDay() });
    await api('PUT', `/${made.id}`, { notes: 'first', version: 1 });
    const stale = await api('PUT', `/${made.id}`, { notes: 'second', version: 1 });
    expect(stale.status).toBe(409);
    expect(stale.json.current).toMatchObject({ notes: 'first', version: 2 });
  });

  test.each(['confirme', 'termine'])('does not delete what is %s, and deletes the rest', async (statut) => {
    const made = await book({ client_id: await client(), ...onNextDay(), statut });
    const kept = await api('DELETE', `/${made.id}`);
    expect(kept.status).toBe(400);
    expect(kept.json.detail).toBe('Un rendez-vous confirmé ou terminé ne se supprime pas : annulez-le');
    await api('PUT', `/${made.id}`, { statut: 'annule' });
    expect((await api('DELETE', `/${made.id}`)).status).toBe(204);
    expect((await api('GET', `/${made.id}`)).status).toBe(404);
    expect((await api('DELETE', `/${made.id}`)).status).toBe(404);
    expect((await api('GET', `?client_id=${made.client_id}`)).json.total).toBe(0);
  });
});

describe('the calendar', () => {
  test('shows appointments, and interventions without one, with the keys that calendars read', async () => {
    const clientId = await client('Martin');
    const bare = await intervention(clientId, 'repair', '2026-07-20T08:00:00Z');
    const planned = await intervention(clientId, 'inspection', '2026-07-20T06:00:00Z');
    const made = await book({
      client_id: clientId,
      intervention_id: planned,
      date_heure_debut: '2026-07-21T08:00:00Z',
      date_heure_fin: '2026-07-21T09:00:00Z',
      utilisateur_responsable: 'Karim',
      notes: 'Code 12',
      rappel_avant: 24,
    });
    await book({
      client_id: clientId,
      date_heure_debut: '2026-07-22T08:00:00Z',
      date_heure_fin: '2026-07-22T09:00:00Z',
      couleur: '#123ABC',
      statut: 'annule',
    });
    const { json } = await api('GET', '/calendar?start=2026-07-20&end=2026-07-22');
    expect(json.map((event: any) => [event.title, event.start, event.end, event.color])).toEqual([
      ['Martin - reparation', '2026-07-20T08:00:00Z', '2026-07-20T09:00:00Z', '#6c757d'],
      ['Martin - inspection', '2026-07-21T08:00:00Z', '2026-07-21T09:00:00Z', '#6c757d'],
      ['Martin - RDV', '2026-07-22T08:00:00Z', '2026-07-22T09:00:00Z', '#123abc'],
    ]);
    expect(json[0]).toMatchObject({ id: bare, intervention_id: bare });
    expect(json[1]).toEqual({
      id: made.id,
      title: 'Martin - inspection',
      start: '2026-07-21T08:00:00Z',
      end: '2026-07-21T09:00:00Z',
      color: '#6c757d',
      client: 'Martin',
      intervention_id: planned,
      backgroundColor: '#6c757d',
      borderColor: '#6c757d',
      textColor: '#ffffff',
      extendedProps: {
        statut: 'planifie',
        client: 'Martin',
        intervention: 'inspection',
        technicien: 'Karim',
        notes: 'Code 12',
        rappel_avant: 24,
        client_id: clientId,
        intervention_id: planned,
      },
    });
    expect(json[2].intervention_id).toBeNull();
    for (const [statut, color] of [
      ['confirme', '#007bff'],
      ['annule', '#dc3545'],
      ['termine', '#28a745'],
    ]) {
      await api('PUT', `/${made.id}`, { statut });
      expect((await api('GET', '/calendar/?start=2026-07-21&end=2026-07-21')).json[0].color).toBe(color);
    }
    const karims = await api('GET', '/calendar?start=2026-07-20T00:00:00Z&end=2026-07-23&technicien=kari');
    expect(karims.json).toHaveLength(2);
  });

  test('needs no bounds, shows what lies across them, and has some of its own', async () => {
    const long = await book({
      client_id: await client(),
      date_heure_debut: '2026-08-01T20:00:00Z',
      date_heure_fin: '2026-08-03T06:00:00Z',
    });
    const ids = async (query: string) => (await api('GET', `/calendar${query}`)).json.map((event: any) => event.id);
    expect(await ids('')).toContain(long.id);
    expect(await ids('?start=&end=')).toContain(long.id);
    expect(await ids('?start=2026-08-02&end=2026-08-02')).toEqual([long.id]);
    expect(await ids('?start=2026-08-03T06:00:00Z&end=2026-08-04')).toEqual([]);
    expect(await ids('?end=2026-08-01')).toContain(long.id);
    const refused = await api('GET', '/calendar?start=2026-01-01&end=2036-01-01');
    expect([refused.status, Object.keys(refused.json.field_errors)]).toEqual([422, ['end']]);
    expect((await api('GET', '/calendar?start=2026-02-01&end=2026-01-01')).status).toBe(422);
    expect((await api('GET', '/calendar?start=soon')).status).toBe(422);
  });
});

test('a slot is said to be free or why it is not', async () => {
  const made = await book({ client_id: await client(), ...onNextDay(), utilisateur_responsable: 'Nadia' });
  const { date_heure_debut: date_debut, date_heure_fin: date_fin, id, client_id } = made;
  const check = async (body: object) => {
    const answer = await api('POST', '/validate-creneau', { date_debut, date_fin, ...body });
    expect(answer.status).toBe(200);
    return answer.json;
  };
  const taken = { valid: false, message: 'Conflit détecté avec 1 rendez-vous existant(s)' };
  const free = { valid: true, message: 'Créneau disponible' };
  expect(await check({ technicien: 'nadia' })).toEqual(taken);
  expect(await check({ technicien: 'Paul' })).toEqual(free);
  expect(await check({ technicien: 'Nadia', rdv_id_exclu: id })).toEqual(free);
  expect(await check({ technicien: '' })).toEqual(taken);
  expect(await check({ client_id })).toEqual(taken);
  expect(await check({ client_id: await client() })).toEqual(free);
  expect(await check({ date_fin: date_debut })).toEqual({
    valid: false,
    message: 'La date de fin doit être postérieure à la date de début',
  });
  expect((await api('POST', '/validate-creneau', {})).status).toBe(422);
});

test('figures count all, today’s, this week’s and the late ones, in the firm’s zone', async () => {
  const before = (await api('GET', '/stats/planning')).json;
  const at = (from: string, to: string, utilisateur_responsable: string) =>
    book({ client_id: anybody, date_heure_debut: from, date_heure_fin: to, utilisateur_responsable });
  const anybody = await client();
  // 25 March 2026 is a Wednesday; Monday the 23rd begins at 23:00 UTC the day before.
  await at('2026-03-25T08:00:00Z', '2026-03-25T09:00:00Z', '__proto__');
  await at('2026-03-22T23:30:00Z', '2026-03-22T23:45:00Z', 'Olga');
  await at('2026-03-22T22:30:00Z', '2026-03-22T22:45:00Z', 'Olga');
  await at('2026-03-25T23:30:00Z', '2026-03-26T00:00:00Z', 'Olga');
  const figures = (await api('GET', '/stats/planning/')).json;
  const more = (name: string) => figures[name] - before[name];
  expect(['total_rdv', 'rdv_aujourd_hui', 'rdv_cette_semaine', 'rdv_en_retard'].map(more)).toEqual([4, 1, 3, 3]);
  expect(figures.par_technicien.Olga).toBe(3);
  expect(Object.getOwnPropertyDescriptor(figures.par_technicien, '__proto__')?.value).toBe(1);
  expect(Object.keys(figures)).toEqual([
    'total_rdv',
    'rdv_aujourd_hui',
    'rdv_cette_semaine',
    'rdv_en_retard',
    'par_statut',
    'par_technicien',
  ]);
  const summary = (await api('GET', '/stats/summary')).json;
  expect(summary).toMatchObject({
    total: figures.total_rdv,
    cette_semaine: figures.rdv_cette_semaine,
    par_statut: figures.par_statut,
    par_type: { rdv: expect.any(Number), detection: 1 },
  });
});

test('a booking and its changes are documented to webhooks, as its own GET answers them', async () => {
  const made = await book({ client_id: await client(), ...onNextDay() });
  await api('PUT', `/${made.id}`, { notes: 'x' });
  await settled(server.app);
  const events: StoredEvent[] = await server.sql(
    `select id::text as position, type, subject_type as "subjectType", subject_id as "subjectId",
            actor_id as "actorId", to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "occurredAt", data
       from events where subject_id = ? order by position`,
    [made.id],
  );
  const documented = (permissions: string[]) =>
    Promise.all(
      events.map((event) =>
        server.services.eventPayloads.document(event, {
          ...onlyOwnRights(technician.id),
          permissions: new Set(permissions),
        }),
      ),
    );
  const { json: data } = await api('GET', `/${made.id}`);
  const whole = { timestamp: expect.any(String), resource_id: made.id };
  expect(await documented(['appointments:read', 'clients:read', 'interventions:read'])).toEqual([
    { message: { ...whole, type: 'planning_created', data } },
    { message: { ...whole, type: 'planning_updated', data } },
  ]);
  const [seen] = await documented(['appointments:read']);
  expect(seen).toMatchObject({ message: { data: { client: null } } });
  for (const one of await documented([])) expect(one).toHaveProperty('missing');
});

test('roles: who reads may not write, and a bare account may neither', async () => {
  const made = await book({ client_id: await client(), ...onNextDay() });
  for (const role of ['lecteur', 'consultant']) {
    const reader = await server.person({ roles: [role] });
    expect((await api('GET', '', undefined, reader.token)).status).toBe(200);
    expect((await api('GET', `/${made.id}`, undefined, reader.token)).status).toBe(200);
    expect((await api('GET', '/calendar', undefined, reader.token)).status).toBe(200);
    expect((await api('PUT', `/${made.id}`, { notes: 'x' }, reader.token)).status).toBe(403);
    expect((await api('POST', '', { client_id: made.client_id, ...onNextDay() }, reader.token)).status).toBe(403);
    expect((await api('DELETE', `/${made.id}`, undefined, reader.token)).status).toBe(403);
  }
  const bare = await server.person();
  for (const path of ['', `/${made.id}`, '/calendar', '/calendar.ics', '/stats/planning'])
    expect((await api('GET', path, undefined, bare.token)).status).toBe(403);
  expect((await api('GET', '', undefined, null)).status).toBe(401);
});
