import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { settled } from '../../support/events.js';
import { makeClient } from '../../support/fieldwork.js';
import { startTestServer, type TestServer } from '../../support/harness.js';
import { emptyTrash } from '../../support/tasks.js';

let server: TestServer;
let clientId: string;
let manager: { token: string; id: number };
/** The server's clock. */
let now = new Date('2024-01-10T08:00:00Z');

beforeAll(async () => {
  server = await startTestServer({ now: () => now });
  clientId = await makeClient(server);
});
afterAll(() => server?.stop());
beforeEach(async () => {
  await goTo('2024-01-10T08:00:00Z');
  await server.sql('update maintenance_contracts set is_active = false');
});

/** Sets the clock; credentials do not last as long as contracts. */
async function goTo(moment: string): Promise<void> {
  now = new Date(moment);
  manager = await server.person({ roles: ['manager'] });
}
const makeVisits = (): Promise<void> => server.services.jobs.run('interventions.make_visits', {});

async function change(name: string, input: object, selection: string, token = manager.token): Promise<any> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
  const { data, errors } = await server.graphql(
    `mutation ($input: ${type}) { ${name}(input: $input) { ${selection} } }`,
    { input },
    token,
  );
  if (!errors) return data[name];
  const { code, reason, fields } = errors[0].extensions;
  return reason ?? fields?.map((field: any) => field.path.slice(1).join('.')) ?? code;
}
const contract = (input: object = {}): object => ({
  clientId,
  title: 'Entretien de la chaufferie',
  kind: 'MAINTENANCE',
  frequency: 'MONTHLY',
  startDate: '2024-01-31',
  visitTime: '09:00',
  visitMinutes: 90,
  ...input,
});
async function create(input: object = {}): Promise<string> {
  const made = await change('createMaintenanceContract', contract(input), 'maintenanceContract { id }');
  return made.maintenanceContract.id;
}
const update = (input: object): Promise<any> =>
  change('updateMaintenanceContract', input, 'maintenanceContract { version nextVisit }');
/** The visits that were made: day and moment. */
const visitsOf = async (id: string): Promise<[string, string][]> =>
  (
    await server.sql(
      `select contract_day::text as day, to_char(scheduled_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as at
         from interventions where contract_id = ? order by contract_day`,
      [id],
    )
  ).map(({ day, at }) => [day, at]);
const daysOf = async (id: string): Promise<string[]> => (await visitsOf(id)).map(([day]) => day);

test('is led by a person when its technician names one', async () => {
  const { id: userId, username } = await server.person({ roles: ['technicien'] });
  const id = await create({ technician: username });
  const [visit] = await server.sql(
    'select technician, technician_user_id as "by" from interventions where contract_id = ?',
    [id],
  );
  expect(visit).toEqual({ technician: username, by: userId });
});

test('makes the interventions of its visits ahead, at the end of months, on the clock of its place', async () => {
  const id = await create({ horizonDays: 120, technician: 'Équipe A', location: 'Cave', description: 'Purger' });
  expect(await visitsOf(id)).toEqual([
    ['2024-01-31', '2024-01-31 08:00'],
    ['2024-02-29', '2024-02-29 08:00'],
    // Summer has begun.
    ['2024-03-31', '2024-03-31 07:00'],
    ['2024-04-30', '2024-04-30 07:00'],
  ]);
  const { data } = await server.graphql(
    `query ($id: ID!) { maintenanceContract(id: $id) { title visitTime nextVisit timeZone client { name }
       visits(first: 1, orderBy: SCHEDULED_AT_ASC) { totalCount nodes {
         kind status technician location description estimatedMinutes contractDay contract { id }
         statusHistory { toStatus changedBy { id } } } } } }`,
    { id },
    manager.token,
  );
  expect(data.maintenanceContract).toEqual({
    title: 'Entretien de la chaufferie',
    visitTime: '09:00',
    nextVisit: '2024-05-31',
    timeZone: 'Europe/Paris',
    client: { name: 'Dupont' },
    visits: {
      totalCount: 4,
      nodes: [
        {
          kind: 'MAINTENANCE',
          status: 'PLANNED',
          technician: 'Équipe A',
          location: 'Cave',
          description: 'Purger',
          estimatedMinutes: 90,
          contractDay: '2024-01-31',
          contract: { id },
          statusHistory: [{ toStatus: 'PLANNED', changedBy: null }],
        },
      ],
    },
  });
  const events = await server.sql(
    `select count(*)::int as n from events e join interventions i on i.id::text = e.subject_id
      where i.contract_id = ? and e.type = 'intervention.created'`,
    [id],
  );
  expect(events[0].n).toBe(4);
  const lists = await server.graphql(
    'query ($id: ID!) { client(id: $id) { maintenanceContracts(filter: { isActive: true }) { nodes { id } } } }',
    { id: clientId },
    manager.token,
  );
  expect(lists.data.client.maintenanceContracts.nodes).toEqual([{ id }]);
});

