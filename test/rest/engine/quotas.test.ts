import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { createClient } from 'graphql-ws';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { dialects } from '../../../src/app/dialects.js';
import { graphQuota, type ViewerAtAddress } from '../../../src/graph/quota.js';
import { countedAddress } from '../../../src/quota/address.js';
import { openCounterStore } from '../../../src/quota/counter-store.js';
import { quotaGate } from '../../../src/quota/gate.js';
import { anonymous, type Principal } from '../../../src/quota/principal.js';
import { billOf } from '../../../src/rest/engine/quotas.js';
import type { Dialect, Route } from '../../../src/rest/engine/route.js';
import { restRouter } from '../../../src/rest/engine/router.js';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';
import { startToy, toy as toyDialect } from './toy.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ env: { RATE_LIMITS: 'on', TRUST_PROXY: '1' } });
});
afterAll(() => server?.stop());

let addresses = 0;
/** An address that no other test has: the server believes one proxy. */
const newAddress = (): string => `198.51.100.${(addresses += 1)}`;
const from = (address: string, headers: Record<string, string> = {}) => ({ 'x-forwarded-for': address, ...headers });

const standingOf = ({ headers }: { headers: Headers }) =>
  ['limit', 'remaining', 'reset'].map((name) => Number(headers.get(`x-ratelimit-${name}`) ?? NaN));

/** Sends requests one after another over kept connections until one is refused. */
async function exhaust(ask: () => Promise<Answer>, atMost: number): Promise<{ answered: number; refused: Answer }> {
  for (let answered = 0; answered <= atMost; answered += 1) {
    const answer = await ask();
    if (answer.status === 429) return { answered, refused: answer };
  }
  throw new Error(`${atMost} requests were all answered`);
}

function expectRefusal(refused: Answer, limit: number, withinSeconds: number): void {
  const now = Date.now() / 1000;
  const [shown, remaining, reset = 0] = standingOf(refused);
  const wait = Number(refused.headers.get('retry-after'));
  expect([shown, remaining]).toEqual([limit, 0]);
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(withinSeconds);
  expect(Math.abs(reset - now - wait)).toBeLessThan(3);
}

async function makeApiKey(
  { id: userId }: Person,
  { minute = 10_000, day = 1_000_000, month = 10_000_000 },
  at = server,
): Promise<{ id: string; secret: string }> {
  const secret = `sk_${randomUUID()}`;
  const [row] = await at.sql(
    `insert into api_keys (user_id, name, prefix, key_hash, scopes, limit_per_minute, limit_per_day, limit_per_month)
     values (?, 'k', 'sk_', ?, '{read,write}', ?, ?, ?) returning id::text`,
    [userId, createHash('sha256').update(secret).digest('hex'), minute, day, month],
  );
  return { id: row.id, secret };
}

