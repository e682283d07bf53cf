import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { purgePlanning } from '../../../src/modules/planning/purge-planning.js';
import { settled } from '../../support/events.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';
import { statementsOf } from '../../support/sql-log.js';

let now = new Date('2026-03-25T10:00:00Z');
let server: TestServer;
let manager: Person;
beforeAll(async () => {
  server = await startTestServer({ now: () => now });
  manager = await server.person({ roles: ['manager'] });
});
afterAll(() => server?.stop());

async function run(query: string, variables: object = {}, { token }: Person = manager): Promise<any> {
  const { data, errors } = await server.graphql(query, variables, token);
  expect(errors).toBeUndefined();
  return data;
}
async function refused(query: string, variables: object = {}, { token }: Person = manager): Promise<any> {
  const { errors } = await server.graphql(query, variables, token);
  return errors?.[0]?.extensions;
}

async function client(): Promise<string> {
  const [{ id }] = await server.sql(`insert into clients (name) values ('Dupont') returning id`);
  return id;
}
async function intervention(clientId: string): Promise<string> {
  const [{ id }] = await server.sql(
    `insert into interventions (client_id, kind, scheduled_at) values (?::uuid, 'repair', now()) returning id`,
    [clientId],
  );
  return id;
}

const fields = 'id clientId interventionId startsAt endsAt status technician sequence version';
const create = `mutation ($input: CreateAppointmentInput!) { createAppointment(input: $input) { appointment { ${fields} } } }`;
const update = `mutation ($input: UpdateAppointmentInput!) { updateAppointment(input: $input) { appointment { ${fields} } } }`;
const remove = 'mutation ($input: DeleteAppointmentInput!) { deleteAppointment(input: $input) { deletedId } }';

const at = (day: string, hour = 9) => ({
  startsAt: `${day}T${String(hour).padStart(2, '0')}:00:00Z`,
  endsAt: `${day}T${String(hour + 1).padStart(2, '0')}:00:00Z`,
});
const book = async (input: object): Promise<any> =>
  (await run(create, { input: { technician: `T ${randomUUID()}`, ...input } })).createAppointment.appointment;
const change = async (input: object): Promise<any> => (await run(update, { input })).updateAppointment.appointment;

test('an appointment stands at its client and its intervention', async () => {
  const clientId = await client();
  const [first, second] = [await intervention(clientId), await intervention(clientId)];
  const past = await book({ clientId, interventionId: first, ...at('2026-03-01') });
  const cancelled = await book({ clientId, interventionId: first, ...at('2026-04-01'), status: 'CANCELLED' });
  const next = await book({ clientId, interventionId: first, ...at('2026-04-02') });
  const later = await book({ clientId, interventionId: first, ...at('2026-04-03') });
  const only = await book({ clientId, interventionId: second, ...at('2026-02-03') });
  const read = () =>
    run(
      `query ($id: ID!) { client(id: $id) { appointments(orderBy: STARTS_AT_DESC, first: 2) { totalCount nodes { id } } }
         interventions(filter: { clientId: $id }, orderBy: CREATED_AT_ASC) {
           nodes { id appointment { id } appointments { nodes { id client { name } intervention { kind } } } } } }`,
      { id: clientId },
    );
  const statements = await statementsOf(server, read);
  const data = await read();
  expect(data.client.appointments).toEqual({ totalCount: 5, nodes: [{ id: later.id }, { id: next.id }] });
  const byId = new Map(data.interventions.nodes.map((node: any) => [node.id, node]));
  expect(byId.get(first)).toMatchObject({
    appointment: { id: next.id },
    appointments: {
      nodes: [past, cancelled, next, later].map(({ id }) => ({
        id,
        client: { name: 'Dupont' },
        intervention: { kind: 'REPAIR' },
      })),
    },
  });
  expect(byId.get(second)).toMatchObject({ appointment: { id: only.id } });
  // The client, its appointments and their count; the interventions, their appointments, and the one of each.
  expect(statements.length).toBeLessThanOrEqual(6);

  await change({ id: next.id, status: 'CANCELLED' });
  await change({ id: later.id, status: 'DONE', ...at('2026-03-02') });
  const { intervention: now } = await run('query ($id: ID!) { intervention(id: $id) { appointment { id } } }', {
    id: first,
  });
  expect(now.appointment.id).toBe(later.id);
});