test('books the appointments of its visits; where the time is taken, the visit stays and people are told', async () => {
  const { id: userId, username } = await server.person({ roles: ['technicien'] });
  const taken = { clientId: await makeClient(server, 'Autre'), technician: username };
  await server.sql(
    `insert into appointments (client_id, technician, technician_user_id, starts_at, ends_at, blocked_until)
     values (?, ?, ?, '2024-01-19T08:30Z', '2024-01-19T09:00Z', '2024-01-19T09:00Z')`,
    [taken.clientId, username, userId],
  );
  const id = await create({ frequency: 'WEEKLY', startDate: '2024-01-12', horizonDays: 20, technician: username });
  const booked = await server.sql(
    `select i.contract_day::text as day, to_char(a.starts_at at time zone 'UTC', 'HH24:MI') as starts,
            to_char(a.ends_at at time zone 'UTC', 'HH24:MI') as ends, a.technician_user_id as "by"
       from interventions i left join appointments a on a.intervention_id = i.id
      where i.contract_id = ? order by i.contract_day`,
    [id],
  );
  const at = { starts: '08:00', ends: '09:30', by: userId };
  expect(booked).toEqual([
    { day: '2024-01-12', ...at },
    { day: '2024-01-19', starts: null, ends: null, by: null },
    { day: '2024-01-26', ...at },
  ]);
  await settled(server.app);
  const told = await server.sql(
    `select user_id as id, message from notifications where title = 'Visite sans rendez-vous' order by user_id`,
  );
  const message =
    'La visite « Entretien de la chaufferie » du 19 janvier 2024 à 09:00 n’a pas de rendez-vous : le créneau est pris';
  expect(told).toEqual([userId, manager.id].toSorted((a, b) => a - b).map((each) => ({ id: each, message })));
});

test('a visit at a time that the clock skips, or has twice', async () => {
  const spring = await create({ frequency: 'YEARLY', startDate: '2024-03-31', visitTime: '02:30', horizonDays: 366 });
  const autumn = await create({ frequency: 'YEARLY', startDate: '2024-10-27', visitTime: '02:30', horizonDays: 366 });
  const far = await create({ startDate: '2024-02-01', timeZone: 'America/New_York' });
  expect(await visitsOf(spring)).toEqual([['2024-03-31', '2024-03-31 01:30']]);
  expect(await visitsOf(autumn)).toEqual([['2024-10-27', '2024-10-27 00:30']]);
  expect(await visitsOf(far)).toEqual([['2024-02-01', '2024-02-01 14:00']]);
});

