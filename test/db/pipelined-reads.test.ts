import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

/** Which of its connections has the database answer, by process number. */
const processOf = async (): Promise<string> => (await server.db.read('select pg_backend_pid()', []))[0]?.[0] as string;

describe.runIf(inject('database').kind === 'server')('short reads', () => {
  test('of one turn share a connection and answer each its own', async () => {
    const rows = await Promise.all(
      Array.from({ length: 12 }, (_, n) => server.db.read('select $1::int + 1, pg_backend_pid()', [n])),
    );
    expect(rows.map(([row]) => row?.[0])).toEqual(Array.from({ length: 12 }, (_, n) => String(n + 1)));
    expect(new Set(rows.map(([row]) => row?.[1])).size).toBe(1);
  });

  test('that fail leave those beside them alone', async () => {
    const [before, failed, after] = await Promise.allSettled(
      ['select 1', 'select 1 / $1::int', 'select 2'].map((text) =>
        server.db.read(text, text.includes('$1') ? [0] : []),
      ),
    );
    expect([before, after]).toEqual([
      { status: 'fulfilled', value: [['1']] },
      { status: 'fulfilled', value: [['2']] },
    ]);
    expect(failed).toMatchObject({ status: 'rejected', reason: { code: '22012' } });
    await expect(server.db.read('select 1 / $1::int', [1])).resolves.toEqual([['1']]);
  });

  test('pass by a connection on which one is slow', async () => {
    let isDone = false;
    const slow = server.db.read('select pg_sleep(2)', []).then(() => (isDone = true));
    let passed = 0;
    // The first of them may wait behind it; the others find another way.
    const asking = (async () => {
      while (!isDone) {
        void processOf().then(() => (passed += Number(!isDone)));
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await Promise.all([slow, asking]);
    expect(passed).toBeGreaterThan(0);
  });

  test('are sent once more when their connection is cut', async () => {
    const connection = await processOf();
    const waiting = Array.from({ length: 5 }, () => server.db.read('select pg_sleep(0.5), 1', []));
    await server.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'passerelle-short-reads'`,
    );
    for (const rows of await Promise.all(waiting)) expect(rows[0]?.[1]).toBe('1');
    expect(await processOf()).not.toBe(connection);
  });
});

describe.runIf(inject('database').kind === 'server')('reads that may take long', () => {
  test('are not prepared, so that each is planned with its values', async () => {
    const text = `select count(*), $1::int from pg_prepared_statements where name <> '' and statement like '%by value%'`;
    for (let i = 0; i < 3; i += 1) expect(await server.db.readSlow(text, [i])).toEqual([['0', String(i)]]);
  });
});
