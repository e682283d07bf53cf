import { AsyncResource } from 'node:async_hooks';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import { Migrator } from '@mikro-orm/migrations';
import { PgliteDriver } from '@mikro-orm/pglite';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { type AbstractSqlDriver, MikroORM, type Options, type SqlEntityManager } from '@mikro-orm/sql';
import pg from 'pg';
import type { Logger } from 'pino';
import { entitiesOf } from '../app/compose.js';
import { modules } from '../app/modules.js';
import type { Config } from '../config/config.js';
import { lockFolder } from '../lib/folder-lock.js';
import { countCache } from './count-cache.js';
import { migrations } from './migrations/index.js';
import { OwnChanges } from './own-changes.js';
import { readLanes } from './pipelined-reads.js';

export type Orm = MikroORM<AbstractSqlDriver, SqlEntityManager<AbstractSqlDriver>>;
export type ReadSql = (text: string, parameters: readonly unknown[]) => Promise<(string | null)[][]>;
/** Calls back for each notification, and once after a lost connection came back. */
export type Listen = (channel: string, onNotify: () => void) => Promise<() => Promise<void>>;

export interface Database {
  orm: Orm;
  /** Reads for the graph's plans: from a replica when there is one. */
  read: ReadSql;
  /** Reads that must see what was just committed: credentials, the event log. */
  readPrimary: ReadSql;
  /** Like `read`, for what may take long: counts, searches. Nothing waits behind it. */
  readSlow: ReadSql;
  /** For counts: what it gives may be a second old, but never older than the last change of this process. */
  count: ReadSql;
  listen: Listen;
  /**
   * Like `listen`, for a channel whose trigger also says `raise info '<channel>'`: for what this process changed it calls
   * back before the change has resolved. One call a channel.
   */
  listenAtOnce: Listen;
  /** PostgreSQL in this process; undefined when it runs elsewhere. */
  embedded: PGlite | undefined;
  isUp: () => Promise<boolean>;
  /** True when notifications of events arrive. */
  isListening: () => boolean;
  close: () => Promise<void>;
}

const common = {
  // Explicit classes and migrations: nothing is looked for on disk, so source and build behave alike.
  entities: entitiesOf(modules),
  extensions: [Migrator],
  migrations: { migrationsList: migrations, snapshot: false, disableForeignKeys: false },
  forceUtcTimezone: true,
  colors: false,
} satisfies Options;

export interface DatabaseOptions {
  /** False trades safety at a power cut for speed: for tests only. */
  fsync?: boolean;
}

/** Opens the database that the configuration names and brings its schema up to date. */
export async function openDatabase(config: Config, log: Logger, options: DatabaseOptions = {}): Promise<Database> {
  return config.databaseUrl
    ? openServer(config.databaseUrl, config.databaseReplicaUrls, log)
    : openEmbedded(join(config.dataDir, 'postgres'), log, options);
}

/** How alike words must be to be suggested for each other: two letters that changed places may be. */
const nearlyTheSame = 'pg_trgm.word_similarity_threshold=0.45';

const identity = (text: string): string => text;
/** Types that a plan reads; as text they pass to JSON without a detour. */
const plainTypes = [16, 17, 20, 21, 23, 25, 114, 700, 701, 1009, 1043, 1082, 1114, 1184, 1700, 2950, 3802];

async function openEmbedded(folder: string, log: Logger, { fsync = true }: DatabaseOptions): Promise<Database> {
  mkdirSync(join(folder, '..'), { recursive: true, mode: 0o700 });
  const unlock = lockFolder(folder);
  try {
    const orm = (await MikroORM.init({
      ...common,
      logger: (message) => log.debug(message),
      driver: PgliteDriver,
      dbName: folder,
      driverOptions: {
        extensions: { pg_trgm, unaccent },
        // PGlite starts PostgreSQL without fsync; data that people entrust to us needs it.
        startParams: [
          ...PGlite.defaultStartParams,
          '-c',
          `fsync=${fsync ? 'on' : 'off'}`,
          '-c',
          'timezone=UTC',
          '-c',
          nearlyTheSame,
        ],
      },
    })) as unknown as Orm;
    await orm.migrator.up();
    const client = (await (
      orm.em.getConnection() as unknown as { getNativeClient: () => Promise<PGlite> }
    ).getNativeClient()) as PGlite;
    const parsers = Object.fromEntries(plainTypes.map((oid) => [oid, identity]));
    const read: ReadSql = async (text, parameters) =>
      (await client.query<(string | null)[]>(text, [...parameters], { rowMode: 'array', parsers })).rows;
    const listen: Listen = async (channel, onNotify) => {
      // PGlite calls back amid the query that notifies: bound, or what follows would join that query's transaction.
      const unlisten = await client.listen(channel, AsyncResource.bind(onNotify));
      return () => unlisten();
    };
    return {
      orm,
      read,
      readPrimary: read,
      readSlow: read,
      count: read,
      embedded: client,
      listen,
      listenAtOnce: listen,
      isUp: () => answers(read),
      isListening: () => client.ready && !client.closed,
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

// Statements here take milliseconds; compiling one of them takes a tenth of a second, and starting workers for it longer than
// they save, on cores that other requests want.
const sessionOptions = `-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=iso_8601 -c jit=off -c max_parallel_workers_per_gather=0 -c ${nearlyTheSame}`;

async function openServer(url: string, replicaUrls: readonly string[], log: Logger): Promise<Database> {
  const ownChanges = new OwnChanges();
  const orm = (await MikroORM.init({
    ...common,
    logger: (message) => log.debug(message),
    driver: PostgreSqlDriver,
    clientUrl: url,
    pool: { min: 0, max: 10, idleTimeoutMillis: 30_000 },
    driverOptions: {
      application_name: 'passerelle',
      options: sessionOptions,
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 30_000,
      connectionTimeoutMillis: 5_000,
      onPoolCreated: (pool: pg.Pool) => {
        giveBackLostConnections(pool);
        pool.on('connect', (client) => ownChanges.follow(client));
      },
    },
  })) as unknown as Orm;
  await migrateUnderLock(orm, url);

  const primary = readsFrom(url, log);
  const replicas = replicaUrls.map((replica) => readsFrom(replica, log));
  let turn = 0;
  const next = () => replicas[turn++ % replicas.length] ?? primary;
  const readSlow: ReadSql = (text, parameters) => next().any(text, parameters);
  const counts = countCache(readSlow);
  ownChanges.onEach(counts.forget);
  const listener = startListener(url, log);
  return {
    orm,
    read: (text, parameters) => next().short(text, parameters),
    readPrimary: primary.any,
    readSlow,
    count: counts.count,
    embedded: undefined,
    listen: listener.listen,
    listenAtOnce: (channel, onNotify) => {
      ownChanges.on(channel, onNotify);
      return listener.listen(channel, onNotify);
    },
    isUp: () => answers(primary.any),
    isListening: listener.isConnected,
    close: async () => {
      await listener.stop();
      await Promise.all([primary, ...replicas].map((pool) => pool.end()));
      await orm.close();
    },
  };
}

/**
 * Kysely gives a connection back to the pool only when its `rollback` has worked. On a lost connection it cannot, and need
 * not, since the server has rolled back: without this every loss amid a transaction would take a place in the pool for good.
 */
function giveBackLostConnections(pool: pg.Pool): void {
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...statement: unknown[]) => Promise<unknown>;
    const forgiving = (...statement: unknown[]): Promise<unknown> =>
      statement[0] === 'rollback' ? query(...statement).catch(() => ({ rows: [] })) : query(...statement);
    client.query = forgiving as typeof client.query;
  });
}

