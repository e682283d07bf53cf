import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/harness.js';
import { stateOf, unwatched } from './state.js';

let server: TestServer;
let state: () => Promise<Record<string, number>>;
beforeAll(async () => {
  server = await startTestServer();
  state = await stateOf(server);
});
afterAll(() => server?.stop());

/** The tables whose count has risen. */
async function changedBy(work: () => Promise<unknown>): Promise<string[]> {
  const before = await state();
  await work();
  const after = await state();
  return Object.keys(after).filter((name) => after[name] !== before[name]);
}
const changedBySql = (text: string, parameters: unknown[] = []): Promise<string[]> =>
  changedBy(() => server.sql(text, parameters));

/** Without the partitions of others. */
const ownTables = `select relname as tablename from pg_class
                    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition`;

/** What the access matrix rests on: its refusals are to change nothing, so a change must be seen. */
describe('the state that the access matrix compares', () => {
  test('every table but those that are left out watches each kind of change', async () => {
    const tables = await server.sql(
      `select t.tablename as name, string_agg(g.tgname, ' ' order by g.tgname) as triggers
         from (${ownTables}) t
         left join pg_trigger g on g.tgrelid = t.tablename::regclass and g.tgname like 'watched%' and g.tgenabled = 'O'
        group by 1`,
    );
    expect(tables.length).toBeGreaterThan(unwatched.length);
    for (const { name, triggers } of tables) {
      expect([name, triggers]).toEqual([
        name,
        unwatched.includes(name) ? null : 'watched_delete watched_insert watched_truncate watched_update',
      ]);
    }
  });

  test('sees a row that is inserted, changed and deleted', async () => {
    expect(await changedBySql(`insert into tags (name) values ('Énergie')`)).toEqual(['tags']);
    expect(await changedBySql(`update tags set name = 'Eau' where name = 'Énergie'`)).toEqual(['tags']);
    expect(await changedBySql(`update tags set parent_id = null`)).toEqual([]);
    expect(await changedBySql(`delete from tags`)).toEqual(['tags']);
  });

  test('sees what a row takes with it, and a column that was empty', async () => {
    const { id } = await server.person();
    expect(await changedBySql(`update users set phone = null, city = 'Lyon' where id = ?`, [id])).toEqual(['users']);
    expect((await changedBySql('delete from users where id = ?', [id])).toSorted()).toEqual([
      'role_assignments',
      'sessions',
      'users',
    ]);
  });

  test('sees what a request changes, and nothing after one that reads or is refused', async () => {
    const { token } = await server.person();
    const create = 'mutation { createTag(input: { name: "Loyer" }) { tag { id } } }';
    expect(await changedBy(() => server.graphql(create, {}, server.admin.token))).toEqual(
      expect.arrayContaining(['tags']),
    );
    expect(await changedBy(() => server.graphql('{ tags { nodes { name } } }', {}, token))).toEqual([]);
    expect(await changedBy(() => server.graphql(create, {}))).toEqual([]);
  });

  test('does not see what is rolled back, nor what any use of a credential writes', async () => {
    const rolledBack = server.db.orm.em.fork().transactional(async (em) => {
      await em.execute(`insert into tags (name) values ('Rien')`);
      throw new Error('no');
    });
    expect(await changedBy(() => rolledBack.catch(() => undefined))).toEqual([]);
    expect(await changedBySql(`update sessions set last_used_at = now(), expires_at = now()`)).toEqual([]);
  });

  test('sees an event and a notification that is read, not what comes in its own time', async () => {
    const event = `insert into events (type, subject_type, subject_id, data) values (?, 'Role', '1', '{}')`;
    expect(await changedBySql(event, ['role.created'])).toEqual(['events']);
    expect(await changedBySql(event, ['user.login_failed'])).toEqual([]);
    expect(await changedBySql(event, ['notification.created'])).toEqual([]);
    expect(await changedBySql(`update events set position = 1000 + id`)).toEqual([]);
    expect(await changedBySql(`delete from events where type = 'user.login_failed'`)).toEqual([]);
    expect(await changedBySql(`delete from events where type = 'role.created'`)).toEqual(['events']);
  });

  test('sees a table emptied, whichever it is', async () => {
    const tables = await server.sql(`select tablename as name from (${ownTables}) t`);
    for (const { name } of tables.filter((table) => !unwatched.includes(table.name)))
      expect(await changedBySql(`truncate ${name} cascade`)).toContain(name);
  });
});
