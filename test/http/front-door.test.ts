import { connect } from 'node:net';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

/** Sends the request line as it is, which `fetch` would put in order. */
function ask(line: string, id: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(new URL(server.url).port), new URL(server.url).hostname);
    socket
      .on('data', (chunk: Buffer) => (answer += chunk.toString()))
      .on('close', () => resolve(answer))
      .on('error', reject);
    socket.write(`${line} HTTP/1.1\r\nHost: passerelle\r\nX-Request-Id: ${id}\r\nConnection: close\r\n\r\n`);
  });
}

let asked = 0;
test.each([
  ['GET /', 200, 'text/html'],
  ['GET //', 200, 'text/html'],
  ['GET http://passerelle', 200, 'text/html'],
  ['GET /CORE-DOCS/', 200, 'text/html'],
  ['GET /core-docs/kdocs.json', 200, 'application/json'],
  ['GET /core-docs/none.json', 404, 'application/json'],
  ['GET /Static/%zz', 404, 'text/html'],
  ['GET /static-none', 404, 'application/json'],
  ['POST /', 404, 'application/json'],
  ['GET /GraphQL?query={__typename}', 400, 'application/json'],
  ['PUT /graphql', 405, 'application/json'],
  ['GET /mcp', 405, 'application/json'],
  ['POST /mcp', 401, 'application/json'],
  ['GET /health', 200, 'application/json'],
  ['GET http://passerelle/health?x=1', 200, 'application/json'],
  ['GET /HEALTH', 404, 'application/json'],
  ['GET /kdocs/login', 200, 'text/html'],
  ['GET /kdocs/apix', 404, 'application/json'],
  ['GET /kdocs/api/t%61gs', 404, 'application/json'],
  ['GET /%zz', 400, 'application/json'],
  ['OPTIONS *', 404, 'application/json'],
  ['PROPFIND /health', 405, 'application/json'],
])('%s is %i in %s, under an id and the headers that keep it to itself', async (line, status, type) => {
  const id = `door-${(asked += 1)}.`;
  const answer = await ask(line, id);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer).toMatch(new RegExp(`\r\ncontent-type: ${type}`, 'i'));
  expect(answer).toContain(`\r\nX-Request-Id: ${id}\r\n`);
  expect(answer).toContain("\r\nContent-Security-Policy: default-src 'none'");
  expect(answer).not.toMatch(/x-powered-by/i);
  await expect
    .poll(() => server.log.filter((text) => text.includes(`"requestId":"${id}"`) && text.includes('"msg":"request"')))
    .toHaveLength(1);
});