test('each visit is made once, whoever makes it, and however often that ends in the middle', async () => {
  const id = await create({ frequency: 'DAILY', startDate: '2024-01-20', horizonDays: 10 });
  expect(await daysOf(id)).toEqual(['2024-01-20']);
  await goTo('2024-03-10T08:00:00Z');
  // The 30th visit cannot be made: what was before it stays, but for those that were to be committed with it.
  await server.sql(`create function test_fail() returns trigger language plpgsql as $$ begin
    if new.contract_day = '2024-02-18' then raise 'killed'; end if; return new; end $$`);
  await server.sql('create trigger test_fail before insert on interventions for each row execute function test_fail()');
  await makeVisits();
  expect(await daysOf(id)).toHaveLength(21);
  expect(
    (await server.sql('select next_visit::text as day from maintenance_contracts where id = ?', [id]))[0].day,
  ).toBe('2024-02-10');
  await server.sql('drop trigger test_fail on interventions');
  await server.sql('drop function test_fail');
  // Several processes at once, also behind the rule's back.
  await Promise.all([makeVisits(), makeVisits(), makeVisits()]);
  const days = await daysOf(id);
  expect(days).toHaveLength(61);
  expect(new Set(days).size).toBe(61);
  expect([days[0], days.at(-1)]).toEqual(['2024-01-20', '2024-03-20']);
  await server.sql(`update maintenance_contracts set next_visit = '2024-01-20' where id = ?`, [id]);
  await makeVisits();
  expect(await daysOf(id)).toEqual(days);
  const created = await server.sql(
    `select e.subject_id from events e join interventions i on i.id::text = e.subject_id
      where i.contract_id = ? and e.type = 'intervention.created'`,
    [id],
  );
  expect(created).toHaveLength(61);
});

test('begins with the first visit that is not over, and is caught up when nobody made visits', async () => {
  const id = await create({ startDate: '2020-01-15', frequency: 'WEEKLY', interval: 2, horizonDays: 14 });
  const first = await daysOf(id);
  expect(first).toEqual(['2024-01-10', '2024-01-24']);
  await goTo('2024-03-06T08:00:00Z');
  await makeVisits();
  expect(await daysOf(id)).toEqual([
    '2024-01-10',
    '2024-01-24',
    '2024-02-07',
    '2024-02-21',
    '2024-03-06',
    '2024-03-20',
  ]);
});

test('a change holds for the visits that are not made yet', async () => {
  const id = await create({ startDate: '2024-01-15', horizonDays: 45 });
  expect(await daysOf(id)).toEqual(['2024-01-15', '2024-02-15']);
  // Later in the month: February has its visit.
  expect((await update({ id, startDate: '2024-01-20', technician: 'B' })).maintenanceContract).toEqual({
    version: 2,
    nextVisit: '2024-03-20',
  });
  await goTo('2024-02-20T08:00:00Z');
  await makeVisits();
  expect(await daysOf(id)).toEqual(['2024-01-15', '2024-02-15', '2024-03-20']);
  const technicians = await server.sql(
    'select technician from interventions where contract_id = ? order by contract_day',
    [id],
  );
  expect(technicians.map(({ technician }) => technician)).toEqual([null, null, 'B']);
  // More often: from the week after that of the last one on, on the day of the start, a Saturday.
  const weekly = await update({ id, frequency: 'WEEKLY' });
  expect(weekly.maintenanceContract.nextVisit).toBe('2024-04-06');
  expect((await daysOf(id)).at(-1)).toBe('2024-03-30');
  expect((await update({ id, endDate: '2024-04-05' })).maintenanceContract.nextVisit).toBeNull();
});

