import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { can, requireInPerson } from '../../../kernel/viewer.js';
import { sessionCookie } from '../../../lib/browser-cookies.js';
import { notFound } from '../../../lib/errors.js';
import { isUuid } from '../../../lib/uuid.js';

/** Ends the session of the current credential. */
export async function logout(ctx: Context): Promise<{ sessionId: string }> {
  const { userId, credential } = requireInPerson(ctx.viewer);
  if (!('sessionId' in credential)) throw notFound('Session');
  const { sessionId, kind } = credential;
  await ctx.db.transaction(async (tx) => {
    const ended = await tx.run(
      sql`update sessions set revoked_at = now() where id = ${sessionId} and revoked_at is null`,
    );
    if (ended > 0) await emit(tx, ctx, 'session.revoked', ['Session', sessionId], { userId, reason: 'logout' });
  });
  if (kind === 'cookie') ctx.browser?.keep(sessionCookie, '');
  return { sessionId };
}

/** Ends one of one's own sessions, or, as an administrator, anybody's. For one that has ended it changes nothing. */
export async function revokeSession(ctx: Context, id: string): Promise<{ sessionId: string }> {
  const { userId } = requireInPerson(ctx.viewer);
  if (!isUuid(id)) throw notFound('Session');
  const sessionId = id.toLowerCase();
  await ctx.db.transaction(async (tx) => {
    const session = await tx.first<{ userId: number; isRevoked: boolean }>(sql`
      select user_id as "userId", revoked_at is not null as "isRevoked"
        from sessions where id = ${sessionId} for update`);
    if (!session || (session.userId !== userId && !can(ctx.viewer, '*:*'))) throw notFound('Session');
    if (session.isRevoked) return;
    await tx.send(sql`update sessions set revoked_at = now() where id = ${sessionId}`);
    await emit(tx, ctx, 'session.revoked', ['Session', sessionId], { userId: session.userId, reason: 'revoked' });
  });
  return { sessionId };
}

/** Ends all of one's own sessions but the current one. Only in person. */
export async function revokeOtherSessions(ctx: Context): Promise<{ userId: number }> {
  const { userId, credential } = requireInPerson(ctx.viewer);
  const current = 'sessionId' in credential ? credential.sessionId : undefined;
  await ctx.db.transaction((tx) => endSessionsOf(tx, ctx, userId, { except: current }));
  return { userId };
}

/** Ends all sessions of a person, or all but one. */
export async function endSessionsOf(
  tx: Transaction,
  ctx: Context,
  userId: number,
  { except }: { except?: string | undefined } = {},
): Promise<void> {
  const ended = await tx.all<{ id: string }>(sql`
    update sessions set revoked_at = now()
     where user_id = ${userId} and revoked_at is null and id is distinct from ${except ?? null}::uuid returning id`);
  for (const { id } of ended) await emit(tx, ctx, 'session.revoked', ['Session', id], { userId, reason: 'revoked' });
}
