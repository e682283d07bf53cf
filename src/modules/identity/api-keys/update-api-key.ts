import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { can } from '../../../kernel/viewer.js';
import { forbidden } from '../../../lib/errors.js';
import { apiKeyForChange, type ApiKeyFields, checkApiKey, requireKeyRights } from './api-key-fields.js';
import { ApiKeyStatus } from './api-key.entity.js';

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
  return ctx.em.transactional(async (em) => {
    const key = await apiKeyForChange(em, viewer, id);
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
    em.assign(key, changes);
    await em.flush();
    const { id: userId } = key.user;
    await emit(em, ctx, 'api_key.updated', ['ApiKey', key.id], { userId, fields });
    if (before === 'active' && after !== 'active')
      await emit(em, ctx, 'api_key.revoked', ['ApiKey', key.id], { userId, reason: after });
    return { apiKeyId: key.id };
  });
}

/** Values as JSON has them: dates and lists compare by what they say. */
const sameValue = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
