import { raw, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { notFound } from '../../../lib/errors.js';
import { findRole, requireMayAssign, roleHolder } from './assignable-role.js';
import { requireAnotherAdmin } from './authority.js';
import { requireRoleRights } from './manage-roles.js';

export interface HeldRole {
  /** Number or UUID. */
  userId: string;
  /** Number or name. */
  roleId: string;
  /** `*`, or the code of a document type. */
  scope: string;
  /** True: in every scope. */
  everyScope: boolean;
}

/**
 * Takes a role from a person, in one scope or in every scope. Throws NOT_FOUND when there is no such role or they do
 * not hold it there, CONFLICT for the last active administrator.
 */
export async function removeRole(
  ctx: Context,
  { userId: person, roleId, scope, everyScope }: HeldRole,
): Promise<{ userId: number; deletedIds: number[] }> {
  requireRoleRights(ctx);
  const userId = await roleHolder(ctx, person);
  const role = await findRole(ctx.db, roleId);
  if (!role) throw notFound('Role');
  requireMayAssign(ctx.viewer, role);
  return ctx.db.transaction(async (tx) => {
    if (role.name === 'admin' && (everyScope || scope === '*')) await requireAnotherAdmin(tx, userId);
    const there = everyScope ? raw('true') : sql`scope = ${scope.replaceAll('\0', '')}`;
    const removed = await tx.all<{ id: number }>(sql`
      delete from role_assignments where user_id = ${userId} and role_id = ${role.id} and ${there} returning id`);
    if (removed.length === 0) throw notFound('RoleAssignment');
    await emit(tx, ctx, 'user.roles_changed', ['User', userId], {
      role: role.name,
      change: 'removed',
      ...(!everyScope && { scope }),
    });
    return { userId, deletedIds: removed.map(({ id }) => id) };
  });
}
