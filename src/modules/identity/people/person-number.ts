import type { SqlRunner } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import { rowId } from '../../../lib/row-id.js';
import { isUuid } from '../../../lib/uuid.js';

/**
 * Returns the number for a person's number or UUID; undefined for anything else. A number is returned without a
 * look-up, whether or not there is such a person.
 */
export async function personNumber(db: SqlRunner, id: string | number): Promise<number | undefined> {
  if (!isUuid(id)) return rowId(id);
  return (await db.first<{ id: number }>(sql`select id from users where uuid = ${id}`))?.id;
}
