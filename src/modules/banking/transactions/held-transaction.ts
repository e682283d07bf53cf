/** What keeps a transaction's amount, day and account as they are, and the transaction itself. */
import { conflict } from '../../../lib/errors.js';
import type { TransactionFacts } from './transaction-hooks.js';

interface Held {
  /** The transfer that it is a leg of. */
  transferId: number | null;
}

/** Throws CONFLICT when something else says what the transaction's amount, day or account is. */
export function refuseMove(transaction: Held, before: TransactionFacts, after: TransactionFacts): void {
  const isSame =
    before.accountId === after.accountId &&
    before.amount === after.amount &&
    before.transactionDate === after.transactionDate;
  if (!isSame) refuseLeg(transaction, 'are changed on the transfer');
}

/** Throws CONFLICT when the transaction cannot go by itself. */
export const refuseRemoval = (transaction: Held): void => refuseLeg(transaction, 'go with the transfer');

function refuseLeg({ transferId }: Held, remedy: string): void {
  if (transferId !== null)
    throw conflict(`It is a leg of transfer ${transferId}: both legs ${remedy}`, {
      subject: 'Transaction',
      reason: 'transaction.in_transfer',
      details: { transferId },
    });
}
