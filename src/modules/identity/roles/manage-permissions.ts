import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { badInput, conflict, type FieldProblem, forbidden, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { withDuplicates } from '../people/duplicates.js';
import { heldBy } from './authority.js';
import { descriptionProblems, requireRoleRights, roleForChange } from './manage-roles.js';

export interface NewPermission {
  resource: string;
  action: string;
  description?: string | null;
}

/** Creates a permission that roles can be given. Throws BAD_USER_INPUT `duplicate` when the name exists. */
export async function createPermission(ctx: Context, input: NewPermission): Promise<{ permissionId: number }> {
  requireRoleRights(ctx);
  const description = input.description?.trim() ?? '';
  const problems: FieldProblem[] = descriptionProblems(description);
  for (const part of ['resource', 'action'] as const) {
    if (input[part].length > 50 || !/^([a-z][a-z0-9_-]*|[*])$/.test(input[part])) {
      problems.push({
        path: [part],
        code: 'invalid_format',
        message: 'must be at most 50 of a-z, 0-9, _ and -, beginning with a letter, or *',
      });
    }
  }
  if (problems.length) throw badInput(problems);
  return withDuplicates({ permissions_name_key: 'name' }, () =>
    ctx.db.transaction(async (tx) => {
      const row = await tx.first<{ id: number; name: string }>(sql`
        insert into permissions (resource, action, description)
        values (${input.resource}, ${input.action}, ${description}) returning id, name`);
      const { id, name } = row as { id: number; name: string };
      await emit(tx, ctx, 'permission.created', ['Permission', id], { name });
      return { permissionId: id };
    }),
  );
}

export interface Grant {
  roleId: string;
  /** Number or name. */
  permissionId: string;
}

/** Gives a role a permission that the viewer holds too. Throws CONFLICT when the role has it. */
export async function grantPermission(ctx: Context, grant: Grant): Promise<{ roleId: number }> {
  const permission = await permissionOf(ctx, grant);
  return ctx.db.transaction(async (tx) => {
    const role = await roleForChange(tx, grant.roleId);
    const added = await tx.run(sql`
      insert into role_permissions (role_id, permission_id) values (${role.id}, ${permission.id})
      on conflict do nothing`);
    if (added === 0)
      throw conflict('The role has this permission already', { subject: 'Permission', reason: 'permission.granted' });
    await emit(tx, ctx, 'role.permissions_changed', ['Role', role.id], {
      permission: permission.name,
      change: 'granted',
    });
    return { roleId: role.id };
  });
}

/**
 * Takes from a role a permission that the viewer holds too. Throws NOT_FOUND when the role does not have it, CONFLICT
 * for the role `admin`, which keeps all of its own.
 */
export async function revokePermission(ctx: Context, grant: Grant): Promise<{ roleId: number }> {
  const permission = await permissionOf(ctx, grant);
  return ctx.db.transaction(async (tx) => {
    const role = await roleForChange(tx, grant.roleId);
    if (role.name === 'admin')
      throw conflict('The role admin keeps its permissions', { subject: 'Role', reason: 'role.system' });
    const removed = await tx.run(
      sql`delete from role_permissions where role_id = ${role.id} and permission_id = ${permission.id}`,
    );
    if (removed === 0) throw notFound('Permission');
    await emit(tx, ctx, 'role.permissions_changed', ['Role', role.id], {
      permission: permission.name,
      change: 'revoked',
    });
    return { roleId: role.id };
  });
}

/** Throws FORBIDDEN for a permission that the viewer does not hold: nobody gives or takes more than they hold. */
async function permissionOf(ctx: Context, { permissionId }: Grant): Promise<{ id: number; name: string }> {
  requireRoleRights(ctx);
  const isNamed = permissionId.includes(':')
    ? sql`name = ${permissionId.replaceAll('\0', '')}`
    : sql`id = ${rowId(permissionId) ?? 0}`;
  const permission = await ctx.db.first<{ id: number; name: string }>(
    sql`select id, name from permissions where ${isNamed}`,
  );
  if (!permission) throw notFound('Permission');
  if (!heldBy(ctx.viewer, permission.name))
    throw forbidden('This permission allows more than you may', 'permission.above');
  return permission;
}
