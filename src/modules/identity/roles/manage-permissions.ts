import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { badInput, conflict, type FieldProblem, forbidden, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { withDuplicates } from '../people/duplicates.js';
import { heldBy } from './authority.js';
import { descriptionProblems, requireRoleRights, roleForChange } from './manage-roles.js';
import type { Permission } from './permission.entity.js';

export interface NewPermission {
  resource: string;
  action: string;
  description?: string | null;
}

/** Creates a permission that roles can be given. Throws BAD_USER_INPUT `duplicate` when the name exists. */
export async function createPermission(ctx: Context, input: NewPermission): Promise<{ permissionId: number }> {
  requireRoleRights(ctx);
  const description = input.description?.trim() ?? '';
  const problems = [...descriptionProblems(description), ...partProblems(input)];
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

const parts = ['resource', 'action'] as const;

function partProblems(input: Partial<Pick<NewPermission, (typeof parts)[number]>>): FieldProblem[] {
  return parts.flatMap((part): FieldProblem[] => {
    const value = input[part];
    if (value === undefined || (value.length <= 50 && /^([a-z][a-z0-9_-]*|[*])$/.test(value))) return [];
    const message = 'must be at most 50 of a-z, 0-9, _ and -, beginning with a letter, or *';
    return [{ path: [part], code: 'invalid_format', message }];
  });
}

export interface PermissionChanges {
  /** Number or name. */
  id: string;
  resource?: string | null;
  action?: string | null;
  description?: string | null;
}

/**
 * Changes a permission that the viewer holds, by its old name and by its new one: roles keep it under the new name.
 * Throws CONFLICT for the name of one that the server itself asks for, BAD_USER_INPUT `duplicate` when the name exists.
 */
export async function updatePermission(ctx: Context, changes: PermissionChanges): Promise<{ permissionId: number }> {
  const before = await permissionOf(ctx, changes.id);
  const resource = changes.resource ?? before.resource;
  const action = changes.action ?? before.action;
  const description = changes.description === undefined ? before.description : (changes.description?.trim() ?? '');
  const problems = [...descriptionProblems(description), ...partProblems({ resource, action })];
  if (problems.length) throw badInput(problems);
  const name = `${resource}:${action}`;
  if (name !== before.name && before.isSystem) throw systemPermission();
  if (!heldBy(ctx.viewer, name)) throw forbidden('This permission allows more than you may', 'permission.above');
  return withDuplicates({ permissions_name_key: 'name' }, () =>
    ctx.db.transaction(async (tx) => {
      // By its old name: what was read above must still hold.
      const changed = await tx.run(sql`
        update permissions set resource = ${resource}, action = ${action}, description = ${description}
         where id = ${before.id} and name = ${before.name}`);
      if (changed === 0) throw notFound('Permission');
      await emit(tx, ctx, 'permission.updated', ['Permission', before.id], { name });
      return { permissionId: before.id };
    }),
  );
}

/** Deletes a permission that the viewer holds; roles lose it. Throws CONFLICT for one that the server asks for. */
export async function deletePermission(ctx: Context, id: string): Promise<number> {
  const permission = await permissionOf(ctx, id);
  if (permission.isSystem) throw systemPermission();
  return ctx.db.transaction(async (tx) => {
    const removed = await tx.run(sql`delete from permissions where id = ${permission.id} and not is_system`);
    if (removed === 0) throw notFound('Permission');
    await emit(tx, ctx, 'permission.deleted', ['Permission', permission.id], { name: permission.name });
    return permission.id;
  });
}

const systemPermission = () =>
  conflict('A permission that the server asks for stays as it is', {
    subject: 'Permission',
    reason: 'permission.system',
  });

export interface Grant {
  roleId: string;
  /** Number or name. */
  permissionId: string;
}

/** Gives a role a permission that the viewer holds too. Throws CONFLICT when the role has it. */
export async function grantPermission(ctx: Context, grant: Grant): Promise<{ roleId: number }> {
  const permission = await permissionOf(ctx, grant.permissionId);
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
  const permission = await permissionOf(ctx, grant.permissionId);
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
async function permissionOf(ctx: Context, id: string): Promise<StoredPermission> {
  requireRoleRights(ctx);
  const isNamed = id.includes(':') ? sql`name = ${id.replaceAll('\0', '')}` : sql`id = ${rowId(id) ?? 0}`;
  const permission = await ctx.db.first<StoredPermission>(sql`
    select id, name, resource, action, description, is_system as "isSystem" from permissions where ${isNamed}`);
  if (!permission) throw notFound('Permission');
  if (!heldBy(ctx.viewer, permission.name))
    throw forbidden('This permission allows more than you may', 'permission.above');
  return permission;
}

type StoredPermission = Pick<Permission, 'id' | 'name' | 'resource' | 'action' | 'description' | 'isSystem'>;
