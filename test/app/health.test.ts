import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { type App, startApp } from '../../src/app/start.js';
import { readConfig } from '../../src/config/config.js';
import { sql } from '../../src/db/sql.js';
import { emit } from '../../src/events/outbox.js';
import { freshDatabase } from '../support/database.js';
import { startProcess } from '../support/process.js';
import { type Proxy, startProxy } from '../support/proxy.js';
import { running } from '../support/running.js';

let folder: string;
let drop: () => Promise<void>;
let env: NodeJS.ProcessEnv;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-health-'));
  const database = await freshDatabase(folder);
  drop = database.drop;
  env = {
    ...database.env,
    DATA_DIR: folder,
    PORT: '0',
    DEMO: '0',
    WATCH_DIR: 'off',
    TESSERACT: 'off',
    RATE_LIMITS: 'off',
    JWT_SECRET: 'test-secret-'.repeat(4),
    ENCRYPTION_KEY: 'test-key-'.repeat(4),
  };
});
afterEach(async () => {
  await drop();
  await rm(folder, { recursive: true, force: true });
});

const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;
/** Of live, ready and whole. */
const healthOf = (url: string): Promise<number[]> =>
  Promise.all(['/health/live', '/health/ready', '/health'].map((path) => statusOf(url + path)));

const metricsToken = 'jeton-de-prometheus';

async function expectTokenFor(url: string): Promise<void> {
  const asked = (authorization?: string): Promise<Response> =>
    fetch(url, { headers: { ...(authorization && { authorization }) } });
  const refused = await asked();
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  expect(await refused.json()).toMatchObject({ error: { code: 'AUTHENTICATION_ERROR' } });
  expect((await asked(`Bearer ${metricsToken}2`)).status).toBe(401);
  expect(await (await asked(`Bearer ${metricsToken}`)).text()).toContain('xcore_requests_total');
}

test('a process loads nothing of OpenTelemetry, has metrics for whom has their token, and when told to stop says that it is not ready and goes on answering', async () => {
  const hooks = `--import ${pathToFileURL('test/support/tell-opentelemetry.mjs')}`;
  const server = await startProcess({ ...env, DRAIN_SECONDS: '2', METRICS_TOKEN: metricsToken, NODE_OPTIONS: hooks });
  // No traces are asked for: the hooks would tell of what records them.
  expect(
    spawnSync(process.execPath, [...hooks.split(' '), '-e', `import('@opentelemetry/api')`]).stderr.toString(),
  ).toMatch(/^loads /);
  await expectTokenFor(`${server.url}/metrics`);
  const agent = new Agent({ keepAlive: true });
  const connectionOf = async (): Promise<string | undefined> => {
    const [response] = await once(get(`${server.url}/health/live`, { agent }), 'response');
    response.resume();
    return response.headers.connection as string | undefined;
  };
  expect(await healthOf(server.url)).toEqual([200, 200, 200]);
  expect(await connectionOf()).toBe('keep-alive');
  const ended = server.end('SIGTERM');
  await expect.poll(() => statusOf(`${server.url}/health/ready`)).toBe(503);
  expect(await healthOf(server.url)).toEqual([200, 503, 200]);
  expect(await connectionOf()).toBe('close');
  expect(await ended).toBe(0);
  expect(server.output()).not.toContain('@opentelemetry');
});

const redisUrl = process.env['TEST_REDIS_URL'];

test.runIf(redisUrl)('a process as it is built counts in Redis', async () => {
  const server = await startProcess({ ...env, REDIS_URL: redisUrl });
  expect(await (await fetch(`${server.url}/health`)).json()).toMatchObject({ checks: { redis: true } });
  expect(await server.end('SIGTERM')).toBe(0);
});

