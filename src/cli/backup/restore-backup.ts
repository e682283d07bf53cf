import 'reflect-metadata';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { PGlite } from '@electric-sql/pglite';
import { entitiesOf, jobsOf } from '../../app/compose.js';
import { modules } from '../../app/modules.js';
import { type Config, readConfig } from '../../config/config.js';
import { encryptionKey, jwtSecret } from '../../config/secrets.js';
import { type Database, openDatabase } from '../../db/database.js';
import { type JobQueue, type KeptJob, openJobs } from '../../jobs/queue.js';
import { holdDeliveriesSql } from '../../modules/webhooks/hold-deliveries.js';
import type { ContentStore } from '../../storage/content-store.js';
import { openContentStore } from '../../storage/open-content-store.js';
import { spool } from '../../storage/spool.js';
import { type DirectOptions, quietLog } from '../direct.js';
import { CliError, exitCodes, refused } from '../exit-codes.js';
import type { Progress } from '../progress.js';
import { type ReadEntry, readArchive } from './archive.js';
import {
  prepareTables,
  refuseNewer,
  runPendingMigrations,
  setSequences,
  tablesInTheWay,
  verifyTables,
} from './load-database.js';
import { fingerprint, jobsName, type Manifest, secretsName } from './manifest.js';
import { sessionOn, type Session } from './session.js';
import { verifyBackup } from './verify-backup.js';

export interface RestoreOptions extends DirectOptions {
  passphrase: () => Promise<string>;
  /** What becomes of webhooks and mails that waited when the backup was taken. */
  outgoing: 'hold' | 'send';
  /** Accepts another ENCRYPTION_KEY: what was sealed by the former one is lost. */
  acceptsNewKey: boolean;
  progress: Progress;
  signal: AbortSignal;
}

export interface Restored {
  manifest: Manifest;
  /** Migrations that the backup did not have yet. */
  migrated: string[];
  /** Of webhooks and mails. */
  held: number;
  notes: string[];
}

/** Later than anything: when a job that is held would run. */
export const heldUntil = '9999-01-01T00:00:00.000Z';
/** Jobs that tell somebody outside. */
export const outgoingJobs: readonly string[] = ['mail.send', 'invoicing.mail_reminder', 'webhooks.replay'];

/**
 * Checks the whole backup, then fills an empty database and an empty store. The database is filled by one transaction:
 * whenever this ends before, there is nothing in it. Files come first, each under its hash; those that a killed restore
 * left are taken as they are by the next one.
 */
export async function restoreBackup(path: string, options: RestoreOptions): Promise<Restored> {
  const { signal, progress } = options;
  const manifest = await verifyBackup(path, options);
  refuseNewer(manifest);
  const config = readConfig();
  const log = quietLog(options);
  const notes = checkKeys(config, manifest, options);
  const database = await openDatabase(config, log, { entities: entitiesOf(modules), migrations: 'leave' });
  const added: string[] = [];
  try {
    const content = await openContentStore(config, { spoolFolder: join(config.dataDir, 'spool'), log });
    const session = await sessionOn(database, config);
    try {
      await refuseFilled(session, content.store, manifest);
      const jobs = await openQueue(path, { config, database, options });
      try {
        const restored = await fill(path, {
          ...options,
          manifest,
          config,
          database,
          session,
          store: content.store,
          queue: jobs.queue,
          added,
        });
        return { manifest, ...restored, notes };
      } finally {
        await jobs.queue.stop();
      }
    } catch (error) {
      progress.stage('Undoing', { total: added.length, unit: 'files' });
      for (const key of added) await content.store.remove(key);
      if (signal.aborted) throw new CliError('Interrupted; nothing was restored', exitCodes.interrupted);
      throw error;
    } finally {
      progress.done();
      await session.end();
      content.close();
    }
  } finally {
    await database.close();
  }
}

