import type { SqlEntityManager } from '@mikro-orm/sql';
import type { SignedIn } from '../../../kernel/viewer.js';
import { wordsOfArray } from '../../../lib/postgres-text.js';

/** Whom the documents of the watched folder belong to: the person of that user name, or the first administrator; undefined when there is none. */
export async function findWatchOwner(
  em: SqlEntityManager,
  username: string | undefined,
): Promise<SignedIn | undefined> {
  const chosen =
    username === undefined
      ? "exists (select 1 from user_roles a join roles r on r.id = a.role_id where a.user_id = u.id and r.name = 'admin')"
      : 'lower(u.username) = lower(?)';
  const [owner] = await em.execute<{ id: number; permissions: string }[]>(
    `select u.id, array(select distinct p.name from user_roles ur join role_permissions rp on rp.role_id = ur.role_id
                          join permissions p on p.id = rp.permission_id where ur.user_id = u.id)::text as permissions
       from users u where u.is_active and ${chosen} order by u.id limit 1`,
    username === undefined ? [] : [username],
  );
  if (!owner) return undefined;
  return {
    userId: owner.id,
    permissions: new Set(wordsOfArray(owner.permissions)),
    scopes: new Set(['read', 'write']),
    credential: { kind: 'none' },
  };
}
