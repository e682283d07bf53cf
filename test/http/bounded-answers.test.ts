import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionResult } from 'graphql';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { maxUnderWayBytes } from '../../src/graph/answer-budget.js';
import { maxAnswerBytes } from '../../src/lib/answer-size.js';
import { longTextPoints } from '../../src/quota/points.js';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

/** Long enough for several answers to be under way at once. */
const clientStallMs = 6_000;
let server: TestServer;
/** Has documents of two million characters each. */
let owner: Person;
let ids: string[];
beforeAll(async () => {
  server = await startTestServer({ clientStallMs });
  owner = await server.person();
  const rows = await server.sql(
    `insert into documents (title, filename, original_filename, content_key, content_hash, file_size, mime_type, content, owner_id)
     select 'Long ' || i, 'f', 'f', 'k', lpad(to_hex(i), 64, '0'), 1, 'text/plain', repeat('x', 2000000), ?
       from generate_series(1, 20) i returning id`,
    [owner.id],
  );
  ids = rows.map(({ id }) => String(id));
});
afterAll(() => server?.stop());

/** The text of one document by as many names. */
const oneText = (names: number, id = ids[0]): string =>
  `{ document(id: ${id}) { ${Array.from({ length: names }, (_, at) => `a${at}: content`).join(' ')} } }`;

/** Some of the documents' texts, each by an alias. */
const texts = (count: number): string =>
  `{ ${ids
    .slice(0, count)
    .map((id, at) => `a${at}: document(id: ${id}) { content }`)
    .join(' ')} }`;

const tooLarge = { code: 'BAD_USER_INPUT', reason: 'answer_too_large', details: { maxBytes: maxAnswerBytes } };

