import { sql } from '../../../db/sql.js';
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

/**
 * Takes a role in one scope from a person. Throws NOT_FOUND when they do not hold it in that scope, CONFLICT for the
 * last administrator.
 */
export async function deleteRoleAssignment(
  ctx: Context,
  { userId: person, role: name, scope }: HeldRole,
): Promise<{ deletedId: number }> {
  requireRoleRights(ctx);
  const userId = await roleHolder(ctx.db, person);
  const role = await findRole(ctx.db, { name });
  if (!role || scope.includes('\0')) throw notFound('RoleAssignment');
  requireMayAssign(ctx.viewer, role);
  return ctx.db.transaction(async (tx) => {
    if (role.name === 'admin' && scope === '*') await requireAnotherAdmin(tx, userId);
    const removed = await tx.first<{ id: number }>(sql`
      delete from role_assignments where user_id = ${userId} and role_id = ${role.id} and scope = ${scope}
      returning id`);
    if (!removed) throw notFound('RoleAssignment');
    await emit(tx, ctx, 'user.roles_changed', ['User', userId], { role: role.name, change: 'removed', scope });
    return { deletedId: removed.id };
  });
}
