import type { Context } from '../../kernel/context.js';

const keptDays = 90;
const batchSize = 1_000;

/** Deletes what is older than 90 days, a batch at a time so that nobody waits for a lock. */
export async function purgeNotifications({ em, services, signal }: Context): Promise<void> {
  const limit = new Date(services.now().getTime() - keptDays * 86_400_000);
  for (;;) {
    const deleted = await em.execute<unknown[]>(
      `delete from notifications where id in (
         select id from notifications where created_at < ? order by created_at limit ${batchSize} for update skip locked) returning 1`,
      [limit],
    );
    if (deleted.length < batchSize || signal?.aborted) return;
  }
}