/** The first answer that comes over a socket of GraphQL. */
async function overSocket(query: string): Promise<ExecutionResult | undefined> {
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${owner.token}` },
    retryAttempts: 0,
  });
  const { value } = await client.iterate({ query }).next();
  await client.dispose();
  return value as ExecutionResult | undefined;
}

describe('an answer', () => {
  test('costs what the texts in it may be long', async () => {
    const { json } = await server.request('POST', '/graphql', {
      json: { query: texts(3) },
      token: owner.token,
      headers: { 'x-graphql-cost': 'include' },
    });
    expect(json.extensions.cost.points).toBeGreaterThanOrEqual(3 * longTextPoints);
    expect(json.data.a2.content).toHaveLength(2_000_000);
  });

  test('of more than it may have is refused at each door of the graph, new and known', async () => {
    const query = texts(20);
    for (let time = 0; time < 2; time += 1) {
      const { data, errors } = await server.graphql(query, {}, owner.token);
      expect(errors?.[0].extensions).toMatchObject(tooLarge);
      expect(data).toBeNull();
    }
    const { text } = await server.request('POST', '/graphql/stream', { json: { query }, token: owner.token });
    expect(text).toContain('answer_too_large');
    expect((await overSocket(query))?.errors?.[0]?.extensions).toMatchObject(tooLarge);
  });

  test('of one text by many names is refused at each door too', async () => {
    const query = oneText(ids.length);
    for (let time = 0; time < 2; time += 1) {
      const { data, errors } = await server.graphql(query, {}, owner.token);
      expect(errors?.[0].extensions).toMatchObject(tooLarge);
      expect(data).toBeNull();
    }
    const { text } = await server.request('POST', '/graphql/stream', { json: { query }, token: owner.token });
    expect(text.slice(0, 1000)).toContain('answer_too_large');
    expect((await overSocket(query))?.errors?.[0]?.extensions).toMatchObject(tooLarge);
  });

  test('reads its long texts one after the other, and none once it is refused', async () => {
    const { readLong } = server.db;
    let [read, underWay, most] = [0, 0, 0];
    server.db.readLong = async (...statement) => {
      read += 1;
      most = Math.max(most, (underWay += 1));
      return readLong(...statement).finally(() => (underWay -= 1));
    };
    try {
      const { errors } = await server.graphql(texts(20), {}, owner.token);
      expect(errors?.[0].extensions).toMatchObject(tooLarge);
    } finally {
      server.db.readLong = readLong;
    }
    expect(most).toBe(1);
    expect(read).toBe(Math.floor(maxAnswerBytes / 2_000_000) + 1);
  });

  test('that fits comes whole, again and again', async () => {
    for (let time = 0; time < 4; time += 1) {
      const { data, errors } = await server.graphql(texts(10), {}, owner.token);
      expect(errors).toBeUndefined();
      expect(data.a9.content).toHaveLength(2_000_000);
    }
  });
});

describe('a client that does not read', () => {
  const opened: Socket[] = [];
  afterAll(() => opened.forEach((socket) => socket.destroy()));

  /** Sends a request and reads nothing of its answer. */
  async function send(request: string): Promise<Socket> {
    const { hostname, port } = new URL(server.url);
    const socket = connect({ port: Number(port), host: hostname });
    opened.push(socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.pause();
    socket.write(request);
    return socket;
  }

  function ask(query: string, path: string): Promise<Socket> {
    const body = JSON.stringify({ query });
    return send(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${owner.token}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }

  const connections = (): Promise<number> =>
    new Promise((resolve, reject) =>
      server.app.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );

  test('is cut, and its person is answered as before', { timeout: 180_000 }, async () => {
    const before = await connections();
    const most = Math.ceil(maxUnderWayBytes / 20_000_000) + 1;
    for (let i = 0; i < most; i += 1) await ask(texts(10), i % 2 ? '/graphql/stream' : '/graphql');
    // While those wait, no more is begun for the same person; others do not notice.
    await expect
      .poll(async () => (await server.graphql(texts(10), {}, owner.token)).errors?.[0]?.extensions.code, {
        timeout: 60_000,
        interval: 50,
      })
      .toBe('RATE_LIMITED');
    expect((await server.graphql('{ viewer { id } }', {}, server.admin.token)).errors).toBeUndefined();
    await expect.poll(connections, { timeout: 60_000 }).toBeLessThanOrEqual(before + 2);
    await expect
      .poll(async () => (await server.graphql(texts(10), {}, owner.token)).errors, { timeout: 60_000, interval: 200 })
      .toBeUndefined();
  });

  test('of a file is cut, and one that reads slowly gets it whole', { timeout: 180_000 }, async () => {
    const sizeBytes = 40_000_000;
    const key = `documents/${'ab'.repeat(32)}`;
    await server.services.store.putBytes(Buffer.alloc(sizeBytes), key);
    await server.sql('update documents set content_key = ?, file_size = ? where id = ?', [key, sizeBytes, ids[0]]);
    const path = `/kdocs/api/documents/${ids[0]}/download`;
    const stalled = await send(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${owner.token}\r\n\r\n`);
    const response = await fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${owner.token}` } });
    let readBytes = 0;
    const started = Date.now();
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      readBytes += chunk.length;
      // Longer than a client may stand still, in all.
      if (Date.now() - started < 1.5 * clientStallMs) await sleep(20);
    }
    expect(readBytes).toBe(sizeBytes);
    const isCut = (): boolean => server.log.some((line) => line.includes(path) && line.includes('"finished":false'));
    await expect.poll(isCut, { timeout: 60_000, interval: 200 }).toBe(true);
    expect(stalled.bytesRead).toBeLessThan(sizeBytes);
  });

  test('of a websocket is cut too', { timeout: 180_000 }, async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    socket.on('error', () => undefined);
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${owner.token}` } }));
    await once(socket, 'message');
    const sockets = async (): Promise<number> => {
      const { text } = await server.request('GET', '/metrics');
      return Number(/xcore_websocket_connections\{door="graphql"\} (\d+)/.exec(text)?.[1]);
    };
    expect(await sockets()).toBe(1);
    socket.pause();
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: texts(10) } }));
    await expect.poll(sockets, { timeout: 60_000, interval: 200 }).toBe(0);
    await expect
      .poll(async () => (await server.graphql(texts(10), {}, owner.token)).errors, { timeout: 60_000, interval: 200 })
      .toBeUndefined();
    socket.terminate();
  });
});
