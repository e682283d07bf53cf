import { set, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { can } from '../../../kernel/viewer.js';
import { forbidden } from '../../../lib/errors.js';
import { apiKeyForChange, type ApiKeyFields, checkApiKey, requireKeyRights } from './api-key-fields.js';
import { ApiKey, ApiKeyStatus } from './api-key.entity.js';

export interface ApiKeyChanges extends ApiKeyFields {
  id: string;
  status?: ApiKeyStatus | null;
}

/**
 * Changes the given settings; a key that is switched off is refused from the next request on. Throws FORBIDDEN for a
 * suspension that somebody else than an administrator lifts.
 */
export async function updateApiKey(
  ctx: Context,
  { id, status, ...input }: ApiKeyChanges,
): Promise<{ apiKeyId: string }> {
  const viewer = requireKeyRights(ctx.viewer);
  const isExpired = status === ApiKeyStatus.EXPIRED;
  const given = checkApiKey(
    ctx,
    input,
    isExpired ? [{ path: ['status'], code: 'not_allowed', message: 'follows from the date' }] : [],
  );
  return ctx.db.transaction(async (tx) => {
    const key = await apiKeyForChange(tx, viewer, id);
    const before = key.status;
    const after = isExpired ? before : (status ?? before);
    if (before === 'suspended' && after !== before && !can(viewer, '*:*')) {
      throw forbidden('Only an administrator lifts a suspension', 'api_key.suspended');
    }
    const changes = { ...given, status: after };
    const fields = Object.entries(changes).flatMap(([name, value]) =>
      sameValue(key[name as keyof typeof changes], value) ? [] : [name],
    );
    if (!fields.length) return { apiKeyId: key.id };
    const updates = set(ApiKey, { ...changes, updatedAt: sql`now()` });
    await tx.send(sql`update api_keys set ${updates} where id = ${key.id}`);
    const { userId } = key;
    await emit(tx, ctx, 'api_key.updated', ['ApiKey', key.id], { userId, fields });
    if (before === 'active' && after !== 'active')
      await emit(tx, ctx, 'api_key.revoked', ['ApiKey', key.id], { userId, reason: after });
    return { apiKeyId: key.id };
  });
}

/** Compares values as JSON, so that equal dates and equal lists are the same. */
const sameValue = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
