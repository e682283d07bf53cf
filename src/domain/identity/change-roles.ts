import type { SqlEntityManager } from '@mikro-orm/sql';
import { rowId } from '../../lib/row-id.js';
import { conflict, forbidden, notFound } from '../../errors.js';
import { emit } from '../../events/outbox.js';
import type { Context } from '../context.js';
import { requirePermission, requireScope } from '../viewer.js';
import { heldBy, requireAnotherAdmin } from './authority.js';
import { personNumber } from './person-number.js';

export interface RoleOfUser {
  userId: string;
  roleId: string;
}

/** Gives a person a role for good, of at most what the giver may. Throws CONFLICT when the person holds it so already. */
export async function assignRole(ctx: Context, input: RoleOfUser): Promise<{ userId: number }> {
  const { userId, role } = await personAndRole(ctx, input);
  requireHeld(ctx, role);
  await ctx.em.transactional(async (em) => {
    const added = await em.execute<unknown[]>('insert into role_assignments (user_id, role_id, assigned_by_id) values (?, ?, ?) on conflict do nothing returning user_id', [userId, role.id, ctx.viewer.userId ?? null]);
    if (!added.length) throw conflict('The person holds this role already', { subject: 'Role', reason: 'role.assigned' });
    await emit(em, ctx, 'user.roles_changed', ['User', userId], { role: role.name, change: 'assigned' });
  });
  return { userId };
}

/** Takes a role from a person, within every scope. Throws CONFLICT when they do not hold it, and for the last active administrator. */
export async function removeRole(ctx: Context, input: RoleOfUser): Promise<{ userId: number }> {
  const { userId, role } = await personAndRole(ctx, input);
  requireHeld(ctx, role);
  await ctx.em.transactional(async (em) => {
    const removed = await takeRole(em, ctx, userId, role);
    if (!removed) throw conflict('The person does not hold this role', { subject: 'Role', reason: 'role.not_assigned' });
  });
  return { userId };
}

/**
 * Makes a role the only one of `among` that the person holds, in the transaction of `em`; roles outside `among` stay.
 * Throws FORBIDDEN when a role that is given or taken allows more than the viewer may, CONFLICT for the last active
 * administrator.
 */
export async function replaceRole(em: SqlEntityManager, ctx: Context, userId: number, name: string, among: readonly string[]): Promise<void> {
  const roles = await em.execute<(FoundRole & { assigned: boolean; held: boolean })[]>(
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
    requireHeld(ctx, role);
    await takeRole(em, ctx, userId, role);
  }
  if (wanted.held) return;
  requireHeld(ctx, wanted);
  // A period that is over, or still to come, gives way.
  await em.execute(
    `insert into role_assignments (user_id, role_id, assigned_by_id) values (?, ?, ?)
     on conflict (user_id, role_id, scope) do update set valid_from = null, valid_to = null, assigned_by_id = excluded.assigned_by_id, updated_at = now()`,
    [userId, wanted.id, ctx.viewer.userId ?? null],
  );
  await emit(em, ctx, 'user.roles_changed', ['User', userId], { role: name, change: 'assigned' });
}

/** False when the person did not hold it. Throws CONFLICT for the last active administrator. */
async function takeRole(em: SqlEntityManager, ctx: Context, userId: number, role: FoundRole): Promise<boolean> {
  if (role.name === 'admin') await requireAnotherAdmin(em, userId);
  const removed = await em.execute<unknown[]>('delete from role_assignments where user_id = ? and role_id = ? returning user_id', [userId, role.id]);
  if (!removed.length) return false;
  await emit(em, ctx, 'user.roles_changed', ['User', userId], { role: role.name, change: 'removed' });
  return true;
}

function requireHeld({ viewer }: Context, role: FoundRole): void {
  if (role.name !== 'user' && !heldBy(viewer, role.permissions)) throw forbidden('This role allows more than you may', 'role.above');
}

interface FoundRole {
  id: number;
  name: string;
  permissions: string;
}

async function personAndRole(ctx: Context, input: RoleOfUser): Promise<{ userId: number; role: FoundRole }> {
  requirePermission(ctx.viewer, 'roles:write');
  requireScope(ctx.viewer, 'admin');
  const [person] = await ctx.em.execute<{ id: number }[]>('select id from users where id = ? and erased_at is null', [(await personNumber(ctx.em, input.userId)) ?? 0]);
  if (!person) throw notFound('User');
  const [role] = await ctx.em.execute<FoundRole[]>(
    `select r.id, r.name, coalesce(string_agg(p.name, ','), '') as permissions from roles r
       left join role_permissions rp on rp.role_id = r.id left join permissions p on p.id = rp.permission_id
      where r.id = ? group by r.id`,
    [rowId(input.roleId) ?? 0],
  );
  if (!role) throw notFound('Role');
  return { userId: person.id, role };
}
