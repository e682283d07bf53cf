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

/** Names something that roles may allow. Throws `duplicate` when the name exists. */
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
    ctx.em.transactional(async (em) => {
      const [row] = await em.execute<{ id: number; name: string }[]>(
        'insert into permissions (resource, action, description) values (?, ?, ?) returning id, name',
        [input.resource, input.action, description],
      );
      const { id, name } = row as { id: number; name: string };
      await emit(em, ctx, 'permission.created', ['Permission', id], { name });
      return { permissionId: id };
    }),
  );
}

export interface Grant {
  roleId: string;
  /** One of the two. */
  permissionId?: string | null;
  name?: string | null;
}

/** Lets a role do something that the viewer may do too. Throws CONFLICT when it may already. */
export async function grantPermission(ctx: Context, grant: Grant): Promise<{ roleId: number }> {
  const permission = await permissionOf(ctx, grant);
  return ctx.em.transactional(async (em) => {
    const role = await roleForChange(em, grant.roleId);
    const added = await em.execute<unknown[]>(
      'insert into role_permissions (role_id, permission_id) values (?, ?) on conflict do nothing returning role_id',
      [role.id, permission.id],
    );
    if (!added.length)
      throw conflict('The role has this permission already', { subject: 'Permission', reason: 'permission.granted' });
    await emit(em, ctx, 'role.permissions_changed', ['Role', role.id], {
      permission: permission.name,
      change: 'granted',
    });
    return { roleId: role.id };
  });
}

/** Takes from a role something that the viewer may do too. Throws NOT_FOUND when the role lacks it, CONFLICT for the role `admin`, which may everything. */
export async function revokePermission(ctx: Context, grant: Grant): Promise<{ roleId: number }> {
  const permission = await permissionOf(ctx, grant);
  return ctx.em.transactional(async (em) => {
    const role = await roleForChange(em, grant.roleId);
    if (role.name === 'admin')
      throw conflict('The role admin keeps its permissions', { subject: 'Role', reason: 'role.system' });
    const removed = await em.execute<unknown[]>(
      'delete from role_permissions where role_id = ? and permission_id = ? returning role_id',
      [role.id, permission.id],
    );
    if (!removed.length) throw notFound('Permission');
    await emit(em, ctx, 'role.permissions_changed', ['Role', role.id], {
      permission: permission.name,
      change: 'revoked',
    });
    return { roleId: role.id };
  });
}

/** Throws FORBIDDEN for what the viewer may not do: nobody gives or takes more than they hold. */
async function permissionOf(ctx: Context, { permissionId, name }: Grant): Promise<{ id: number; name: string }> {
  requireRoleRights(ctx);
  if (!permissionId && !name)
    throw badInput([{ path: ['permissionId'], code: 'required', message: 'is required, or name' }]);
  const [permission] = permissionId
    ? await ctx.em.execute<{ id: number; name: string }[]>('select id, name from permissions where id = ?', [
        rowId(permissionId) ?? 0,
      ])
    : await ctx.em.execute<{ id: number; name: string }[]>('select id, name from permissions where name = ?', [
        name?.replaceAll('\0', '') ?? '',
      ]);
  if (!permission) throw notFound('Permission');
  if (!heldBy(ctx.viewer, permission.name))
    throw forbidden('This permission allows more than you may', 'permission.above');
  return permission;
}
