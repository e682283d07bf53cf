import type { Transaction } from '../db/sql-client.js';
import { type Sql, sql } from '../db/sql.js';
import { tooMany } from '../lib/errors.js';

/**
 * Throws CONFLICT when `rows`, a select without a limit, finds as many of `subject` as there may be. Call it before one
 * is added, in the same transaction and under a lock that everybody takes who adds one.
 */
export async function refuseBeyond(tx: Transaction, subject: string, most: number, rows: Sql): Promise<void> {
  const found = await tx.all(sql`${rows} limit ${most}`);
  if (found.length === most) throw tooMany(subject, most);
}
