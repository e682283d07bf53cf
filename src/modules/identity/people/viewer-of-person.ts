import type { SqlRunner } from '../../../db/sql-client.js';
import { raw, sql } from '../../../db/sql.js';
import { onlyOwnRights, type SignedIn } from '../../../kernel/viewer.js';
import { permissionsOf } from '../sessions/resolve-viewer.js';

/** A person with the rights that they have now, for what is done without a request; undefined for an inactive one. */
export async function viewerOfPerson(db: SqlRunner, userId: number): Promise<SignedIn | undefined> {
  const person = await db.first<{ permissions: string[] }>(sql`
    select ${raw(permissionsOf('u.id'))} as permissions from users u where u.id = ${userId}::int and u.is_active`);
  return person && { ...onlyOwnRights(userId), permissions: new Set(person.permissions) };
}
