import { createClient } from 'graphql-ws';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import WebSocket from 'ws';
import { startApp } from '../../src/app/start.js';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
let person: Person;
beforeAll(async () => {
  server = await startTestServer();
  person = await server.person();
});
afterAll(() => server?.stop());

interface Listed {
  id: string;
  user: { username: string } | null;
  operation: string;
  transport: string;
  processId: string;
  lagEvents: number;
  lagSeconds: number;
}

async function listed(): Promise<Listed[]> {
  const { data, errors } = await server.graphql(
    '{ openSubscriptions { id user { username } operation transport processId position startedAt lagEvents lagSeconds } }',
    {},
    server.admin.token,
  );
  expect(errors).toBeUndefined();
  return data.openSubscriptions;
}

/** What is open, without what changes: as its transports. */
const shows = (transports: readonly string[]) =>
  expect
    .poll(async () => (await listed()).map(({ transport }) => transport).toSorted(), { timeout: 30_000 })
    .toEqual(transports);

const end = (id: string) =>
  server.graphql(
    'mutation ($id: ID!) { endSubscription(input: { id: $id }) { subscriptionId } }',
    { id },
    server.admin.token,
  );

test('administrators see who follows the log on which way and how far behind, and end one at whatever process', async () => {
  // Embedded there is one process.
  const other =
    inject('database').kind === 'server'
      ? await startApp({
          config: { ...server.services.config, port: 0 },
          log: pino({ level: 'silent' }),
        })
      : undefined;
  const at = (url: string) => ({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${person.token}` },
    retryAttempts: 0,
  });
  const client = createClient(at(other?.url ?? server.url));
  const answers = client.iterate<any>({ query: 'subscription Mine { documentEvents { position } }' });
  const answer = answers.next();
  const gone = new AbortController();
  const stream = await fetch(`${server.url}/graphql/stream`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${person.token}`,
      'content-type': 'application/json',
      accept: 'text/event-stream',
    },
    body: JSON.stringify({ query: 'subscription { notifications { position } }' }),
    signal: gone.signal,
  });
  expect(stream.status).toBe(200);
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.once('open', () => socket.send(JSON.stringify({ type: 'auth', token: person.token, events: ['user.*'] })));
  await shows(['GRAPHQL_SSE', 'GRAPHQL_WS', 'WS']);
  const all = await listed();
  for (const row of all)
    expect(row).toMatchObject({ user: { username: person.username }, lagEvents: 0, lagSeconds: 0 });
  expect(all.map(({ operation }) => operation).toSorted()).toEqual(['Mine', 'notifications', 'user.*']);
  expect(new Set(all.map(({ processId }) => processId)).size).toBe(other ? 2 : 1);

  const idOf = (wanted: string): string => String(all.find(({ transport }) => transport === wanted)?.id);
  expect((await end(idOf('GRAPHQL_WS'))).data.endSubscription).toEqual({ subscriptionId: idOf('GRAPHQL_WS') });
  expect((await answer).value.errors[0].extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'subscription_ended' });
  expect((await end(idOf('WS'))).errors).toBeUndefined();
  expect(await closed).toBe(4403);
  await shows(['GRAPHQL_SSE']);
  expect((await end(idOf('WS'))).errors?.[0].extensions.code).toBe('NOT_FOUND');
  gone.abort();
  await shows([]);
  await client.dispose();
  await other?.stop();
});

test('what a process that died has left is neither shown nor kept', async () => {
  await server.sql(
    `insert into open_subscriptions
            (id, process, user_id, operation, transport, started_at, position, lag_events, lag_seconds, heard_at)
     values (gen_random_uuid(), gen_random_uuid(), ?, 'documentEvents', 'ws', now(), 0, 0, 0, now() - interval '1 minute')`,
    [person.id],
  );
  expect(await listed()).toEqual([]);
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${person.token}` },
  });
  void client.iterate({ query: 'subscription { documentEvents { position } }' }).next();
  await shows(['GRAPHQL_WS']);
  expect(await server.sql('select count(*)::int as n from open_subscriptions')).toEqual([{ n: 1 }]);
  await client.dispose();
});
