import type { Transaction } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { lockEndpoint, requireWebhookManager, type StoredEndpoint } from './endpoint-fields.js';
import { newWebhookSecret, sealSecret } from './webhook-secret.js';

/** How long what is sent carries the signature of the secret before as well. */
const overlapMs = 24 * 3_600_000;

/** Gives a webhook a new secret and returns it, here and never again. Throws NOT_FOUND. */
export async function rotateSecret(ctx: CommandContext, id: string): Promise<{ id: number; secret: string }> {
  const viewer = requireWebhookManager(ctx.viewer);
  const secret = newWebhookSecret();
  return ctx.db.transaction(async (tx) => {
    const endpoint = await lockEndpoint(tx, viewer, id);
    await replaceSecret(tx, ctx, endpoint, secret);
    return { id: endpoint.id, secret };
  });
}

/** Puts a secret into force; the one before holds for another 24 hours, in `webhook-signature` only. */
export async function replaceSecret(
  tx: Transaction,
  ctx: CommandContext,
  { id, ownerId, name, secret: before }: StoredEndpoint,
  secret: string,
): Promise<void> {
  const now = ctx.services.now();
  await tx.send(sql`
    update webhook_endpoints
       set secret = ${sealSecret(ctx.services.sealer, id, secret)}, previous_secret = ${before},
           previous_secret_ends_at = ${new Date(now.getTime() + overlapMs)}, updated_at = ${now}
     where id = ${id}`);
  await emit(tx, ctx, 'webhook.secret_rotated', ['WebhookEndpoint', id], { ownerId, name });
}
