import type { SqlRunner } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import type { Services } from '../../../kernel/context.js';
import { dayIn } from '../../../lib/zoned-day.js';

/** The calendar day that it is for a person: in the time zone that they chose, else in the server's. */
export async function todayOf(
  db: SqlRunner,
  { now, config }: Pick<Services, 'now' | 'config'>,
  userId: number,
): Promise<string> {
  const person = await db.first<{ timeZone: string | null }>(
    sql`select time_zone as "timeZone" from users where id = ${userId}`,
  );
  return dayIn(person?.timeZone ?? config.timeZone, now());
}
