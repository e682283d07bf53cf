import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { conflict, notFound } from '../../../lib/errors.js';
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
    const added = await giveRole(em, ctx, userId, role);
    if (!added) throw conflict('The person holds this role already', { subject: 'Role', reason: 'role.assigned' });
  });
  return { userId };
}

/** Takes a role from a person, within every scope. Throws CONFLICT when they do not hold it, and for the last active administrator. */
export async function removeRole(ctx: Context, input: RoleOfUser): Promise<{ userId: number }> {
  const { userId, role } = await personAndRole(ctx, input);
  await ctx.em.transactional(async (em) => {
    const removed = await takeRole(em, ctx, userId, role);
    if (!removed)
      throw conflict('The person does not hold this role', { subject: 'Role', reason: 'role.not_assigned' });
  });
  return { userId };
}

/**
 * Makes a role the only one of `among` that the person holds, in the transaction of `em`; roles outside `among` stay.
 * Throws FORBIDDEN when a role that is given or taken allows more than the viewer may, CONFLICT for the last active
 * administrator.
 */
export async function replaceRole(
  em: SqlEntityManager,
  ctx: Context,
  userId: number,
  name: string,
  among: readonly string[],
): Promise<void> {
  const roles = await em.execute<(AssignableRole & { assigned: boolean; held: boolean })[]>(
    `select r.id, r.name, coalesce(string_agg(p.name, ','), '') as permissions,
            exists (select 1 from role_assignments a where a.user_id = ? and a.role_id = r.id) as assigned,
            exists (select 1 from user_roles ur where ur.user_id = ? and ur.role_id = r.id) as held
       from roles r left join role_permissions rp on rp.role_id = r.id left join permissions p on p.id = rp.permission_id
      where r.name in (${among.map(() => '?').join(', ')}) group by r.id order by r.id`,
    [userId, userId, ...among],
  );
  const wanted = roles.find((role) => role.name === name);
  if (!wanted) throw notFound('Role');
  for (const role of roles) {
    if (role === wanted || !role.assigned) continue;
    requireMayAssign(ctx.viewer, role);
    await takeRole(em, ctx, userId, role);
  }
  if (wanted.held) return;
  requireMayAssign(ctx.viewer, wanted);
  await giveRole(em, ctx, userId, wanted);
}

/** False when the person holds it today, for all document types. A period that is over, or still to come, gives way. */
async function giveRole(em: SqlEntityManager, ctx: Context, userId: number, role: AssignableRole): Promise<boolean> {
  const added = await em.execute<unknown[]>(
    `insert into role_assignments as held (user_id, role_id, assigned_by_id) values (?, ?, ?)
     on conflict (user_id, role_id, scope) do update
        set max_amount = null, currency = null, valid_from = null, valid_to = null, assigned_by_id = excluded.assigned_by_id, updated_at = now()
      where held.valid_from > current_date or held.valid_to < current_date
     returning id`,
    [userId, role.id, ctx.viewer.userId ?? null],
  );
  if (!added.length) return false;
  await emit(em, ctx, 'user.roles_changed', ['User', userId], { role: role.name, change: 'assigned', scope: '*' });
  return true;
}

/** False when the person did not hold it. Throws CONFLICT for the last active administrator. */
async function takeRole(em: SqlEntityManager, ctx: Context, userId: number, role: AssignableRole): Promise<boolean> {
  if (role.name === 'admin') await requireAnotherAdmin(em, userId);
  const removed = await em.execute<unknown[]>(
    'delete from role_assignments where user_id = ? and role_id = ? returning user_id',
    [userId, role.id],
  );
  if (!removed.length) return false;
  await emit(em, ctx, 'user.roles_changed', ['User', userId], { role: role.name, change: 'removed' });
  return true;
}

async function personAndRole(ctx: Context, input: RoleOfUser): Promise<{ userId: number; role: AssignableRole }> {
  requireRoleRights(ctx);
  const userId = await roleHolder(ctx.em, input.userId);
  const role = await findRole(ctx.em, { id: input.roleId });
  if (!role) throw notFound('Role');
  requireMayAssign(ctx.viewer, role);
  return { userId, role };
}
