import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { maxUnderWayBytes } from '../../src/graph/answer-budget.js';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

const textBytes = 2_000_000;
const names = 15;
let server: TestServer;
let owner: Person;
let query: string;
const opened: Socket[] = [];
beforeAll(async () => {
  server = await startTestServer();
  owner = await server.person();
  const [row] = await server.sql(
    `insert into documents (title, filename, original_filename, content_key, content_hash, file_size, mime_type, content, owner_id)
     values ('Long', 'f', 'f', 'k', repeat('0', 64), 1, 'text/plain', repeat('x', ${textBytes}), ?) returning id`,
    [owner.id],
  );
  query = `{ document(id: ${row?.['id']}) { ${Array.from({ length: names }, (_, at) => `a${at}: content`).join(' ')} } }`;
});
afterAll(async () => {
  opened.forEach((socket) => socket.destroy());
  await server?.stop();
});

/** Asks, and reads no more of the answer than its first bytes, which it resolves to. */
async function begin(path: string): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const socket = connect({ port: Number(port), host: hostname });
  opened.push(socket);
  await once(socket, 'connect');
  const body = JSON.stringify({ query });
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${owner.token}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  const [first] = (await once(socket, 'data')) as [Buffer];
  socket.pause();
  return String(first.subarray(0, 12));
}

test('an answer counts as under way by its length, not by what was read for it', { timeout: 120_000 }, async () => {
  const most = Math.floor(maxUnderWayBytes / (names * textBytes));
  for (let i = 0; i < most; i += 1) expect(await begin('/graphql')).toBe('HTTP/1.1 200');
  const { data, errors } = await server.graphql(query, {}, owner.token);
  expect([data, errors?.[0].extensions.reason]).toEqual([null, 'answers_under_way']);
});
