import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { dialects } from '../../src/app/dialects.js';
import { corsOf } from '../../src/http/cors.js';
import { isForeignUpgrade } from '../../src/http/csrf.js';
import { startTestServer, type TestServer } from '../support/harness.js';

const react = 'http://localhost:3000';
const evil = 'https://evil.example';
let server: TestServer;
let cookie: string;
beforeAll(async () => {
  server = await startTestServer({ env: { CORS_ORIGINS: `${react}, http://localhost:3001/` } });
  const { username, password } = server.admin;
  const answer = await server.request('POST', '/kdocs/login', { json: { username, password } });
  cookie = String(answer.headers.get('set-cookie')).split(';')[0] as string;
});
afterAll(() => server?.stop());

const allowed = (headers: Headers): (string | null)[] =>
  ['origin', 'credentials'].map((name) => headers.get(`access-control-allow-${name}`));

const preflight = (path: string, origin: string, method = 'POST') =>
  server.request('OPTIONS', path, {
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': 'authorization,content-type',
    },
  });

test('a listed page gets a preflight for every route and method, with what it may send', async () => {
  const routes = dialects().flatMap(({ prefix, routes }) =>
    routes.map(({ method, path }) => ({ method, path: (prefix + path).replace(/:\w+/g, '1') })),
  );
  expect(routes.length).toBeGreaterThan(100);
  for (const { method, path } of [...routes, { method: 'post', path: '/graphql' }]) {
    const { status, headers } = await preflight(path, react, method.toUpperCase());
    expect({ path, status }).toEqual({ path, status: 204 });
    expect(allowed(headers)).toEqual([react, 'true']);
    expect(headers.get('access-control-allow-methods')).toContain(method.toUpperCase());
    expect(headers.get('vary')).toBe('Origin');
  }
  const { headers } = await preflight('/api/clients/', 'http://localhost:3001');
  const sendable = String(headers.get('access-control-allow-headers')).toLowerCase().split(', ');
  expect(sendable).toEqual(
    expect.arrayContaining(
      'authorization content-type x-api-key x-csrftoken x-requested-with idempotency-key'.split(' '),
    ),
  );
});

test('its requests are answered readably, errors and the graph too, and it may act under the cookie', async () => {
  for (const path of ['/kdocs/api/tags', '/kdocs/api/tags/999', '/nowhere', '/graphql?query={__typename}']) {
    const { headers } = await server.request('GET', path, { headers: { origin: react }, token: server.admin.token });
    expect(allowed(headers)).toEqual([react, 'true']);
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    const exposed = headers.get('access-control-expose-headers');
    for (const name of [
      'Content-Disposition',
      'X-Request-Id',
      'Location',
      'X-RateLimit-Limit',
      'X-RateLimit-Remaining',
      'X-RateLimit-Reset',
    ])
      expect(exposed).toContain(name);
  }
  const tag = (origin: string) =>
    server.request('POST', '/kdocs/api/tags', { headers: { origin, cookie }, json: { name: `Of ${origin}` } });
  expect((await tag(react)).status).toBe(201);
  expect((await tag(evil)).status).toBe(403);
});

test('another page gets nothing: no header, and the answer of the path to its preflight', async () => {
  const { status, headers } = await preflight('/kdocs/api/tags', evil);
  expect(status).toBe(204);
  expect(headers.get('allow')).toBe('GET, HEAD, POST');
  const read = await server.request('GET', '/kdocs/api/tags', { headers: { origin: evil }, token: server.admin.token });
  for (const each of [headers, read.headers]) {
    expect(allowed(each)).toEqual([null, null]);
    expect(each.get('vary')).toBe('Origin');
  }
});

test.each([
  ['/ws', undefined],
  ['/graphql', 'graphql-transport-ws'],
])('the websocket %s asks the same list', async (path, protocol) => {
  const open = async (headers: Record<string, string>): Promise<number> => {
    const socket = new WebSocket(server.url.replace('http', 'ws') + path, protocol ?? [], { headers });
    const status = await Promise.race([
      once(socket, 'open').then(() => 101),
      once(socket, 'unexpected-response').then(([, response]) => Number(response.statusCode)),
    ]);
    socket.on('error', () => undefined).terminate();
    return status;
  };
  expect(await open({})).toBe(101);
  expect(await open({ origin: server.url, cookie })).toBe(101);
  expect(await open({ origin: react, cookie })).toBe(101);
  expect(await open({ origin: evil })).toBe(403);
  expect(await open({ origin: evil, cookie })).toBe(403);
  expect(await open({ origin: 'null' })).toBe(403);
});

test('`*` lets every page in, without cookies; no list lets none in', async () => {
  const publicUrl = 'https://firm.example';
  const everybody = corsOf('*');
  const door = createServer((request, response) => {
    if (!everybody.answer(request, response)) response.end();
  }).listen(0);
  await once(door, 'listening');
  const url = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
  for (const method of ['GET', 'OPTIONS']) {
    const headers = { origin: evil, 'access-control-request-method': 'PUT' };
    expect(allowed((await fetch(url, { method, headers })).headers)).toEqual(['*', null]);
  }
  door.close();
  door.closeAllConnections();

  const isForeign = (origins: '*' | readonly string[], headers: Record<string, string>): boolean =>
    isForeignUpgrade(headers, { publicUrl, cors: corsOf(origins) });
  expect(isForeign('*', { origin: evil })).toBe(false);
  expect(isForeign('*', { origin: evil, cookie: 'kdocs_session=x' })).toBe(true);
  expect(isForeign([], { origin: evil })).toBe(true);
  expect(isForeign([], { origin: publicUrl, host: 'inner:4000', cookie: 'kdocs_session=x' })).toBe(false);
});
