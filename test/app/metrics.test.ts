import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type App, startApp } from '../../src/app/start.js';
import { emit } from '../../src/events/outbox.js';
import { isFull } from '../support/full.js';
import { startTestServer, type TestServer } from '../support/harness.js';
import { fallen, hasPromtool, promtool, scrape } from '../support/prometheus.js';
import { running } from '../support/running.js';

let server: TestServer;
/** Another process of the same installation, where there can be one. */
let other: App | undefined;
beforeAll(async () => {
  server = await startTestServer();
  if (inject('database').kind === 'embedded') return;
  other = await startApp({ config: server.services.config, log: pino({ level: 'silent' }) });
  running.set(other, `the server at ${other.url}`);
});
afterAll(async () => {
  await other?.stop();
  if (other) running.delete(other);
  await server?.stop();
});

const get = (path: string, agent: Agent): Promise<string> =>
  new Promise((resolve, reject) => {
    httpRequest(server.url + path, { agent }, (response) => textOf(response).then(resolve, reject))
      .on('error', reject)
      .end();
  });

/** A method that Node's parser refuses, which never becomes a request. */
const sendFoo = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () =>
      socket.write('FOO / HTTP/1.1\r\nHost: x\r\n\r\n'),
    );
    socket.on('error', reject).on('close', () => resolve());
    socket.resume();
  });

test('paths and methods that clients make up add no series', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const some = ['/nowhere', '/v1/nowhere', '/api/nowhere', '/kdocs/api/nowhere'];
  const strange = ['PROPFIND', 'PURGE', 'SEARCH', 'M-SEARCH'];
  const round = async (paths: readonly string[]): Promise<void> => {
    await Promise.all(paths.map((path) => get(path, agent)));
    for (const method of strange) await server.request(method, '/v1/users');
    await sendFoo();
  };
  await round(some);
  await scrape(server.url);
  const { samples: before } = await scrape(server.url);
  const count = isFull ? 10_000 : 1_000;
  for (let at = 0; at < count; at += 500)
    await round(Array.from({ length: 500 }, (_, n) => `${some[n % 4]}/${at + n}-${Math.random()}`));
  const { samples: after } = await scrape(server.url);
  // Tasks run by the clock meanwhile, and memory is collected.
  const isNew = (sample: string): boolean => !before.has(sample) && !/^(xcore_task|nodejs_gc)_/.test(sample);
  expect([...after.keys()].filter(isNew)).toEqual([]);
  agent.destroy();
});

test.runIf(hasPromtool)('Prometheus finds nothing wrong with the metrics, the rules and their example', async () => {
  // With what appears only once it has happened.
  await server.graphql('query Named { viewer { id } }', {}, server.admin.token);
  expect(await promtool(['check', 'metrics'], (await scrape(server.url)).text)).toBe('');
  expect(await promtool(['check', 'rules', 'deploy/prometheus/rules.yml'])).toBe('');
});

test('whatever the dashboard and the rules ask for is there', async () => {
  const { types } = await scrape(server.url);
  const asked = ['deploy/prometheus/rules.yml', 'deploy/grafana/passerelle.json'].flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\b(?:xcore|process|nodejs)_[a-z0-9_]+/g)].map(([name]) => name),
  );
  expect(asked.length).toBeGreaterThan(40);
  const known = (name: string): boolean => types.has(name) || types.has(name.replace(/_(?:bucket|sum|count)$/, ''));
  expect([...new Set(asked)].filter((name) => !known(name))).toEqual([]);
});

test('what waits, and who is behind, shows; what is no longer there goes', async () => {
  const lagOf = async (consumer: string): Promise<number | undefined> =>
    (await scrape(server.url)).samples.get(`xcore_event_consumer_lag{consumer="${consumer}"}`);
  await server.sql(`insert into event_cursors (name, position) values ('stuck', 0)`);
  await happen(server.app);
  await expect.poll(() => lagOf('stuck')).toBeGreaterThan(0);
  expect(await lagOf('webhooks')).toBeGreaterThanOrEqual(0);
  await server.sql(`delete from event_cursors where name = 'stuck'`);
  expect(await lagOf('stuck')).toBeUndefined();

  const queue = 'test.waits';
  let letGo = (): void => undefined;
  const gone = new Promise<void>((resolve) => (letGo = resolve));
  const job = await server.services.jobs.add({ name: queue, run: () => gone, batchSize: 1 });
  await server.db.client.transaction(async (tx) => {
    for (let i = 0; i < 3; i += 1) await job.send(tx, {});
  });
  const { samples } = await scrape(server.url);
  expect(samples.get(`xcore_jobs_waiting{queue="${queue}"}`)).toBeGreaterThanOrEqual(2);
  expect(samples.get(`xcore_jobs_oldest_waiting_seconds{queue="${queue}"}`)).toBeGreaterThan(0);
  letGo();
  await server.services.jobs.remove(queue);
  if (inject('database').kind === 'server')
    expect(samples.get('xcore_database_connections{pool="writes"}')).toBeGreaterThan(0);
});

test('no counter of a process falls while others and parts of it come and go', async () => {
  const urls = [server.url, ...(other ? [other.url] : [])];
  const scrapes = () => Promise.all(urls.map((url) => scrape(url)));
  let before = await scrapes();
  for (const n of [1, 2, 3]) {
    await server.services.jobs.add({ name: 'test.passing', run: async () => undefined });
    await server.app.consumers.add({ name: 'passing', consume: async () => undefined });
    await happen(server.app);
    for (const url of urls) {
      await fetch(`${url}/v1/users/${n}`);
      await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${server.admin.token}` },
        body: JSON.stringify({ query: `query Turn${n} { viewer { id } }` }),
      });
    }
    await server.app.consumers.remove('passing');
    await server.services.jobs.remove('test.passing');
    const after = await scrapes();
    expect(urls.flatMap((_, i) => fallen(before[i] as never, after[i] as never))).toEqual([]);
    before = after;
  }
});

test('no secret came to light', async () => expect(await server.leaks()).toEqual([]));

const happen = ({ database }: App): Promise<void> =>
  database.client.transaction((tx) =>
    emit(tx, { viewer: { userId: undefined }, requestId: 'test', ip: undefined }, 'tag.deleted', ['Tag', 1], {
      name: 'x',
    } as never),
  );
