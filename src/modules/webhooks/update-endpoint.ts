import { set, sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { checkEndpoint, type EndpointFields, lockEndpoint, requireWebhookManager } from './endpoint-fields.js';
import { wakeDispatchers } from './queue-delivery.js';
import { replaceSecret } from './rotate-secret.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { openSecret } from './webhook-secret.js';

/**
 * Changes the given fields. A given secret takes the place of the one before as a rotation does. Switching on forgets
 * why the server had switched off, and sends what waits. Throws NOT_FOUND, BAD_USER_INPUT with every problem.
 */
export async function updateEndpoint(
  ctx: CommandContext,
  { id, ...input }: EndpointFields & { id: string },
): Promise<number> {
  const viewer = requireWebhookManager(ctx.viewer);
  const { secret, ...given } = checkEndpoint(ctx, input);
  return ctx.db.transaction(async (tx) => {
    const before = await lockEndpoint(tx, viewer, id);
    const about = { ownerId: before.ownerId, name: given.name ?? before.name };
    const fields = Object.entries(given).flatMap(([name, value]) =>
      value === undefined || JSON.stringify(before[name as keyof typeof given]) === JSON.stringify(value) ? [] : [name],
    );
    if (fields.length) {
      const isSwitchedOn = fields.includes('isActive') && given.isActive === true;
      const changes = {
        ...given,
        ...(isSwitchedOn && { disabledReason: null, disabledAt: null, failingSince: null }),
        updatedAt: ctx.services.now(),
      };
      await tx.send(sql`update webhook_endpoints set ${set(WebhookEndpoint, changes)} where id = ${before.id}`);
      await emit(tx, ctx, 'webhook.updated', ['WebhookEndpoint', before.id], { ...about, fields });
      if (isSwitchedOn) await wakeDispatchers(tx);
    }
    if (secret !== undefined && secret !== openSecret(ctx.services.sealer, before.id, before.secret))
      await replaceSecret(tx, ctx, { ...before, name: about.name }, secret);
    return before.id;
  });
}
