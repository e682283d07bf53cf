import type { MikroORM } from '@mikro-orm/core';
import { Migrator as MikroOrmMigrator } from '@mikro-orm/migrations';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { ConfigError } from '../config/config-error.js';
import type { Migrating, Orm } from './database.js';
import { findDrift } from './drift.js';

/**
 * MikroORM's migrator, whose `checkSchema` (`mikro-orm migration:check`) compares what entities and migrations both
 * say: the columns. Its own comparison would report every check, partial index and trigger, which only the migrations
 * know. Migrations are written by hand for the same reason. The class has this name because MikroORM adds its own
 * migrator unless there is a `Migrator` among the extensions.
 */
export class Migrator extends MikroOrmMigrator {
  readonly #em: SqlEntityManager;

  constructor(em: SqlEntityManager) {
    super(em);
    this.#em = em;
  }

  static override register(orm: MikroORM): void {
    orm.config.registerExtension('@mikro-orm/migrator', () => new Migrator(orm.em as SqlEntityManager));
  }

  /** Resolves with true when something differs, and logs a line for each. */
  override async checkSchema(): Promise<boolean> {
    const problems = await findDrift(this.#em);
    for (const problem of problems) this.#em.config.getLogger().log('migrator', problem);
    return problems.length > 0;
  }
}

/** Runs the pending migrations, or does about them what `how` says. */
export async function bringUpToDate(orm: Orm, how: Migrating = 'apply'): Promise<void> {
  if (how === 'apply') await orm.migrator.up();
  if (how !== 'require') return;
  const pending = await orm.migrator.getPending();
  if (pending.length > 0)
    throw new ConfigError(
      `The database is not up to date: ${pending.length} migrations are pending. ` +
        'A start of the server runs them, or "passerelle migrate up".',
    );
}
