import type { SqlRunner } from '../../../db/sql-client.js';
import { holds, sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import type { Viewer } from '../../../kernel/viewer.js';
import { forbidden, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { visibleUsers } from '../identity.policy.js';
import { personNumber } from '../people/person-number.js';
import { heldBy } from './authority.js';

/** What names of roles look like. */
export const rolePattern = /^[A-Za-z][A-Za-z0-9_-]{0,49}$/;

export interface AssignableRole {
  id: number;
  name: string;
  /** `resource:action`, separated by commas. */
  permissions: string;
}

/**
 * Returns the number of a person, named by number or UUID, who can hold a role. Throws NOT_FOUND when there is none
 * that the viewer may see, and for one who was erased.
 */
export async function roleHolder({ viewer, db }: Pick<Context, 'viewer' | 'db'>, id: string): Promise<number> {
  const number = (await personNumber(db, id)) ?? 0;
  const person = await db.first<{ id: number }>(sql`
    select t.id from users t where t.id = ${number} and t.erased_at is null and ${holds(visibleUsers(viewer), 't')}`);
  if (!person) throw notFound('User');
  return person.id;
}

/** Returns the role with this number or this name; undefined when there is none. */
export async function findRole(db: SqlRunner, id: string): Promise<AssignableRole | undefined> {
  const isWanted = rolePattern.test(id) ? sql`r.name = ${id}` : sql`r.id = ${rowId(id) ?? 0}`;
  return db.first<AssignableRole>(sql`
    select r.id, r.name, coalesce(string_agg(p.name, ','), '') as permissions from roles r
      left join role_permissions rp on rp.role_id = r.id left join permissions p on p.id = rp.permission_id
     where ${isWanted} group by r.id`);
}

/** Nobody gives or takes a role that allows more than they may; the role `user` is everybody's. Throws FORBIDDEN. */
export function requireMayAssign(viewer: Viewer, { name, permissions }: AssignableRole): void {
  if (name !== 'user' && !heldBy(viewer, permissions))
    throw forbidden('This role allows more than you may', 'role.above');
}
