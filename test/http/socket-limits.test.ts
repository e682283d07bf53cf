import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { socketLimits } from '../../src/quota/socket-traffic.js';
import { startTestServer, type TestServer } from '../support/harness.js';

/** Longer than some attempts to come back take. */
const socketPenaltyMs = 4_000;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ socketPenaltyMs });
});
afterAll(() => server?.stop());

const opened: WebSocket[] = [];
afterEach(() => opened.splice(0).forEach((socket) => socket.terminate()));

interface Door {
  path: string;
  open: () => Promise<WebSocket>;
  signIn: (token: string) => string;
  message: string;
}

const graphql: Door = {
  path: '/graphql',
  open: () => openAt('/graphql', 'graphql-transport-ws'),
  signIn: (token) => JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }),
  message: '{"type":"ping"}',
};
const events: Door = {
  path: '/ws',
  open: () => openAt('/ws'),
  signIn: (token) => JSON.stringify({ type: 'auth', token }),
  message: '{"type":"ping"}',
};

async function openAt(path: string, protocol?: string): Promise<WebSocket> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}${path}`, protocol);
  opened.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'open');
  return socket;
}

async function signedIn(door: Door, token: string): Promise<WebSocket> {
  const socket = await door.open();
  socket.send(door.signIn(token));
  await once(socket, 'message');
  return socket;
}

const closing = async (socket: WebSocket): Promise<number> => Number((await once(socket, 'close'))[0]);

describe.each([graphql, events])('a socket of $path', (door) => {
  test('is closed with 4429 when it sends more messages than it may', async () => {
    const socket = await signedIn(door, (await server.person()).token);
    const closed = closing(socket);
    for (let i = 0; i <= socketLimits.messages; i += 1) socket.send(door.message);
    expect(await closed).toBe(4429);
  });

  test('is closed with 4429 when it sends more pings than it may', async () => {
    const socket = await signedIn(door, (await server.person()).token);
    // One that does not wait for the pongs is ended sooner, by ws.
    socket.on('pong', () => socket.ping()).ping();
    expect(await closing(socket)).toBe(4429);
  });

  test('needs no sign-in to be closed for it', async () => {
    const socket = await door.open();
    // One that does not wait for the pongs is ended sooner, by ws.
    socket.on('pong', () => socket.ping()).ping();
    expect(await closing(socket)).toBe(4429);
  });
});

test('subscriptions that begin and end without end are stopped, and others are answered meanwhile', async () => {
  const socket = await signedIn(graphql, (await server.person()).token);
  const closed = closing(socket);
  for (let i = 0; i < socketLimits.messages; i += 1) {
    const query = 'subscription { documentEvents { position } }';
    socket.send(JSON.stringify({ id: String(i), type: 'subscribe', payload: { query } }));
    socket.send(JSON.stringify({ id: String(i), type: 'complete' }));
  }
  const { data } = await server.graphql('{ viewer { id } }', {}, server.admin.token);
  expect(data.viewer.id).toBe(String(server.admin.id));
  expect(await closed).toBe(4429);
});

test('the sockets of one person count together, at both doors, and those of others go on', async () => {
  const [sender, other] = [await server.person(), await server.person()];
  const bystander = await signedIn(graphql, other.token);
  const doors = [graphql, events, graphql, graphql, graphql, graphql];
  const sockets = await Promise.all(doors.map((door) => signedIn(door, sender.token)));
  const codes: number[] = [];
  const first = Promise.race(sockets.map(async (socket) => codes.push(await closing(socket))));
  // None of them sends more than it may by itself.
  for (const socket of sockets)
    for (let i = 0; i < (socket === sockets[1] ? 50 : socketLimits.messages - 10); i += 1) socket.send(graphql.message);
  await first;
  expect(codes[0]).toBe(4429);
  bystander.send('{"type":"ping"}');
  expect(JSON.parse(String((await once(bystander, 'message'))[0]))).toEqual({ type: 'pong' });
});

describe.each([graphql, events])('whoever sent too much at $path', (door) => {
  test('is kept out at both doors for a while, while others at the same address come in', async () => {
    const [{ token }, other] = [await server.person(), await server.person()];
    const socket = await signedIn(door, token);
    const closed = closing(socket);
    for (let i = 0; i <= socketLimits.messages; i += 1) socket.send(door.message);
    expect(await closed).toBe(4429);
    for (const again of [graphql, events]) {
      const refused = await again.open();
      let told = '';
      refused.on('message', (data) => (told += String(data)));
      refused.send(again.signIn(token));
      const [code, reason] = await once(refused, 'close');
      expect(code).toBe(4429);
      expect(told + String(reason)).toMatch(/\b[1-4] s/);
    }
    await signedIn(door, other.token);
    await sleep(socketPenaltyMs);
    await signedIn(door, token);
  });
});

test('an operation that its client completes at once is not begun, and the next one is answered', async () => {
  const socket = await signedIn(graphql, (await server.person()).token);
  const answers: { id?: string; type: string }[] = [];
  socket.on('message', (data) => answers.push(JSON.parse(String(data))));
  for (let i = 0; i < 100; i += 1) {
    socket.send(JSON.stringify({ id: `a${i}`, type: 'subscribe', payload: { query: '{ viewer { id } }' } }));
    socket.send(JSON.stringify({ id: `a${i}`, type: 'complete' }));
  }
  socket.send(JSON.stringify({ id: 'last', type: 'subscribe', payload: { query: '{ viewer { id } }' } }));
  await expect
    .poll(() => answers.filter(({ id }) => id === 'last').map(({ type }) => type))
    .toEqual(['next', 'complete']);
  expect(answers.length).toBeLessThan(50);
});

test('an address from which sockets send too much again and again opens none for a while', async () => {
  const floods = async (): Promise<void> => {
    for (let i = 0; i <= socketLimits.strikes; i += 1) {
      const socket = await events.open();
      socket.on('pong', () => socket.ping()).ping();
      expect(await closing(socket)).toBe(4429);
    }
  };
  await expect(floods()).rejects.toThrow('429');
  await expect(graphql.open()).rejects.toThrow('429');
  await sleep(socketPenaltyMs);
  await graphql.open();
});

test('an address has so many sockets on which nobody has signed in, and a place for each that does', async () => {
  const { token } = await server.person();
  const waiting = await Promise.all(
    Array.from({ length: socketLimits.waiting }, (_, at) => (at % 2 ? graphql : events).open()),
  );
  await expect(graphql.open()).rejects.toThrow('429');
  const [first] = waiting as [WebSocket];
  first.send(events.signIn(token));
  await once(first, 'message');
  await graphql.open();
});
