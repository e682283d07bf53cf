import { set, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { newSecret } from '../sessions/secrets.js';
import { apiKeyForChange, requireKeyRights } from './api-key-fields.js';
import { ApiKey } from './api-key.entity.js';

/** Gives a key a new secret; its id and settings stay, the old secret is refused at once. */
export async function regenerateApiKey(ctx: Context, id: string): Promise<{ apiKeyId: string; secret: string }> {
  const viewer = requireKeyRights(ctx.viewer);
  const { secret, hash, prefix } = newSecret('sk');
  return ctx.db.transaction(async (tx) => {
    const key = await apiKeyForChange(tx, viewer, id);
    const changes = set(ApiKey, { keyHash: hash, prefix, updatedAt: sql`now()` });
    await tx.send(sql`update api_keys set ${changes} where id = ${key.id}`);
    await emit(tx, ctx, 'api_key.revoked', ['ApiKey', key.id], { userId: key.userId, reason: 'regenerated' });
    return { apiKeyId: key.id, secret };
  });
}
