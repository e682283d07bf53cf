import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { apiKeyForChange, requireKeyRights } from './api-key-fields.js';

/** Deletes a key with its figures. */
export async function deleteApiKey(ctx: Context, id: string): Promise<{ deletedId: string }> {
  const viewer = requireKeyRights(ctx.viewer);
  return ctx.em.transactional(async (em) => {
    const key = await apiKeyForChange(em, viewer, id);
    await em.execute('delete from api_keys where id = ?::uuid', [key.id]);
    await emit(em, ctx, 'api_key.revoked', ['ApiKey', key.id], { userId: key.user.id, reason: 'deleted' });
    return { deletedId: key.id };
  });
}
