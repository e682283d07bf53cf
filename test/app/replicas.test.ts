import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type App, startApp } from '../../src/app/start.js';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';
import { type PostgresPair, startPostgresPair } from '../support/postgres-pair.js';

// Two servers on one primary with a standby whose replay is paused: what a person has changed they read back at once
// from whichever server, while others are still answered by the standby.
describe.runIf(inject('database').kind === 'server')('reads with a replica', () => {
  let pair: PostgresPair;
  let one: TestServer;
  let other: App;
  let [writer, bystander] = [] as unknown as [Person, Person];

  beforeAll(async () => {
    pair = await startPostgresPair();
    const env = {
      DATABASE_URL: pair.primaryUrl,
      DATABASE_REPLICA_URLS: pair.standbyUrl,
      // What carries from one process to the other where a change stands.
      REDIS_URL: process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379',
    };
    one = await startTestServer({ env });
    other = await startApp({ config: one.services.config, log: pino({ level: 'silent' }) });
    writer = await one.person({ roles: ['manager'] });
    bystander = await one.person({ roles: ['manager'] });
  }, 120_000);

  afterAll(async () => {
    await other?.stop();
    await one?.stop();
    await pair?.stop();
  });

  const upFor = async ({ url }: { url: string }): Promise<number> => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    return Number(/^xcore_replicas_up (\d)$/m.exec(metrics)?.[1]);
  };

  const namesFor = async ({ token }: Person, { url }: { url: string }): Promise<string[]> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ clients { totalCount nodes { name } } }' }),
    });
    const { clients } = ((await response.json()) as any).data;
    expect(clients.totalCount).toBe(clients.nodes.length);
    return clients.nodes.map(({ name }: { name: string }) => name).toSorted();
  };

  const add = (nom: string, { token }: Person): ReturnType<TestServer['request']> =>
    one.request('POST', '/api/clients', { token, json: { nom } });

  it('shows a person what they changed at once, at every process, and asks the replica for the others', async () => {
    await expect.poll(() => upFor(other), { timeout: 30_000 }).toBe(1);
    await pair.pauseReplay();
    expect((await add('Martin', writer)).status).toBe(201);
    expect(await namesFor(writer, one)).toEqual(['Martin']);
    expect(await namesFor(writer, other)).toEqual(['Martin']);
    expect(await namesFor(bystander, one)).toEqual([]);
    expect(await namesFor(bystander, other)).toEqual([]);
    await pair.resumeReplay();
    await expect.poll(() => namesFor(bystander, other)).toEqual(['Martin']);
  });

  it('shows people who have just registered themselves', async () => {
    await pair.pauseReplay();
    const json = { email: 'camille@example.org', password: 'Passerelle-2026!', full_name: 'Camille Martin' };
    expect((await one.request('POST', '/auth/register', { json })).status).toBe(201);
    const form = { username: json.email, password: json.password };
    const body = new URLSearchParams(form);
    const login = (await (await fetch(`${other.url}/auth/login`, { method: 'POST', body })).json()) as any;
    const headers = { authorization: `Bearer ${login.access_token}` };
    const me = (await (await fetch(`${other.url}/auth/me`, { headers })).json()) as any;
    expect(me).toMatchObject({ email: json.email, full_name: 'Camille Martin' });
    await pair.resumeReplay();
  });

  it('goes on without the replica, and uses it again once it is back', async () => {
    await pair.stopStandby();
    await expect.poll(() => upFor(one), { timeout: 15_000 }).toBe(0);
    expect((await add('Durand', writer)).status).toBe(201);
    expect(await namesFor(bystander, one)).toEqual(['Durand', 'Martin']);
    await pair.startStandby();
    await expect.poll(() => upFor(one), { timeout: 15_000 }).toBe(1);
    expect(await namesFor(bystander, one)).toEqual(['Durand', 'Martin']);
  });

  it('leaves out a replica that is too far behind', async () => {
    await pair.pauseReplay();
    await add('Petit', writer);
    expect(await namesFor(bystander, other)).toEqual(['Durand', 'Martin']);
    await expect.poll(() => namesFor(bystander, other), { timeout: 20_000 }).toEqual(['Durand', 'Martin', 'Petit']);
    await pair.resumeReplay();
    await expect.poll(() => upFor(other)).toBe(1);
  });
});
