import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { changeablePerson, requireAnotherAdmin } from '../roles/authority.js';
import { endSessionsOf } from '../sessions/end-session.js';
import { liftLock } from '../sessions/unlock-user.js';

/** Lets a person in again, also after too many failed logins. The sessions from before stay ended. */
export const activateUser = (ctx: Context, id: string): Promise<{ userId: number }> => setActive(ctx, id, true);

/**
 * Makes every credential of a person invalid and ends the sessions. Throws CONFLICT for the last active administrator.
 */
export const deactivateUser = (ctx: Context, id: string): Promise<{ userId: number }> => setActive(ctx, id, false);

async function setActive(ctx: Context, id: string, isActive: boolean): Promise<{ userId: number }> {
  requirePermission(ctx.viewer, 'users:write');
  const userId = await changeablePerson(ctx, id);
  await ctx.db.transaction((tx) => writeActive(tx, ctx, userId, isActive));
  return { userId };
}

/** The step of both; the caller has checked that the viewer may change the person. */
export async function writeActive(tx: Transaction, ctx: Context, userId: number, isActive: boolean): Promise<void> {
  if (!isActive) await requireAnotherAdmin(tx, userId);
  const person = await tx.first<{ isActive: boolean }>(
    sql`select is_active as "isActive" from users where id = ${userId} and erased_at is null for update`,
  );
  if (!person) throw notFound('User');
  if (isActive) await liftLock(tx, ctx, userId);
  if (person.isActive === isActive) return;
  await tx.send(sql`update users set is_active = ${isActive}, updated_at = now() where id = ${userId}`);
  if (!isActive) await endSessionsOf(tx, ctx, userId);
  await emit(tx, ctx, isActive ? 'user.activated' : 'user.deactivated', ['User', userId], {});
}
