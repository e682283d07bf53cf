import type { SqlRunner } from '../../../db/sql-client.js';
import { raw, sql } from '../../../db/sql.js';
import type { SignedIn } from '../../../kernel/viewer.js';
import { permissionsOf } from '../../identity/sessions/resolve-viewer.js';

/**
 * The owner of documents from the watched folder: the person of that user name, or the first administrator; undefined
 * when there is none.
 */
export async function findWatchOwner(db: SqlRunner, username: string | undefined): Promise<SignedIn | undefined> {
  const chosen =
    username === undefined
      ? sql`exists (
          select 1 from user_roles a join roles r on r.id = a.role_id where a.user_id = u.id and r.name = 'admin')`
      : sql`lower(u.username) = lower(${username}::text)`;
  const owner = await db.first<{ id: number; permissions: string[] }>(sql`
    select u.id, ${raw(permissionsOf('u.id'))} as permissions
      from users u where u.is_active and ${chosen} order by u.id limit 1`);
  if (!owner) return undefined;
  return {
    userId: owner.id,
    permissions: new Set(owner.permissions),
    scopes: new Set(['read', 'write']),
    credential: { kind: 'none' },
  };
}
