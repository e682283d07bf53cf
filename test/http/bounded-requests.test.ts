import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text as readAll } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { mostProblems } from '../../src/lib/errors.js';
import { mostListEntries, oversizedPart } from '../../src/lib/input-size.js';
import { startTestServer, type TestServer } from '../support/harness.js';

const clientStallMs = 400;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ clientStallMs, socketIdleMs: 500 });
});
afterAll(() => server?.stop());

const many = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe('inputs with a great many values', () => {
  /** A list that a route of each dialect takes. */
  const lists: [method: string, path: string, field: string, body: (list: unknown[]) => object][] = [
    ['POST', '/v1/invoices', 'items', (items) => ({ items })],
    ['POST', '/api/api-keys', 'scopes', (scopes) => ({ nom: 'a', scopes })],
    ['POST', '/api/v1/categorization-rules', 'conditions', (conditions) => ({ name: 'a', conditions })],
    ['POST', '/kdocs/api/documents/bulk', 'ids', (ids) => ({ ids })],
    ['POST', '/system/plugins', 'grants', (grants) => ({ source: 'a', grants })],
  ];

  test.each(lists)('%s %s says that a list is too long, in few words', async (method, path, field, body) => {
    for (const [count, entry] of [
      [60_000, {}],
      [200_000, 'no'],
      [mostListEntries, {}],
    ] as const) {
      const answer = await server.request(method, path, { json: body(many(count, entry)), token: server.admin.token });
      expect([path, count, [400, 422].includes(answer.status)]).toEqual([path, count, true]);
      expect(answer.text).toContain(field);
      expect(answer.text.length).toBeLessThan(40_000);
    }
  });

  test.each([
    ['/v1/invoices', { items: many(150, {}) }, /\(the first 100 of (\d+) problems\)/],
    ['/kdocs/api/documents/bulk', { ids: many(500, 'no') }, /\(les 100 premiers de (\d+) problèmes\)/],
  ])('%s tells a hundred problems, and how many there were', async (path, body, sentence) => {
    const { text, status } = await server.request('POST', path, { json: body, token: server.admin.token });
    expect([400, 422]).toContain(status);
    expect(Number(sentence.exec(text)?.[1])).toBeGreaterThan(mostProblems);
    expect(text.length).toBeLessThan(40_000);
  });

  test('keys that no route knows, however many, are no defect', async () => {
    const unknown = Object.fromEntries(many(49_000, 0).map((_, at) => [`k${at}`, 1]));
    for (const path of ['/v1/invoices', '/system/users', '/api/clients']) {
      const { status } = await server.request('POST', path, { json: unknown, token: server.admin.token });
      expect([path, status < 500]).toEqual([path, true]);
    }
  });

  const create = 'mutation M($input: CreateInvoiceInput!) { createInvoice(input: $input) { invoice { id } } }';
  const item = { description: '', quantity: '-1', unitPrice: '-1', vatRate: '-1' };

  test('the graph tells a hundred problems, and how many there were', async () => {
    const { errors } = await server.graphql(create, { input: { items: many(200, item) } }, server.admin.token);
    const { code, fields, problemCount } = errors?.[0].extensions ?? {};
    expect([code, fields.length]).toEqual(['BAD_USER_INPUT', mostProblems]);
    expect(problemCount).toBeGreaterThanOrEqual(800);
    expect(errors?.[0].message).toContain(`and ${problemCount - mostProblems} more`);
  });

  test('the graph refuses variables with too many values at each of its doors', async () => {
    const { token } = server.admin;
    const variables = { input: { items: many(mostListEntries + 1, {}) } };
    const refused = { code: 'BAD_USER_INPUT', reason: 'too_many_values', fields: [{ path: ['input', 'items'] }] };
    // The second time the document is known, and comes by the fast path.
    await server.graphql(create, { input: { items: [item] } }, token);
    for (const query of [create, create.replace('mutation M', 'mutation N')]) {
      const { errors } = await server.graphql(query, variables, token);
      expect(errors?.map(({ extensions }) => extensions)).toMatchObject([refused]);
    }
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
    });
    await expect(client.iterate({ query: create, variables }).next()).rejects.toMatchObject([{ extensions: refused }]);
    await client.dispose();
    const { text } = await server.request('POST', '/graphql/stream', { json: { query: create, variables }, token });
    expect(text).toContain('too_many_values');
  });

  test('what an error repeats of the request is shortened', async () => {
    const name = 'a'.repeat(200_000);
    const query = `query Q($${name}: [Int!]) { viewer { id } nodes(nodeIds: []) { nodeId } b: document(id: 1) { id } }`;
    const { errors } = await server.graphql(query, { [name]: many(100, 'x') }, server.admin.token);
    expect(errors?.length).toBeGreaterThan(0);
    expect(JSON.stringify(errors).length).toBeLessThan(700_000);
  });

  test('an input is oversized when its lists have too many entries in all, and then a list of it is named', () => {
    const list = fc.array(fc.oneof(fc.integer(), fc.record({ b: fc.array(fc.integer()) })));
    fc.assert(
      fc.property(list, fc.integer({ min: 0, max: 2 * mostListEntries }), (a, padding) => {
        const input = { a, padding: many(padding, 0) };
        const entries =
          a.length + padding + a.reduce<number>((n, x) => n + (typeof x === 'object' ? x.b.length : 0), 0);
        expect(oversizedPart(input) !== undefined).toBe(entries > mostListEntries);
      }),
      { numRuns: 30 },
    );
  });
});