/** The keys of the target against those of the backup; returns what the operator has to know. */
function checkKeys(config: Config, manifest: Manifest, { acceptsNewKey }: RestoreOptions): string[] {
  const isKept = (name: string): boolean => existsSync(join(config.dataDir, name));
  const hasKey = config.encryptionKey !== undefined || isKept('encryption-key');
  const notes: string[] = [];
  if (!hasKey && manifest.hasSecrets) return notes;
  if (!(hasKey && fingerprint(encryptionKey(config)) === manifest.keys.encryption)) {
    const what = hasKey ? 'ENCRYPTION_KEY is not that of the backup' : 'The key of the backup is missing';
    if (!acceptsNewKey)
      throw refused(
        `${what}. Set ENCRYPTION_KEY to that of the installation that was backed up (the file encryption-key of its ` +
          'DATA_DIR, when it was embedded); or --new-key, and second factors, secrets of webhooks and kept answers ' +
          'are lost.',
      );
    notes.push(`${what}: second factors and the secrets of webhooks must be set up again.`);
  }
  const hasJwt = config.jwtSecret !== undefined || isKept('jwt-secret');
  if (!(hasJwt && fingerprint(jwtSecret(config)) === manifest.keys.jwt))
    notes.push('JWT_SECRET is not that of the backup: people have to sign in again; API tokens and keys hold.');
  return notes;
}

async function refuseFilled(session: Session, store: ContentStore, manifest: Manifest): Promise<void> {
  const tables = await tablesInTheWay(session);
  if (tables.length > 0)
    throw refused(
      `The database is not empty (${tables.slice(0, 3).join(', ')}${tables.length > 3 ? ', …' : ''}): ` +
        'restore into a new database or another DATA_DIR.',
    );
  const ours = new Set(manifest.files.map(({ key }) => key));
  for await (const key of store.keys())
    if (!ours.has(key))
      throw refused(`The store of files is not empty (${key}): restore into another DATA_DIR or bucket.`);
}

type JobLine = KeptJob & { name: string };

/** The queue with all names that the backup has jobs of; those of nobody wait for whoever adds them. */
async function openQueue(
  path: string,
  { config, database, options }: { config: Config; database: Database; options: RestoreOptions },
): Promise<{ queue: JobQueue }> {
  const known = jobsOf(modules);
  const names = new Set((await readJobs(path, options)).map(({ name }) => name));
  for (const { name } of known) names.delete(name);
  const queue = await openJobs({
    takesJobs: false,
    database: config.databaseUrl ? { url: config.databaseUrl } : { embedded: database.embedded as PGlite },
    onSignal: () => () => undefined,
    jobs: [...known, ...[...names].map((name) => ({ name, run: async () => undefined }))],
    log: quietLog(options),
  });
  return { queue };
}

async function readJobs(path: string, { passphrase }: RestoreOptions): Promise<JobLine[]> {
  for await (const entry of readArchive(path, passphrase)) {
    if (entry.name === jobsName) return parseJobs(await textOf(entry));
    for await (const _ of entry.content);
  }
  return [];
}

const parseJobs = (lines: string): JobLine[] =>
  lines
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as JobLine);

const textOf = ({ content }: ReadEntry): Promise<string> => text(Readable.from(content));

interface Filling extends RestoreOptions {
  manifest: Manifest;
  config: Config;
  database: Database;
  session: Session;
  store: ContentStore;
  queue: JobQueue;
  /** Keys of files that this restore has put into the store. */
  added: string[];
}

