import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { notFound } from '../../../lib/errors.js';
import { lockPerson } from '../people/lock-person.js';
import { type AssignableRole, requireMayAssign } from './assignable-role.js';
import { requireAnotherAdmin } from './authority.js';
import { refuseTooManyAssignments } from './bound-assignments.js';

/**
 * Makes a role the only one of `among` that the person holds; their other roles stay. `among` goes from the strongest
 * to the weakest; who holds none of them counts as holding the weakest, which is then not given. Throws FORBIDDEN when
 * a role that is given or taken allows more than the viewer may, CONFLICT for the last active administrator and for
 * more than two hundred assignments.
 */
export async function replaceRole(
  tx: Transaction,
  ctx: Context,
  userId: number,
  name: string,
  among: readonly string[],
): Promise<void> {
  const roles = await tx.all<AssignableRole & { isAssigned: boolean; isHeld: boolean }>(sql`
    select r.id, r.name, coalesce(string_agg(p.name, ','), '') as permissions,
           exists (select 1 from role_assignments a where a.user_id = ${userId} and a.role_id = r.id) as "isAssigned",
           exists (select 1 from user_roles ur where ur.user_id = ${userId} and ur.role_id = r.id) as "isHeld"
      from roles r left join role_permissions rp on rp.role_id = r.id left join permissions p on p.id = rp.permission_id
     where r.name = any(${among}::text[]) group by r.id order by r.id`);
  const wanted = roles.find((role) => role.name === name);
  if (!wanted) throw notFound('Role');
  for (const role of roles) {
    if (role === wanted || !role.isAssigned) continue;
    requireMayAssign(ctx.viewer, role);
    await takeRole(tx, ctx, userId, role);
  }
  if (wanted.isHeld || (name === among.at(-1) && !roles.some(({ isHeld }) => isHeld))) return;
  requireMayAssign(ctx.viewer, wanted);
  await lockPerson(tx, userId);
  await giveRole(tx, ctx, userId, wanted);
  await refuseTooManyAssignments(tx, userId);
}

/**
 * Returns false when the person holds it today, for all document types. A period that is over, or still to come, is
 * replaced. The caller refuses too many (`refuseTooManyAssignments`) when it has given and taken all.
 */
export async function giveRole(tx: Transaction, ctx: Context, userId: number, role: AssignableRole): Promise<boolean> {
  const added = await tx.run(sql`
    insert into role_assignments as held (user_id, role_id, assigned_by_id)
    values (${userId}, ${role.id}, ${ctx.viewer.userId ?? null})
    on conflict (user_id, role_id, scope) do update
       set max_amount = null, currency = null, valid_from = null, valid_to = null,
           assigned_by_id = excluded.assigned_by_id, updated_at = now()
     where held.valid_from > firm_day() or held.valid_to < firm_day()`);
  if (added === 0) return false;
  await emit(tx, ctx, 'user.roles_changed', ['User', userId], { role: role.name, change: 'assigned', scope: '*' });
  return true;
}

/** Returns false when the person did not hold it. Throws CONFLICT for the last active administrator. */
export async function takeRole(tx: Transaction, ctx: Context, userId: number, role: AssignableRole): Promise<boolean> {
  if (role.name === 'admin') await requireAnotherAdmin(tx, userId);
  const removed = await tx.run(sql`delete from role_assignments where user_id = ${userId} and role_id = ${role.id}`);
  if (removed === 0) return false;
  await emit(tx, ctx, 'user.roles_changed', ['User', userId], { role: role.name, change: 'removed' });
  return true;
}
