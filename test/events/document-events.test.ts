import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import WebSocket from 'ws';
import { sql } from '../../src/db/sql.js';
import { emit } from '../../src/events/outbox.js';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
let owner: Person;
beforeAll(async () => {
  server = await startTestServer();
  owner = await server.person();
});
afterAll(() => server?.stop());

const clientFor = (token: string, onClosed?: (event: unknown) => void) =>
  createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
    on: onClosed ? { closed: onClosed } : {},
  });

let made = 0;
async function makeDocument(ownerId: number): Promise<number> {
  const hash = (made += 1).toString(16).padStart(64, '0');
  const [row] = await server.sql(
    `insert into documents (title, filename, original_filename, content_key, content_hash, file_size, mime_type, owner_id)
     values ('Bail', 'b.pdf', 'b.pdf', 'k', ?, 1, 'application/pdf', ?) returning id`,
    [hash, ownerId],
  );
  return row.id;
}

const origin = { viewer: { userId: undefined }, requestId: 'test', ip: undefined };

/** Writes the event of a change to `id`; the promise holds when it is committed. */
const change = (id: number, title: string, before: () => Promise<unknown> = async () => undefined): Promise<void> =>
  server.db.client.transaction(async (tx) => {
    await emit(tx, origin, 'document.updated', ['Document', id], {
      ownerId: owner.id,
      title,
      fields: ['title'],
    });
    await before();
  });

const query = (after?: string) => ({
  query: `subscription ($after: Position) { documentEvents(after: $after) { position type documentId document { title tags { name } } } }`,
  variables: { after },
});

async function take(iterator: AsyncIterator<any>, n: number): Promise<any[]> {
  const taken: any[] = [];
  while (taken.length < n) {
    const { value, done } = await iterator.next();
    if (done) break;
    expect(value.errors).toBeUndefined();
    taken.push(value.data.documentEvents);
  }
  return taken;
}

test('events come live, with the document as it is, and resume after a position without loss or doubles', async () => {
  const client = clientFor(owner.token);
  const id = await makeDocument(owner.id);
  const live = client.iterate(query('0'));
  for (let i = 0; i < 5; i++) await change(id, `t${i}`);
  const first = await take(live, 5);
  expect(first[0]).toEqual({
    position: expect.any(String),
    type: 'document.updated',
    documentId: String(id),
    document: { title: 'Bail', tags: [] },
  });
  const positions = first.map((e) => BigInt(e.position));
  expect(positions).toEqual(positions.toSorted((a, b) => (a < b ? -1 : 1)));

  const resumed = client.iterate(query(first[1].position));
  expect((await take(resumed, 3)).map((e) => e.position)).toEqual(first.slice(2).map((e) => e.position));
  await client.dispose();
});

// Embedded there is one connection, so transactions cannot overlap there.
if (inject('database').kind === 'server')
  test('an event of a transaction that commits late is not lost to a reader that is already further', async () => {
    const client = clientFor(owner.token);
    const id = await makeDocument(owner.id);
    const [{ latest }] = await server.sql('select coalesce(max(position), 0)::text as latest from events');
    const stream = client.iterate(query(latest));
    const gate = Promise.withResolvers<void>();
    const slow = change(id, 'slow', () => gate.promise);
    await change(id, 'quick');
    const [quick] = await take(stream, 1);
    gate.resolve();
    await slow;
    const [late] = await take(stream, 1);
    expect(BigInt(late.position)).toBeGreaterThan(BigInt(quick.position));
    const rows = await server.sql(
      `select data->>'title' as title from events where position > ?::bigint order by position`,
      [latest],
    );
    expect(rows.map((r) => r.title)).toEqual(['quick', 'slow']);
    await client.dispose();
  });

test('another person hears nothing of it; a share lets them hear what follows', async () => {
  const stranger = await server.person();
  const client = clientFor(stranger.token);
  const id = await makeDocument(owner.id);
  const stream = client.iterate(query('0'));
  await change(id, 'private');
  await server.sql('insert into document_shares values (?, ?)', [id, stranger.id]);
  const shared = await makeDocument(stranger.id);
  await change(shared, 'own');
  const heard = await take(stream, 1);
  // Events are checked as they pass: what passed before the share stays unheard, unless the reader was slower than it.
  expect([String(id), String(shared)]).toContain(heard[0].documentId);
  expect(heard[0].document).not.toBeNull();
  await client.dispose();
});

test('a socket without a credential, or with a forged one, is refused; a revoked session closes it', async () => {
  for (const token of ['', 'nonsense', `${owner.token}x`]) {
    const closed = Promise.withResolvers<any>();
    const client = clientFor(token, closed.resolve);
    client
      .iterate(query())
      .next()
      .catch(() => undefined);
    expect((await closed.promise).code).toBe(4403);
    await client.dispose();
  }
  const person = await server.person();
  const closed = Promise.withResolvers<any>();
  const client = clientFor(person.token, closed.resolve);
  const pending = client
    .iterate(query())
    .next()
    .catch(() => undefined);
  const [session] = await server.sql('select id from sessions where user_id = ?', [person.id]);
  await expect.poll(() => server.app.server.listening).toBe(true);
  const connected = clientFor(person.token);
  expect((await connected.iterate({ query: '{ viewer { id } }' }).next()).value).toEqual({
    data: { viewer: { id: String(person.id) } },
  });
  await server.db.client.transaction(async (tx) => {
    await tx.run(sql`update sessions set revoked_at = now() where id = ${session.id}`);
    await emit(tx, origin, 'session.revoked', ['Session', session.id], {
      userId: person.id,
      reason: 'revoked',
    });
  });
  expect((await closed.promise).code).toBe(4403);
  await pending;
  await Promise.all([client.dispose(), connected.dispose()]);
});
