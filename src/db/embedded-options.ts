import { PGlite } from '@electric-sql/pglite';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import { PgliteDriver } from '@mikro-orm/pglite';
import type { Options } from '@mikro-orm/sql';
import type { Config } from '../config/config.js';
import {
  commonOptions,
  embeddedFolder,
  type Entities,
  firmTimeZone,
  serverOptions,
  wordSimilarity,
} from './orm-options.js';

export type OrmOptions = ReturnType<typeof serverOptions> | ReturnType<typeof embeddedOptions>;

/** MikroORM on the database that the configuration names. */
export const ormOptions = (
  { databaseUrl, dataDir, timeZone }: Pick<Config, 'databaseUrl' | 'dataDir' | 'timeZone'>,
  entities: Entities,
): OrmOptions =>
  databaseUrl
    ? serverOptions(entities, databaseUrl, { timeZone })
    : embeddedOptions(entities, embeddedFolder(dataDir), { timeZone });

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
