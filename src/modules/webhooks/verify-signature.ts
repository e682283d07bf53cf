import { createHmac, timingSafeEqual } from 'node:crypto';
import { holds, sql } from '../../db/sql.js';
import type { CommandContext } from '../../kernel/command.js';
import { notFound } from '../../lib/errors.js';
import { endpointNumber, requireWebhookManager } from './endpoint-fields.js';
import { openSecret } from './webhook-secret.js';
import { visibleWebhookEndpoints } from './webhook.policy.js';

/**
 * Whether a body was signed, as in `X-Webhook-Signature`, with a secret of one's own webhook: the one in force, or the
 * one before while it holds. Throws NOT_FOUND.
 */
export async function verifySignature(
  { db, viewer, services }: CommandContext,
  { id, payload, signature }: { id: string; payload: string; signature: string },
): Promise<boolean> {
  requireWebhookManager(viewer);
  const number = await endpointNumber(db, viewer, id);
  const found = await db.first<{ id: number; secrets: string[] }>(sql`
    select id, array_remove(array[secret, case when previous_secret_ends_at > ${services.now()}::timestamptz
                                              then previous_secret end], null) as secrets
      from webhook_endpoints t where id = ${number ?? null}::int and ${holds(visibleWebhookEndpoints(viewer), 't')}`);
  if (!found) throw notFound('WebhookEndpoint');
  const given = Buffer.from(signature.trim().replace(/^sha256=/i, ''), 'hex');
  return found.secrets.some((sealed) => {
    const made = createHmac('sha256', openSecret(services.sealer, found.id, sealed))
      .update(payload)
      .digest();
    return given.length === made.length && timingSafeEqual(given, made);
  });
}
