import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { changeablePerson, requireAnotherAdmin } from '../roles/authority.js';
import { endSessionsOf } from '../sessions/end-session.js';
import { liftLock } from '../sessions/unlock-user.js';

/** Lets a person in again, also after too many failed logins. The sessions from before stay ended. */
export const activateUser = (ctx: Context, id: string): Promise<{ userId: number }> => setActive(ctx, id, true);

/** Refuses every credential of a person and ends the sessions. Throws CONFLICT for the last active administrator. */
export const deactivateUser = (ctx: Context, id: string): Promise<{ userId: number }> => setActive(ctx, id, false);

async function setActive(ctx: Context, id: string, isActive: boolean): Promise<{ userId: number }> {
  requirePermission(ctx.viewer, 'users:write');
  const userId = await changeablePerson(ctx, id);
  await ctx.em.transactional((em) => writeActive(em, ctx, userId, isActive));
  return { userId };
}

/** The same in the transaction of `em`, for a person whom the viewer may change. */
export async function writeActive(
  em: SqlEntityManager,
  ctx: Context,
  userId: number,
  isActive: boolean,
): Promise<void> {
  if (!isActive) await requireAnotherAdmin(em, userId);
  const [person] = await em.execute<{ isActive: boolean }[]>(
    'select is_active as "isActive" from users where id = ? and erased_at is null for update',
    [userId],
  );
  if (!person) throw notFound('User');
  if (isActive) await liftLock(em, ctx, userId);
  if (person.isActive === isActive) return;
  await em.execute('update users set is_active = ?, updated_at = now() where id = ?', [isActive, userId]);
  if (!isActive) await endSessionsOf(em, ctx, userId);
  await emit(em, ctx, isActive ? 'user.activated' : 'user.deactivated', ['User', userId], {});
}
