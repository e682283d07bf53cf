import { holds, sql } from '../../db/sql.js';
import type { CommandContext } from '../../kernel/command.js';
import { conflict, notFound } from '../../lib/errors.js';
import { rowId } from '../../lib/row-id.js';
import { requireWebhookManager } from './endpoint-fields.js';
import { wakeDispatchers } from './queue-delivery.js';
import { visibleWebhookEndpoints } from './webhook.policy.js';

export interface Replay {
  id: string;
  /** Of the webhook, to replay no delivery of another one. */
  endpointId?: string | null | undefined;
}

/**
 * Sends the same bytes under the same `webhook-id` once more, behind what waits for the same resource. One that still
 * waits is tried at once instead. Returns the number of the delivery that is under way. Throws NOT_FOUND, CONFLICT
 * `webhook.inactive`.
 */
export async function replayDelivery(ctx: CommandContext, { id, endpointId }: Replay): Promise<number> {
  const viewer = requireWebhookManager(ctx.viewer);
  const number = rowId(id) ?? null;
  return ctx.db.transaction(async (tx) => {
    // The webhook before its deliveries, as whoever deletes it locks them: the other order would deadlock.
    await tx.send(sql`
      select 1 from webhook_endpoints
       where id = (select endpoint_id from webhook_deliveries where id = ${number}::int) for key share`);
    const found = await tx.first<{ id: number; kind: string; status: string; isActive: boolean }>(sql`
      select d.id, d.kind, d.status, t.is_active as "isActive"
        from webhook_deliveries d join webhook_endpoints t on t.id = d.endpoint_id
       where d.id = ${number}::int and ${holds(visibleWebhookEndpoints(viewer), 't')}
         and t.id = ${endpointId == null ? sql`t.id` : (rowId(endpointId) ?? null)} for update of d`);
    if (!found) throw notFound('WebhookDelivery');
    if (!found.isActive) throw conflict('The webhook is switched off', { reason: 'webhook.inactive' });
    const at = ctx.services.now();
    await wakeDispatchers(tx);
    if (found.status === 'pending') {
      await tx.send(sql`
        update webhook_deliveries set next_attempt_at = least(next_attempt_at, ${at}::timestamptz)
         where id = ${found.id}`);
      return found.id;
    }
    const made = await tx.first<{ id: number }>(sql`
      insert into webhook_deliveries (endpoint_id, message_id, kind, event_position, event_type, resource, body,
                                      next_attempt_at, created_at)
      select endpoint_id, message_id, case kind when 'test' then 'test' else 'replay' end, event_position, event_type,
             resource, body, ${at}::timestamptz, ${at}::timestamptz
        from webhook_deliveries where id = ${found.id} returning id`);
    return (made as { id: number }).id;
  });
}
