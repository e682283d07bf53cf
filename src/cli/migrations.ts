import 'reflect-metadata';
import { entitiesOf } from '../app/compose.js';
import { modules } from '../app/modules.js';
import { readConfig } from '../config/config.js';
import { type Database, openDatabase } from '../db/database.js';
import { type DirectOptions, quietLog } from './direct.js';

export interface MigrationStatus {
  done: { name: string; at: string }[];
  pending: string[];
  /** Done by a newer version of the program. */
  unknown: string[];
}

export const migrationStatus = (options: DirectOptions): Promise<MigrationStatus> =>
  onDatabase(options, 'leave', statusOf);

/** Runs what is pending. */
export const migrateUp = (options: DirectOptions): Promise<void> => onDatabase(options, 'apply', async () => undefined);

export async function statusOf({ orm }: Pick<Database, 'orm'>): Promise<MigrationStatus> {
  const known = orm.config.get('migrations').migrationsList?.map((m) => (m as { name: string }).name) ?? [];
  const executed = await orm.migrator.getExecuted();
  const names = new Set(executed.map(({ name }) => name));
  return {
    done: executed.map(({ name, executed_at: at }) => ({ name, at: new Date(at).toISOString() })),
    pending: known.filter((name) => !names.has(name)),
    unknown: [...names].filter((name) => !known.includes(name)),
  };
}

async function onDatabase<T>(
  options: DirectOptions,
  migrations: 'apply' | 'leave',
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const log = quietLog(options);
  const database = await openDatabase(readConfig(), log, { entities: entitiesOf(modules), migrations });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