describe('documented figures', () => {
  const all = new Map(
    dialects({
      health: async () => ({ database: true, redis: true, disk: true }),
      metrics: { text: async () => '', token: undefined },
      version: '',
      startedAt: new Date(0),
    }).map((dialect) => [dialect.name, dialect]),
  );
  const person: Principal = {
    userId: 7,
    isAdmin: false,
    credential: 'token',
    credentialId: 'session',
    authority: '',
  };
  const admin: Principal = { ...person, isAdmin: true };
  const key: Principal = {
    ...person,
    credential: 'api_key',
    apiKeyLimits: { perMinute: 1, perDay: 2, perMonth: 3 },
    credentialId: 'k1',
  };
  const keysOwn = ['api_key:minute:kk1 1/60', 'api_key:day:kk1 2/86400', 'api_key:month:kk1 3/2592000'];

  test.each([
    ['xcore', anonymous, ['xcore:hour:a192.0.2.1 100/3600']],
    ['xcore', person, ['xcore:hour:u7 1000/3600']],
    ['xcore', admin, ['xcore:hour:u7 10000/3600']],
    ['xcore', key, [...keysOwn, 'xcore:hour:u7 1000/3600']],
    ['archidrive', person, ['archidrive:minute:u7 100/60', 'archidrive:day:u7 10000/86400']],
    ['archidrive', anonymous, ['archidrive:minute:a192.0.2.1 100/60', 'archidrive:day:a192.0.2.1 10000/86400']],
    ['smartleakpro', person, ['smartleakpro:minute:u7 100/60']],
    ['smartleakpro', key, keysOwn],
    ['kdocs', person, ['kdocs:minute:a192.0.2.1 100/60']],
  ] as const)('%s %#', (dialect, principal, expected) => {
    const { charges } = billOf({ dialect: all.get(dialect) as Dialect, principal, address: '192.0.2.1' });
    expect(charges.map(({ key, limit, seconds }) => `${key} ${limit}/${seconds}`)).toEqual(expected);
  });

  test('the files of a gallery count apart, but for an API key', () => {
    const dialect = all.get('smartleakpro') as Dialect;
    const { quota: rule } = dialect.routes.find(({ path }) => path === '/medias/:id/thumbnail') as Route;
    const charges = (principal: Principal): string[] =>
      billOf({ dialect, rule, principal, address: '192.0.2.1' }).charges.map(
        ({ key, limit, seconds }) => `${key} ${limit}/${seconds}`,
      );
    expect(charges(person)).toEqual(['smartleakpro:files:u7 1200/60']);
    expect(charges(anonymous)).toEqual(['smartleakpro:files:a192.0.2.1 1200/60']);
    expect(charges(key)).toEqual([...keysOwn, 'smartleakpro:files:u7 1200/60']);
  });

  test('K-Docs: 100 a minute and address, whoever asks, then the documented body', async () => {
    const address = newAddress();
    const people = [await server.person(), await server.person()];
    let n = 0;
    const first = await server.request('GET', '/kdocs/api/nowhere', { headers: from(address) });
    expect([first.status, ...standingOf(first).slice(0, 2)]).toEqual([404, 100, 99]);
    const { answered, refused } = await exhaust(
      () => server.request('GET', '/kdocs/api/tags', { headers: from(address), token: people[(n += 1) % 2]?.token }),
      100,
    );
    expect(answered).toBe(99);
    expectRefusal(refused, 100, 60);
    expect(refused.json).toEqual({
      error: `Rate limit exceeded. Try again in ${refused.headers.get('retry-after')} seconds.`,
    });
    expect(
      (await server.request('GET', '/kdocs/api/tags', { headers: from(newAddress()), token: people[0]?.token })).status,
    ).toBe(200);
  });

  test('ArchiDrive: 100 a minute and account, wherever from', async () => {
    const [one, other] = [await server.person(), await server.person()];
    const ask = ({ token }: Person) => server.request('GET', '/v1/users/me', { headers: from(newAddress()), token });
    const { answered, refused } = await exhaust(() => ask(one), 100);
    expect(answered).toBe(100);
    expectRefusal(refused, 100, 60);
    expect(refused.json).toMatchObject({ success: false, errors: [] });
    expect((await ask(other)).status).toBe(200);
  });

  test('xcore: 100 an hour without a token; 1000 with one, 10,000 for admins', async () => {
    const address = newAddress();
    const ask = (token?: string) => server.request('GET', '/auth/me', { headers: from(address), token });
    const { answered, refused } = await exhaust(() => ask(), 100);
    expect(answered).toBe(100);
    expectRefusal(refused, 100, 3600);
    expect(refused.json).toMatchObject({ error: { code: 'RATE_LIMIT' } });
    expect(standingOf(await ask((await server.person()).token)).slice(0, 2)).toEqual([1000, 999]);
    expect(standingOf(await ask(server.admin.token)).slice(0, 2)).toEqual([10_000, 9999]);
  });
});

