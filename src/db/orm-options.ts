import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import type { EntityClass } from '@mikro-orm/core';
import { PgliteDriver } from '@mikro-orm/pglite';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import type { Options } from '@mikro-orm/sql';
import type { Config } from '../config/config.js';
import { migrations } from './migrations/index.js';
import { Migrator } from './migrator.js';

export type Entities = readonly EntityClass[];
export type OrmOptions = ReturnType<typeof serverOptions> | ReturnType<typeof embeddedOptions>;

/** How alike two words must be for one to be suggested for the other: two letters may have changed places. */
const wordSimilarity = 'pg_trgm.word_similarity_threshold=0.45';
/** Whose days SQL's `firm_day()` counts. */
const firmTimeZone = (timeZone: string): string => `passerelle.time_zone=${timeZone}`;

/**
 * Settings of every session on a PostgreSQL server. Statements here take milliseconds: compiling one (`jit`) takes a
 * tenth of a second, and starting parallel workers takes longer than they save, on cores that other requests want.
 */
export const sessionSettings = (timeZone: string): string =>
  [
    'TimeZone=UTC',
    'DateStyle=ISO',
    'IntervalStyle=iso_8601',
    'jit=off',
    'max_parallel_workers_per_gather=0',
    wordSimilarity,
    firmTimeZone(timeZone),
  ]
    .map((setting) => `-c ${setting}`)
    .join(' ');

const commonOptions = (entities: Entities) =>
  ({
    // Classes and migrations are listed: nothing is looked for on disk, so source and build behave alike.
    entities: [...entities],
    extensions: [Migrator],
    migrations: { migrationsList: migrations, snapshot: false, disableForeignKeys: false },
    forceUtcTimezone: true,
    colors: false,
  }) satisfies Options;

/** MikroORM on the database that the configuration names. */
export const ormOptions = (
  { databaseUrl, dataDir, timeZone }: Pick<Config, 'databaseUrl' | 'dataDir' | 'timeZone'>,
  entities: Entities,
): OrmOptions =>
  databaseUrl
    ? serverOptions(entities, databaseUrl, { timeZone })
    : embeddedOptions(entities, embeddedFolder(dataDir), { timeZone });

/** Where the embedded database keeps its files. */
export const embeddedFolder = (dataDir: string): string => join(dataDir, 'postgres');

/** MikroORM on a PostgreSQL server. */
export const serverOptions = (entities: Entities, url: string, { timeZone }: Pick<Config, 'timeZone'>) =>
  ({
    ...commonOptions(entities),
    driver: PostgreSqlDriver,
    clientUrl: url,
    pool: { min: 0, max: 10, idleTimeoutMillis: 30_000 },
    driverOptions: {
      application_name: 'passerelle',
      options: sessionSettings(timeZone),
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 30_000,
      connectionTimeoutMillis: 5_000,
    },
  }) satisfies Options<PostgreSqlDriver>;

/** MikroORM on PostgreSQL inside this process, its files in `folder`. */
export const embeddedOptions = (
  entities: Entities,
  folder: string,
  { timeZone, fsync = true }: Pick<Config, 'timeZone'> & { fsync?: boolean | undefined },
) =>
  ({
    ...commonOptions(entities),
    driver: PgliteDriver,
    dbName: folder,
    driverOptions: {
      extensions: { btree_gist, pg_trgm, unaccent },
      // PGlite starts PostgreSQL without fsync; data that people entrust to us needs it.
      startParams: [
        ...PGlite.defaultStartParams,
        ...[`fsync=${fsync ? 'on' : 'off'}`, 'timezone=UTC', wordSimilarity, firmTimeZone(timeZone)].flatMap(
          (setting) => ['-c', setting],
        ),
      ],
    },
  }) satisfies Options<PgliteDriver>;
