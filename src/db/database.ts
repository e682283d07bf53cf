import type { PGlite } from '@electric-sql/pglite';
import type { AbstractSqlDriver, MikroORM, SqlEntityManager } from '@mikro-orm/sql';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { embeddedFolder, type Entities } from './orm-options.js';
import type { Replicas } from './replicas.js';
import { openServer } from './server.js';
import type { SqlClient, SqlRunner } from './sql-client.js';

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
  /** Statements of milliseconds that only read, from the primary: as cheap as `read`; others wait behind them. */
  shortReads: SqlRunner;
  /** Reads for the graph's plans: from a replica when there is one. */
  read: ReadSql;
  /** Reads that must see what was just committed: credentials, the event log. */
  readPrimary: ReadSql;
  /** Like `read`, for what may take long: searches. Nothing waits behind it, and it is planned with its values. */
  readSlow: ReadSql;
  /** Like `read`, for rows of megabytes: nothing waits behind it. */
  readLong: ReadSql;
  /** For counts: the answer may be a second old, but never older than the last change of this process. */
  count: ReadSql;
  /** For short lists that everybody asks for: rows as of their last change, which are not to be changed. */
  readShared: ReadSql;
  listen: Listen;
  /**
   * Like `listen`, for a channel whose trigger also says `raise info '<channel>'`: for a change by this process it
   * calls back before the change has resolved. One callback a channel.
   */
  listenAtOnce: Listen;
  /** Who answers what must not be older than a change; undefined where there are none. */
  replicas: Replicas | undefined;
  /** PostgreSQL in this process; undefined when it runs elsewhere. */
  embedded: PGlite | undefined;
  /** True when the primary answers at once and takes changes. */
  isUp: () => Promise<boolean>;
  /** None when embedded. */
  connections: () => readonly PoolState[];
  /** True when notifications of events arrive. */
  isListening: () => boolean;
  close: () => Promise<void>;
}

/** Connections of one kind to a PostgreSQL server, as of now. */
export interface PoolState {
  /** `writes`, `reads`, `short_reads`, and for replicas `replica_1_reads` and so on. */
  pool: string;
  open: number;
  /** Of them with a statement or a transaction. */
  busy: number;
  /** What waits for a connection or, where they are shared, for an answer. */
  waiting: number;
}

export interface DatabaseOptions {
  entities: Entities;
  /**
   * A connection on which a statement has had no answer for so long is given up: the server ends its own statements
   * after 30 s, so that nobody is there any more. Default 35 s.
   */
  patienceMs?: number | undefined;
  /** False trades safety at a power cut for speed: for tests only. Default true. */
  fsync?: boolean;
  /** What is done about pending migrations. Default: they are run. */
  migrations?: Migrating;
}

/** `require` throws a ConfigError when some are pending, `leave` opens the database as it is. */
export type Migrating = 'apply' | 'require' | 'leave';

/** Opens the database that the configuration names and brings its schema up to date, unless told otherwise. */
export async function openDatabase(config: Config, log: Logger, options: DatabaseOptions): Promise<Database> {
  const { databaseUrl, databaseReplicaUrls, timeZone } = config;
  if (databaseUrl) return openServer(databaseUrl, { timeZone, replicaUrls: databaseReplicaUrls, log, ...options });
  // It brings PostgreSQL along, which no other needs.
  const { openEmbedded } = await import('./embedded.js');
  return openEmbedded(embeddedFolder(config.dataDir), log, { timeZone, ...options });
}
