import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { lockEndpoint, requireWebhookManager } from './endpoint-fields.js';

/** Deletes a webhook of the viewer's with its deliveries, also those that wait. Returns its id. Throws NOT_FOUND. */
export async function deleteEndpoint(ctx: CommandContext, id: string): Promise<number> {
  const viewer = requireWebhookManager(ctx.viewer);
  return ctx.db.transaction(async (tx) => {
    const { id: number, ownerId, name } = await lockEndpoint(tx, viewer, id);
    await tx.send(sql`delete from webhook_endpoints where id = ${number}`);
    await emit(tx, ctx, 'webhook.deleted', ['WebhookEndpoint', number], { ownerId, name });
    return number;
  });
}
