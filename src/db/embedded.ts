import { AsyncResource } from 'node:async_hooks';
import { mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { MikroORM } from '@mikro-orm/sql';
import type { Logger } from 'pino';
import { ConfigError } from '../config/config-error.js';
import type { Config } from '../config/config.js';
import { lockFolder } from '../lib/folder-lock.js';
import { columnsOf } from './column-of.js';
import type { Database, DatabaseOptions, Listen, Orm, ReadSql } from './database.js';
import { embeddedClient } from './embedded-client.js';
import { embeddedOptions } from './embedded-options.js';
import { watchForPanic } from './embedded-panic.js';
import { bringUpToDate } from './migrator.js';
import { startSharedRows } from './shared-rows.js';
import { tracedStatement } from './traced-statement.js';

/**
 * Types of columns that are read; without a parser their cells stay text, which JSON is written from without a detour.
 */
const textTypes = [16, 17, 20, 21, 23, 25, 114, 700, 701, 1009, 1043, 1082, 1114, 1184, 1700, 2950, 3802];
const identity = (text: string): string => text;
const parsers = Object.fromEntries(textTypes.map((oid) => [oid, identity]));

/**
 * PostgreSQL inside this process (PGlite), migrated. All reads share its one session. Throws FolderInUse when another
 * process has the folder, ConfigError when what lies there cannot be opened or its disk is full. A database that ends
 * itself later ends the process, with a line in the log.
 */
export async function openEmbedded(
  folder: string,
  log: Logger,
  { timeZone, entities, fsync, migrations }: DatabaseOptions & Pick<Config, 'timeZone'>,
): Promise<Database> {
  mkdirSync(join(folder, '..'), { recursive: true, mode: 0o700 });
  refuseFullDisk(folder);
  const unlock = lockFolder(folder);
  try {
    const orm = (await MikroORM.init({
      ...embeddedOptions(entities, folder, { timeZone, fsync }),
      logger: (message) => log.debug(message),
    })) as unknown as Orm;
    const client = await clientOf(orm).catch((cause: unknown) => {
      const reason = String((cause as Error | undefined)?.message ?? cause).split('\n')[0];
      throw new ConfigError(`DATA_DIR: the database in ${folder} cannot be opened (${reason})`, { cause });
    });
    watchForPanic(client, (error) => {
      log.fatal({ err: error }, 'the embedded database has ended: is the disk of DATA_DIR full?');
      process.exit(1);
    });
    await bringUpToDate(orm, migrations);
    await forgetUnusedArrays(client);
    const read: ReadSql = (text, parameters) =>
      tracedStatement(
        text,
        async () => (await client.query<(string | null)[]>(text, [...parameters], { rowMode: 'array', parsers })).rows,
      );
    const own = embeddedClient(client, columnsOf(orm));
    const listen: Listen = async (channel, onNotify) => {
      // PGlite calls back amid the query that notifies: unbound, what follows would join that query's transaction.
      const unlisten = await client.listen(channel, AsyncResource.bind(onNotify));
      return () => unlisten();
    };
    const isListening = (): boolean => client.ready && !client.closed;
    return {
      orm,
      client: own,
      shortReads: own,
      read,
      readPrimary: read,
      readSlow: read,
      readLong: read,
      count: read,
      replicas: undefined,
      embedded: client,
      readShared: await startSharedRows({ readPrimary: read, listenAtOnce: listen, isListening }),
      listen,
      listenAtOnce: listen,
      isListening,
      isUp: async () => (await read('select 1', [])).length === 1,
      connections: () => [],
      close: async () => {
        await orm.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Of which arrays are read or written. */
const elements =
  'bool int2 int4 int8 oid float4 float8 numeric text varchar bpchar name date timestamp timestamptz uuid json jsonb';

/**
 * PGlite learns the array type of every type, those of each table's rows too, and copies all that it knows of types
 * for every statement: with 30 instead of 300, a small statement costs half.
 */
async function forgetUnusedArrays(client: PGlite): Promise<void> {
  const { rows } = await client.query<{ oid: number }>(
    `select typarray as oid from pg_type where typarray <> 0 and typtype <> 'e' and typname <> all ($1)`,
    [elements.split(' ')],
  );
  for (const { oid } of rows) {
    delete client.parsers[oid];
    delete client.serializers[oid];
  }
}

/** Less than PostgreSQL takes for its log as soon as something is written. */
const leastFreeBytes = 32 * 2 ** 20;

function refuseFullDisk(folder: string): void {
  const { bavail, bsize } = statfsSync(join(folder, '..'));
  const free = bavail * bsize;
  if (free < leastFreeBytes)
    throw new ConfigError(
      `DATA_DIR: the disk is full: ${Math.floor(free / 2 ** 20)} MB are free where the embedded database lies, ` +
        `and it needs ${leastFreeBytes / 2 ** 20} MB`,
    );
}

const clientOf = (orm: Orm): Promise<PGlite> =>
  (orm.em.getConnection() as unknown as { getNativeClient: () => Promise<PGlite> }).getNativeClient();