test('makes none while it is switched off, when it has ended or is deleted, or when its client is', async () => {
  const id = await create({ frequency: 'WEEKLY', startDate: '2024-01-12', horizonDays: 7 });
  const ended = await create({ frequency: 'WEEKLY', startDate: '2024-01-12', endDate: '2024-01-20', horizonDays: 7 });
  const gone = await create({ frequency: 'WEEKLY', startDate: '2024-01-12', horizonDays: 7 });
  const other = await makeClient(server, 'Parti');
  const orphan = await create({ clientId: other, frequency: 'WEEKLY', startDate: '2024-01-12', horizonDays: 7 });
  await update({ id, isActive: false });
  expect((await change('deleteMaintenanceContract', { id: gone }, 'deletedId')).deletedId).toBe(gone);
  expect(await update({ id: gone, title: 'x' })).toBe('NOT_FOUND');
  await change('deleteClient', { id: other }, 'deletedId');
  await goTo('2024-02-01T08:00:00Z');
  await makeVisits();
  for (const each of [id, gone, orphan]) expect(await daysOf(each)).toEqual(['2024-01-12']);
  expect(await daysOf(ended)).toEqual(['2024-01-12', '2024-01-19']);
  // What would have been meanwhile is left out.
  await update({ id, isActive: true });
  expect(await daysOf(id)).toEqual(['2024-01-12', '2024-02-02']);
});

test('is refused with every problem, and known by its id and version', async () => {
  const wrong = {
    title: ' ',
    interval: 367,
    startDate: '1800-01-01',
    endDate: '1799-01-01',
    visitTime: '9h',
    visitMinutes: 4,
    timeZone: 'Mars/Phobos',
    horizonDays: 0,
    technician: '00000000-0000-0000-0000-000000000000',
  };
  const refused = await change('createMaintenanceContract', contract(wrong), 'maintenanceContract { id }');
  expect(refused.toSorted()).toEqual([...Object.keys(wrong), 'endDate'].toSorted());
  expect(await change('createMaintenanceContract', contract({ clientId: 'x' }), 'maintenanceContract { id }')).toBe(
    'NOT_FOUND',
  );
  const id = 'e0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11';
  for (let i = 0; i < 2; i += 1) expect(await create({ id })).toBe(id);
  expect(await daysOf(id)).toEqual(['2024-01-31']);
  expect((await update({ id, title: 'Autre', version: 1 })).maintenanceContract.version).toBe(2);
  expect(await update({ id, title: 'Encore', version: 1 })).toBe('stale_version');
  const technician = await server.person({ roles: ['lecteur'] });
  expect(
    await change('updateMaintenanceContract', { id, title: 'x' }, 'maintenanceContract { id }', technician.token),
  ).toBe('permission');
});

test('the trash is emptied after 30 days, once no file hangs on an intervention', async () => {
  const owner = await makeClient(server, 'Corbeille');
  const id = await create({ clientId: owner, startDate: '2024-01-31' });
  const [{ id: visit }] = await server.sql('select id from interventions where contract_id = ?', [id]);
  const key = `signatures/${visit}-x.png`;
  await server.services.store.putBytes(Buffer.from('x'), key);
  await server.sql(
    `insert into media (intervention_id, kind, original_filename, content_key, content_hash, file_size, mime_type)
     values (?, 'photo', 'a.jpg', 'documents/none', 'h', 1, 'image/jpeg')`,
    [visit],
  );
  await change('deleteIntervention', { id: visit }, 'deletedId');
  await change('deleteMaintenanceContract', { id }, 'deletedId');
  const left = async (): Promise<number[]> =>
    Promise.all(
      [
        `select 1 from interventions where id = '${visit}'`,
        `select 1 from maintenance_contracts where id = '${id}'`,
        `select 1 from appointments where client_id = '${owner}' and deleted_at is not null`,
      ].map(async (rows) => (await server.sql(rows)).length),
    );
  const purge = (module: 'interventions' | 'media'): Promise<void> => emptyTrash(server, module);
  await goTo('2024-02-09T07:59:00Z');
  await purge('media');
  await purge('interventions');
  expect(await left()).toEqual([1, 1, 1]);
  await goTo('2024-02-09T08:01:00Z');
  await purge('interventions');
  expect(await left()).toEqual([1, 1, 1]);
  await purge('media');
  await purge('interventions');
  // What calendars show as cancelled stays for a while.
  expect(await left()).toEqual([0, 0, 1]);
  expect(await server.services.store.exists(key)).toBe(false);
});
