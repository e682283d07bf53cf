import type { Transaction } from '../../db/sql-client.js';
import { set, sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { requirePermission } from '../../kernel/viewer.js';
import { tidyName } from '../../lib/names.js';
import { checkEndpoint, type EndpointFields } from './check-endpoint.js';
import { openHeaders, sealHeaders } from './custom-headers.js';
import { lockEndpoint, requireWebhookManager, type StoredEndpoint } from './endpoint-fields.js';
import { wakeDispatchers } from './queue-delivery.js';
import { replaceSecret } from './rotate-secret.js';
import { WebhookEndpoint, WebhookFormat } from './webhook-endpoint.entity.js';
import { openSecret } from './webhook-secret.js';

/**
 * Changes the given fields. A given secret takes the place of the one before as a rotation does. Switching on forgets
 * why the server had switched off, and sends what waits. Throws NOT_FOUND, FORBIDDEN when it would send documented
 * events without `webhooks:write`, BAD_USER_INPUT with every problem.
 */
export async function updateEndpoint(
  ctx: CommandContext,
  { id, isPaused, ...input }: EndpointFields & { id: string; isPaused?: boolean | null | undefined },
): Promise<number> {
  const viewer = requireWebhookManager(ctx.viewer);
  return ctx.db.transaction(async (tx) => {
    const before = await lockEndpoint(tx, viewer, id);
    if (input.format === WebhookFormat.DOCUMENTED && before.format !== WebhookFormat.DOCUMENTED)
      requirePermission(ctx.viewer, 'webhooks:write');
    await changeEndpoint(tx, ctx, before, input);
    if (isPaused != null && isPaused !== before.isPaused)
      await setPaused(tx, ctx, { ...before, name: input.name == null ? before.name : tidyName(input.name) }, isPaused);
    return before.id;
  });
}

/**
 * A step of the commands that change a webhook, which is locked and may be changed. Throws BAD_USER_INPUT with every
 * problem.
 */
export async function changeEndpoint(
  tx: Transaction,
  ctx: CommandContext,
  before: StoredEndpoint,
  input: EndpointFields,
): Promise<void> {
  const { sealer } = ctx.services;
  const kept = openHeaders(sealer, before.id, before.headerValues);
  const { columns: given, headers, secret } = checkEndpoint(ctx, input, { ...before, headers: kept });
  const about = { ownerId: before.ownerId, name: given.name ?? before.name };
  const fields = Object.entries(given).flatMap(([name, value]) =>
    value === undefined || JSON.stringify(before[name as keyof typeof given]) === JSON.stringify(value) ? [] : [name],
  );
  const hasNewHeaders = headers !== undefined && JSON.stringify([...headers]) !== JSON.stringify([...kept]);
  if (hasNewHeaders) fields.push('headers');
  if (fields.length) {
    const isSwitchedOn = fields.includes('isActive') && given.isActive === true;
    const changes = {
      ...given,
      ...(hasNewHeaders && { headerNames: [...headers.keys()] }),
      ...(isSwitchedOn && { disabledReason: null, disabledAt: null, failingSince: null }),
      updatedAt: ctx.services.now(),
    };
    const sealed = hasNewHeaders ? sql`, header_values = ${sealHeaders(sealer, before.id, headers)}` : sql``;
    await tx.send(sql`update webhook_endpoints set ${set(WebhookEndpoint, changes)}${sealed} where id = ${before.id}`);
    await emit(tx, ctx, 'webhook.updated', ['WebhookEndpoint', before.id], { ...about, fields });
    if (isSwitchedOn) await wakeDispatchers(tx);
  }
  if (secret !== undefined && secret !== openSecret(sealer, before.id, before.secret))
    await replaceSecret(tx, ctx, { ...before, name: about.name }, secret);
}

/** Events are queued and not sent from now on. One that is paused stays so. Throws NOT_FOUND. */
export const pauseEndpoint = (ctx: CommandContext, id: string): Promise<number> =>
  updateEndpoint(ctx, { id, isPaused: true });

/** Sends what waits, in its order. Does nothing to one that is not paused. Throws NOT_FOUND. */
export const resumeEndpoint = (ctx: CommandContext, id: string): Promise<number> =>
  updateEndpoint(ctx, { id, isPaused: false });

async function setPaused(
  tx: Transaction,
  ctx: CommandContext,
  { id, ownerId, name }: Pick<StoredEndpoint, 'id' | 'ownerId' | 'name'>,
  isPaused: boolean,
): Promise<void> {
  const pausedAt = isPaused ? ctx.services.now() : null;
  await tx.send(sql`update webhook_endpoints set paused_at = ${pausedAt}::timestamptz where id = ${id}`);
  await emit(tx, ctx, isPaused ? 'webhook.paused' : 'webhook.resumed', ['WebhookEndpoint', id], { ownerId, name });
  if (!isPaused) await wakeDispatchers(tx);
}
