import { MikroORM } from '@mikro-orm/sql';
import pg from 'pg';
import type { Logger } from 'pino';
import { checkServer, migrationFailure } from './check-server.js';
import { columnsOf } from './column-of.js';
import { countCache } from './count-cache.js';
import type { Database, Orm, ReadSql } from './database.js';
import { startListener } from './listener.js';
import { lockUntilDisconnected } from './locks.js';
import { type Entities, serverOptions, sessionSettings } from './orm-options.js';
import { OwnChanges } from './own-changes.js';
import { openReads } from './reads.js';
import { serverClient } from './server-client.js';
import { statementNames } from './statement-names.js';

/** A PostgreSQL server, migrated, with its replicas. Throws ConfigError when one of them cannot be used. */
export async function openServer(
  url: string,
  replicaUrls: readonly string[],
  log: Logger,
  entities: Entities,
): Promise<Omit<Database, 'isUp'>> {
  await checkServer('DATABASE_URL', url, { isWritten: true });
  for (const replica of replicaUrls) await checkServer('DATABASE_REPLICA_URLS', replica, { isWritten: false });
  const ownChanges = new OwnChanges();
  const options = serverOptions(entities, url);
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
    await migrateUnderLock(orm, url);
  } catch (error) {
    await orm.close();
    throw migrationFailure('DATABASE_URL', error);
  }

  const primary = openReads(url, log);
  const replicas = replicaUrls.map((replica) => openReads(replica, log));
  let turn = 0;
  const next = () => replicas[turn++ % replicas.length] ?? primary;
  const readSlow: ReadSql = (text, parameters) => next().any(text, parameters);
  const counts = countCache(readSlow);
  ownChanges.onEach(counts.forget);
  const listener = startListener(url, log);
  const writes = openWrites(url, ownChanges, log);
  return {
    orm,
    client: serverClient({ pool: writes, columnOf: columnsOf(orm), nameOf: statementNames('w') }),
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
    isListening: listener.isConnected,
    close: async () => {
      await listener.stop();
      await Promise.all([primary, ...replicas, writes].map((pool) => pool.end()));
      await orm.close();
    },
  };
}

/** The connections of the write side. */
function openWrites(url: string, ownChanges: OwnChanges, log: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'passerelle',
    options: sessionSettings,
    statement_timeout: 30_000,
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
async function migrateUnderLock(orm: Orm, url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'passerelle-migrations' });
  await client.connect();
  try {
    await client.query(lockUntilDisconnected('migrations'));
    await orm.migrator.up();
  } finally {
    await client.end();
  }
}
