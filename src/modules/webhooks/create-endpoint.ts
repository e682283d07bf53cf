import type { Transaction } from '../../db/sql-client.js';
import { json, sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import { refuseBeyond } from '../../kernel/bounds.js';
import type { CommandContext } from '../../kernel/command.js';
import { requirePermission } from '../../kernel/viewer.js';
import { lockPerson } from '../identity/people/lock-person.js';
import { checkEndpoint, type EndpointFields } from './check-endpoint.js';
import { sealHeaders } from './custom-headers.js';
import { requireWebhookManager } from './endpoint-fields.js';
import { WebhookFormat } from './webhook-endpoint.entity.js';
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
 * they gave it. Throws FORBIDDEN for documented events without `webhooks:write`, BAD_USER_INPUT with every problem,
 * CONFLICT when the person has twenty.
 */
export async function createEndpoint(
  ctx: CommandContext,
  input: NewEndpoint,
): Promise<{ id: number; secret: string | null }> {
  const { userId } = requireWebhookManager(ctx.viewer);
  const format = input.format ?? WebhookFormat.LOG;
  if (format === WebhookFormat.DOCUMENTED) requirePermission(ctx.viewer, 'webhooks:write');
  const given = checkEndpoint(ctx, input, { format, events: [], payloadQuery: null, headers: new Map() });
  return ctx.db.transaction(async (tx) => {
    await lockPerson(tx, userId);
    const own = sql`select 1 from webhook_endpoints where owner_id = ${userId} and not is_managed`;
    await refuseBeyond(tx, 'WebhookEndpoint', mostEndpoints, own);
    const { id, secret } = await insertEndpoint(tx, ctx, { ownerId: userId, format, given });
    return { id, secret: given.secret === undefined ? secret : null };
  });
}

interface InsertedEndpoint {
  ownerId: number;
  format: WebhookFormat;
  given: ReturnType<typeof checkEndpoint>;
  /** True: it belongs to something else, by which it is changed. Default: false. */
  isManaged?: boolean;
}

/** A step of the commands that make a webhook. Returns its number and its secret. */
export async function insertEndpoint(
  tx: Transaction,
  ctx: CommandContext,
  { ownerId, format, given, isManaged = false }: InsertedEndpoint,
): Promise<{ id: number; secret: string }> {
  const { secret = newWebhookSecret(), headers = new Map<string, string>() } = given;
  const { name = '', url = '', events = [], isActive = true, ...more } = given.columns;
  // The number comes first: what is sealed is sealed for it.
  const next = await tx.first<{ id: number }>(sql`
    select nextval(pg_get_serial_sequence('webhook_endpoints', 'id'))::int as id`);
  const { id } = next as { id: number };
  const { sealer, now } = ctx.services;
  const at = now();
  // What is sealed is no column of the entity, so that no plan can read it.
  await tx.send(sql`
    insert into webhook_endpoints (id, owner_id, name, description, url, events, format, payload_query, conditions,
                                   resource_ids, header_names, header_values, secret, max_attempts,
                                   retry_delay_seconds, timeout_seconds, max_per_minute, is_active, is_managed,
                                   created_at, updated_at)
    values (${id}, ${ownerId}, ${name}, ${more.description ?? ''}, ${url}, ${events}, ${format},
            ${more.payloadQuery ?? null}, ${json(more.conditions ?? [])}, ${more.resourceIds ?? []},
            ${[...headers.keys()]}, ${sealHeaders(sealer, id, headers)}, ${sealSecret(sealer, id, secret)},
            ${more.maxAttempts ?? null}, ${more.retryDelaySeconds ?? null}, ${more.timeoutSeconds ?? 10},
            ${more.maxPerMinute ?? null}, ${isActive}, ${isManaged}, ${at}, ${at})`);
  await emit(tx, ctx, 'webhook.created', ['WebhookEndpoint', id], { ownerId, name });
  return { id, secret };
}