test('whoever may not read appointments finds none anywhere', async () => {
  const clientId = await client();
  const interventionId = await intervention(clientId);
  await book({ clientId, interventionId, ...at('2026-04-04') });
  await server.sql(`insert into roles (name) values ('desk')`);
  await server.sql(
    `insert into role_permissions (role_id, permission_id)
     select r.id, p.id from roles r, permissions p where r.name = 'desk' and p.name in ('clients:read', 'interventions:read')`,
  );
  const desk = await server.person({ roles: ['desk'] });
  const data = await run(
    `query ($c: ID!, $i: ID!) { client(id: $c) { appointments { totalCount nodes { id } } }
       intervention(id: $i) { appointment { id } appointments { totalCount } } }`,
    { c: clientId, i: interventionId },
    desk,
  );
  expect(data).toEqual({
    client: { appointments: { totalCount: 0, nodes: [] } },
    intervention: { appointment: null, appointments: { totalCount: 0 } },
  });
  expect(await refused('{ appointments { totalCount } }', {}, desk)).toMatchObject({
    code: 'FORBIDDEN',
    reason: 'permission',
  });
});

describe('changes', () => {
  test('say all that is wrong with them at once, and why', async () => {
    const clientId = await client();
    const { fields: problems } = await refused(create, {
      input: { clientId, ...at('2026-04-05'), color: 'red', reminderHours: 9000, notes: 'x'.repeat(10_001) },
    });
    expect(problems.map(({ path, code }: any) => [path.join('.'), code])).toEqual([
      ['input.notes', 'too_long'],
      ['input.color', 'invalid_format'],
      ['input.reminderHours', 'too_large'],
    ]);
    const backwards = { clientId, startsAt: '2026-04-05T10:00:00Z', endsAt: '2026-04-05T10:00:00.400Z' };
    expect(await refused(create, { input: backwards })).toMatchObject({
      code: 'BAD_USER_INPUT',
      reason: 'appointment.ends_before_start',
    });
    expect(await refused(create, { input: { ...backwards, endsAt: '2028-04-05T10:00:00Z' } })).toMatchObject({
      fields: [{ path: ['input', 'endsAt'], code: 'too_large' }],
    });
  });

  test('raise the version, and the sequence of calendars when these show them', async () => {
    const { id } = await book({ clientId: await client(), ...at('2026-04-06') });
    const numbers = ({ version, sequence }: any) => [version, sequence];
    expect(numbers(await change({ id, color: '#AABBCC' }))).toEqual([2, 0]);
    expect(numbers(await change({ id, color: '#aabbcc', notes: ' ' }))).toEqual([2, 0]);
    expect(numbers(await change({ id, ...at('2026-04-07') }))).toEqual([3, 1]);
    expect(numbers(await change({ id, status: 'CONFIRMED', version: 3 }))).toEqual([4, 2]);
    expect(await refused(update, { input: { id, notes: 'late', version: 3 } })).toMatchObject({
      code: 'CONFLICT',
      reason: 'stale_version',
      details: { version: 4, changed: ['status'] },
    });
  });

  test('of time and status, two at once for one slot: one stands, whatever they were before', async () => {
    const technician = `T ${randomUUID()}`;
    const clientId = await client();
    const moved = await Promise.all(
      Array.from({ length: 6 }, (_, i) => book({ clientId, technician, ...at('2026-04-08', i + 1) })),
    );
    const cancelled = await Promise.all(
      Array.from({ length: 6 }, () => book({ clientId, technician, ...at('2026-04-09'), status: 'CANCELLED' })),
    );
    const answers = await Promise.all([
      ...moved.map(({ id }) => server.graphql(update, { input: { id, ...at('2026-04-09') } }, manager.token)),
      ...cancelled.map(({ id }) => server.graphql(update, { input: { id, status: 'PLANNED' } }, manager.token)),
    ]);
    expect(answers.filter(({ errors }) => !errors)).toHaveLength(1);
    for (const { errors } of answers.filter(({ errors }) => errors))
      expect(errors?.[0].extensions).toMatchObject({ reason: 'appointment.overlap', details: { count: 1 } });
  });

  test('are kept by the database too, whoever writes', async () => {
    const clientId = await client();
    const insert = (technician: string | null, from: string, to: string) =>
      server.sql(
        `insert into appointments (client_id, technician, starts_at, ends_at, blocked_until) values (?::uuid, ?, ?, ?, ?)`,
        [clientId, technician, from, to, to],
      );
    await insert('Élodie', '2026-04-10T09:00:00Z', '2026-04-10T10:00:00Z');
    await insert('Élodie', '2026-04-10T10:00:00Z', '2026-04-10T11:00:00Z');
    await expect(insert('ELODIE', '2026-04-10T09:59:00Z', '2026-04-10T10:30:00Z')).rejects.toThrow(/technician_free/);
    await expect(insert(null, '2026-04-10T10:59:00Z', '2026-04-10T11:30:00Z')).rejects.toThrow(/client_free/);
  });
});

