import { holds, sql } from '../../db/sql.js';
import type { CommandContext } from '../../kernel/command.js';
import { conflict, notFound } from '../../lib/errors.js';
import { rowId } from '../../lib/row-id.js';
import { endpointNumber, requireWebhookManager } from './endpoint-fields.js';
import { wakeDispatchers } from './queue-delivery.js';
import { renderMissingBodies } from './render-missing-bodies.js';
import { visibleWebhookEndpoints } from './webhook.policy.js';

export interface Replay {
  id: string;
  /** Of the webhook, number or UUID, to replay no delivery of another one. */
  endpointId?: string | null | undefined;
}

interface Found {
  id: number;
  kind: string;
  status: string;
  isActive: boolean;
  hasBody: boolean;
}

/**
 * Sends the same bytes under the same `webhook-id` once more, behind what waits for the same resource. One that still
 * waits is tried at once instead. Returns the number of the delivery that is under way. Throws NOT_FOUND, CONFLICT
 * `webhook.inactive`, or `webhook.unreadable` when its body could not be made and there is nothing to make it of now.
 */
export async function replayDelivery(ctx: CommandContext, { id, endpointId }: Replay): Promise<number> {
  const viewer = requireWebhookManager(ctx.viewer);
  const number = rowId(id) ?? null;
  const endpoint = endpointId == null ? undefined : ((await endpointNumber(ctx.db, viewer, endpointId)) ?? null);
  const own = sql`
    select d.id from webhook_deliveries d join webhook_endpoints t on t.id = d.endpoint_id
     where d.id = ${number}::int and ${holds(visibleWebhookEndpoints(viewer), 't')}`;
  await renderMissingBodies(ctx, own);
  return ctx.db.transaction(async (tx) => {
    // The webhook before its deliveries, as whoever deletes it locks them: the other order would deadlock.
    await tx.send(sql`
      select 1 from webhook_endpoints
       where id = (select endpoint_id from webhook_deliveries where id = ${number}::int) for key share`);
    const found = await tx.first<Found>(sql`
      select d.id, d.kind, d.status, d.body <> '' as "hasBody", t.is_active as "isActive"
        from webhook_deliveries d join webhook_endpoints t on t.id = d.endpoint_id
       where d.id = ${number}::int and ${holds(visibleWebhookEndpoints(viewer), 't')}
         and t.id = ${endpoint === undefined ? sql`t.id` : endpoint} for update of d`);
    if (!found) throw notFound('WebhookDelivery');
    if (!found.isActive) throw conflict('The webhook is switched off', { reason: 'webhook.inactive' });
    if (!found.hasBody) throw conflict('What it was about cannot be told any more', { reason: 'webhook.unreadable' });
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
                                      permissions, next_attempt_at, created_at)
      select endpoint_id, message_id, case kind when 'test' then 'test' else 'replay' end, event_position, event_type,
             resource, body, permissions, ${at}::timestamptz, ${at}::timestamptz
        from webhook_deliveries where id = ${found.id} returning id`);
    return (made as { id: number }).id;
  });
}
