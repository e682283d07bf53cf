import { sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { lockPerson } from '../people/lock-person.js';
import { type AssignableRole, requireMayAssign, roleHolder } from './assignable-role.js';
import { lockAdmins } from './authority.js';
import { refuseTooManyAssignments } from './bound-assignments.js';
import { requireRoleRights } from './manage-roles.js';
import { giveRole, takeRole } from './replace-role.js';

export interface RolesOfUser {
  /** Number or UUID. */
  userId: string;
  /** Numbers or names; empty: none. */
  roleIds: readonly string[];
}

type RoleOfPerson = AssignableRole & { isAssigned: boolean; isHeld: boolean };

/**
 * Makes these the roles that a person holds, all or nothing: those they hold stay as they are bounded, every other is
 * taken in every scope. Throws NOT_FOUND for the person, BAD_USER_INPUT for roles that do not exist, FORBIDDEN when one
 * that is given or taken allows more than the viewer may, CONFLICT for the last active administrator and for more than
 * two hundred assignments.
 */
export async function setUserRoles(ctx: Context, input: RolesOfUser): Promise<{ userId: number }> {
  requireRoleRights(ctx);
  const userId = await roleHolder(ctx, input.userId);
  await ctx.db.transaction(async (tx) => {
    // Two changes of one person wait for each other; administrators are locked before people everywhere.
    await lockAdmins(tx);
    await lockPerson(tx, userId);
    const roles = await tx.all<RoleOfPerson>(sql`
      select r.id, r.name, coalesce(string_agg(p.name, ','), '') as permissions,
             exists (select 1 from role_assignments a where a.user_id = ${userId} and a.role_id = r.id) as "isAssigned",
             exists (select 1 from user_roles ur where ur.user_id = ${userId} and ur.role_id = r.id) as "isHeld"
        from roles r left join role_permissions rp on rp.role_id = r.id
        left join permissions p on p.id = rp.permission_id group by r.id order by r.id`);
    const named = input.roleIds.map((id) => roles.find((role) => role.name === id || String(role.id) === id));
    const problems = named.flatMap((role, i): FieldProblem[] =>
      role ? [] : [{ path: ['roleIds', String(i)], code: 'unknown_reference', message: 'There is no such role' }],
    );
    if (problems.length) throw badInput(problems);

    const wanted = new Set(named);
    const given = roles.filter((role) => wanted.has(role) && !role.isHeld);
    const taken = roles.filter((role) => !wanted.has(role) && role.isAssigned);
    for (const role of [...given, ...taken]) requireMayAssign(ctx.viewer, role);
    for (const role of given) await giveRole(tx, ctx, userId, role);
    for (const role of taken) await takeRole(tx, ctx, userId, role);
    if (given.length) await refuseTooManyAssignments(tx, userId);
  });
  return { userId };
}