test('a socket on which nothing runs is closed, and one with a subscription stays', async () => {
  const open = async (): Promise<WebSocket> => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(
      JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${server.admin.token}` } }),
    );
    await once(socket, 'message');
    return socket;
  };
  const [used, idle] = [await open(), await open()];
  const query = 'subscription { documentEvents { position } }';
  used.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
  expect((await once(idle, 'close'))[0]).toBe(1000);
  const later = await open();
  expect((await once(later, 'close'))[0]).toBe(1000);
  expect(used.readyState).toBe(WebSocket.OPEN);
  used.terminate();
});

describe('a body', () => {
  const opened: Socket[] = [];
  afterAll(() => opened.forEach((socket) => socket.destroy()));
  const send = async (head: string): Promise<Socket> => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    opened.push(socket);
    await once(socket, 'connect');
    socket.write(`${head}\r\nHost: x\r\nAuthorization: Bearer ${server.admin.token}\r\n`);
    return socket;
  };

  test.each([
    ['POST /graphql HTTP/1.1', 'application/json'],
    ['POST /graphql/stream HTTP/1.1', 'application/json'],
    ['POST /mcp HTTP/1.1', 'application/json'],
    ['POST /v1/invoices HTTP/1.1', 'application/json'],
    ['POST /plugins/none/graphql HTTP/1.1', 'application/json'],
    ['POST /kdocs/api/documents/upload HTTP/1.1', 'multipart/form-data; boundary=b'],
  ])('%s is told 408 when half of it comes and no more', async (head, type) => {
    const socket = await send(head);
    socket.write(`Content-Type: ${type}\r\nContent-Length: 1000\r\n\r\n{"query":`);
    expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 (408|404) /);
  });

  test('that goes on coming may take longer than a stall', async () => {
    const socket = await send('POST /graphql HTTP/1.1');
    const body = JSON.stringify({
      query: '{ viewer { id } }',
      operationName: null,
      variables: { a: ' '.repeat(200_000) },
    });
    socket.write(`Content-Type: application/json\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`);
    const answer = readAll(socket);
    const started = Date.now();
    for (let at = 0; at < body.length; at += 20_000) {
      socket.write(body.slice(at, at + 20_000));
      await sleep(clientStallMs / 4);
    }
    expect(Date.now() - started).toBeGreaterThan(clientStallMs);
    expect(await answer).toMatch(/^HTTP\/1\.1 200 /);
  });
});
