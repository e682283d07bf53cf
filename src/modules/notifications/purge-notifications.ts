import { sql } from '../../db/sql.js';
import type { Context } from '../../kernel/context.js';

const keptDays = 90;
const batchSize = 1_000;

/** Deletes what is older than 90 days, a batch at a time so that nobody waits for a lock. */
export async function purgeNotifications({ db, services, signal }: Context): Promise<void> {
  const limit = new Date(services.now().getTime() - keptDays * 86_400_000);
  for (;;) {
    const deleted = await db.run(sql`
      delete from notifications where id in (
        select id from notifications where created_at < ${limit} order by created_at limit ${batchSize}
           for update skip locked)`);
    if (deleted < batchSize || signal?.aborted) return;
  }
}
