import type { SqlRunner, Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { requirePermission, requireScope } from '../../../kernel/viewer.js';
import { changeablePerson } from '../roles/authority.js';
import { secondFactorAttempts } from '../second-factor/prove-second-factor.js';
import { forgetAttempts, lockedNames } from './throttle-login.js';

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

/** Those of these people whom `unlockUser` would let in again: failed logins lock a name or a device of theirs. */
export async function lockedPeople(runner: SqlRunner, userIds: readonly number[], at: Date): Promise<Set<number>> {
  const people = await attemptKeys(runner, userIds);
  const locked = await lockedNames(
    runner,
    people.flatMap(({ names, deviceIds }) => [...names, ...deviceIds]),
    at,
  );
  const isOut = ({ names, deviceIds }: AttemptKeys): boolean => [...names, ...deviceIds].some((key) => locked.has(key));
  return new Set(people.filter(isOut).map(({ userId }) => userId));
}

/** Deletes the attempts for a person's names and devices. Returns whether there were any. */
export async function forgetAttemptsOf(tx: Transaction, userId: number): Promise<boolean> {
  const [keys] = await attemptKeys(tx, [userId]);
  return keys !== undefined && forgetAttempts(tx, keys);
}

/** What the attempts to sign in as a person are counted by. */
interface AttemptKeys {
  userId: number;
  names: string[];
  deviceIds: string[];
}

async function attemptKeys(runner: SqlRunner, userIds: readonly number[]): Promise<AttemptKeys[]> {
  const people = await runner.all<AttemptKeys>(sql`
    select id as "userId", array[lower(username), lower(email)] as names,
           array(select d.id::text from known_devices d where d.user_id = users.id) as "deviceIds"
      from users where id = any(${userIds}::int[])`);
  return people.map(({ names, ...person }) => ({ ...person, names: [...names, secondFactorAttempts(person.userId)] }));
}