async function fill(path: string, filling: Filling): Promise<Pick<Restored, 'migrated' | 'held'>> {
  const { manifest, session, database, progress, signal, passphrase } = filling;
  const files = new Map(manifest.files.map((file) => [file.key, file]));
  const tables = new Map(manifest.tables.map((table) => [table.name, table]));
  let completeTables: (() => Promise<void>) | undefined;
  let held = 0;
  progress.stage('Files', { total: files.size, unit: 'files' });
  await session.run('begin');
  try {
    for await (const entry of readArchive(path, passphrase)) {
      signal.throwIfAborted();
      const [kind, ...rest] = entry.name.split('/');
      const file = kind === 'files' ? files.get(rest.join('/')) : undefined;
      const table = kind === 'tables' ? tables.get(rest[0] ?? '') : undefined;
      if (file) await putFile(filling, file, entry);
      else if (table) {
        if (!completeTables) {
          completeTables = await prepareTables(session, database.orm, manifest);
          const rows = manifest.tables.reduce((sum, { rows: n }) => sum + n, 0);
          progress.stage('Rows', { total: rows });
        }
        await session.copyIn(table.name, table.columns, counted(entry.content, progress.advance));
      } else if (entry.name === jobsName) held += await putJobs(filling, parseJobs(await textOf(entry)));
      else if (entry.name === secretsName) keepSecrets(filling, JSON.parse(await textOf(entry)) as Secrets);
      else for await (const _ of entry.content);
    }
    completeTables ??= await prepareTables(session, database.orm, manifest);
    await completeTables();
    await setSequences(session, manifest);
    progress.stage('Comparing', { total: manifest.tables.length, unit: 'tables' });
    await verifyTables(session, manifest, progress.advance);
    if (filling.outgoing === 'hold') held += await holdDeliveries(session);
    const migrated = await runPendingMigrations(session, database.orm);
    await verifyFiles(filling);
    signal.throwIfAborted();
    await session.run('commit');
    await session.run('analyze');
    return { migrated, held };
  } catch (error) {
    await session.run('rollback').catch(() => undefined);
    throw error;
  }
}

/** A row is a line: that is COPY's text format. */
async function* counted(content: AsyncIterable<Buffer>, advance: (rows: number) => void): AsyncGenerator<Buffer> {
  const whole: Buffer[] = [];
  for await (const chunk of content) whole.push(chunk);
  const part = Buffer.concat(whole);
  yield part;
  let rows = 0;
  for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, at + 1)) rows += 1;
  advance(rows);
}

async function putFile(
  { store, config, progress, added }: Filling,
  { key, sha256 }: Manifest['files'][number],
  entry: ReadEntry,
): Promise<void> {
  const file = await spool(Readable.from(entry.content), {
    folder: join(config.dataDir, 'spool'),
    limitBytes: Infinity,
  });
  try {
    if (file.sha256 !== sha256) throw new CliError(`The file ${key} is not what the backup says`);
    const isThere = await store.exists(key);
    if (!isThere) added.push(key);
    await store.put(file.path, key);
  } finally {
    await file.discard();
  }
  progress.advance(1);
}

/** Returns how many are held. */
async function putJobs({ queue, session, outgoing }: Filling, lines: readonly JobLine[]): Promise<number> {
  const isHeld = (name: string): boolean => outgoing === 'hold' && outgoingJobs.includes(name);
  for (const [name, jobs] of Map.groupBy(lines, (line) => line.name))
    await queue.putBack(
      name,
      jobs.map(({ id, data, priority, startAfter, singletonKey }) => ({
        id,
        data: data ?? {},
        priority,
        startAfter: isHeld(name) ? heldUntil : new Date(startAfter).toISOString(),
        singletonKey,
      })),
      async (statement, values) => ({ rows: await session.all(statement, values ?? []) }),
    );
  return lines.filter(({ name }) => isHeld(name)).length;
}

async function holdDeliveries(session: Session): Promise<number> {
  return (await session.all(`${holdDeliveriesSql} returning id`)).length;
}

interface Secrets {
  ENCRYPTION_KEY: string;
  JWT_SECRET: string;
}

/** Where nothing else says them. */
function keepSecrets({ config }: Filling, secrets: Secrets): void {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  for (const [name, configured, secret] of [
    ['encryption-key', config.encryptionKey, secrets.ENCRYPTION_KEY],
    ['jwt-secret', config.jwtSecret, secrets.JWT_SECRET],
  ] as const) {
    const file = join(config.dataDir, name);
    if (configured === undefined && !existsSync(file)) writeFileSync(file, secret, { mode: 0o600 });
  }
}

/** Every file is in the store now, with its size; its bytes were compared on their way. */
async function verifyFiles({ store, manifest, progress }: Filling): Promise<void> {
  progress.stage('Comparing files', { total: manifest.files.length, unit: 'files' });
  for (const { key, sizeBytes } of manifest.files) {
    if ((await store.size(key)) !== sizeBytes) throw new CliError(`The file ${key} is not in the store as it was`);
    progress.advance(1);
  }
}
