import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { can, requireInPerson } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { isUuid } from '../../../lib/uuid.js';

/** Ends the session of the current credential. */
export async function logout(ctx: Context): Promise<{ sessionId: string }> {
  const { userId, credential } = requireInPerson(ctx.viewer);
  if (!('sessionId' in credential)) throw notFound('Session');
  const { sessionId } = credential;
  await ctx.em.transactional(async (em) => {
    const ended = await em.execute<unknown[]>(
      'update sessions set revoked_at = now() where id = ?::uuid and revoked_at is null returning id',
      [sessionId],
    );
    if (ended.length) await emit(em, ctx, 'session.revoked', ['Session', sessionId], { userId, reason: 'logout' });
  });
  return { sessionId };
}

/** Ends one of one's own sessions, or, as an administrator, anybody's. Ending an ended one changes nothing. */
export async function revokeSession(ctx: Context, id: string): Promise<{ sessionId: string }> {
  const { userId } = requireInPerson(ctx.viewer);
  if (!isUuid(id)) throw notFound('Session');
  const sessionId = id.toLowerCase();
  await ctx.em.transactional(async (em) => {
    const [session] = await em.execute<{ userId: number; revoked: boolean }[]>(
      'select user_id as "userId", revoked_at is not null as revoked from sessions where id = ?::uuid for update',
      [sessionId],
    );
    if (!session || (session.userId !== userId && !can(ctx.viewer, '*:*'))) throw notFound('Session');
    if (session.revoked) return;
    await em.execute('update sessions set revoked_at = now() where id = ?::uuid', [sessionId]);
    await emit(em, ctx, 'session.revoked', ['Session', sessionId], { userId: session.userId, reason: 'revoked' });
  });
  return { sessionId };
}

/** Ends all of one's own sessions but the current one. Only in person. */
export async function revokeOtherSessions(ctx: Context): Promise<{ userId: number }> {
  const { userId, credential } = requireInPerson(ctx.viewer);
  const current = 'sessionId' in credential ? credential.sessionId : undefined;
  await ctx.em.transactional((em) => endSessionsOf(em, ctx, userId, { except: current }));
  return { userId };
}

/** Ends all sessions of a person, or all but one, in the transaction of `em`. */
export async function endSessionsOf(
  em: SqlEntityManager,
  ctx: Context,
  userId: number,
  { except }: { except?: string | undefined } = {},
): Promise<void> {
  const ended = await em.execute<{ id: string }[]>(
    `update sessions set revoked_at = now() where user_id = ? and revoked_at is null${except ? ' and id <> ?::uuid' : ''} returning id`,
    except ? [userId, except] : [userId],
  );
  for (const { id } of ended) await emit(em, ctx, 'session.revoked', ['Session', id], { userId, reason: 'revoked' });
}
