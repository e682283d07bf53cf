import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { apiKeyForChange, requireKeyRights } from './api-key-fields.js';

/** Deletes a key with its figures, and returns its id. */
export async function deleteApiKey(ctx: Context, id: string): Promise<string> {
  const viewer = requireKeyRights(ctx.viewer);
  return ctx.db.transaction(async (tx) => {
    const key = await apiKeyForChange(tx, viewer, id);
    await tx.send(sql`delete from api_keys where id = ${key.id}`);
    await emit(tx, ctx, 'api_key.revoked', ['ApiKey', key.id], { userId: key.userId, reason: 'deleted' });
    return key.id;
  });
}
