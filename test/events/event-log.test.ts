import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import WebSocket from 'ws';
import { takeLock } from '../../src/db/locks.js';
import { sql } from '../../src/db/sql.js';
import { emit } from '../../src/events/outbox.js';
import { type Pruned, pruneEvents } from '../../src/events/prune-events.js';
import { theSystem } from '../../src/kernel/viewer.js';
import { startTestServer, type TestServer } from '../support/harness.js';

const isServer = inject('database').kind === 'server';
let server: TestServer;
let now = new Date();
beforeAll(async () => {
  server = await startTestServer({ now: () => now });
});
afterAll(() => server?.stop());

const origin = { viewer: { userId: undefined }, requestId: 'test', ip: undefined };
/** Prunes as at another time. */
async function pruneAt(at: Date): Promise<Pruned> {
  now = at;
  const facts = { credential: undefined, requestId: 'test', ip: undefined, userAgent: undefined };
  return pruneEvents(server.app.contextFor(theSystem, facts)).finally(() => (now = new Date()));
}
const happen = (): Promise<void> =>
  server.db.client.transaction((tx) => emit(tx, origin, 'user.activated', ['User', server.admin.id], {}));
const months = async (): Promise<string[]> =>
  (
    await server.sql(`select inhrelid::regclass::text as name from pg_inherits where inhparent = 'events'::regclass`)
  ).map(({ name }) => name);
const newest = async (): Promise<bigint> => {
  const [{ position }] = await server.sql(
    'select greatest((select max(position) from events), pruned_position)::text as position from event_log',
  );
  return BigInt(position);
};

/** Events of a month that is past, at the log's end. */
async function pastMonth(first: string, count = 20): Promise<void> {
  await server.sql(
    `insert into events (position, type, subject_type, subject_id, data, occurred_at)
     select ?::bigint + i, 'user.activated', 'User', ?, '{}', ?::timestamptz + i * interval '15 minutes'
       from generate_series(1, ?::int) i`,
    [String(await newest()), String(server.admin.id), first, count],
  );
  await server.app.consumers.caughtUp();
}

const metric = async (name: string): Promise<string | undefined> =>
  (await server.request('GET', '/metrics', { token: server.admin.token })).text
    .split('\n')
    .find((line) => line.startsWith(`${name} `))
    ?.split(' ')[1];

/** What a client of the graph is answered that resumes after the position: the refusal, or the first event. */
async function resume(after: bigint): Promise<any> {
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${server.admin.token}` },
  });
  const answers = client.iterate<any>({
    query: 'subscription ($after: Position) { documentEvents(after: $after) { position } }',
    variables: { after: String(after) },
  });
  const { value } = await answers.next();
  await client.dispose();
  return value.errors?.[0].extensions;
}

/** Likewise on `/ws`. */
async function resumeSocket(after: bigint): Promise<any> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`);
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'auth', token: server.admin.token, after: String(after) }));
  const got: any[] = [];
  socket.on('message', (data) => got.push(JSON.parse(String(data))));
  await expect.poll(() => got.length).toBeGreaterThan(1);
  socket.terminate();
  return got[1];
}

test('each event lies in its month; what fits none is read as well, and moves when its month is made', async () => {
  await happen();
  const made = await server.sql(
    `select 'events_' || to_char(month, 'YYYY_MM') as name
       from generate_series(date_trunc('month', now() at time zone 'UTC'), now() at time zone 'UTC' + interval '3 months',
                            '1 month') month`,
  );
  expect(made.length).toBe(4);
  // Also the past one, where the month has just begun.
  expect(await months()).toEqual(expect.arrayContaining([...made.map(({ name }) => name), 'events_other']));
  await pastMonth('2020-02-01T00:00:00Z');
  expect(await metric('xcore_event_log_outside_months')).toBe('20');
  const query = '{ auditEvents(first: 1, filter: { occurredBefore: "2021-01-01T00:00:00Z" }) { totalCount } }';
  const listed = () => server.graphql(query, {}, server.admin.token);
  expect((await listed()).data.auditEvents.totalCount).toBe(20);
  expect(await pruneAt(new Date('2020-02-10T00:00:00Z'))).toEqual({ dropped: [], held: [], heldBy: undefined });
  expect(await months()).toContain('events_2020_02');
  expect(await metric('xcore_event_log_outside_months')).toBe('0');
  expect((await listed()).data.auditEvents.totalCount).toBe(20);
  const [{ n }] = await server.sql('select count(*)::int as n from events_2020_02');
  expect(n).toBe(20);
});

