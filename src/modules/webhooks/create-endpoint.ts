import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import { refuseBeyond } from '../../kernel/bounds.js';
import type { CommandContext } from '../../kernel/command.js';
import { lockPerson } from '../identity/people/lock-person.js';
import { checkEndpoint, type EndpointFields, requireWebhookManager } from './endpoint-fields.js';
import { newWebhookSecret, sealSecret } from './webhook-secret.js';

/** Of one person. */
const mostEndpoints = 20;

export interface NewEndpoint extends EndpointFields {
  name: string;
  url: string;
  events: readonly string[];
}

/**
 * Makes a webhook of the viewer's. Unless they give a secret one is made, and returned here and never again; null when
 * they gave it. Throws BAD_USER_INPUT with every problem, CONFLICT when the person has twenty.
 */
export async function createEndpoint(
  ctx: CommandContext,
  input: NewEndpoint,
): Promise<{ id: number; secret: string | null }> {
  const { userId } = requireWebhookManager(ctx.viewer);
  const given = checkEndpoint(ctx, input);
  const { name = '', url = '', events = [], isActive = true, secret = newWebhookSecret() } = given;
  return ctx.db.transaction(async (tx) => {
    await lockPerson(tx, userId);
    const own = sql`select 1 from webhook_endpoints where owner_id = ${userId}`;
    await refuseBeyond(tx, 'WebhookEndpoint', mostEndpoints, own);
    // The number comes first: the secret is sealed for it.
    const next = await tx.first<{ id: number }>(sql`
      select nextval(pg_get_serial_sequence('webhook_endpoints', 'id'))::int as id`);
    const { id } = next as { id: number };
    const now = ctx.services.now();
    // The secret is no column of the entity, so that no plan can read it.
    await tx.send(sql`
      insert into webhook_endpoints (id, owner_id, name, url, events, secret, is_active, created_at, updated_at)
      values (${id}, ${userId}, ${name}, ${url}, ${events}, ${sealSecret(ctx.services.sealer, id, secret)},
              ${isActive}, ${now}, ${now})`);
    await emit(tx, ctx, 'webhook.created', ['WebhookEndpoint', id], { ownerId: userId, name });
    return { id, secret: given.secret === undefined ? secret : null };
  });
}