test('what happens to an appointment is in the log, and told to who goes there', async () => {
  const technician = await server.person({ roles: ['technicien'] });
  const clientId = await client();
  const { id } = await book({ clientId, technician: technician.username, ...at('2026-04-11') });
  await change({ id, color: '#000000' });
  await change({ id, ...at('2026-04-12') });
  await run(remove, { input: { id } });
  await settled(server.app);
  const events = await server.sql('select type, data from events where subject_id = ? order by position', [id]);
  expect(events.map(({ type, data }) => [type, data.version, data.fields])).toEqual([
    ['appointment.created', 1, []],
    ['appointment.updated', 2, ['color']],
    ['appointment.updated', 3, ['startsAt', 'endsAt']],
    ['appointment.deleted', 4, []],
  ]);
  expect(events[2]?.data).toMatchObject({
    clientId,
    technicianUserId: technician.id,
    startsAtLocal: '2026-04-12T11:00',
  });
  const { notifications } = await run('{ notifications { nodes { title message link } } }', {}, technician);
  expect(notifications.nodes).toEqual([
    {
      title: 'Rendez-vous supprimé',
      message: `Un de vos rendez-vous a été supprimé par ${manager.username} (12 avril 2026 à 11:00)`,
      link: `/planning/${id}`,
    },
    expect.objectContaining({ title: 'Rendez-vous modifié' }),
    expect.objectContaining({ title: 'Nouveau rendez-vous' }),
  ]);
});

test('what is in the trash is seen and changed by nobody', async () => {
  const { id } = await book({ clientId: await client(), ...at('2026-04-13') });
  await run(remove, { input: { id } });
  expect((await run('query ($id: ID!) { appointment(id: $id) { id } }', { id })).appointment).toBeNull();
  expect(await refused(update, { input: { id, notes: 'x' } })).toMatchObject({
    code: 'NOT_FOUND',
    subject: 'Appointment',
  });
  expect(await refused(remove, { input: { id } })).toMatchObject({ code: 'NOT_FOUND' });
});