describe('who is counted', () => {
  test('a wrong credential counts against its address, and is 429 once that is used up', async () => {
    const address = newAddress();
    const guess = () => server.request('GET', '/v1/users/me', { headers: from(address), token: `apt_${randomUUID()}` });
    const first = await guess();
    expect([first.status, ...standingOf(first).slice(0, 2)]).toEqual([401, 100, 99]);
    const { answered } = await exhaust(guess, 100);
    expect(answered).toBe(99);
  });

  test('sign-ins have a stricter quota of their own', async () => {
    const address = newAddress();
    let n = 0;
    const { answered, refused } = await exhaust(
      () =>
        server.request('POST', '/kdocs/login', {
          headers: from(address),
          json: { username: `nobody${(n += 1)}`, password: 'x' },
        }),
      30,
    );
    expect(answered).toBe(30);
    expectRefusal(refused, 30, 60);
  });

  test('unknown paths, wrong methods, broken URLs and downloads carry the headers', async () => {
    const address = newAddress();
    const { token } = await server.person();
    for (const [method, path, status] of [
      ['GET', '/v1/nowhere', 404],
      ['PATCH', '/v1/users', 405],
      ['OPTIONS', '/v1/users', 204],
      ['GET', '/v1/%ff', 400],
      ['GET', '/kdocs/login', 200],
    ] as const) {
      const answer = await server.request(method, path, { headers: from(address), token });
      expect([path, answer.status, standingOf(answer).every((figure) => figure > 0)]).toEqual([path, status, true]);
    }
  });

  test('probes are never counted and still show the headers', async () => {
    const address = newAddress();
    await server.request('GET', '/nowhere', { headers: from(address) });
    for (const path of ['/health', '/health/live', '/health/ready', '/metrics']) {
      expect(standingOf(await server.request('GET', path, { headers: from(address) })).slice(0, 2)).toEqual([100, 99]);
    }
  });

  test('an API key has its own limits, over all doors together, and a refused request uses nothing up', async () => {
    const owner = await server.person();
    const { secret } = await makeApiKey(owner, { minute: 5, day: 3 });
    const ask = (path: string) => server.request('GET', path, { headers: from(newAddress(), { 'x-api-key': secret }) });
    expect(standingOf(await ask('/v1/users/me')).slice(0, 2)).toEqual([3, 2]);
    expect((await ask('/auth/me')).status).toBe(200);
    const byGraph = await server.request('POST', '/graphql', {
      headers: { 'x-api-key': secret },
      json: { query: '{ __typename }' },
    });
    expect([byGraph.status, ...standingOf(byGraph).slice(0, 2)]).toEqual([200, 100_000, 99_989]);
    for (const path of ['/v1/users/me', '/auth/me', '/kdocs/api/tags', '/v1/users/me']) {
      const refused = await ask(path);
      expect([path, refused.status]).toEqual([path, 429]);
      expectRefusal(refused, 3, 86_400);
    }
    const refused = await server.request('POST', '/graphql', {
      headers: { 'x-api-key': secret },
      json: { query: '{ __typename }' },
    });
    expect([refused.status, refused.json.errors[0].extensions.code]).toEqual([429, 'RATE_LIMITED']);
    await server.sql('update api_keys set limit_per_day = 1000 where user_id = ?', [owner.id]);
    expect(standingOf(await ask('/v1/users/me')).slice(0, 2)).toEqual([5, 1]);
  });

  test('refusals are counted in the metrics and told to whom it concerns', async () => {
    const { text } = await server.request('GET', '/metrics');
    expect(Number(/xcore_rate_limited_total\{dialect="kdocs"\} (\d+)/.exec(text)?.[1])).toBeGreaterThan(0);
    const store = await openCounterStore({ redisUrl: undefined, installation: 'test', log: pino({ level: 'silent' }) });
    const told: string[] = [];
    const gate = quotaGate(store, { onRefused: (door) => told.push(door), onApiKeyRefused: (id) => told.push(id) });
    const charge = { key: 'x', limit: 1, seconds: 60, apiKeyId: 'the key' };
    await gate.spend('toy', [charge]);
    expect(told).toEqual([]);
    await gate.spend('toy', [charge]);
    expect(told).toEqual(['toy', 'the key']);
  });

  test.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:DB8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['192.0.2.7', '192.0.2.7'],
    [undefined, 'unknown'],
  ])('%s is counted as %s', (ip, counted) => expect(countedAddress(ip)).toBe(counted));

  test('without TRUST_PROXY what a client says of its address is not believed', async () => {
    const direct = await startTestServer({ env: { RATE_LIMITS: 'on' } });
    try {
      await direct.request('GET', '/nowhere', { headers: from('198.51.100.200') });
      const second = await direct.request('GET', '/nowhere', { headers: from('198.51.100.201') });
      expect(standingOf(second).slice(0, 2)).toEqual([100, 98]);
    } finally {
      await direct.stop();
    }
  });

  test('a factor multiplies what is documented, and is shown; what a person set for a key stays', async () => {
    const wide = await startTestServer({ env: { RATE_LIMITS: '2.5' } });
    try {
      const person = await wide.person();
      const shown = async (path: string, headers: Record<string, string>) =>
        standingOf(await wide.request('GET', path, { headers })).slice(0, 2);
      const jwt = { authorization: `Bearer ${person.token}`, 'apollo-require-preflight': '1' };
      expect(await shown('/auth/me', jwt)).toEqual([2500, 2499]);
      expect(await shown('/graphql?query=%7B__typename%7D', jwt)).toEqual([250_000, 249_989]);
      const { answered } = await exhaust(() => wide.request('GET', '/nowhere'), 250);
      expect(answered).toBe(250);
      const { secret } = await makeApiKey(person, { day: 3 }, wide);
      expect(await shown('/auth/me', { 'x-api-key': secret })).toEqual([3, 2]);
    } finally {
      await wide.stop();
    }
  });

  test('RATE_LIMITS=off counts nothing and says nothing', async () => {
    const open = await startTestServer();
    try {
      for (const path of ['/health', '/nowhere', '/graphql?query=%7B__typename%7D']) {
        const { headers } = await open.request('GET', path, { headers: { 'apollo-require-preflight': '1' } });
        expect([...headers.keys()].filter((name) => name.startsWith('x-ratelimit'))).toEqual([]);
      }
    } finally {
      await open.stop();
    }
  });
});

