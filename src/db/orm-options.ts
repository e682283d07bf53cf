import { join } from 'node:path';
import type { EntityClass } from '@mikro-orm/core';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import type { Options } from '@mikro-orm/sql';
import type { Config } from '../config/config.js';
import { migrations } from './migrations/index.js';
import { Migrator } from './migrator.js';

export type Entities = readonly EntityClass[];

/** How alike two words must be for one to be suggested for the other: two letters may have changed places. */
export const wordSimilarity = 'pg_trgm.word_similarity_threshold=0.45';
/** Whose days SQL's `firm_day()` counts. */
export const firmTimeZone = (timeZone: string): string => `passerelle.time_zone=${timeZone}`;

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

export const commonOptions = (entities: Entities) =>
  ({
    // Classes and migrations are listed: nothing is looked for on disk, so source and build behave alike.
    entities: [...entities],
    extensions: [Migrator],
    migrations: { migrationsList: migrations, snapshot: false, disableForeignKeys: false },
    forceUtcTimezone: true,
    colors: false,
  }) satisfies Options;

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
