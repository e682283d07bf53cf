import { sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { can, requirePermission, requireScope } from '../../../kernel/viewer.js';
import { type FieldProblem, forbidden } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { seesEverybody } from '../identity.policy.js';
import { heldBy } from '../roles/authority.js';
import type { BusinessRole } from '../roles/business-role.js';
import { createPerson, type NewPerson } from './create-person.js';

export interface NewUser extends NewPerson {
  roleIds?: readonly string[] | null;
  /** Beside those of `roleIds`. */
  role?: BusinessRole | null;
  /** The person has agreed to the privacy text as it is now. */
  hasConsented?: boolean | null;
}

/**
 * Creates an account for somebody else, whom the viewer must be able to see then. Giving roles needs `roles:write`, and
 * a role may allow no more than the giver may. Without any the person gets the role `user`.
 */
export async function createUser(ctx: Context, input: NewUser): Promise<{ userId: number }> {
  requirePermission(ctx.viewer, 'users:write');
  requireScope(ctx.viewer, 'admin');
  if (!seesEverybody(ctx.viewer)) throw forbidden('This needs the permission users:read', 'permission');
  if ((input.roleIds?.length || input.role) && !can(ctx.viewer, 'roles:write'))
    throw forbidden('Giving roles needs the permission roles:write', 'permission');

  const roles = await ctx.db.all<{ id: number; name: string; permissions: string }>(sql`
    select r.id, r.name, coalesce(string_agg(p.name, ','), '') as permissions from roles r
      left join role_permissions rp on rp.role_id = r.id left join permissions p on p.id = rp.permission_id
     group by r.id`);
  const named = (name: string) => roles.find((r) => r.name === name);
  const wanted = (input.roleIds ?? []).map((id, i) => ({
    path: ['roleIds', String(i)],
    role: roles.find((r) => r.id === rowId(id)),
  }));
  if (input.role) wanted.push({ path: ['role'], role: named(input.role) });
  if (!wanted.length) wanted.push({ path: ['roleIds'], role: named('user') });
  const problems = wanted.flatMap(({ path, role }): FieldProblem[] => {
    if (!role) return [{ path, code: 'unknown_reference', message: 'No such role' }];
    return role.name === 'user' || heldBy(ctx.viewer, role.permissions)
      ? []
      : [{ path, code: 'not_allowed', message: 'This role allows more than you may' }];
  });
  return createPerson(ctx, input, {
    roleIds: [...new Set(wanted.flatMap(({ role }) => role?.id ?? []))],
    problems,
    hasConsented: input.hasConsented ?? false,
  });
}
