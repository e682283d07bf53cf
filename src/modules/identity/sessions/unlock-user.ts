import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { requirePermission, requireScope } from '../../../kernel/viewer.js';
import { changeablePerson } from '../roles/authority.js';
import { secondFactorAttempts } from '../second-factor/prove-second-factor.js';
import { forgetAttempts } from './throttle-login.js';

/**
 * Lifts the lock after failed logins, for every address and device, so that an operator can let the owner in again
 * (DECISIONS.md, section 0). Needs `users:write` and the scope `admin`. Without failed logins it changes nothing.
 */
export async function unlockUser(ctx: Context, id: string): Promise<{ userId: number }> {
  requirePermission(ctx.viewer, 'users:write');
  requireScope(ctx.viewer, 'admin');
  const userId = await changeablePerson(ctx, id);
  await ctx.db.transaction((tx) => liftLock(tx, ctx, userId));
  return { userId };
}

/** The step of `unlockUser`; the caller has checked the rights. */
export async function liftLock(tx: Transaction, ctx: Context, userId: number): Promise<void> {
  if (await forgetAttemptsOf(tx, userId)) await emit(tx, ctx, 'user.unlocked', ['User', userId], {});
}

/** Deletes the attempts for a person's names and devices. Returns whether there were any. */
export async function forgetAttemptsOf(tx: Transaction, userId: number): Promise<boolean> {
  const person = await tx.first<{ username: string; email: string }>(
    sql`select lower(username) as username, lower(email) as email from users where id = ${userId}`,
  );
  const devices = await tx.all<{ id: string }>(sql`select id from known_devices where user_id = ${userId}`);
  return forgetAttempts(tx, {
    names: [...(person ? [person.username, person.email] : []), secondFactorAttempts(userId)],
    deviceIds: devices.map(({ id }) => id),
  });
}