test('a month goes when its last day is too old and nobody needs it: a consumer, a delivery, the relay', async () => {
  // More than a process keeps in memory.
  await pastMonth('2020-03-01T00:00:00Z', 2_100);
  const last = await newest();
  const prune = (days = 401): Promise<Pruned> =>
    pruneAt(new Date(Date.parse('2020-04-01T00:00:00Z') + days * 86_400_000));
  expect((await prune(399)).dropped).toEqual(['events_2020_02']);
  const held = async (by: string): Promise<void> => {
    expect(await prune()).toEqual({ dropped: [], held: ['events_2020_03'], heldBy: by });
    expect(await metric('xcore_event_log_months_held')).toBe('1');
  };
  await server.sql('insert into event_cursors (name, position) values (?, ?::bigint)', ['slow', String(last - 1n)]);
  await held('the consumer slow');
  await server.sql('update event_cursors set position = ?::bigint where name = ?', [String(last), 'slow']);
  const [endpoint] = await server.sql(
    `insert into webhook_endpoints (owner_id, name, url, events, secret, paused_at)
     values (?, 'paused', 'https://example.org', '{*}', 'sealed', now()) returning id`,
    [server.admin.id],
  );
  await server.sql(
    `insert into webhook_deliveries (endpoint_id, message_id, kind, event_position, event_type, resource, body, next_attempt_at)
     values (?, ?, 'event', ?::bigint, 'user.activated', 'User:1', '', now())`,
    [endpoint.id, randomUUID(), String(last)],
  );
  await held('deliveries of webhooks');
  await server.sql('delete from webhook_endpoints');
  // Embedded there is one connection: the lock of the positions, which the relay waits for, would be the test's.
  if (isServer) {
    const gate = Promise.withResolvers<void>();
    const locked = server.db.client.transaction(async (tx) => {
      await tx.run(takeLock('eventPositions'));
      await gate.promise;
    });
    await server.sql(
      `insert into events (type, subject_type, subject_id, occurred_at) values ('user.activated', 'User', '1', '2020-03-05')`,
    );
    await held('events without their positions');
    await server.sql('delete from events where position is null');
    gate.resolve();
    await locked;
  }
  expect((await prune()).dropped).toEqual(['events_2020_03']);
  expect(await metric('xcore_event_log_months_held')).toBe('0');
  await server.sql(`delete from event_cursors where name = 'slow'`);
});

test('who resumes from before what is kept is told so on every way, also after position 0 and in an empty log', async () => {
  await happen();
  await expect.poll(async () => (await server.sql('select 1 from events where position is null')).length).toBe(0);
  await server.app.consumers.caughtUp();
  const [{ pruned, oldest }] = await server.sql(
    `select pruned_position::text as pruned, (select min(position)::text from events where position > pruned_position) as oldest
       from event_log`,
  );
  for (const after of [0n, 50n]) {
    expect(await resume(after)).toMatchObject({ reason: 'position_expired', details: { oldest } });
    expect(await resumeSocket(after)).toMatchObject({ code: 'POSITION_EXPIRED', oldest });
  }
  expect(await resumeSocket(BigInt(pruned))).toMatchObject({ id: oldest, type: 'user.activated' });

  const end = await newest();
  const [{ month }] = await server.sql(`select to_char(now() at time zone 'UTC', 'YYYY_MM') as month`);
  expect((await pruneAt(new Date(Date.now() + 500 * 86_400_000))).dropped).toContain(`events_${month}`);
  expect(await server.sql('select position from events where position is not null')).toEqual([]);
  const following = String(end + 1n);
  expect(await resume(0n)).toMatchObject({ reason: 'position_expired', details: { oldest: following } });
  expect(await resumeSocket(end + 1n)).toMatchObject({ code: 'POSITION_UNKNOWN' });
  const told = resumeSocket(end);
  await happen();
  expect(await told).toMatchObject({ id: following });
});

// Embedded there is one connection, which nobody can hold up.
if (isServer)
  test('a change does not wait behind a month that cannot be dropped yet', async () => {
    await pastMonth('2020-05-01T00:00:00Z');
    const gate = Promise.withResolvers<void>();
    const reading = Promise.withResolvers<void>();
    const reader = server.db.client.transaction(async (tx) => {
      await tx.first(sql`select 1 from events limit 1`);
      reading.resolve();
      await gate.promise;
    });
    await reading.promise;
    let isPruned = false;
    const pruning = pruneAt(new Date()).then((pruned) => {
      isPruned = true;
      return pruned;
    });
    let slowestMs = 0;
    for (let i = 0; i < 10; i += 1) {
      const startedMs = performance.now();
      await happen();
      slowestMs = Math.max(slowestMs, performance.now() - startedMs);
    }
    expect(isPruned).toBe(false);
    expect(slowestMs).toBeLessThan(5_000);
    gate.resolve();
    await reader;
    expect((await pruning).dropped).toEqual(['events_2020_05']);
  });
