import type { Transaction } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { lockEndpoint, requireWebhookManager, type StoredEndpoint } from './endpoint-fields.js';

/** Deletes a webhook of the viewer's with its deliveries, also those that wait. Returns its id. Throws NOT_FOUND. */
export async function deleteEndpoint(ctx: CommandContext, id: string): Promise<number> {
  const viewer = requireWebhookManager(ctx.viewer);
  return ctx.db.transaction(async (tx) => {
    const endpoint = await lockEndpoint(tx, viewer, id);
    await removeEndpoint(tx, ctx, endpoint);
    return endpoint.id;
  });
}

/** A step of the commands that delete a webhook, which is locked. */
export async function removeEndpoint(
  tx: Transaction,
  ctx: CommandContext,
  { id, ownerId, name }: StoredEndpoint,
): Promise<void> {
  await tx.send(sql`delete from webhook_endpoints where id = ${id}`);
  await emit(tx, ctx, 'webhook.deleted', ['WebhookEndpoint', id], { ownerId, name });
}
