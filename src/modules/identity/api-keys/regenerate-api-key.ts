import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { newSecret } from '../sessions/secrets.js';
import { apiKeyForChange, requireKeyRights } from './api-key-fields.js';

/** Gives a key a new secret; its id and settings stay, the old secret is refused at once. */
export async function regenerateApiKey(ctx: Context, id: string): Promise<{ apiKeyId: string; secret: string }> {
  const viewer = requireKeyRights(ctx.viewer);
  const { secret, hash, prefix } = newSecret('sk');
  return ctx.em.transactional(async (em) => {
    const key = await apiKeyForChange(em, viewer, id);
    em.assign(key, { keyHash: hash, prefix });
    await em.flush();
    await emit(em, ctx, 'api_key.revoked', ['ApiKey', key.id], { userId: key.user.id, reason: 'regenerated' });
    return { apiKeyId: key.id, secret };
  });
}