async function answers(read: ReadSql): Promise<boolean> {
  try {
    return (await read('select 1', [])).length === 1;
  } catch {
    return false;
  }
}

/** Several processes may start at once; one migrates, the others wait and find nothing to do. */
async function migrateUnderLock(orm: Orm, url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'passerelle-migrations' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(7261000)');
    await orm.migrator.up();
  } finally {
    await client.end();
  }
}

/** Names are bounded: a text beyond them runs unnamed, since PostgreSQL keeps every named statement. */
const namedStatements = 1000;

/** Two ways to one server: `short` for statements that take milliseconds, `any` for all others. */
function readsFrom(url: string, log: Logger): { short: ReadSql; any: ReadSql; end: () => Promise<void> } {
  const config: pg.ClientConfig = {
    connectionString: url,
    application_name: 'passerelle-reads',
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000,
    keepAlive: true,
    options: `${sessionOptions} -c default_transaction_read_only=on`,
  };
  const names = new Map<string, string>();
  const nameOf = (text: string): string | undefined => {
    if (!names.has(text) && names.size < namedStatements) names.set(text, `r${names.size}`);
    return names.get(text);
  };
  const pool = new pg.Pool({ ...config, max: 4, idleTimeoutMillis: 30_000 });
  pool.on('error', (error) => log.warn({ err: error }, 'an idle read connection was lost'));
  const lanes = readLanes(config, nameOf, log);
  const types = { getTypeParser: () => identity } as unknown as pg.CustomTypesConfig;
  return {
    short: lanes.read,
    any: async (text, parameters) => {
      const name = nameOf(text);
      const result = await pool.query<(string | null)[]>({
        text,
        values: [...parameters],
        rowMode: 'array',
        types,
        ...(name && { name }),
      });
      return result.rows;
    },
    end: async () => {
      await Promise.all([pool.end(), lanes.end()]);
    },
  };
}

/** One connection that only listens. When it is lost it comes back by itself and everybody is woken to catch up. */
function startListener(
  url: string,
  log: Logger,
): { listen: Listen; isConnected: () => boolean; stop: () => Promise<void> } {
  const listeners = new Map<string, Set<() => void>>();
  let client: pg.Client | undefined;
  let connecting: Promise<void> | undefined;
  let stopped = false;

  const connect = async (): Promise<void> => {
    for (let delayMs = 100; !stopped; delayMs = Math.min(delayMs * 2, 5_000)) {
      const next = new pg.Client({ connectionString: url, application_name: 'passerelle-events', keepAlive: true });
      try {
        next.on('notification', ({ channel }) => listeners.get(channel)?.forEach((wake) => wake()));
        next.on('error', (error) => {
          if (client !== next || stopped) return;
          log.warn({ err: error }, 'the listening connection was lost; reconnecting');
          client = undefined;
          connecting = connect();
        });
        await next.connect();
        for (const channel of listeners.keys()) await next.query(`listen ${channel}`);
        client = next;
        listeners.forEach((wakes) => wakes.forEach((wake) => wake()));
        return;
      } catch (error) {
        log.warn({ err: error }, 'cannot listen for events yet');
        await next.end().catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, delayMs).unref());
      }
    }
  };
  return {
    listen: async (channel, onNotify) => {
      const wakes = listeners.get(channel) ?? new Set();
      const isNew = wakes.size === 0;
      listeners.set(channel, wakes.add(onNotify));
      await (connecting ??= connect());
      if (isNew) await client?.query(`listen ${channel}`);
      return async () => {
        wakes.delete(onNotify);
      };
    },
    isConnected: () => client !== undefined,
    stop: async () => {
      stopped = true;
      await client?.end();
    },
  };
}
