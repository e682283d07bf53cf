import { conflict, notFound } from '../../errors.js';
import { emit } from '../../events/outbox.js';
import type { Context } from '../context.js';
import { type AssignableRole, findRole, requireMayAssign, roleHolder } from './assignable-role.js';
import { requireAnotherAdmin } from './authority.js';
import { requireRoleRights } from './manage-roles.js';

export interface RoleOfUser {
  userId: string;
  roleId: string;
}

/**
 * Gives a person a role for good, of at most what the giver may; one that has ended or not begun yet is replaced.
 * Throws CONFLICT when the person holds it today, for all document types.
 */
export async function assignRole(ctx: Context, input: RoleOfUser): Promise<{ userId: number }> {
  const { userId, role } = await personAndRole(ctx, input);
  await ctx.em.transactional(async (em) => {
    const added = await em.execute<unknown[]>(
      `insert into role_assignments as held (user_id, role_id, assigned_by_id) values (?, ?, ?)
       on conflict (user_id, role_id, scope) do update
          set max_amount = null, currency = null, valid_from = null, valid_to = null, assigned_by_id = excluded.assigned_by_id, updated_at = now()
        where held.valid_from > current_date or held.valid_to < current_date
       returning id`,
      [userId, role.id, ctx.viewer.userId ?? null],
    );
    if (!added.length) throw conflict('The person holds this role already', { subject: 'Role', reason: 'role.assigned' });
    await emit(em, ctx, 'user.roles_changed', ['User', userId], { role: role.name, change: 'assigned', scope: '*' });
  });
  return { userId };
}

/** Takes a role from a person, within every scope. Throws CONFLICT when they do not hold it, and for the last active administrator. */
export async function removeRole(ctx: Context, input: RoleOfUser): Promise<{ userId: number }> {
  const { userId, role } = await personAndRole(ctx, input);
  await ctx.em.transactional(async (em) => {
    if (role.name === 'admin') await requireAnotherAdmin(em, userId);
    const removed = await em.execute<unknown[]>('delete from role_assignments where user_id = ? and role_id = ? returning user_id', [userId, role.id]);
    if (!removed.length) throw conflict('The person does not hold this role', { subject: 'Role', reason: 'role.not_assigned' });
    await emit(em, ctx, 'user.roles_changed', ['User', userId], { role: role.name, change: 'removed' });
  });
  return { userId };
}

async function personAndRole(ctx: Context, input: RoleOfUser): Promise<{ userId: number; role: AssignableRole }> {
  requireRoleRights(ctx);
  const userId = await roleHolder(ctx.em, input.userId);
  const role = await findRole(ctx.em, { id: input.roleId });
  if (!role) throw notFound('Role');
  requireMayAssign(ctx.viewer, role);
  return { userId, role };
}