test('a route that counts failures only gives the attempt back when it succeeds, however many come at once', async () => {
  const toy = await startToy();
  const store = await openCounterStore({ redisUrl: undefined, installation: 'toy', log: pino({ level: 'silent' }) });
  const routes = toyDialect.routes.map((route) =>
    route.path === '/login' ? { ...route, quota: 'authentication_failures' as const } : route,
  );
  const http = createServer(restRouter([{ ...toyDialect, routes }], { ...toy.engine, quotas: quotaGate(store) }));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const login = (nom: string) =>
    fetch(`http://127.0.0.1:${(http.address() as AddressInfo).port}/toy/v1/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ nom }),
    });
  try {
    for (let n = 0; n < 12; n += 1) expect((await login('zoé')).status).toBe(200);
    expect(standingOf(await login('zoé'))[1]).toBe(10);
    const statuses = await Promise.all(Array.from({ length: 15 }, async () => (await login('rené')).status));
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
    expect((await login('zoé')).status).toBe(429);
  } finally {
    http.closeAllConnections();
    http.close();
    await toy.close();
  }
});

describe('the graph', () => {
  test('admission and cost taken at once leave and show what they do one after the other', async () => {
    const store = await openCounterStore({
      redisUrl: undefined,
      installation: 'graph',
      log: pino({ level: 'silent' }),
    });
    const quota = graphQuota(quotaGate(store));
    const bySession = (userId: number): ViewerAtAddress => ({
      viewer: { userId, credential: { kind: 'token', sessionId: 's' } },
      ip: undefined,
    });
    const byKey = (userId: number): ViewerAtAddress => ({
      viewer: {
        userId,
        credential: { kind: 'api_key', keyId: `k${userId}`, limits: { perMinute: 2, perDay: 9, perMonth: 9 } },
      },
      ip: undefined,
    });
    for (const [inTurn, atOnce] of [
      [bySession(1), bySession(2)],
      [byKey(3), byKey(4)],
    ] as const) {
      await quota.chargeRequest(inTurn);
      const { standing } = await quota.chargeOperation(inTurn, 500);
      expect((await quota.chargeBoth(atOnce, 500)).standing).toEqual({ ...standing, resetAt: expect.any(Number) });
      expect(standing?.remaining).toBe(99_490);
      const refused = await quota.chargeBoth(atOnce, 100_000);
      expect(refused.retryAfterSeconds).toBeGreaterThan(0);
    }
  });

  const graphql = (query: string, headers: Record<string, string>): Promise<Answer> =>
    server.request('POST', '/graphql', { json: { query }, headers });
  const login = (alias: string) =>
    `${alias}: login(input: { identifier: "nobody${alias}", password: "x" }) { deviceToken }`;

  test('administrators see what was refused, under the name of the operation', async () => {
    const { token } = await server.person();
    const dear = 'query Dear { documents(first: 100) { nodes { id title tags { id name } } } }';
    await exhaust(() => graphql(dear, { authorization: `Bearer ${token}` }), 100);
    const { json } = await graphql(
      '{ monitoringSummary(period: HOUR) { operations { operation figures { refusedCount } } } }',
      { authorization: `Bearer ${server.admin.token}` },
    );
    expect(json.data.monitoringSummary.operations).toContainEqual({
      operation: 'Dear',
      figures: { refusedCount: 1 },
    });
  });

  test('an address gets about thirty sign-ins a minute, with aliases or without', async () => {
    const address = newAddress();
    const aliased = await graphql(
      `mutation { ${Array.from({ length: 29 }, (_, n) => login(`a${n}`)).join(' ')} }`,
      from(address),
    );
    expect(aliased.status).toBe(200);
    const [limit, remaining] = standingOf(aliased);
    expect(limit).toBe(10_000);
    expect(remaining).toBeLessThan(1000);
    const { answered, refused } = await exhaust(() => graphql(`mutation { ${login('b')} }`, from(address)), 3);
    expect(answered).toBeLessThanOrEqual(2);
    expect(refused.json.errors[0]).toMatchObject({
      extensions: { code: 'RATE_LIMITED', details: { retryAfterSeconds: Number(refused.headers.get('retry-after')) } },
    });
  });

  test('the cost is told on request, and is what is taken', async () => {
    const { token } = await server.person();
    const headers = { authorization: `Bearer ${token}`, 'x-graphql-cost': 'include' };
    const first = await graphql('{ documents(first: 100) { nodes { id title } } }', headers);
    const { points } = first.json.extensions.cost;
    expect(points).toBeGreaterThan(200);
    expect(standingOf(first).slice(0, 2)).toEqual([100_000, 100_000 - 10 - points]);
    const second = await graphql('{ documents(first: 100) { nodes { id title } } }', {
      authorization: headers.authorization,
    });
    expect(second.json.extensions).toBeUndefined();
    expect(standingOf(second)[1]).toBe(100_000 - 2 * (10 + points));
  });

  test('syntax errors and wrong credentials use up what an address has', async () => {
    const address = newAddress();
    expect(standingOf(await graphql('{', from(address)))[1]).toBe(9990);
    const wrong = await graphql('{ __typename }', from(address, { authorization: 'Bearer nonsense' }));
    expect([wrong.status, standingOf(wrong)[1]]).toEqual([401, 9980]);
    const broken = await server.request('POST', '/graphql', {
      body: '{',
      headers: from(address, { 'content-type': 'application/json' }),
    });
    expect([broken.status, standingOf(broken)[1]]).toEqual([400, 9970]);
  });

  test('over a websocket each operation is paid for, by the same counters', async () => {
    const owner = await server.person();
    const { secret } = await makeApiKey(owner, { minute: 2 });
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { apiKey: secret },
      retryAttempts: 0,
    });
    const ask = async () => (await client.iterate({ query: '{ __typename }' }).next()).value;
    try {
      expect((await ask())?.data).toEqual({ __typename: 'Query' });
      expect((await ask())?.errors).toBeUndefined();
      // An error for the operation comes as an error message of the protocol.
      const refusal = await ask().catch((error: unknown) => error);
      expect(JSON.stringify(refusal)).toContain('RATE_LIMITED');
    } finally {
      await client.dispose();
    }
    const overHttp = await graphql('{ __typename }', { 'x-api-key': secret });
    expect(overHttp.status).toBe(429);
  });
});

const redisUrl = process.env['TEST_REDIS_URL'] ?? process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';
const hasRedis =
  process.env['TEST_REDIS_URL'] !== undefined ||
  (await new Promise<boolean>((resolve) => {
    const { hostname, port } = new URL(redisUrl);
    const socket = connect({ host: hostname, port: Number(port || 6379) }, () => resolve(true)).on('error', () =>
      resolve(false),
    );
    socket.unref();
  }));

describe.skipIf(!hasRedis)('on Redis', () => {
  const env = () => ({ RATE_LIMITS: 'on', JWT_SECRET: randomUUID().repeat(2) });

  test('two servers of one installation count together, two installations apart', async () => {
    const shared = { ...env(), REDIS_URL: redisUrl };
    const servers = await Promise.all([
      startTestServer({ env: shared }),
      startTestServer({ env: shared }),
      startTestServer({ env: { ...env(), REDIS_URL: redisUrl } }),
    ]);
    const remaining = async (at: number) => standingOf(await (servers[at] as TestServer).request('GET', '/nowhere'))[1];
    try {
      expect([await remaining(0), await remaining(1), await remaining(0), await remaining(2)]).toEqual([
        99, 98, 97, 99,
      ]);
    } finally {
      await Promise.all(servers.map((each) => each.stop()));
    }
  });

  test('when Redis goes away memory counts, health says so, and Redis counts again once it is back', async () => {
    const proxy = await startTcpProxy(redisUrl);
    const insured = await startTestServer({ env: { ...env(), REDIS_URL: proxy.url } });
    const lines = (text: string) => insured.log.filter((line) => line.includes(text)).length;
    const remaining = async () => standingOf(await insured.request('GET', '/nowhere'))[1];
    const health = async () => (await insured.request('GET', '/health')).json;
    try {
      expect([await remaining(), await remaining(), (await health()).checks.redis]).toEqual([99, 98, true]);
      proxy.cut();
      await vi.waitFor(async () =>
        expect(await health()).toMatchObject({ status: 'unhealthy', checks: { redis: false } }),
      );
      expect([await remaining(), await remaining()]).toEqual([99, 98]);
      await vi.waitFor(() => expect(lines('Redis is lost')).toBe(1));
      await proxy.mend();
      await vi.waitFor(async () => expect((await health()).checks.redis).toBe(true), 10_000);
      expect(await remaining()).toBe(97);
      expect([lines('Redis is lost'), lines('Redis is back')]).toEqual([1, 1]);
    } finally {
      await insured.stop();
      proxy.cut();
    }
  }, 30_000);
});

test('an unreachable Redis stops the start with one clear line', async () => {
  const closed = createTcpServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  await expect(
    openCounterStore({ redisUrl: `redis://127.0.0.1:${port}`, installation: 'x', log: pino({ level: 'silent' }) }),
  ).rejects.toThrow(`REDIS_URL: nobody answers at 127.0.0.1:${port}`);
});

/** Stands between a server and Redis, and can be cut like a cable. */
async function startTcpProxy(target: string): Promise<{ url: string; cut: () => void; mend: () => Promise<void> }> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let own = 0;
  const proxy = createTcpServer((inner) => {
    const outer = connect({ host: hostname, port: Number(port || 6379) });
    for (const [one, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy()).on('close', () => sockets.delete(one));
    }
  });
  const mend = () => new Promise<void>((resolve) => proxy.listen(own, '127.0.0.1', resolve));
  await mend();
  own = (proxy.address() as AddressInfo).port;
  return {
    url: `redis://127.0.0.1:${own}`,
    mend,
    cut: () => {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
