import { once } from 'node:events';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { z } from 'zod';
import type { Transaction } from '../../src/db/sql-client.js';
import type { EventConsumer } from '../../src/events/consumer.js';
import { emit } from '../../src/events/outbox.js';
import { type Dialect, route } from '../../src/rest/engine/route.js';
import { english } from '../../src/rest/engine/words.js';
import { settled } from '../support/events.js';
import { startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const inTransaction = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => server.db.client.transaction(work);

describe('a REST dialect', () => {
  const ping = route({
    method: 'get',
    path: '/ping',
    section: 'addon.md#ping',
    summary: 'Say whether it is there',
    credential: 'none',
    response: z.object({ isThere: z.boolean() }),
    answer: () => ({ json: { isThere: true } }),
  });
  const addon: Dialect = {
    name: 'addon',
    title: 'Add-on',
    version: '1.0.0',
    prefix: '/addon',
    description: 'What a plugin brings.',
    errorSchema: z.object({ error: z.string() }),
    toError: ({ message }) => ({ error: message }),
    words: english,
    habits: { unknownKeys: 'refused' },
    quotas: () => [],
    authenticationQuota: { name: 'authentication', requests: 30, seconds: 60, per: 'address' },
    limits: [],
    securitySchemes: {},
    routes: [ping],
  };
  const statuses = async (): Promise<number[]> =>
    Promise.all(
      ['/addon/ping', '/core-docs/addon.json'].map(async (path) => (await server.request('GET', path)).status),
    );
  const isListed = async (): Promise<boolean> => (await server.request('GET', '/')).text.includes('Add-on');

  test('is served, documented and listed from its addition to its removal', async () => {
    expect([await statuses(), await isListed()]).toEqual([[404, 404], false]);
    server.app.rest?.add(addon);
    expect([await statuses(), await isListed()]).toEqual([[200, 200], true]);
    expect((await server.request('GET', '/addon/ping')).json).toEqual({ isThere: true });
    server.app.rest?.remove('addon');
    expect([await statuses(), await isListed()]).toEqual([[404, 404], false]);
  });

  test('whose name or prefix is taken, or that the graph cannot serve, is refused and changes nothing', async () => {
    const rest = server.app.rest;
    const before = rest?.served();
    expect(() => rest?.add({ ...addon, name: 'kdocs' })).toThrow(/kdocs/);
    expect(() => rest?.add({ ...addon, prefix: '/v1' })).toThrow(/archidrive/);
    const operation = parse('query Addon { nothing }') as TypedDocumentNode<object, Record<string, never>>;
    const unfit = route({ ...frameOf(ping), operation, toVariables: () => ({}), toResponse: () => ({}) });
    expect(() => rest?.add({ ...addon, routes: [ping, unfit] })).toThrow(/nothing/);
    expect(rest?.served()).toBe(before);
    expect((await server.request('GET', '/v1/users/me')).status).toBe(401);
  });

  const frameOf = ({ method, section, summary, credential }: typeof ping) => ({
    method,
    path: '/unfit',
    section,
    summary,
    credential,
    response: z.object({}),
  });
});

describe('a job', () => {
  const schedules = (): Promise<{ cron: string }[]> =>
    server.sql(`select cron from pgboss.schedule where name = 'addon.count'`);

  test('runs by the queue and by the clock from its addition to its removal; what waits is kept', async () => {
    const ran: number[] = [];
    const job = {
      name: 'addon.count',
      cron: '5 4 * * *',
      run: async (_ctx: unknown, { n }: { n: number }) => void ran.push(n),
    };
    const { jobs } = server.services;
    const count = await jobs.add(job);
    await expect(jobs.add(job)).rejects.toThrow('addon.count');
    expect(await schedules()).toEqual([{ cron: '5 4 * * *' }]);
    await count.run({ n: 1 });
    expect(ran).toEqual([1]);
    await inTransaction((tx) => count.send(tx, { n: 2 }));
    await expect.poll(() => ran, { timeout: 30_000 }).toEqual([1, 2]);
    const rolledBack = inTransaction(async (tx) => {
      await count.send(tx, { n: 3 });
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');

    await jobs.remove('addon.count');
    expect(await schedules()).toEqual([]);
    await inTransaction((tx) => count.send(tx, { n: 4 }));
    await expect(count.run({ n: 5 })).rejects.toThrow('addon.count');
    await jobs.add(job);
    await expect.poll(() => ran, { timeout: 30_000 }).toEqual([1, 2, 4]);
    await jobs.remove('addon.count');
    await jobs.remove('addon.count');
  });
});

describe('a consumer of the log', () => {
  const heard: string[] = [];
  const consumer: EventConsumer = {
    name: 'addon',
    types: ['role.created'],
    consume: async (_tx, { subjectId }) => void heard.push(subjectId),
  };
  const origin = { viewer: { userId: undefined }, requestId: 'test', ip: undefined };
  const happen = async (id: string): Promise<void> => {
    await inTransaction((tx) => emit(tx, origin, 'role.created', ['Role', id], { name: id }));
    await settled(server.app);
  };

  test('begins at the end of the log, and goes on from its place when it is added again', async () => {
    const { consumers } = server.app;
    await happen('before');
    await consumers.add(consumer);
    await expect(consumers.add(consumer)).rejects.toThrow('addon');
    await happen('first');
    expect(heard).toEqual(['first']);
    await consumers.remove('addon');
    await happen('meanwhile');
    expect(heard).toEqual(['first']);
    await consumers.add(consumer);
    await happen('last');
    expect(heard).toEqual(['first', 'meanwhile', 'last']);
    await consumers.remove('addon');
    await consumers.remove('addon');
  });
});

describe('a type of event', () => {
  /** What `/ws` answers to a subscription to `addon.happened`. */
  async function answer(): Promise<string> {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`);
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'auth', token: server.admin.token }));
    await once(socket, 'message');
    socket.send(JSON.stringify({ type: 'subscribe', events: ['addon.happened'] }));
    const [data] = await once(socket, 'message');
    socket.terminate();
    return JSON.parse(String(data)).type;
  }

  test('may be asked for on /ws from its addition to its removal', async () => {
    const { eventTypes } = server.app;
    expect(await answer()).toBe('error');
    eventTypes.add(['addon.happened']);
    expect(await answer()).toBe('subscribed');
    eventTypes.remove(['addon.happened']);
    expect(await answer()).toBe('error');
  });

  test('whose name is taken or malformed is refused, with all that came along', () => {
    const { eventTypes } = server.app;
    const before = eventTypes.list();
    expect(() => eventTypes.add(['addon.fine', 'user.login'])).toThrow('user.login');
    expect(() => eventTypes.add(['addon.fine', 'Addon happened'])).toThrow('Addon happened');
    expect(eventTypes.list()).toEqual(before);
  });
});
