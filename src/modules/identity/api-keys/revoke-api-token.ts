import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { can, requireInPerson } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';

/** Ends one's own token, or, as an administrator, anybody's. For one that has ended it changes nothing. */
export async function revokeApiToken(ctx: Context, id: string): Promise<{ apiTokenId: number }> {
  const { userId } = requireInPerson(ctx.viewer);
  const isAdmin = can(ctx.viewer, '*:*');
  return endApiToken(ctx, id, (ownerId) => ownerId === userId || isAdmin);
}

/** Ends a token of one whose tokens the caller may end. Throws NOT_FOUND when there is none. */
export async function endApiToken(
  ctx: Context,
  id: string,
  mayEnd: (ownerId: number) => boolean,
): Promise<{ apiTokenId: number }> {
  const apiTokenId = rowId(id);
  if (apiTokenId === undefined) throw notFound('ApiToken');
  await ctx.db.transaction(async (tx) => {
    const token = await tx.first<{ userId: number; isRevoked: boolean }>(sql`
      select user_id as "userId", revoked_at is not null as "isRevoked"
        from api_tokens where id = ${apiTokenId} for update`);
    if (!token || !mayEnd(token.userId)) throw notFound('ApiToken');
    if (token.isRevoked) return;
    await tx.send(sql`update api_tokens set revoked_at = now() where id = ${apiTokenId}`);
    await emit(tx, ctx, 'api_token.revoked', ['ApiToken', apiTokenId], { userId: token.userId });
  });
  return { apiTokenId };
}

/** Ends all API tokens and API keys of a person. */
export async function revokeTokensOf(tx: Transaction, ctx: Context, userId: number): Promise<void> {
  const tokens = await tx.all<{ id: number }>(sql`
    update api_tokens set revoked_at = now() where user_id = ${userId} and revoked_at is null returning id`);
  for (const { id } of tokens) await emit(tx, ctx, 'api_token.revoked', ['ApiToken', id], { userId });
  const keys = await tx.all<{ id: string }>(sql`
    update api_keys set status = 'inactive', updated_at = now()
     where user_id = ${userId} and status = 'active' returning id`);
  for (const { id } of keys) await emit(tx, ctx, 'api_key.revoked', ['ApiKey', id], { userId, reason: 'inactive' });
}
