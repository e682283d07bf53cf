import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';

/**
 * Lets one transaction at a time add to what belongs to a person, so that two at once do not pass a bound together. A
 * command that also locks the administrators (`lockAdmins`) does that first.
 */
export async function lockPerson(tx: Transaction, userId: number): Promise<void> {
  await tx.send(sql`select 1 from users where id = ${userId} for no key update`);
}
