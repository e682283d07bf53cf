import { hostname } from 'node:os';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { version } from '../../../src/config/version.js';
import { processesBehind } from '../../../src/modules/processes/live-processes.js';
import { startPresence } from '../../../src/modules/processes/presence.js';
import { startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const processes = async (): Promise<any[]> => {
  const { data, errors } = await server.graphql(
    '{ processes(first: 100) { nodes { id host pid role version isDraining pluginRevision heardAt } totalCount } }',
    {},
    server.admin.token,
  );
  expect(errors).toBeUndefined();
  return data.processes.nodes;
};
const found = async (id: string): Promise<any> => (await processes()).find((each) => each.id === id);
const live = async (): Promise<string | undefined> =>
  /^xcore_live_processes (.*)$/m.exec((await server.request('GET', '/metrics')).text)?.[1];
const behind = async (revision: string): Promise<string[]> =>
  (await processesBehind(server.db.client, revision)).map(({ id }) => id);
const start = () =>
  startPresence({
    db: server.db.client,
    role: 'worker',
    version,
    log: pino({ level: 'silent' }),
    everyMs: 50,
  });

test('a process has a row for as long as it lives, and is heard again when it was taken for dead', async () => {
  const me = server.services.presence.id;
  const other = await start();
  expect(await found(me)).toMatchObject({
    host: hostname(),
    pid: process.pid,
    role: 'ALL',
    version,
    isDraining: false,
  });
  expect(await found(other.id)).toMatchObject({ role: 'WORKER' });
  expect(await live()).toBe('2');

  await server.sql(`delete from processes where id = ?`, [other.id]);
  await expect.poll(() => found(other.id)).toMatchObject({ role: 'WORKER', isDraining: false });
  await other.stop();
  expect(await found(other.id)).toBeUndefined();
  expect(await live()).toBe('1');
});

test('who is not heard is no longer waited for after 10 seconds, and is gone after a minute', async () => {
  await server.sql(
    `insert into processes (id, host, pid, role, version, heard_at)
     values ('00000000-0000-4000-8000-000000000001', 'gone', 1, 'web', '1', now() - interval '30 seconds'),
            ('00000000-0000-4000-8000-000000000002', 'gone', 2, 'web', '1', now() - interval '61 seconds')`,
  );
  expect(await live()).toBe('1');
  expect(await behind('1000')).toEqual([server.services.presence.id]);
  const other = await start();
  expect((await processes()).filter(({ host }) => host === 'gone').map(({ pid }) => pid)).toEqual([1]);
  await other.stop();
});

test('processes that serve older plugins are behind until they follow or stop', async () => {
  await server.services.presence.serves('7');
  const other = await start();
  expect(await behind('7')).toEqual([other.id]);
  await other.serves('6');
  expect([await behind('6'), await behind('7')]).toEqual([[], [other.id]]);
  expect(await found(other.id)).toMatchObject({ pluginRevision: 6 });
  await other.drain();
  expect(await behind('7')).toEqual([]);
  expect(await found(other.id)).toMatchObject({ isDraining: true });
  await other.stop();
});
