import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { can, requireInPerson } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';

/** Ends one's own token, or, as an administrator, anybody's. Ending an ended one changes nothing. */
export async function revokeApiToken(ctx: Context, id: string): Promise<{ apiTokenId: number }> {
  const { userId } = requireInPerson(ctx.viewer);
  const apiTokenId = rowId(id);
  if (apiTokenId === undefined) throw notFound('ApiToken');
  await ctx.em.transactional(async (em) => {
    const [token] = await em.execute<{ userId: number; revoked: boolean }[]>(
      'select user_id as "userId", revoked_at is not null as revoked from api_tokens where id = ? for update',
      [apiTokenId],
    );
    if (!token || (token.userId !== userId && !can(ctx.viewer, '*:*'))) throw notFound('ApiToken');
    if (token.revoked) return;
    await em.execute('update api_tokens set revoked_at = now() where id = ?', [apiTokenId]);
    await emit(em, ctx, 'api_token.revoked', ['ApiToken', apiTokenId], { userId: token.userId });
  });
  return { apiTokenId };
}

/** Ends all API tokens and API keys of a person, in the transaction of `em`. */
export async function revokeTokensOf(em: SqlEntityManager, ctx: Context, userId: number): Promise<void> {
  const tokens = await em.execute<{ id: number }[]>(
    'update api_tokens set revoked_at = now() where user_id = ? and revoked_at is null returning id',
    [userId],
  );
  for (const { id } of tokens) await emit(em, ctx, 'api_token.revoked', ['ApiToken', id], { userId });
  const keys = await em.execute<{ id: string }[]>(
    "update api_keys set status = 'inactive', updated_at = now() where user_id = ? and status = 'active' returning id",
    [userId],
  );
  for (const { id } of keys) await emit(em, ctx, 'api_key.revoked', ['ApiKey', id], { userId, reason: 'inactive' });
}