describe.runIf(inject('database').kind === 'server')('outages', () => {
  let database: Proxy;
  let redis: Proxy;
  let app: App;
  beforeEach(async () => {
    const url = new URL(env['DATABASE_URL'] as string);
    database = await startProxy({ host: url.hostname, port: Number(url.port) });
    redis = await startProxy({ host: '127.0.0.1', port: 6379 });
    app = await start({
      DATABASE_URL: Object.assign(url, { hostname: '127.0.0.1', port: String(database.port) }).href,
      REDIS_URL: `redis://127.0.0.1:${redis.port}`,
      METRICS: 'off',
    });
  });
  afterEach(async () => {
    await stop(app);
    await database.stop();
    await redis.stop();
  });

  /** Reads of all kinds answer, changes are heard of by those who listen, and jobs run. */
  async function expectWhole(): Promise<void> {
    const { client, read, readPrimary, readSlow } = app.database;
    for (const each of [read, readPrimary, readSlow]) expect(await each('select 1', [])).toEqual([['1']]);
    const events = app.services.events.stream()[Symbol.asyncIterator]();
    const heard = events.next();
    const ran: string[] = [];
    const job = await app.services.jobs.add({
      name: 'test.heal',
      isPrompt: true,
      run: async () => void ran.push('ran'),
    });
    const origin = { viewer: { userId: undefined }, requestId: 'test', ip: undefined };
    await client.transaction(async (tx) => {
      await emit(tx, origin, 'tag.deleted', ['Tag', 1], { name: 'x' } as never);
      await job.send(tx, {});
    });
    expect((await heard).value).toMatchObject({ type: 'tag.deleted' });
    await events.return?.(undefined as never);
    await expect.poll(() => ran, { timeout: 10_000 }).toEqual(['ran']);
    await app.services.jobs.remove('test.heal');
  }

  async function administratorsToken(): Promise<string> {
    const { userId } = (await app.database.client.first<{ userId: number }>(sql`
      insert into users (username, email) values ('lectrice', 'lectrice@example.org') returning id as "userId"`))!;
    const session = (await app.database.client.first<{ id: string }>(sql`
      insert into sessions (user_id, kind, expires_at) values (${userId}, 'token', now() + interval '1 day')
      returning id`))!;
    return app.services.accessTokens.sign(userId, session.id as never, new Date());
  }

  /** Whoever asks is told so, and when to try again. */
  async function expectUnavailable(token: string): Promise<void> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const query = '{ transactions(first: 1) { nodes { id } } }';
    const graph = await fetch(`${app.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
    expect(await graph.json()).toMatchObject({
      errors: [{ extensions: { code: 'UNAVAILABLE', reason: 'database.unreachable' } }],
    });
    const rest = await fetch(`${app.url}/api/v1/transactions`, { headers });
    expect([rest.status, rest.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await rest.json()).toMatchObject({ error: { code: 'SERVICE_UNAVAILABLE' } });
  }

  /** Within the five seconds that whoever probes may wait. */
  async function expectHealth(expected: number[]): Promise<void> {
    const startedMs = performance.now();
    await expect.poll(() => healthOf(app.url), { timeout: 5_000, interval: 100 }).toEqual(expected);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  }

  test(
    'a database that stops, hangs or is replaced makes the server unready, not dead, and it heals by itself',
    {
      timeout: 120_000,
    },
    async () => {
      await expectWhole();
      const token = await administratorsToken();
      await database.refuse();
      await expectUnavailable(token);
      await expectHealth([200, 503, 503]);
      await database.serve();
      await expect.poll(() => healthOf(app.url), { timeout: 20_000 }).toEqual([200, 200, 200]);
      await expectWhole();

      // The same server goes on after a while.
      database.hang();
      const asked = app.database.read('select 1', []);
      await expectHealth([200, 503, 503]);
      await database.serve({ thaw: true });
      expect(await asked).toEqual([['1']]);
      await expect.poll(() => healthOf(app.url), { timeout: 20_000 }).toEqual([200, 200, 200]);
      await expectWhole();

      // Nobody is at the other end of the old connections any more.
      database.hang();
      const { client, read, readPrimary } = app.database;
      const lost = [
        read('select 1', []),
        readPrimary('select 1', []),
        client.transaction((tx) => tx.all({ text: 'select 1', values: [] } as never)),
      ].map((each) => each.catch(() => 'lost'));
      await expectHealth([200, 503, 503]);
      await database.serve();
      await Promise.all(lost);
      await expect.poll(() => healthOf(app.url), { timeout: 20_000 }).toEqual([200, 200, 200]);
      await expectWhole();
    },
  );

  test(
    'without Redis it is not whole, and serves; metrics that are off are not there',
    { timeout: 60_000 },
    async () => {
      const metrics = await fetch(`${app.url}/metrics`);
      expect([metrics.status, await metrics.json()]).toMatchObject([404, { error: { code: 'NOT_FOUND' } }]);
      await redis.refuse();
      await expectHealth([200, 200, 503]);
      await redis.serve();
      await expect.poll(() => healthOf(app.url), { timeout: 20_000 }).toEqual([200, 200, 200]);
      redis.hang();
      await expectHealth([200, 200, 503]);
      await redis.serve({ thaw: true });
      await expect.poll(() => healthOf(app.url), { timeout: 20_000 }).toEqual([200, 200, 200]);
    },
  );
});

async function start(more: NodeJS.ProcessEnv): Promise<App> {
  const app = await startApp({
    config: readConfig({ ...env, ...more }),
    log: pino({ level: 'silent' }),
    database: { fsync: false, patienceMs: 3_000 },
  });
  running.set(app, `the server at ${app.url}`);
  return app;
}

async function stop(app: App): Promise<void> {
  await app.stop();
  running.delete(app);
}
