import type { PGlite } from '@electric-sql/pglite';
import type { AbstractSqlDriver, MikroORM, SqlEntityManager } from '@mikro-orm/sql';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { openEmbedded } from './embedded.js';
import { embeddedFolder, type Entities } from './orm-options.js';
import { openServer } from './server.js';
import type { SqlClient } from './sql-client.js';

export type Orm = MikroORM<AbstractSqlDriver, SqlEntityManager<AbstractSqlDriver>>;
/** Runs one statement with placeholders `$1`, `$2` … and resolves with its rows; each cell is PostgreSQL's own text. */
export type ReadSql = (text: string, parameters: readonly unknown[]) => Promise<(string | null)[][]>;
/**
 * Calls back for each notification, and once after a lost connection came back. Resolves with how to stop listening.
 */
export type Listen = (channel: string, onNotify: () => void) => Promise<() => Promise<void>>;

export interface Database {
  /** For migrations and the entities' metadata; rows are read by plans and written by `client`. */
  orm: Orm;
  /** The write side: commands and their steps. */
  client: SqlClient;
  /** Reads for the graph's plans: from a replica when there is one. */
  read: ReadSql;
  /** Reads that must see what was just committed: credentials, the event log. */
  readPrimary: ReadSql;
  /** Like `read`, for what may take long: counts, searches. Nothing waits behind it. */
  readSlow: ReadSql;
  /** For counts: the answer may be a second old, but never older than the last change of this process. */
  count: ReadSql;
  listen: Listen;
  /**
   * Like `listen`, for a channel whose trigger also says `raise info '<channel>'`: for a change by this process it
   * calls back before the change has resolved. One callback a channel.
   */
  listenAtOnce: Listen;
  /** PostgreSQL in this process; undefined when it runs elsewhere. */
  embedded: PGlite | undefined;
  /** True when the primary answers. */
  isUp: () => Promise<boolean>;
  /** True when notifications of events arrive. */
  isListening: () => boolean;
  close: () => Promise<void>;
}

export interface DatabaseOptions {
  entities: Entities;
  /** False trades safety at a power cut for speed: for tests only. Default true. */
  fsync?: boolean;
}

/** Opens the database that the configuration names and brings its schema up to date. */
export async function openDatabase(config: Config, log: Logger, options: DatabaseOptions): Promise<Database> {
  const opened = config.databaseUrl
    ? await openServer(config.databaseUrl, config.databaseReplicaUrls, log, options.entities)
    : await openEmbedded(embeddedFolder(config.dataDir), log, options);
  return { ...opened, isUp: () => answers(opened.readPrimary) };
}

async function answers(read: ReadSql): Promise<boolean> {
  try {
    return (await read('select 1', [])).length === 1;
  } catch {
    return false;
  }
}
