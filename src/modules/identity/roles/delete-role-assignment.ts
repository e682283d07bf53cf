import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { notFound } from '../../../lib/errors.js';
import { findRole, requireMayAssign, roleHolder } from './assignable-role.js';
import { requireAnotherAdmin } from './authority.js';
import { requireRoleRights } from './manage-roles.js';

export interface HeldRole {
  userId: string;
  /** Name of the role. */
  role: string;
  /** `*`, or the code of a document type. */
  scope: string;
}

/** Takes a role in one scope from a person. Throws NOT_FOUND when it is not held so, CONFLICT for the last administrator. */
export async function deleteRoleAssignment(
  ctx: Context,
  { userId: person, role: name, scope }: HeldRole,
): Promise<{ deletedId: number }> {
  requireRoleRights(ctx);
  const userId = await roleHolder(ctx.em, person);
  const role = await findRole(ctx.em, { name });
  if (!role || scope.includes('\0')) throw notFound('RoleAssignment');
  requireMayAssign(ctx.viewer, role);
  return ctx.em.transactional(async (em) => {
    if (role.name === 'admin' && scope === '*') await requireAnotherAdmin(em, userId);
    const [removed] = await em.execute<{ id: number }[]>(
      'delete from role_assignments where user_id = ? and role_id = ? and scope = ? returning id',
      [userId, role.id, scope],
    );
    if (!removed) throw notFound('RoleAssignment');
    await emit(em, ctx, 'user.roles_changed', ['User', userId], { role: role.name, change: 'removed', scope });
    return { deletedId: removed.id };
  });
}
