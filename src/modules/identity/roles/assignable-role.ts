import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Viewer } from '../../../kernel/viewer.js';
import { forbidden, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { personNumber } from '../people/person-number.js';
import { heldBy } from './authority.js';

/** How a role may be called. */
export const rolePattern = /^[A-Za-z][A-Za-z0-9_-]{0,49}$/;

export interface AssignableRole {
  id: number;
  name: string;
  /** `resource:action`, with commas between. */
  permissions: string;
}

/** The number of a person, named by number or UUID, who can hold a role. Throws NOT_FOUND for nobody and for the erased. */
export async function roleHolder(em: SqlEntityManager, id: string): Promise<number> {
  const [person] = await em.execute<{ id: number }[]>('select id from users where id = ? and erased_at is null', [
    (await personNumber(em, id)) ?? 0,
  ]);
  if (!person) throw notFound('User');
  return person.id;
}

/** The role with this number or this name; undefined when there is none. */
export async function findRole(
  em: SqlEntityManager,
  by: { id: string } | { name: string },
): Promise<AssignableRole | undefined> {
  const [column, value] = 'id' in by ? ['id', rowId(by.id) ?? 0] : ['name', rolePattern.test(by.name) ? by.name : ''];
  const [role] = await em.execute<AssignableRole[]>(
    `select r.id, r.name, coalesce(string_agg(p.name, ','), '') as permissions from roles r
       left join role_permissions rp on rp.role_id = r.id left join permissions p on p.id = rp.permission_id
      where r.${column} = ? group by r.id`,
    [value],
  );
  return role;
}

/** Nobody gives or takes a role that allows more than they may; the role `user` is everybody's. Throws FORBIDDEN. */
export function requireMayAssign(viewer: Viewer, { name, permissions }: AssignableRole): void {
  if (name !== 'user' && !heldBy(viewer, permissions))
    throw forbidden('This role allows more than you may', 'role.above');
}
