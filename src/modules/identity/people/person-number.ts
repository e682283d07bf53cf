import type { SqlEntityManager } from '@mikro-orm/sql';
import { rowId } from '../../../lib/row-id.js';
import { isUuid } from '../../../lib/uuid.js';

/** The number behind a person's number or UUID; undefined for what names nobody. Of a number it is not looked up. */
export async function personNumber(em: SqlEntityManager, id: string | number): Promise<number | undefined> {
  if (!isUuid(id)) return rowId(id);
  const [person] = await em.execute<{ id: number }[]>('select id from users where uuid = ?::uuid', [id]);
  return person?.id;
}
