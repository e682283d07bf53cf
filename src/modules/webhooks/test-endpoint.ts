import { randomUUID } from 'node:crypto';
import type { CommandContext } from '../../kernel/command.js';
import { toIsoSeconds } from '../../kernel/scalars.js';
import { conflict } from '../../lib/errors.js';
import { lockEndpoint, requireWebhookManager } from './endpoint-fields.js';
import { queueDeliveries } from './queue-delivery.js';

/**
 * Sends a `webhook.test` to a webhook of the viewer's, like any event but beside the others. Returns the delivery's
 * number. Throws NOT_FOUND, CONFLICT `webhook.inactive`.
 */
export async function testEndpoint(ctx: CommandContext, id: string): Promise<number> {
  const viewer = requireWebhookManager(ctx.viewer);
  return ctx.db.transaction(async (tx) => {
    const { id: number, name, isActive } = await lockEndpoint(tx, viewer, id);
    if (!isActive) throw conflict('The webhook is switched off', { reason: 'webhook.inactive' });
    const at = ctx.services.now();
    const messageId = `test_${randomUUID()}`;
    const message = {
      id: messageId,
      type: 'webhook.test',
      timestamp: toIsoSeconds(at),
      data: { name, subject: { type: 'WebhookEndpoint', id: String(number) }, actorId: viewer.userId },
    };
    const [deliveryId] = await queueDeliveries(tx, [number], { kind: 'test', message, resource: messageId, at });
    return deliveryId as number;
  });
}
