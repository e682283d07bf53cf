import { isCheckViolation, isOutOfRange } from '../../../db/sql-client.js';
import { badField, DomainError } from '../../../lib/errors.js';
import { reconciled } from '../transactions/held-transaction.js';

const insufficientBalance = (): DomainError =>
  new DomainError('BAD_USER_INPUT', 'The balance of a savings account cannot be negative', {
    subject: 'BankAccount',
    reason: 'account.insufficient_balance',
  });

/**
 * Runs a statement that moves balances. Throws BAD_USER_INPUT for what the database refuses: a savings account below
 * zero (`account.insufficient_balance`), or a balance that no column holds, which is blamed on `field`.
 */
export async function movingBalances<T>(statement: () => Promise<T>, field = 'amount'): Promise<T> {
  try {
    return await statement();
  } catch (error) {
    if (isCheckViolation(error, 'bank_accounts_floor')) throw insufficientBalance();
    if (isCheckViolation(error, 'transactions_reconciled')) throw reconciled();
    if (isOutOfRange(error)) throw badField(field, 'too_large', 'The balance would have more than 12 digits');
    throw error;
  }
}
