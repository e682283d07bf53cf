import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { entitiesOf, filesOf } from '../../app/compose.js';
import { modules } from '../../app/modules.js';
import { type Config, readConfig } from '../../config/config.js';
import { encryptionKey, jwtSecret } from '../../config/secrets.js';
import { version } from '../../config/version.js';
import { openDatabase } from '../../db/database.js';
import type { StoredFiles } from '../../kernel/module.js';
import type { ContentStore } from '../../storage/content-store.js';
import { openContentStore } from '../../storage/open-content-store.js';
import { type DirectOptions, quietLog } from '../direct.js';
import { CliError, exitCodes, refused } from '../exit-codes.js';
import type { Progress } from '../progress.js';
import { type ArchiveWriter, writeArchive } from './archive.js';
import {
  beginSnapshot,
  dumpJobs,
  dumpTable,
  eventMonthsOf,
  pluginSchemasOf,
  sequencesOf,
  tablesOf,
} from './dump-database.js';
import { fileEntry, fingerprint, type Manifest, manifestHashName, manifestName, secretsName } from './manifest.js';
import { sessionOn, type Session } from './session.js';

export interface TakeOptions extends DirectOptions {
  passphrase: string | undefined;
  withSecrets: boolean;
  progress: Progress;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
}

/** A snapshot is taken anew when a file that it names was removed before it could be copied. */
const tries = 5;

/**
 * Writes a backup in which database and files agree. Files never change and are written before the rows that name them,
 * so most are copied first, without a snapshot; then a snapshot is taken, and what it names beside them is copied at
 * once. Where one of those is gone by then (a document was purged between the snapshot and the copy) the snapshot is
 * taken again, which no longer names it. A file that is missing although its row stays was lost before: the manifest
 * says so.
 */
export async function takeBackup(path: string, options: TakeOptions): Promise<Manifest> {
  const config = readConfig();
  const log = quietLog(options);
  if (await stat(path).catch(() => undefined)) throw refused(`${path} is there already, and nothing is written over`);
  const archive = writeArchive(path, options);
  try {
    const manifest = await withInstallation(config, log, (session, store) =>
      copyAll({ session, store, archive, config, ...options }),
    );
    await addManifest(archive, manifest);
    options.signal.throwIfAborted();
    await archive.finish();
    return manifest;
  } catch (error) {
    await archive.discard();
    if (options.signal.aborted) throw new CliError('Interrupted; nothing was written', exitCodes.interrupted);
    throw error;
  }
}

async function withInstallation<T>(
  config: Config,
  log: Logger,
  work: (session: Session, store: ContentStore) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(config, log, { entities: entitiesOf(modules), migrations: 'require' });
  try {
    const content = await openContentStore(config, { spoolFolder: join(config.dataDir, 'spool'), log });
    const session = await sessionOn(database, config);
    try {
      return await work(session, content.store);
    } finally {
      await session.end();
      content.close();
    }
  } finally {
    await database.close();
  }
}

interface Copying extends TakeOptions {
  session: Session;
  store: ContentStore;
  archive: ArchiveWriter;
  config: Config;
}

interface NamedFile {
  key: string;
  sha256: string | null;
  mayBeMissing: boolean;
}

type CopiedFile = Manifest['files'][number] & { isDamaged: boolean };

