import { sql } from '../../db/sql.js';
import type { Context } from '../../kernel/context.js';

const keptDays = 30;
/** Finished ones of a webhook. */
const keptDeliveries = 10_000;
const batchSize = 1_000;

/**
 * Deletes deliveries older than 30 days, also those that still wait for a webhook that is switched off, and of each
 * webhook the finished ones beyond the last ten thousand; a batch at a time, so that nobody waits for a lock.
 */
export async function purgeDeliveries({ db, services, signal }: Context): Promise<void> {
  const limit = new Date(services.now().getTime() - keptDays * 86_400_000);
  const old = sql`select id from webhook_deliveries where created_at < ${limit} order by created_at`;
  const beyond = sql`
    select d.id from webhook_endpoints e
     cross join lateral (
       select f.id from webhook_deliveries f where f.endpoint_id = e.id and f.status <> 'pending'
        order by f.id desc offset ${keptDeliveries} limit ${batchSize}) d`;
  for (const surplus of [old, beyond])
    for (;;) {
      const deleted = await db.run(sql`
        delete from webhook_deliveries where id in (select id from (${surplus}) s limit ${batchSize})`);
      if (deleted < batchSize || signal?.aborted) break;
    }
}
