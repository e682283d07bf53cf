import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, inject, test } from 'vitest';
import WebSocket from 'ws';
import { type App, startApp } from '../../src/app/start.js';
import { ConfigError } from '../../src/config/config-error.js';
import { readConfig } from '../../src/config/config.js';
import { emit } from '../../src/events/outbox.js';
import { makePdf } from '../support/files.js';
import { startTestServer, type TestServer } from '../support/harness.js';

if (inject('database').kind === 'embedded') {
  test.each(['web', 'worker'])('a process %s is refused on the embedded database, which admits one', (kind) => {
    const read = (): unknown => readConfig({ PROCESS: kind });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/^Configuration: PROCESS .*DATABASE_URL/);
    expect(readConfig({ PROCESS: 'all' }).process).toBe('all');
  });
} else {
  test('a web process leaves to a worker what need not be answered', { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'passerelle-watched-'));
    const server = await startTestServer({ env: { PROCESS: 'web', WATCH_DIR: folder } });
    let worker: App | undefined;
    try {
      const { titles, notices, schedules, settledInLog } = observe(server);
      const ran: string[] = [];
      const jobOf = (process: string) => ({ name: 'test.note', run: async () => void ran.push(process) });
      const job = await server.services.jobs.add(jobOf('web'));
      const decider = await server.person();
      await server.db.client.transaction(async (tx) => {
        await submitApproval(tx, decider.id);
        await job.send(tx, {});
      });
      await writeFile(join(folder, 'Bail.pdf'), await makePdf(['Contrat de bail']));
      await expect(job.run({})).rejects.toThrow('takes no jobs');

      // The relay runs here too, so that subscribers wait for no worker.
      await settledInLog();
      // Longer than a poll of the queue and a file takes to settle.
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      expect({ ran, titles: await titles(), notices: await notices(), schedules: await schedules() }).toEqual({
        ran: [],
        titles: [],
        notices: 0,
        schedules: 0,
      });

      const config = { ...server.services.config, process: 'worker' as const };
      worker = await startApp({ config, log: pino({ level: 'silent' }) });
      await worker.services.jobs.add(jobOf('worker'));
      await expect.poll(() => ran, { timeout: 45_000 }).toEqual(['worker']);
      await expect.poll(titles, { timeout: 45_000 }).toEqual(['Bail']);
      await expect.poll(notices, { timeout: 45_000 }).toBe(1);
      expect(await schedules()).toBeGreaterThan(0);
      await server.app.consumers.caughtUp();
      await expectOnlyMonitoring(worker.url);
      expect((await server.request('GET', '/core-docs')).status).toBe(200);
    } finally {
      await worker?.stop();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
}

const submitApproval = (tx: Parameters<typeof emit>[0], deciderId: number): Promise<void> =>
  emit(tx, { viewer: { userId: undefined }, requestId: 'test', ip: undefined }, 'approval.submitted', ['Document', 1], {
    ownerId: deciderId,
    title: 'Facture EDF',
    submittedById: null,
    level: 1,
    amount: null,
    currency: null,
    comment: null,
    deciderIds: [deciderId],
  });

function observe({ sql }: TestServer) {
  const countOf = async (from: string): Promise<number> =>
    (await sql(`select count(*)::int as n from ${from}`))[0].n as number;
  return {
    titles: async () => (await sql('select title from documents order by id')).map(({ title }) => title as string),
    notices: () => countOf('notifications'),
    schedules: () => countOf('pgboss.schedule'),
    settledInLog: () => expect.poll(() => countOf('events where position is null'), { timeout: 30_000 }).toBe(0),
  };
}

/** A worker answers operators, and nobody else. */
async function expectOnlyMonitoring(url: string): Promise<void> {
  const status = async (path: string, init?: RequestInit): Promise<number> => (await fetch(url + path, init)).status;
  const healthy = ['/health', '/health/live', '/health/ready', '/metrics'];
  expect(await Promise.all(healthy.map((path) => status(path)))).toEqual([200, 200, 200, 200]);
  const others = ['/', '/graphql', '/core-docs', '/core-docs/xcore.json', '/v1/users/me', '/auth/me', '/kdocs/login'];
  expect(await Promise.all(others.map((path) => status(path)))).toEqual(others.map(() => 404));
  expect(await status('/graphql', { method: 'POST', body: '{}' })).toBe(404);
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`);
  await once(socket, 'error');
}
