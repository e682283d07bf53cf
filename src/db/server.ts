import { MikroORM } from '@mikro-orm/sql';
import pg from 'pg';
import type { Logger } from 'pino';
import { checkServer, migrationFailure } from './check-server.js';
import { columnsOf } from './column-of.js';
import type { Database, DatabaseOptions, Migrating, Orm, ReadSql } from './database.js';
import { startListener } from './listener.js';
import { lockUntilDisconnected } from './locks.js';
import { bringUpToDate } from './migrator.js';
import { serverOptions, sessionSettings } from './orm-options.js';
import { OwnChanges } from './own-changes.js';
import { openReads, type Reads, type ReadsOptions, stateOf } from './reads.js';
import { recentReads } from './recent-reads.js';
import { followReplicas } from './replicas.js';
import { serverClient, serverRunner } from './server-client.js';
import { startSharedRows } from './shared-rows.js';
import type { SqlClient, SqlRunner } from './sql-client.js';
import { statementNames } from './statement-names.js';
import { outageTeller, type TellOutage, tellingOutages } from './telling-outages.js';

/** Kept for a moment. */
const maxCounts = 1_000;

interface ServerOptions extends DatabaseOptions {
  /** The firm's. */
  timeZone: string;
  replicaUrls: readonly string[];
  log: Logger;
}

/** A PostgreSQL server, migrated, with its replicas. Throws ConfigError when one of them cannot be used. */
export async function openServer(
  url: string,
  { timeZone, replicaUrls, log, entities, migrations, patienceMs = 35_000 }: ServerOptions,
): Promise<Database> {
  await checkServer('DATABASE_URL', url, { isWritten: true });
  for (const replica of replicaUrls) await checkServer('DATABASE_REPLICA_URLS', replica, { isWritten: false });
  const ownChanges = new OwnChanges();
  const options = serverOptions(entities, url, { timeZone });
  const orm = (await MikroORM.init({
    ...options,
    logger: (message) => log.debug(message),
    driverOptions: {
      ...options.driverOptions,
      onPoolCreated: (pool: pg.Pool) => {
        giveBackLostConnections(pool);
        pool.on('connect', (client) => ownChanges.follow(client));
      },
    },
  })) as unknown as Orm;
  try {
    await migrateUnderLock(orm, url, migrations);
  } catch (error) {
    await orm.close();
    throw migrationFailure('DATABASE_URL', error);
  }

  const primary = openReads(url, { timeZone, log, patienceMs });
  const replicaReads = replicaUrls.map((replica) => ({
    url: replica,
    reads: openReads(replica, { timeZone, log, patienceMs }),
  }));
  const replicas = replicaReads.length
    ? await followReplicas({ primary, primaryUrl: url, replicas: replicaReads, log })
    : undefined;
  const source = (): Reads => replicas?.sourceFor() ?? primary;
  const tell = outageTeller(log);
  const reading = (read: ReadSql): ReadSql => tellingOutages(read, tell);
  const counts = recentReads((text, parameters) => source().any(text, parameters), maxCounts);
  ownChanges.onEach(counts.forget);
  const listener = startListener(url, { log, patienceMs });
  const writes = openWrites(url, ownChanges, { timeZone, log, patienceMs });
  const probe = openProbe(url);
  const listenAtOnce: Database['listenAtOnce'] = (channel, onNotify) => {
    ownChanges.on(channel, onNotify);
    return listener.listen(channel, onNotify);
  };
  const isListening = listener.isConnected;
  const readShared = await startSharedRows({ readPrimary: primary.any, listenAtOnce, isListening });
  const client = serverClient({ pool: writes, columnOf: columnsOf(orm), nameOf: statementNames('w') });
  return {
    orm,
    client: {
      ...client,
      ...running(client, tell),
      transaction: tellingOutages(client.transaction, tell) as SqlClient['transaction'],
    },
    shortReads: running(serverRunner(primary.query, columnsOf(orm)), tell),
    read: reading((text, parameters) => source().short(text, parameters)),
    readPrimary: reading(primary.any),
    readSlow: reading((text, parameters) => source().slow(text, parameters)),
    readLong: reading((text, parameters) => source().any(text, parameters)),
    count: reading(counts.read),
    replicas,
    embedded: undefined,
    listen: listener.listen,
    readShared: reading(readShared),
    listenAtOnce,
    isListening,
    isUp: async () => (await probe.query('select 1 where not pg_is_in_recovery()')).rows.length === 1,
    connections: () => [
      stateOf('writes', writes),
      ...primary.connections(''),
      ...replicaReads.flatMap(({ reads }, i) => reads.connections(`replica_${i + 1}_`)),
    ],
    close: async () => {
      await listener.stop();
      await replicas?.stop();
      await Promise.all([primary, ...replicaReads.map(({ reads }) => reads), writes, probe].map((pool) => pool.end()));
      await orm.close();
    },
  };
}

const running = ({ all, first, run }: SqlRunner, tell: TellOutage): SqlRunner => ({
  all: tellingOutages(all, tell) as SqlRunner['all'],
  first: tellingOutages(first, tell) as SqlRunner['first'],
  run: tellingOutages(run, tell),
});

/** The connections of the write side. */
function openWrites(url: string, ownChanges: OwnChanges, { timeZone, log, patienceMs }: ReadsOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'passerelle',
    options: sessionSettings(timeZone),
    statement_timeout: 30_000,
    query_timeout: patienceMs,
    idle_in_transaction_session_timeout: 30_000,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    max: 10,
    pipeline: true,
  } as pg.PoolConfig);
  pool.on('error', (error) => log.warn({ err: error }, 'an idle connection was lost'));
  pool.on('connect', (client) => {
    ownChanges.follow(client);
    // In use: the statement under way rejects; without a listener the error would end the process as well.
    client.on('error', (error) => log.warn({ err: error }, 'a connection was lost'));
  });
  return pool;
}

const probeMs = 1_500;

/** A connection for `isUp` alone: an answer does not wait for those that are busy. */
function openProbe(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'passerelle-health',
    connectionTimeoutMillis: probeMs,
    query_timeout: probeMs,
    max: 1,
    idleTimeoutMillis: 60_000,
  });
  // The next answer says so.
  pool.on('error', () => undefined);
  return pool;
}

/**
 * Kysely gives a connection back to the pool only when its `rollback` has worked. On a lost connection it cannot, and
 * need not, since the server has rolled back: without this every loss amid a transaction would take a place in the pool
 * for good.
 */
function giveBackLostConnections(pool: pg.Pool): void {
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...statement: unknown[]) => Promise<unknown>;
    const forgiving = (...statement: unknown[]): Promise<unknown> =>
      statement[0] === 'rollback' ? query(...statement).catch(() => ({ rows: [] })) : query(...statement);
    client.query = forgiving as typeof client.query;
  });
}

/** Several processes may start at once; one migrates, the others wait and find nothing to do. */
async function migrateUnderLock(orm: Orm, url: string, how: Migrating | undefined): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'passerelle-migrations' });
  await client.connect();
  try {
    await client.query(lockUntilDisconnected('migrations'));
    await bringUpToDate(orm, how);
  } finally {
    await client.end();
  }
}
