import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AppOptions, startApp } from '../../src/app/start.js';
import { readConfig } from '../../src/config/config.js';
import { CloseStack } from '../../src/lib/close-stack.js';
import { freshDatabase } from '../support/database.js';

let folder: string;
let database: Awaited<ReturnType<typeof freshDatabase>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-start-'));
  database = await freshDatabase(folder);
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const options = (env: NodeJS.ProcessEnv = {}): AppOptions => ({
  config: readConfig({
    ...database.env,
    DATA_DIR: folder,
    PORT: '0',
    DEMO: '0',
    JWT_SECRET: 'test-secret-'.repeat(4),
    ENCRYPTION_KEY: 'test-key-'.repeat(4),
    TESSERACT: 'off',
    ...env,
  }),
  log: pino({ level: 'silent' }),
  database: { fsync: false },
});

/** What is still open of the database: the embedded folder's lock, or connections to the server. */
async function leftOpen(): Promise<string[]> {
  const url = database.env['DATABASE_URL'];
  if (url === undefined) return existsSync(join(folder, 'postgres.lock')) ? ['postgres.lock'] : [];
  const client = new pg.Client({ connectionString: url, application_name: 'test' });
  await client.connect();
  const found = await client.query<{ name: string }>(
    `select application_name as name from pg_stat_activity
      where datname = current_database() and application_name like 'passerelle%'`,
  );
  await client.end();
  return found.rows.map(({ name }) => name);
}

test('a start that fails at its last step closes what was open, so that the next one succeeds', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as { port: number };
  await expect(startApp(options({ PORT: String(port) }))).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await new Promise((resolve) => other.close(resolve));
  await expect.poll(leftOpen, { timeout: 10_000 }).toEqual([]);
  const app = await startApp(options({ PORT: String(port) }));
  expect((await fetch(`${app.url}/health`)).status).toBe(200);
  await app.stop();
});

test('a start that fails in the middle closes what was open', async () => {
  const failing = { ...options(), prepare: () => Promise.reject(new Error('not today')) };
  await expect(startApp(failing)).rejects.toThrow('not today');
  await expect.poll(leftOpen, { timeout: 10_000 }).toEqual([]);
  const app = await startApp(options());
  expect(await leftOpen()).not.toEqual([]);
  await app.stop();
  await expect.poll(leftOpen, { timeout: 10_000 }).toEqual([]);
  await expect(fetch(`${app.url}/health`)).rejects.toThrow();
});

test('what was opened is closed in the reverse order, also past a failure, and once', async () => {
  const closed: string[] = [];
  const closing = new CloseStack(pino({ level: 'silent' }));
  for (const name of ['first', 'second', 'third'])
    closing.add(async () => {
      closed.push(name);
      if (name === 'second') throw new Error('stuck');
    });
  await closing.close();
  await closing.close();
  expect(closed).toEqual(['third', 'second', 'first']);
});
