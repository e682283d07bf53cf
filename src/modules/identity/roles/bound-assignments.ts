import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import { tooMany } from '../../../lib/errors.js';

/** A person's assignments at most, those out of their period too. */
const mostAssignments = 200;

/**
 * Throws CONFLICT when the person has more assignments than there may be. Call it after one was added, in the same
 * transaction and under `lockPerson`.
 */
export async function refuseTooManyAssignments(tx: Transaction, userId: number): Promise<void> {
  const held = await tx.all(sql`select 1 from role_assignments where user_id = ${userId} limit ${mostAssignments + 1}`);
  if (held.length > mostAssignments) throw tooMany('RoleAssignment', mostAssignments);
}