describe('with its client', () => {
  const trash = (id: string) => run('mutation ($id: ID!) { deleteClient(input: { id: $id }) { deletedId } }', { id });
  const restore = (id: string) =>
    run('mutation ($id: ID!) { restoreClient(input: { id: $id }) { client { id } } }', { id });
  const read = async (id: string) =>
    (await run(`query ($id: ID!) { appointment(id: $id) { ${fields} } }`, { id })).appointment;

  test('is booked or not when the client is deleted at the same time, and nobody waits for the other for good', async () => {
    for (let round = 0; round < 8; round += 1) {
      const clientId = await client();
      const bookings = [9, 11, 13].map((hour) =>
        server.graphql(create, { input: { clientId, ...at('2026-06-01', hour) } }, manager.token),
      );
      const [{ errors }, ...booked] = await Promise.all([
        server.graphql(
          'mutation ($id: ID!) { deleteClient(input: { id: $id }) { deletedId } }',
          { id: clientId },
          manager.token,
        ),
        ...bookings,
      ]);
      expect(errors).toBeUndefined();
      for (const { errors: refusals } of booked)
        expect([undefined, 'NOT_FOUND']).toContain(refusals?.[0]?.extensions.code);
    }
  });

  test('goes into the trash and comes back, cancelled when its time was taken meanwhile', async () => {
    const technician = await server.person({ roles: ['technicien'] });
    const clientId = await client();
    const at14 = { technician: technician.username, ...at('2026-04-14') };
    const taken = await book({ clientId, ...at14 });
    const free = await book({ clientId, ...at('2026-04-15'), status: 'CONFIRMED' });
    const past = await book({ clientId, technician: technician.username, ...at('2026-03-02'), status: 'DONE' });
    const before = await book({ clientId, ...at('2026-04-16') });
    await run(remove, { input: { id: before.id } });
    now = new Date('2026-03-25T10:00:00.500Z');
    await trash(clientId);
    expect(await read(taken.id)).toBeNull();
    const eventsOf = async (id: string) =>
      (await server.sql('select type from events where subject_id = ? order by id', [id])).map(({ type }) => type);
    expect(await eventsOf(taken.id)).toEqual(['appointment.created', 'appointment.deleted']);
    expect(await eventsOf(past.id)).toEqual(['appointment.created']);

    await book({ clientId: await client(), ...at14 });
    await restore(clientId);
    expect(await read(taken.id)).toMatchObject({ status: 'CANCELLED', version: 3, sequence: 2 });
    expect(await read(free.id)).toMatchObject({ status: 'CONFIRMED', version: 3, sequence: 2 });
    expect(await read(past.id)).toMatchObject({ status: 'DONE' });
    expect(await read(before.id)).toBeNull();
  });

  test('is booked, moved and deleted at once with it, and nobody waits for ever', async () => {
    for (let round = 0; round < 6; round += 1) {
      const clientId = await client();
      const interventionId = await intervention(clientId);
      const { id } = await book({ clientId, ...at('2026-05-01', round) });
      const input = { clientId, interventionId, technician: `T ${randomUUID()}`, ...at('2026-05-02', round) };
      const answers = await Promise.all([
        server.graphql(create, { input: { ...input, ...at('2026-05-03', round) } }, manager.token),
        server.graphql(update, { input: { id, interventionId, ...at('2026-05-04', round) } }, manager.token),
        server.graphql(
          'mutation ($id: ID!) { deleteClient(input: { id: $id }) { deletedId } }',
          { id: clientId },
          manager.token,
        ),
        server.graphql(
          'mutation ($id: ID!) { deleteIntervention(input: { id: $id }) { deletedId } }',
          { id: interventionId },
          manager.token,
        ),
        server.graphql(create, { input }, manager.token),
      ]);
      for (const { errors } of answers)
        for (const { extensions } of errors ?? []) expect(['NOT_FOUND', 'CONFLICT']).toContain(extensions.code);
      const [{ live }] = await server.sql(
        'select count(*)::int as live from appointments where client_id = ?::uuid and deleted_at is null',
        [clientId],
      );
      expect(live).toBe(0);
    }
  });

  test('is deleted for good once calendars show it no more', async () => {
    const clientId = await client();
    const [old, recent] = [
      await book({ clientId, ...at('2026-04-17') }),
      await book({ clientId, ...at('2026-04-18') }),
    ];
    await Promise.all([old, recent].map(({ id }) => run(remove, { input: { id } })));
    await server.sql(`update appointments set deleted_at = '2025-12-25T09:59:59Z' where id = ?::uuid`, [old.id]);
    await server.sql(`update appointments set deleted_at = '2025-12-25T10:00:01Z' where id = ?::uuid`, [recent.id]);
    await purgePlanning({ db: server.db.client, services: server.services });
    const left = await server.sql('select id from appointments where client_id = ?::uuid', [clientId]);
    expect(left).toEqual([{ id: recent.id }]);
  });
});
