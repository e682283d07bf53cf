/**
 * What keeps a transaction's amount, day and account as they are, and the transaction itself: the transfer that it is a
 * leg of, and a statement of the bank that it was reconciled with. Only a forced deletion of the whole account, its
 * owner's explicit word, goes over both.
 */
import { conflict, type DomainError } from '../../../lib/errors.js';
import type { TransactionFacts } from './transaction-hooks.js';

interface Held {
  transferId: number | null;
  reconciliationId: number | null;
}

/** Throws CONFLICT when something else says what the transaction's amount, day or account is. */
export function refuseMove(transaction: Held, before: TransactionFacts, after: TransactionFacts): void {
  if (isSame(before, after)) return;
  refuseReconciled(transaction);
  refuseLeg(transaction, 'are changed on the transfer');
}

/** Throws CONFLICT when the transaction cannot go by itself. */
export function refuseRemoval(transaction: Held): void {
  refuseReconciled(transaction);
  refuseLeg(transaction, 'go with the transfer');
}

/** Throws CONFLICT when the leg of a transfer that changes is reconciled. */
export function refuseReconciledMove(
  leg: Pick<Held, 'reconciliationId'>,
  before: TransactionFacts,
  after: TransactionFacts,
): void {
  if (!isSame(before, after)) refuseReconciled(leg);
}

export function refuseReconciled({ reconciliationId }: Pick<Held, 'reconciliationId'>): void {
  if (reconciliationId !== null) throw reconciled({ reconciliationId });
}

/** Also what the database refuses, whichever statement tried. */
export const reconciled = (details?: { reconciliationId: number }): DomainError =>
  conflict('The transaction is reconciled: its amount, day and account stay', {
    subject: 'Transaction',
    reason: 'transaction.reconciled',
    ...(details && { details }),
  });

const isSame = (before: TransactionFacts, after: TransactionFacts): boolean =>
  before.accountId === after.accountId &&
  before.amount === after.amount &&
  before.transactionDate === after.transactionDate;

function refuseLeg({ transferId }: Held, remedy: string): void {
  if (transferId !== null)
    throw conflict(`It is a leg of transfer ${transferId}: both legs ${remedy}`, {
      subject: 'Transaction',
      reason: 'transaction.in_transfer',
      details: { transferId },
    });
}
