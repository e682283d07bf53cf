import { raw, type Sql, sql } from '../../db/sql.js';
import type { Context } from '../../kernel/context.js';

/** How long what lies in the trash may be taken out again. */
export const trashDays = 30;
const batchSize = 500;

export interface PurgeOptions {
  /** A condition on the row `t` under which it is not its turn yet: what hangs on it and is to go first. */
  unless?: Sql;
}

/** Deletes for good what has lain in the trash for 30 days, a batch at a time, so that nobody waits for a lock. */
export async function purgeTrash(
  { db, services, signal }: Context,
  table: 'clients' | 'interventions' | 'maintenance_contracts' | 'appointments',
  { unless }: PurgeOptions = {},
): Promise<void> {
  const limit = purgeLimit(services.now());
  for (;;) {
    const deleted = await db.run(sql`
      delete from ${raw(table)} where id in (
        select t.id from ${raw(table)} t where t.deleted_at < ${limit} and not (${unless ?? raw('false')})
         order by t.deleted_at limit ${batchSize} for update skip locked)`);
    if (deleted < batchSize || signal?.aborted) return;
  }
}

/** What went into the trash before this moment is deleted for good. */
export const purgeLimit = (now: Date): Date => new Date(now.getTime() - trashDays * 86_400_000);
