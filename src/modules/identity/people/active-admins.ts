import type { SqlRunner } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';

/** Numbers of the administrators whose accounts are switched on: who is told of what is wrong with the server. */
export async function activeAdminIds(tx: SqlRunner): Promise<number[]> {
  const admins = await tx.all<{ id: number }>(sql`
    select u.id from users u
     where u.is_active and exists (
             select 1 from user_roles a join roles r on r.id = a.role_id where a.user_id = u.id and r.name = 'admin')
     order by u.id`);
  return admins.map(({ id }) => id);
}
