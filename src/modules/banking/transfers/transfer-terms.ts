import type { FieldProblem } from '../../../lib/errors.js';
import type { AccountRow } from '../accounts/lock-accounts.js';

export interface TransferTerms {
  fromAccountId: string;
  toAccountId: string;
  /** Decimal text, more than 0. */
  amount: string;
  /** `YYYY-MM-DD` */
  transferDate: string;
  description: string;
}

/** Adds a problem for an account that there is not, or when no money can go from the one to the other. */
export function checkAccounts(
  from: AccountRow | undefined,
  to: AccountRow | undefined,
  problems: FieldProblem[],
): void {
  const message = 'is no account of yours';
  if (!from) problems.push({ path: ['fromAccountId'], code: 'unknown_reference', message });
  if (!to) problems.push({ path: ['toAccountId'], code: 'unknown_reference', message });
  if (!from || !to) return;
  if (from.id === to.id) problems.push({ path: ['toAccountId'], code: 'invalid', message: 'must be another account' });
  else if (from.currency !== to.currency)
    problems.push({
      path: ['toAccountId'],
      code: 'not_allowed',
      message: `is in ${to.currency}, the other account in ${from.currency}`,
    });
}