async function copyAll(copying: Copying): Promise<Manifest> {
  const { session, archive, config, progress, withSecrets } = copying;
  const copied = new Map<string, CopiedFile>();
  const before = await namedFiles(session);
  progress.stage('Files', { total: before.length, unit: 'files' });
  await copyFiles(copying, before, copied);
  const { named, missing } = await takeSnapshot(copying, copied);

  const [log] = await session.all<{ position: string; takenAt: string }>(`
    select (select coalesce(max(position), 0) from events)::text as position,
           to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "takenAt"`);
  const [size] = await session.all<{ bytes: string }>(
    `select coalesce(sum(pg_table_size(oid)), 0)::text as bytes from pg_class
      where relkind = 'r' and relnamespace = 'public'::regnamespace`,
  );
  progress.stage('Tables', { total: Number(size?.bytes), unit: 'bytes' });
  const tables: Manifest['tables'] = [];
  for (const table of await tablesOf(session)) {
    copying.signal.throwIfAborted();
    tables.push(await dumpTable(session, table, { archive, advance: progress.advance }));
  }
  const manifest: Manifest = {
    format: 1,
    version,
    takenAt: log?.takenAt ?? '',
    position: log?.position ?? '0',
    wasAlone: config.databaseUrl === undefined,
    migrations: await session.all(`
      select name, to_char(executed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at
        from mikro_orm_migrations order by id`),
    tables,
    sequences: await sequencesOf(session),
    pluginSchemas: await pluginSchemasOf(session),
    eventMonths: await eventMonthsOf(session),
    // Of what was copied, what was removed since is left out.
    files: named.flatMap(({ key }) => {
      const file = copied.get(key);
      return file ? [{ key, sizeBytes: file.sizeBytes, sha256: file.sha256 }] : [];
    }),
    missingFiles: missing,
    damagedFiles: [...copied.values()].filter(({ isDamaged }) => isDamaged).map(({ key }) => key),
    jobs: await dumpJobs(session, archive),
    keys: { encryption: fingerprint(encryptionKey(config)), jwt: fingerprint(jwtSecret(config)) },
    hasSecrets: withSecrets,
  };
  await session.run('commit');
  if (withSecrets) {
    const secrets = { ENCRYPTION_KEY: encryptionKey(config), JWT_SECRET: jwtSecret(config) };
    const bytes = Buffer.from(JSON.stringify(secrets));
    await archive.add(secretsName, bytes.length, [bytes]);
  }
  progress.done();
  return manifest;
}

/** Leaves the session in a transaction that names no file that could not be copied, but for those that are lost. */
async function takeSnapshot(
  copying: Copying,
  copied: Map<string, CopiedFile>,
): Promise<{ named: NamedFile[]; missing: string[] }> {
  const { session } = copying;
  for (let left = tries; ; left -= 1) {
    await beginSnapshot(session);
    const named = await namedFiles(session);
    const missing = await copyFiles(copying, named, copied);
    if (missing.length === 0 || left <= 1) return { named, missing };
    await session.run('rollback');
    // Whoever is gone from the rows by now was purged; a file whose row stays is lost, and waiting helps nothing.
    const now = new Set((await namedFiles(session)).map(({ key }) => key));
    if (missing.every((key) => now.has(key))) left = 2;
  }
}

/** Those that modules name, each once; as of now, or of the session's snapshot. */
async function namedFiles(session: Session): Promise<NamedFile[]> {
  const found = new Map<string, NamedFile>();
  for (const { query, mayBeMissing = false } of filesOf(modules) as StoredFiles[])
    for (const { key, sha256 } of await session.all<Omit<NamedFile, 'mayBeMissing'>>(query)) {
      const before = found.get(key);
      if (!before || before.mayBeMissing)
        found.set(key, { key, sha256: sha256 ?? before?.sha256 ?? null, mayBeMissing });
    }
  return [...found.values()];
}

/** Copies those that were not yet; returns the keys of those that are not in the store and should be. */
async function copyFiles(
  { store, archive, progress, signal }: Copying,
  named: readonly NamedFile[],
  copied: Map<string, CopiedFile>,
): Promise<string[]> {
  const missing: string[] = [];
  for (const { key, sha256: expected, mayBeMissing } of named) {
    signal.throwIfAborted();
    progress.advance(1);
    if (copied.has(key)) continue;
    const file = await openFile(store, key);
    if (!file) {
      if (!mayBeMissing) missing.push(key);
      continue;
    }
    const sha256 = await archive.add(fileEntry(key), file.sizeBytes, file.content);
    copied.set(key, { key, sizeBytes: file.sizeBytes, sha256, isDamaged: expected !== null && sha256 !== expected });
  }
  return missing;
}

/** undefined: there is none. Its first bytes are read, so that one that is removed at this moment is none either. */
async function openFile(
  store: ContentStore,
  key: string,
): Promise<{ sizeBytes: number; content: AsyncIterable<Buffer> } | undefined> {
  try {
    const sizeBytes = await store.size(key);
    const bytes = store.read(key)[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    const first = await bytes.next();
    return { sizeBytes, content: followedBy(first, bytes) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function* followedBy(first: IteratorResult<Buffer>, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  for (let next = first; !next.done; next = await rest.next()) yield next.value;
}

async function addManifest(archive: ArchiveWriter, manifest: Manifest): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(manifest));
  await archive.add(manifestName, bytes.length, [bytes]);
  const hash = Buffer.from(createHash('sha256').update(bytes).digest('hex'));
  await archive.add(manifestHashName, hash.length, [hash]);
}