describe('what the log says of a request', () => {
  const lineOf = async (id: string): Promise<Record<string, unknown>> => {
    const lines = (): string[] =>
      server.log.filter((text) => text.includes(`"requestId":"${id}"`) && text.includes('"msg":"request"'));
    await expect.poll(lines).toHaveLength(1);
    return JSON.parse(lines()[0] as string);
  };
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const parentSpanId = 'b7ad6b7169203331';

  test('is the operation by its name and the person by number, at every door', async () => {
    const { token, id: userId } = server.admin;
    const people = { query: 'query CountPeople { users { totalCount } }' };
    const both = { query: `${people.query} query Other { __typename }`, operationName: 'CountPeople' };
    const send = async (path: string, id: string, json?: object): Promise<Record<string, unknown>> => {
      const headers = { 'x-request-id': id };
      await server.request(json ? 'POST' : 'GET', path, { token, headers, ...(json && { json }) });
      return lineOf(id);
    };
    const named = { userId, operation: 'CountPeople' };
    expect(await send('/graphql', 'named-1', both)).toMatchObject(named);
    // From the second time on by the fast path.
    expect(await send('/graphql', 'named-2', both)).toMatchObject(named);
    expect(await send('/graphql', 'named-3', people)).toMatchObject(named);
    const refused =
      'query Dear { ' + [...'abcdefghij'].map((a) => `${a}: users(first: 100) { nodes { id roles { id } } }`) + ' }';
    expect(await send('/graphql', 'named-4', { query: refused })).toMatchObject({ userId, operation: 'Dear' });
    expect(await send('/v1/users/me', 'named-5')).toMatchObject({
      userId,
      operation: expect.stringMatching(/^Archidrive/),
    });
    const unnamed = await send('/graphql', 'named-6', { query: '{ __typename }' });
    expect(unnamed).toMatchObject({ userId });
    expect(unnamed).not.toHaveProperty('operation');
    const ended = await server.request('GET', '/v1/users/me', { headers: { 'x-request-id': 'named-7' } });
    expect(ended.status).toBe(401);
    expect(await lineOf('named-7')).not.toHaveProperty('userId');
  });

  test('is the trace that it belongs to, which its events carry on', async () => {
    const json = { email: 'trace@example.com', password: 'Passerelle-2026!', full_name: 'T' };
    const traceparent = `00-${traceId}-${parentSpanId}-01`;
    const headers = { 'x-request-id': 'traced', traceparent };
    await server.request('POST', '/auth/register', { headers, json });
    const { spanId, ...line } = await lineOf('traced');
    expect(line).toMatchObject({ traceId, parentSpanId });
    expect(spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(await server.sql(`select traceparent from events where request_id = 'traced'`)).toEqual([
      { traceparent: `00-${traceId}-${String(spanId)}-01` },
    ]);
  });

  test.each([
    ['later versions may say more', `cc-${traceId}-${parentSpanId}-01-what-the-future-brings`, true],
    ['a caller that records nothing', `00-${traceId}-${parentSpanId}-00`, true],
    ['version 00 says no more', `00-${traceId}-${parentSpanId}-01-more`, false],
    ['the version that is none', `ff-${traceId}-${parentSpanId}-01`, false],
    ['upper case', `00-${traceId.toUpperCase()}-${parentSpanId}-01`, false],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${parentSpanId}-01`, false],
    ['a span of zeros', `00-${traceId}-${'0'.repeat(16)}-01`, false],
    ['too short', `00-${traceId.slice(1)}-${parentSpanId}-01`, false],
    ['several', `00-${traceId}-${parentSpanId}-01, 00-${traceId}-${parentSpanId}-01`, false],
  ])('leaves out a traceparent that is not valid: %s', async (name, traceparent, isValid) => {
    const id = `trace-${name.replaceAll(' ', '-')}`;
    await server.request('GET', '/health', { headers: { 'x-request-id': id, traceparent } });
    const line = await lineOf(id);
    if (isValid) expect(line).toMatchObject({ traceId, parentSpanId });
    else expect(Object.keys(line).filter((key) => /trace|span/i.test(key))).toEqual([]);
  });
});

describe('the metrics of GraphQL', () => {
  const figure = async (name: string): Promise<number> => {
    const { text } = await server.request('GET', '/metrics');
    const line = text.split('\n').find((each) => each.startsWith(`xcore_graphql_${name} `));
    return Number(line?.split(' ').at(-1) ?? 0);
  };
  /** What each figure grew by. */
  const growth = async (names: readonly string[], work: () => Promise<unknown>): Promise<Record<string, number>> => {
    const before = await Promise.all(names.map(figure));
    await work();
    const after = await Promise.all(names.map(figure));
    return Object.fromEntries(names.map((name, i) => [name, (after[i] as number) - (before[i] as number)]));
  };
  const operations = (operation: string, type = 'query'): string =>
    `operations_total{operation="${operation}",type="${type}"}`;
  const errors = (code: string): string => `errors_total{code="${code}"}`;

  test('count operations by name and errors by code, over HTTP and sockets', async () => {
    const { token } = server.admin;
    const ask = (query: string, by?: string) => server.graphql(query, {}, by);
    const names = [
      operations('Tags'),
      operations('unnamed'),
      operations('signed_out'),
      operations('Live', 'subscription'),
      errors('GRAPHQL_PARSE_FAILED'),
      errors('GRAPHQL_VALIDATION_FAILED'),
      errors('UNAUTHENTICATED'),
      errors('NOT_FOUND'),
      errors('BAD_USER_INPUT'),
    ];
    const grown = await growth(names, async () => {
      for (let i = 0; i < 3; i++) await ask('query Tags { tags { totalCount } }', token);
      await ask('{ tags { totalCount } }', token);
      await ask('query Chosen { __typename }');
      await ask('query Tags {', token);
      await ask('query Tags { nothing }', token);
      await ask('query Tags { tags { totalCount } }', 'no-token');
      await server.request('POST', '/graphql', { token, headers: { 'content-type': 'application/json' }, body: '{' });
      const missing = 'mutation Missing { deleteTag(input: { id: "999999" }) { deletedId } }';
      for (let i = 0; i < 2; i++) await ask(missing, token);
      const client = createClient({
        url: `${server.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${token}` },
      });
      const events = client.iterate({ query: 'subscription Live { documentEvents { position } }' });
      const next = events.next();
      await expect.poll(() => figure(operations('Live', 'subscription'))).toBe(1);
      const refused = client.iterate({ query: 'query Tags { nothing }' });
      await refused.next().catch(() => undefined);
      await client.iterate({ query: missing }).next();
      await client.dispose();
      await next.catch(() => undefined);
    });
    expect(grown).toEqual({
      [operations('Tags')]: 3,
      [operations('unnamed')]: 1,
      [operations('signed_out')]: 1,
      [operations('Live', 'subscription')]: 1,
      [errors('GRAPHQL_PARSE_FAILED')]: 1,
      [errors('GRAPHQL_VALIDATION_FAILED')]: 2,
      [errors('UNAUTHENTICATED')]: 1,
      [errors('NOT_FOUND')]: 3,
      [errors('BAD_USER_INPUT')]: 1,
    });
  });

  test('show at most five hundred names', async () => {
    const { token } = server.admin;
    for (let i = 0; i < 510; i++) await server.graphql(`query Made${i} { __typename }`, {}, token);
    const { text } = await server.request('GET', '/metrics');
    const shown = text.match(/^xcore_graphql_operations_total\{/gm) ?? [];
    expect(shown.length).toBeLessThanOrEqual(503);
    expect(await figure(operations('other'))).toBeGreaterThanOrEqual(10);
  });
});
