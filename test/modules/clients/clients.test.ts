import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { theSystem } from '../../../src/kernel/viewer.js';
import { purgeClients } from '../../../src/modules/clients/purge-clients.js';
import { type Objects, objects } from '../../access/objects.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let make: Objects;
let manager: Person;
/** Added to the clock. */
let laterMs = 0;
beforeAll(async () => {
  server = await startTestServer({ now: () => new Date(Date.now() + laterMs) });
  make = objects(server, async () => undefined);
  manager = await server.person({ roles: ['manager'] });
});
afterAll(() => server?.stop());

const client = 'id name companyName email phone address contactName notes status version';

/** Runs a mutation and answers its payload; throws what went wrong, with the extensions of the error. */
async function change(name: string, input: object, selection: string, by = manager): Promise<any> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`;
  const { data, errors } = await server.graphql(query, { input }, by.token);
  if (errors) throw Object.assign(new Error(errors[0].message), errors[0].extensions);
  return data[name];
}
const create = async (input: object, by = manager): Promise<any> =>
  (await change('createClient', input, `client { ${client} }`, by)).client;
const update = async (input: object, by = manager): Promise<any> =>
  (await change('updateClient', input, `client { ${client} }`, by)).client;
const remove = (id: string): Promise<any> => change('deleteClient', { id }, 'deletedId');

test('an id of its own making makes a create idempotent, for its maker and outside of the trash', async () => {
  const id = randomUUID();
  const made = await create({ id: id.toUpperCase(), name: 'Dupont', email: 'Dupont@example.org' });
  expect(made).toMatchObject({ id, name: 'Dupont', status: 'ACTIVE', version: 1 });
  // Sent again after a lost answer, and after it has changed: it is answered as it is now.
  await update({ id, notes: 'Chien méchant' });
  expect(await create({ id, name: 'Autre', email: 'dupont@EXAMPLE.org' })).toMatchObject({
    name: 'Dupont',
    notes: 'Chien méchant',
    version: 2,
  });
  const taken = { code: 'CONFLICT', reason: 'id_taken' };
  await expect(create({ id, name: 'Dupont' }, server.admin)).rejects.toMatchObject(taken);
  await remove(id);
  await expect(create({ id, name: 'Dupont' })).rejects.toMatchObject(taken);
  await expect(create({ id: '12', name: 'Dupont' })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    fields: [expect.objectContaining({ path: ['input', 'id'], code: 'invalid_format' })],
  });
});

test('all problems are told at once; blanks are nothing', async () => {
  const long = 'x'.repeat(10_001);
  const wrong = { name: ' ', email: 'invalid_email', phone: 'invalid_phone', address: long, notes: long };
  await expect(create(wrong)).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    fields: ['name', 'email', 'phone', 'address', 'notes'].map((field) =>
      expect.objectContaining({ path: ['input', field] }),
    ),
  });
  await expect(create({ name: 'x', phone: '+33 6 12 34 56 78 90 1' })).rejects.toMatchObject({
    fields: [expect.objectContaining({ path: ['input', 'phone'], code: 'too_long' })],
  });
  const nothing = { companyName: '', email: ' ', phone: '', address: '', contactName: null, notes: '' };
  expect(await create({ name: "O'Brien <script>", ...nothing })).toMatchObject({
    name: "O'Brien <script>",
    companyName: null,
    email: null,
    phone: null,
    address: null,
    contactName: null,
    notes: null,
  });
});

test('an e-mail address is one client’s, whatever its case, until that one is in the trash', async () => {
  const { id } = await create({ name: 'Un', email: 'un@example.org' });
  const duplicate = { code: 'CONFLICT', reason: 'duplicate', fields: [expect.objectContaining({ code: 'duplicate' })] };
  await expect(create({ name: 'Deux', email: 'UN@example.org' })).rejects.toMatchObject(duplicate);
  const other = await create({ name: 'Deux' });
  await expect(update({ id: other.id, email: 'Un@example.org' })).rejects.toMatchObject(duplicate);
  expect(await update({ id, email: 'UN@example.org' })).toMatchObject({ email: 'UN@example.org' });
  // Of many at once, one.
  const made = await Promise.allSettled(
    Array.from({ length: 20 }, () => create({ name: 'Vingt', email: 'vingt@example.org' })),
  );
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  await remove(id);
  expect(await update({ id: other.id, email: 'un@example.org' })).toMatchObject({ email: 'un@example.org' });
});

test('an old version is a conflict that says what changed; what is as it was changes nothing', async () => {
  const { id } = await create({ name: 'Durand', phone: '01 02 03 04 05' });
  expect(await update({ id, version: 1, name: 'Durand' })).toMatchObject({ version: 1 });
  await update({ id, version: 1, phone: null });
  await update({ id, address: '1 rue de la Paix' });
  await expect(update({ id, version: 1, name: 'Dupond' })).rejects.toMatchObject({
    code: 'CONFLICT',
    reason: 'stale_version',
    details: { version: 3, changed: ['address', 'phone'] },
  });
  await expect(update({ id, version: 9, name: 'Dupond' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  expect(await update({ id, version: 3, name: 'Dupond' })).toMatchObject({ name: 'Dupond', version: 4 });
});

const tables = ['interventions', 'appointments', 'media', 'reports', 'maintenance_contracts'];

/** A client with something of every kind; the numbers of rows that are in the trash, by table. */
async function busyClient(): Promise<{ id: string; trashed: () => Promise<Record<string, number>> }> {
  const { interventionId, id: mediumId } = await make.medium(manager);
  const [{ client_id: id }] = await server.sql('select client_id from interventions where id = ?', [interventionId]);
  const { id: reportId } = await make.report(manager);
  await server.sql(`update reports set intervention_id = ?, status = 'validated', validated_at = now() where id = ?`, [
    interventionId,
    reportId,
  ]);
  await server.sql(`update interventions set status = 'validated' where id = ?`, [interventionId]);
  await server.sql(
    `insert into appointments (client_id, starts_at, ends_at, blocked_until, status)
     values (?, '2026-02-03 10:00Z', '2026-02-03 11:00Z', '2026-02-03 11:00Z', 'confirmed')`,
    [id],
  );
  await server.sql(
    `insert into maintenance_contracts (client_id, title, kind, frequency, interval, start_date, visit_time,
                                        visit_minutes, time_zone, horizon_days)
     values (?, 'Entretien', 'maintenance', 'yearly', 1, '2026-01-01', '09:00', 60, 'Europe/Paris', 30)`,
    [id],
  );
  const rowsOf: Record<string, readonly [string, string]> = {
    interventions: ['client_id', id],
    appointments: ['client_id', id],
    media: ['id', mediumId],
    reports: ['id', reportId],
    maintenance_contracts: ['client_id', id],
  };
  const trashed = async (): Promise<Record<string, number>> => {
    const counts: Record<string, number> = {};
    for (const table of tables) {
      const [column, key] = rowsOf[table] as readonly [string, string];
      const [{ n }] = await server.sql(`select count(deleted_at)::int as n from ${table} where ${column} = ?`, [key]);
      counts[table] = n;
    }
    return counts;
  };
  return { id, trashed };
}

test('what hangs on a client goes into the trash with it, whatever its status', async () => {
  const { id, trashed } = await busyClient();
  expect(await remove(id)).toEqual({ deletedId: id });
  expect(await trashed()).toEqual(Object.fromEntries(tables.map((table) => [table, 1])));
  const moments = await server.sql(
    `select distinct deleted_at::text from (
       select deleted_at from clients where id = ?1 union all select deleted_at from interventions where client_id = ?1) t`.replaceAll(
      '?1',
      '?',
    ),
    [id, id],
  );
  expect(moments).toHaveLength(1);
  await expect(remove(id)).rejects.toMatchObject({ code: 'NOT_FOUND', subject: 'Client' });
  await expect(update({ id, name: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

const restore = async (id: string): Promise<any> =>
  (await change('restoreClient', { id }, `client { ${client} }`)).client;
const none = Object.fromEntries(tables.map((table) => [table, 0]));

test('what went into the trash with a client comes out with it, and nothing else', async () => {
  const { id, trashed } = await busyClient();
  const before = await create({ name: 'Autre', email: 'retour@example.org' });
  await remove(before.id);
  await server.sql(`update appointments set deleted_at = now() - interval '1 day' where client_id = ?`, [id]);
  await remove(id);
  expect(await restore(id)).toMatchObject({ id, version: 1 });
  expect(await trashed()).toEqual({ ...none, appointments: 1 });
  const notThere = { code: 'CONFLICT', reason: 'client.not_trashed' };
  await expect(restore(id)).rejects.toMatchObject(notThere);
  await expect(restore(randomUUID())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(restore('12')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  // Somebody else has its address by now.
  const other = await create({ name: 'Nouveau', email: 'RETOUR@example.org' });
  await expect(restore(before.id)).rejects.toMatchObject({ code: 'CONFLICT', reason: 'duplicate' });
  await update({ id: other.id, email: null });
  expect(await restore(before.id)).toMatchObject({ email: 'retour@example.org' });
});

const trash = async (search: string): Promise<any[]> => {
  const query = 'query ($search: String) { trashedClients(search: $search) { clientId name deletedAt purgedAfter } }';
  return (await server.graphql(query, { search }, manager.token)).data.trashedClients;
};
const facts = { credential: undefined, requestId: 'purge', ip: undefined, userAgent: undefined };
const purge = async (days: number): Promise<void> => {
  laterMs = days * 86_400_000;
  try {
    await purgeClients(server.app.contextFor(theSystem, facts));
  } finally {
    laterMs = 0;
  }
};
const isThere = async (id: string): Promise<boolean> =>
  (await server.sql('select 1 from clients where id = ?', [id])).length === 1;

test('after thirty days a client is deleted for good, once nothing with files hangs on it', async () => {
  const { id } = await create({ name: 'Corbeille profonde' });
  const busy = await busyClient();
  await remove(id);
  await remove(busy.id);
  expect(await trash('PROFONDE')).toEqual([
    { clientId: id, name: 'Corbeille profonde', deletedAt: expect.any(String), purgedAfter: expect.any(String) },
  ]);
  const [{ deletedAt, purgedAfter }] = await trash('profonde');
  expect(Date.parse(purgedAfter) - Date.parse(deletedAt)).toBe(30 * 86_400_000);
  await purge(29);
  expect(await isThere(id)).toBe(true);
  await purge(31);
  expect([await isThere(id), await isThere(busy.id)]).toEqual([false, true]);
  await server.sql('delete from interventions where client_id = ?', [busy.id]);
  await purge(31);
  expect(await isThere(busy.id)).toBe(false);
  expect(await server.sql('select 1 from appointments where client_id = ?', [busy.id])).toEqual([]);
});

test('of a client that was billed a number stays, without anything that names it', async () => {
  const { id } = await create({ name: 'Facturé', email: 'facture@example.org', phone: '0123', notes: 'x' });
  const { id: invoiceId } = await make.invoice(server.admin, { status: 'ISSUED' });
  await server.sql('update invoices set client_id = ? where id = ?', [id, invoiceId]);
  await remove(id);
  await purge(31);
  const [row] = await server.sql('select name, email, phone, notes, anonymized_at from clients where id = ?', [id]);
  expect(row).toMatchObject({ name: 'ANONYME', email: null, phone: null, notes: null });
  expect(await trash('')).not.toContainEqual(expect.objectContaining({ clientId: id }));
  await expect(restore(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await purge(62);
  const [again] = await server.sql('select anonymized_at from clients where id = ?', [id]);
  expect(again.anonymized_at).toEqual(row.anonymized_at);
});

test('an anonymised client keeps its e-mail address and its work, says what is left, and is changed no more', async () => {
  const { id, trashed } = await busyClient();
  await update({
    id,
    name: 'Hélène',
    companyName: 'SARL',
    phone: '0123',
    address: 'Paris',
    contactName: 'x',
    notes: 'y',
  });
  const [{ email }] = await server.sql('select email from clients where id = ?', [id]);
  await server.sql(`update appointments set move_request = 'Mme Dupont préfère le soir' where client_id = ?`, [id]);
  const selection = `client { ${client} anonymizedAt } kept remains { what count until }`;
  const first = await change('anonymizeClient', { id }, selection);
  expect(first.client).toEqual({
    id,
    name: 'ANONYME',
    email,
    companyName: null,
    phone: null,
    address: null,
    contactName: null,
    notes: null,
    status: 'ACTIVE',
    version: 3,
    anonymizedAt: expect.any(String),
  });
  expect(first.remains).toEqual([
    { what: 'email', count: 1, until: null },
    { what: 'interventions', count: 1, until: null },
    { what: 'appointments', count: 1, until: null },
  ]);
  expect(first.kept).toHaveLength(3);
  expect(await trashed()).toEqual(none);
  expect((await change('anonymizeClient', { id }, selection)).client).toEqual(first.client);
  // A device that was offline would put it back.
  await expect(update({ id, name: 'Hélène' })).rejects.toMatchObject({ code: 'CONFLICT', reason: 'client.anonymized' });
  const [{ found }] = await server.sql(
    `select count(*)::int as found from events where subject_id = ? and data::text ilike '%hélène%'`,
    [id],
  );
  expect(found).toBe(0);
});
