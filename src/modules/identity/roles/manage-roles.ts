import type { Transaction } from '../../../db/sql-client.js';
import { set, sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { requirePermission, requireScope } from '../../../kernel/viewer.js';
import { badInput, conflict, type FieldProblem, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { withDuplicates } from '../people/duplicates.js';
import { findRole, requireMayAssign, rolePattern } from './assignable-role.js';
import { Role } from './role.entity.js';

export interface RoleFields {
  name?: string | null;
  description?: string | null;
}

const roleKeys = { roles_name_key: 'name' } as const;

/**
 * Throws FORBIDDEN unless the viewer may change roles with this credential, and see them: a change answers with what it
 * changed.
 */
export function requireRoleRights({ viewer }: Context): void {
  requirePermission(viewer, 'roles:write');
  requirePermission(viewer, 'roles:read');
  requireScope(viewer, 'admin');
}

/** Creates a role, without permissions yet. */
export async function createRole(ctx: Context, input: RoleFields & { name: string }): Promise<{ roleId: number }> {
  requireRoleRights(ctx);
  const { name = '', description = '' } = checked(input);
  return withDuplicates(roleKeys, () =>
    ctx.db.transaction(async (tx) => {
      const inserted = await tx.first<{ id: number }>(sql`
        insert into roles ${values(Role, { name, description })} returning id`);
      const { id } = inserted as { id: number };
      await emit(tx, ctx, 'role.created', ['Role', id], { name });
      return { roleId: id };
    }),
  );
}

/** Changes name and description. Throws CONFLICT for the name of a system role. */
export async function updateRole(
  ctx: Context,
  { id, ...input }: RoleFields & { id: string },
): Promise<{ roleId: number }> {
  requireRoleRights(ctx);
  const given = checked(input);
  return withDuplicates(roleKeys, () =>
    ctx.db.transaction(async (tx) => {
      const role = await roleForChange(tx, id);
      const { name, description } = { ...role, ...given };
      if (role.isSystem && name !== role.name)
        throw conflict('A system role cannot be renamed', { subject: 'Role', reason: 'role.system' });
      if (name !== role.name || description !== role.description) {
        const changes = set(Role, { name, description, updatedAt: sql`now()` });
        await tx.send(sql`update roles set ${changes} where id = ${role.id}`);
      }
      await emit(tx, ctx, 'role.updated', ['Role', role.id], { name });
      return { roleId: role.id };
    }),
  );
}

/**
 * Deletes a role and returns its number; its holders lose it. Throws CONFLICT for a system role, FORBIDDEN for one that
 * allows more than the viewer may.
 */
export async function deleteRole(ctx: Context, id: string): Promise<number> {
  requireRoleRights(ctx);
  return ctx.db.transaction(async (tx) => {
    const role = await roleForChange(tx, id);
    if (role.isSystem) throw conflict('A system role cannot be deleted', { subject: 'Role', reason: 'role.system' });
    const assignable = await findRole(tx, String(role.id));
    if (assignable) requireMayAssign(ctx.viewer, assignable);
    await tx.send(sql`delete from roles where id = ${role.id}`);
    await emit(tx, ctx, 'role.deleted', ['Role', role.id], { name: role.name });
    return role.id;
  });
}

type StoredRole = Pick<Role, 'id' | 'name' | 'description' | 'isSystem'>;

/** Returns the role, locked. Throws NOT_FOUND. */
export async function roleForChange(tx: Transaction, id: string): Promise<StoredRole> {
  const role = await tx.first<StoredRole>(sql`
    select id, name, description, is_system as "isSystem" from roles where id = ${rowId(id) ?? 0} for no key update`);
  if (!role) throw notFound('Role');
  return role;
}

function checked(input: RoleFields): { name?: string; description?: string } {
  const problems: FieldProblem[] = [];
  const name = input.name === null ? '' : input.name?.trim();
  const description = input.description === null ? '' : input.description?.trim();
  if (name === '') problems.push({ path: ['name'], code: 'required', message: 'is required' });
  else if (name !== undefined && !rolePattern.test(name)) {
    problems.push({
      path: ['name'],
      code: 'invalid_format',
      message: 'must begin with a letter and have at most 50 letters, digits, _ or -',
    });
  }
  problems.push(...descriptionProblems(description));
  if (problems.length) throw badInput(problems);
  return { ...(name !== undefined && { name }), ...(description !== undefined && { description }) };
}

export function descriptionProblems(description: string | undefined): FieldProblem[] {
  if (description === undefined) return [];
  if (description.length > 500)
    return [{ path: ['description'], code: 'too_long', message: 'must have at most 500 characters' }];
  return description.includes('\0')
    ? [{ path: ['description'], code: 'invalid', message: 'must not hold control characters' }]
    : [];
}
