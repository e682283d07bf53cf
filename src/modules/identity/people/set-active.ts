import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { changeablePerson, requireAnotherAdmin } from '../roles/authority.js';
import { endSessionsOf } from '../sessions/end-session.js';
import { liftLock } from '../sessions/unlock-user.js';
import { statusColumns, statusOf, UserStatus } from './user-status.js';

/** Lets a person in again, also after too many failed logins. The sessions from before stay ended. */
export const activateUser = (ctx: Context, id: string): Promise<{ userId: number }> =>
  setStatus(ctx, id, UserStatus.ACTIVE);

/**
 * Makes every credential of a person invalid and ends the sessions. Throws CONFLICT for the last active administrator.
 */
export const deactivateUser = (ctx: Context, id: string): Promise<{ userId: number }> =>
  setStatus(ctx, id, UserStatus.INACTIVE);

async function setStatus(ctx: Context, id: string, status: UserStatus): Promise<{ userId: number }> {
  requirePermission(ctx.viewer, 'users:write');
  const userId = await changeablePerson(ctx, id);
  await ctx.db.transaction((tx) => writeStatus(tx, ctx, userId, status));
  return { userId };
}

/**
 * The step of both, and of a suspension; the caller has checked that the viewer may change the person. Throws CONFLICT
 * for the last active administrator.
 */
export async function writeStatus(tx: Transaction, ctx: Context, userId: number, status: UserStatus): Promise<void> {
  const { isActive, inactiveReason } = statusColumns(status);
  if (!isActive) await requireAnotherAdmin(tx, userId);
  const person = await tx.first<{ isActive: boolean; inactiveReason: string | null }>(sql`
    select is_active as "isActive", inactive_reason as "inactiveReason" from users
     where id = ${userId} and erased_at is null for update`);
  if (!person) throw notFound('User');
  if (isActive) await liftLock(tx, ctx, userId);
  if (statusOf(person) === status) return;
  await tx.send(sql`
    update users set is_active = ${isActive}, inactive_reason = ${inactiveReason}, updated_at = now()
     where id = ${userId}`);
  if (person.isActive === isActive) return emit(tx, ctx, 'user.updated', ['User', userId], { fields: ['status'] });
  if (!isActive) await endSessionsOf(tx, ctx, userId);
  await emit(tx, ctx, isActive ? 'user.activated' : 'user.deactivated', ['User', userId], {});
}
