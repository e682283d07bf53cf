import type { SqlEntityManager } from '@mikro-orm/sql';
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

/** Throws FORBIDDEN unless the viewer may change roles with this credential. */
export function requireRoleRights({ viewer }: Context): void {
  requirePermission(viewer, 'roles:write');
  requireScope(viewer, 'admin');
}

/** A role without permissions yet. */
export async function createRole(ctx: Context, input: RoleFields & { name: string }): Promise<{ roleId: number }> {
  requireRoleRights(ctx);
  const { name = '', description } = checked(input);
  return withDuplicates(roleKeys, () =>
    ctx.em.transactional(async (em) => {
      const role = em.create(Role, { name, description: description ?? '' });
      await em.flush();
      await emit(em, ctx, 'role.created', ['Role', role.id], { name });
      return { roleId: role.id };
    }),
  );
}

/** Changes name and description. Throws CONFLICT for the name of a system role. */
export async function updateRole(
  ctx: Context,
  { id, ...input }: RoleFields & { id: string },
): Promise<{ roleId: number }> {
  requireRoleRights(ctx);
  const { name, description } = checked(input);
  return withDuplicates(roleKeys, () =>
    ctx.em.transactional(async (em) => {
      const role = await roleForChange(em, id);
      if (role.isSystem && name !== undefined && name !== role.name)
        throw conflict('A system role cannot be renamed', { subject: 'Role', reason: 'role.system' });
      if (name !== undefined) role.name = name;
      if (description !== undefined) role.description = description;
      await em.flush();
      await emit(em, ctx, 'role.updated', ['Role', role.id], { name: role.name });
      return { roleId: role.id };
    }),
  );
}

/** Whoever holds the role loses it. Throws CONFLICT for a system role, FORBIDDEN for one that allows more than the viewer may. */
export async function deleteRole(ctx: Context, id: string): Promise<{ roleId: number }> {
  requireRoleRights(ctx);
  return ctx.em.transactional(async (em) => {
    const role = await roleForChange(em, id);
    if (role.isSystem) throw conflict('A system role cannot be deleted', { subject: 'Role', reason: 'role.system' });
    const assignable = await findRole(em, { id });
    if (assignable) requireMayAssign(ctx.viewer, assignable);
    await em.execute('delete from roles where id = ?', [role.id]);
    await emit(em, ctx, 'role.deleted', ['Role', role.id], { name: role.name });
    return { roleId: role.id };
  });
}

/** The role, locked. Throws NOT_FOUND. */
export async function roleForChange(em: SqlEntityManager, id: string): Promise<Role> {
  await em.execute('select 1 from roles where id = ? for no key update', [rowId(id) ?? 0]);
  const role = await em.findOne(Role, { id: rowId(id) ?? 0 });
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
