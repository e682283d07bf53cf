import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { requirePermission, requireScope } from '../../../kernel/viewer.js';
import { changeablePerson } from '../roles/authority.js';
import { secondFactorAttempts } from '../second-factor/prove-second-factor.js';
import { forgetAttempts } from './throttle-login.js';

/**
 * Lifts the lock after failed logins for every address and device: the operator's way in for the real owner (DECISIONS.md,
 * section 0). Needs `users:write` and the scope `admin`. Where nothing was counted it changes nothing.
 */
export async function unlockUser(ctx: Context, id: string): Promise<{ userId: number }> {
  requirePermission(ctx.viewer, 'users:write');
  requireScope(ctx.viewer, 'admin');
  const userId = await changeablePerson(ctx, id);
  await ctx.em.transactional((em) => liftLock(em, ctx, userId));
  return { userId };
}

/** `unlockUser` in the transaction of `em`, for whoever has the right by then. */
export async function liftLock(em: SqlEntityManager, ctx: Context, userId: number): Promise<void> {
  if (await forgetAttemptsOf(em, userId)) await emit(em, ctx, 'user.unlocked', ['User', userId], {});
}

/** Forgets the attempts for a person's names and devices, in the transaction of `em`. True when there were any. */
export async function forgetAttemptsOf(em: SqlEntityManager, userId: number): Promise<boolean> {
  const people = await em.execute<{ username: string; email: string }[]>(
    'select lower(username) as username, lower(email) as email from users where id = ?',
    [userId],
  );
  const devices = await em.execute<{ id: string }[]>('select id from known_devices where user_id = ?', [userId]);
  return forgetAttempts(em, {
    names: [...people.flatMap(({ username, email }) => [username, email]), secondFactorAttempts(userId)],
    deviceIds: devices.map(({ id }) => id),
  });
}
