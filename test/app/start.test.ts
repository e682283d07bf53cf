import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AppOptions, startApp } from '../../src/app/start.js';
import { ConfigError } from '../../src/config/config-error.js';
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
  await expect(startApp(options({ PORT: String(port) }))).rejects.toThrow(
    new ConfigError(`PORT: another program listens at port ${port} of 127.0.0.1`),
  );
  await new Promise((resolve) => other.close(resolve));
  await expect.poll(leftOpen, { timeout: 30_000 }).toEqual([]);
  const app = await startApp(options({ PORT: String(port) }));
  expect((await fetch(`${app.url}/health`)).status).toBe(200);
  await app.stop();
});

test('a start that fails in the middle closes what was open', async () => {
  const failing = { ...options(), prepare: () => Promise.reject(new Error('not today')) };
  await expect(startApp(failing)).rejects.toThrow('not today');
  await expect.poll(leftOpen, { timeout: 30_000 }).toEqual([]);
  const app = await startApp(options());
  expect(await leftOpen()).not.toEqual([]);
  await app.stop();
  await expect.poll(leftOpen, { timeout: 30_000 }).toEqual([]);
  await expect(fetch(`${app.url}/health`)).rejects.toThrow();
});

test('a start that finds something out of its reach names the setting', { timeout: 120_000 }, async () => {
  const taken = createServer((socket) => socket.on('data', () => socket.end('no\r\n')));
  taken.listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const file = join(folder, 'file');
  await writeFile(file, '');
  const postgres = database.env['DATABASE_URL'];
  const server = postgres ? new URL(postgres).host : '';
  const cases: [NodeJS.ProcessEnv, RegExp | string][] = [
    [{ DATABASE_URL: 'postgres://127.0.0.1:1/x' }, 'DATABASE_URL: nobody answers at 127.0.0.1:1'],
    [
      { DATABASE_URL: 'postgres://nobody.invalid/x' },
      'DATABASE_URL: there is no host of the name in nobody.invalid:5432',
    ],
    [
      { DATABASE_URL: `postgres://u:hunter2@127.0.0.1:${port}/x` },
      /^DATABASE_URL: 127\.0\.0\.1:\d+ cannot be used \((?!.*hunter2)/,
    ],
    [{ REDIS_URL: 'redis://127.0.0.1:1' }, 'REDIS_URL: nobody answers at 127.0.0.1:1'],
    [{ REDIS_URL: 'redis://nobody.invalid' }, 'REDIS_URL: there is no host of the name in nobody.invalid'],
    [
      { REDIS_URL: `redis://:hunter2@127.0.0.1:${port}` },
      /^REDIS_URL: 127\.0\.0\.1:\d+ cannot be used \((?!.*hunter2)/,
    ],
    [{ DATA_DIR: file }, `DATA_DIR: ${file} cannot be written (EEXIST)`],
    [{ INGEST_DIR: join(file, 'in') }, `INGEST_DIR: ${join(file, 'in')} cannot be written (ENOTDIR)`],
    [{ WATCH_DIR: join(file, 'watched') }, `WATCH_DIR: ${join(file, 'watched')} cannot be written (ENOTDIR)`],
    [{ HOST: 'nobody.invalid' }, 'HOST: nobody.invalid is no address of this machine'],
  ];
  if (postgres) {
    const other = (change: (url: URL) => void): string => {
      const url = new URL(postgres);
      change(url);
      return url.href;
    };
    cases.push(
      [
        { DATABASE_URL: other((url) => (url.pathname = '/not_there')) },
        `DATABASE_URL: ${server} has no database not_there`,
      ],
      [{ DATABASE_REPLICA_URLS: 'postgres://127.0.0.1:1/x' }, 'DATABASE_REPLICA_URLS: nobody answers at 127.0.0.1:1'],
      [
        { DATABASE_URL: other((url) => ((url.username = 'nobody_known'), (url.password = 'hunter2'))) },
        `DATABASE_URL: ${server} refuses the user or the password`,
      ],
    );
  } else {
    await mkdir(join(folder, 'old', 'postgres'), { recursive: true });
    await writeFile(join(folder, 'old', 'postgres', 'PG_VERSION'), '9.6\n');
    cases.push([{ DATA_DIR: join(folder, 'old') }, /^DATA_DIR: the database in .*old\/postgres cannot be opened \(/]);
  }
  try {
    for (const [settings, expected] of cases) {
      const refusal = await startApp(options(settings)).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(refusal, JSON.stringify(settings)).toBeInstanceOf(ConfigError);
      expect((refusal as Error).message).toEqual(
        typeof expected === 'string' ? expected : expect.stringMatching(expected),
      );
    }
  } finally {
    taken.close();
  }
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
