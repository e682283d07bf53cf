import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import 'reflect-metadata';
import { entitiesOf } from '../../src/app/compose.js';
import { modules } from '../../src/app/modules.js';
import { readConfig } from '../../src/config/config.js';
import { openDatabase } from '../../src/db/database.js';
import { isProcessAlive, markOf } from '../../src/lib/process-mark.js';

/** `prefix` begins the names of this run's databases; `tablespace` is where they are, when not where the others are. */
interface Run {
  url: string;
  prefix: string;
  tablespace: string | undefined;
}

export type TestDatabase = ({ kind: 'server'; template: string } & Run) | { kind: 'embedded'; template: string };

declare module 'vitest' {
  export interface ProvidedContext {
    database: TestDatabase;
    /** For whatever this run keeps on disk. */
    folder: string;
  }
}

/**
 * Prepares one migrated database for each set of migrations; every server of a test starts on a copy. On PostgreSQL
 * when TEST_DATABASE_URL names one, embedded otherwise. At the end it removes what workers that died left behind, and
 * at the next start what a run that was killed did.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const migrations = 'src/db/migrations';
  const sources = readdirSync(migrations)
    .sort()
    .map((f) => readFileSync(join(migrations, f), 'utf8'));
  const hash = createHash('sha256').update(sources.join()).digest('hex').slice(0, 12);
  const url = process.env['TEST_DATABASE_URL'];
  const database = url ? await serverTemplate(url, hash) : await embeddedTemplate(hash);
  const around = roomyMemory() ?? tmpdir();
  removeFoldersOfDeadRuns(around);
  const folder = mkdtempSync(join(around, `${folderOfRuns}${process.pid}-`));
  // Others may pass through: a PostgreSQL that a test starts does not run as root.
  chmodSync(folder, 0o711);
  // For `tmpdir()` of the workers, and of the processes that they start.
  process.env['TMPDIR'] = folder;
  project.provide('database', database);
  project.provide('folder', folder);
  return async () => {
    rmSync(folder, { recursive: true, force: true });
    if (database.kind === 'server') await dropDatabases(database);
  };
}

const folderOfRuns = 'passerelle-tests-';

function removeFoldersOfDeadRuns(around: string): void {
  for (const name of readdirSync(around)) {
    const [, pid] = name.startsWith(folderOfRuns) ? (/-(\d+)-[^-]*$/.exec(name) ?? []) : [];
    if (pid && !isProcessAlive(markOf(Number(pid)))) rmSync(join(around, name), { recursive: true, force: true });
  }
}

const memory = '/dev/shm';

/**
 * Where files are kept in memory, when it has room: copying a database's 1,800 files costs a twentieth of the processor
 * time that it costs on a disk.
 */
function roomyMemory(): string | undefined {
  if (!existsSync(memory)) return undefined;
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > 4 * 2 ** 30 ? memory : undefined;
}

async function serverTemplate(url: string, hash: string): Promise<TestDatabase> {
  const template = `passerelle_template_${hash}`;
  await withClient(url, async (client) => {
    if ((await client.query('select from pg_database where datname = $1', [template])).rowCount === 0) {
      const building = `${template}_${process.pid}`;
      await client.query(`create database ${building}`);
      await migrate({
        DATABASE_URL: Object.assign(new URL(url), { pathname: `/${building}` }).href,
        JWT_SECRET: 'x'.repeat(32),
        ENCRYPTION_KEY: 'x'.repeat(32),
      });
      await client.query(`alter database ${building} rename to ${template}`);
    }
  });
  if (isHere(url)) await dropDeadRuns(url);
  const prefix = `${ofRuns}${process.pid}_${randomBytes(4).toString('hex')}_`;
  return { kind: 'server', url, template, prefix, tablespace: await tablespaceInMemory(url, `${prefix}memory`) };
}

/** The names of databases and tablespaces go on with the number of the run's process. */
const ofRuns = 'passerelle_test_';

/** Of processes of this machine. */
async function dropDeadRuns(url: string): Promise<void> {
  const { rows } = await withClient(url, (client) =>
    client.query(
      `select name from (select datname from pg_database union all select spcname from pg_tablespace) n (name)
        where starts_with(name, $1)`,
      [ofRuns],
    ),
  );
  const names: string[] = rows.map(({ name }) => name);
  const runs = new Map(
    names.flatMap((name) => {
      const [, prefix, pid] = /^(\D+(\d+)_[0-9a-f]{8}_)/.exec(name) ?? [];
      return prefix ? [[prefix, Number(pid)] as const] : [];
    }),
  );
  for (const [prefix, pid] of runs) {
    if (isProcessAlive(markOf(pid))) continue;
    const tablespace = names.find((name) => name === `${prefix}memory`);
    await dropDatabases({ url, prefix, tablespace });
  }
}

const folderOf = (tablespace: string): string => join(memory, tablespace);

/**
 * A database has 1,100 files: made in memory it costs a tenth of the processor time, and waits for no disk. Undefined
 * where we may not make such a place for PostgreSQL: it runs elsewhere, or we are not root.
 */
async function tablespaceInMemory(url: string, name: string): Promise<string | undefined> {
  if (roomyMemory() === undefined || process.getuid?.() !== 0 || !isHere(url)) return undefined;
  const folder = folderOf(name);
  return withClient(url, async (client) => {
    try {
      const { rows } = await client.query('show data_directory');
      const { uid, gid } = statSync(rows[0].data_directory);
      mkdirSync(folder, { mode: 0o700 });
      chownSync(folder, uid, gid);
      await client.query(`create tablespace ${name} location '${folder}'`);
      return name;
    } catch {
      rmSync(folder, { recursive: true, force: true });
      return undefined;
    }
  });
}

const isHere = (url: string): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function dropDatabases({ url, prefix, tablespace }: Run): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query('select datname as name from pg_database where starts_with(datname, $1)', [
      prefix,
    ]);
    for (const { name } of rows) await client.query(`drop database ${name} with (force)`);
    if (!tablespace) return;
    await client.query(`drop tablespace ${tablespace}`);
    rmSync(folderOf(tablespace), { recursive: true, force: true });
  });
}

async function embeddedTemplate(hash: string): Promise<TestDatabase> {
  const cache = resolve('node_modules/.cache/passerelle');
  const template = join(cache, hash);
  if (!existsSync(template)) {
    const building = `${template}.${process.pid}`;
    mkdirSync(cache, { recursive: true });
    rmSync(building, { recursive: true, force: true });
    await migrate({ DATA_DIR: building });
    renameSync(building, template);
  }
  return { kind: 'embedded', template };
}

async function migrate(env: NodeJS.ProcessEnv): Promise<void> {
  const database = await openDatabase(readConfig(env), pino({ level: 'silent' }), {
    entities: entitiesOf(modules),
    fsync: false,
  });
  await database.close();
}
