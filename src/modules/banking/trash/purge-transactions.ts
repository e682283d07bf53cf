import { sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { trashDays } from './trash-transactions.js';

const batchSize = 500;

/** Deletes for good what has lain in the trash for 30 days, a batch at a time, so that nobody waits for a lock. */
export async function purgeTransactions({ db, services, signal }: Context): Promise<void> {
  const limit = new Date(services.now().getTime() - trashDays * 86_400_000);
  for (;;) {
    const deleted = await db.run(sql`
      delete from trashed_transactions where id in (
        select id from trashed_transactions where deleted_at < ${limit}
         order by deleted_at limit ${batchSize} for update skip locked)`);
    if (deleted < batchSize || signal?.aborted) return;
  }
}
