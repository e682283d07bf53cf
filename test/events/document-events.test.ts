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
    type: 'DOCUMENT_UPDATED',
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

/** The code that a socket under the token is closed with. */
async function closingCode(token: string): Promise<number> {
  const closed = Promise.withResolvers<any>();
  const client = clientFor(token, closed.resolve);
  client
    .iterate(query())
    .next()
    .catch(() => undefined);
  const { code } = await closed.promise;
  await client.dispose();
  return code;
}

test('a socket without a credential, or with one that nobody has, is closed with 4401', async () => {
  for (const token of ['', 'nonsense', `${owner.token}x`, `apt_${'x'.repeat(43)}`, `sk_${'x'.repeat(43)}`])
    expect([token, await closingCode(token)]).toEqual([token, 4401]);
});

async function apiTokenOf(person: Person): Promise<{ token: string; id: number }> {
  const { data } = await server.graphql(
    'mutation { createApiToken(input: { name: "socket" }) { token apiToken { id } } }',
    {},
    person.token,
  );
  return { token: data.createApiToken.token, id: Number(data.createApiToken.apiToken.id) };
}

test('one that has expired or was revoked is closed with 4403', async () => {
  const expired = await apiTokenOf(owner);
  await server.sql(`update api_tokens set expires_at = now() - interval '1 minute' where id = ?`, [expired.id]);
  const revoked = await apiTokenOf(owner);
  await server.sql(`update api_tokens set revoked_at = now() where id = ?`, [revoked.id]);
  const signedOut = await server.person();
  await server.graphql('mutation { logout { __typename } }', {}, signedOut.token);
  const before = new Date(Date.now() - 31 * 60_000);
  const jwt = server.services.accessTokens.sign(owner.id, '00000000-0000-4000-8000-000000000000', before);
  for (const token of [expired.token, revoked.token, signedOut.token, jwt]) expect(await closingCode(token)).toBe(4403);
});

test('a credential that expires closes its socket at that moment, without an event', async () => {
  const { token, id } = await apiTokenOf(owner);
  const [{ endsAt }] = await server.sql(
    `update api_tokens set expires_at = now() + interval '1500 milliseconds' where id = ?
     returning extract(epoch from expires_at) * 1000 as "endsAt"`,
    [id],
  );
  expect(await closingCode(token)).toBe(4403);
  expect(Date.now() - Number(endsAt)).toBeGreaterThanOrEqual(-1);
  expect(Date.now() - Number(endsAt)).toBeLessThan(3_000);
});

test('the first event after the end closes the socket too, where the clock was set', async () => {
  let clock = Date.now();
  const own = await startTestServer({ now: () => new Date(clock) });
  const reader = await own.person();
  const closed = Promise.withResolvers<any>();
  const client = createClient({
    url: `${own.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${reader.token}` },
    retryAttempts: 0,
    on: { closed: closed.resolve },
  });
  const heard = client.iterate({ query: 'subscription { notifications(after: "0") { position } }' }).next();
  const tell = () =>
    own.db.client.transaction((tx) =>
      emit(tx, origin, 'notification.created', ['Notification', 1], { userId: reader.id, notificationId: 1 } as never),
    );
  await tell();
  await heard;
  clock += 31 * 60_000;
  await tell();
  expect((await closed.promise).code).toBe(4403);
  await client.dispose();
  await own.stop();
});

test('the acknowledgement and the query say the position, from which nothing is missed', async () => {
  const acknowledged = Promise.withResolvers<any>();
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${owner.token}` },
    on: { connected: (_socket, payload) => acknowledged.resolve(payload) },
  });
  const asked = await client.iterate({ query: '{ position }' }).next();
  const { position } = await acknowledged.promise;
  expect(asked.value).toEqual({ data: { position: expect.stringMatching(/^\d+$/) } });
  expect(position).toMatch(/^\d+$/);
  const id = await makeDocument(owner.id);
  await change(id, 'after the acknowledgement');
  const [event] = await take(client.iterate(query(position)), 1);
  expect(BigInt(event.position)).toBeGreaterThan(BigInt(position));
  await client.dispose();
});

test('a position beyond the log, or before what is kept, is refused with its reason', async () => {
  const client = clientFor(owner.token);
  const refusal = async (after: string): Promise<unknown> => {
    const answers: any[] = [];
    for await (const answer of client.iterate(query(after))) answers.push(answer);
    expect(answers).toHaveLength(1);
    return answers[0].errors[0].extensions;
  };
  const [{ newest }] = await server.sql('select max(position)::text as newest from events');
  expect(await refusal(String(BigInt(newest) + 1n))).toMatchObject({
    code: 'BAD_USER_INPUT',
    reason: 'position_unknown',
    details: { newest },
  });
  // More than a process keeps in memory, and the first of them removed.
  await server.sql(
    `insert into events (position, type, subject_type, subject_id, data)
     select ?::bigint + i, 'user.activated', 'User', ?, '{}' from generate_series(1, 2100) i`,
    [newest, String(owner.id)],
  );
  const id = await makeDocument(owner.id);
  await change(id, 'wakes the feed');
  await take(client.iterate(query(newest)), 1);
  const oldest = BigInt(newest) + 11n;
  await server.sql('delete from events where position < ?::bigint', [String(oldest)]);
  expect(await refusal(newest)).toMatchObject({
    code: 'BAD_USER_INPUT',
    reason: 'position_expired',
    details: { oldest: String(oldest) },
  });
  expect(await take(client.iterate(query(String(oldest - 1n))), 1)).toMatchObject([{ documentId: String(id) }]);
  await client.dispose();
});

test('a revoked session closes its socket', async () => {
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
