import { sql } from '../../db/sql.js';
import type { EventHold } from '../../events/prune-events.js';

/**
 * Deliveries that wait, of paused webhooks too, and what replays under way have yet to queue, are sent with the event.
 */
export const waitingDeliveries: EventHold = {
  by: 'deliveries of webhooks',
  after: async (db) => {
    const oldest = await db.first<{ after: string | null }>(sql`
      select least(
        (select event_position from webhook_deliveries
          where status = 'pending' and event_position is not null order by event_position limit 1),
        (select min(d.event_position) from webhook_replays r
           join webhook_deliveries d
             on d.endpoint_id = r.endpoint_id and d.kind = 'event' and d.id > r.after_id and d.id <= r.last_id
          where r.status = 'running')) - 1 as after`);
    return oldest?.after ?? undefined;
  },
};
