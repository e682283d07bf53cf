import { sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { conflict } from '../../../lib/errors.js';

/** Returns whether the person's logins ask for a code. */
export async function hasSecondFactor({ db }: Context, userId: number): Promise<boolean> {
  const factor = await db.first(
    sql`select 1 from second_factors where user_id = ${userId} and confirmed_at is not null`,
  );
  return factor !== undefined;
}

export const isOnAlready = () =>
  conflict('The second factor is on already', { subject: 'User', reason: 'second_factor.on' });
export const isNotOn = () => conflict('The second factor is not on', { subject: 'User', reason: 'second_factor.off' });

/** The secret is sealed for one person: copied to another's row it does not open. */
export const totpPurpose = (userId: number): string => `totp:${userId}`;
