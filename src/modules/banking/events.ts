import { declareEvents, payload, type PayloadsOf } from '../../events/declare.js';
import type { SharePermission } from './accounts/account-share.entity.js';

interface BankAccountEventData {
  ownerId: number;
}

interface ShareEventData extends BankAccountEventData {
  /** With whom. */
  userId: number;
  /** Of the account. */
  name: string;
}

/** Enough to decide who may still hear of a transaction that is gone. */
export interface TransactionEventData {
  bankAccountId: number;
  ownerId: number;
}

/** The subject is the rule. */
export interface RecurrenceEventData extends TransactionEventData {
  /** Who made the rule. */
  createdById: number;
}

interface OccurrenceEventData extends RecurrenceEventData {
  description: string;
  /** Decimal text. */
  amount: string;
  currency: string;
}

interface ReceiptEventData extends TransactionEventData {
  receiptId: number;
  documentId: number;
}

/** Enough to decide who may still hear of a transfer that is gone. */
export interface TransferEventData {
  fromAccountId: number;
  toAccountId: number;
}

export const bankingEvents = declareEvents({
  /** Balances that are not what they must be, at most a hundred of them named; the subject is the first. */
  'balance.drifted': payload<{ accounts: number; accountIds: number[]; adminIds: number[] }>(),
  'bank_account.created': payload<BankAccountEventData>(),
  'bank_account.updated': payload<BankAccountEventData & { fields: string[] }>(),
  'bank_account.deleted': payload<BankAccountEventData & { transactions: number }>(),
  'bank_account.shared': payload<ShareEventData & { permission: `${SharePermission}` }>(),
  'bank_account.unshared': payload<ShareEventData>(),
  'budget.created': payload<{ ownerId: number }>(),
  'budget.updated': payload<{ ownerId: number; fields: string[] }>(),
  'budget.deleted': payload<{ ownerId: number }>(),
  'category.created': payload<{ ownerId: number; name: string }>(),
  'category.updated': payload<{ ownerId: number; name: string }>(),
  'category.deleted': payload<{ ownerId: number; name: string }>(),
  'categorization_rule.created': payload<{ ownerId: number; name: string }>(),
  'categorization_rule.updated': payload<{ ownerId: number; name: string }>(),
  'categorization_rule.deleted': payload<{ ownerId: number; name: string }>(),
  'categorization_rule.applied': payload<{ ownerId: number; name: string; changed: number }>(),
  'transaction.created': payload<TransactionEventData>(),
  'transaction.updated': payload<TransactionEventData & { fields: string[] }>(),
  'transaction.deleted': payload<TransactionEventData>(),
  'recurrence.created': payload<RecurrenceEventData>(),
  'recurrence.updated': payload<RecurrenceEventData & { fields: string[] }>(),
  'recurrence.skipped': payload<RecurrenceEventData & { date: string }>(),
  'recurrence.stopped': payload<RecurrenceEventData & { description: string; reason: 'by_hand' | 'access_lost' }>(),
  /** At most a hundred at once, the days in the order of the transactions. */
  'recurrence.posted': payload<OccurrenceEventData & { dates: string[]; transactionIds: number[] }>(),
  'recurrence.refused': payload<OccurrenceEventData & { date: string }>(),
  'reconciliation.created': payload<TransactionEventData & { transactions: number }>(),
  'reconciliation.undone': payload<TransactionEventData & { transactions: number }>(),
  /** The subject is the transaction. */
  'receipt.added': payload<ReceiptEventData>(),
  'receipt.removed': payload<ReceiptEventData>(),
  'transfer.created': payload<TransferEventData>(),
  'transfer.updated': payload<TransferEventData & { fields: string[] }>(),
  'transfer.deleted': payload<TransferEventData>(),
  'import.progressed': payload<TransactionEventData & { done: number; total: number }>(),
  'import.completed': payload<TransactionEventData & { created: number; duplicates: number }>(),
  'import.undone': payload<TransactionEventData & { removed: number; kept: number }>(),
  'import.restored': payload<TransactionEventData & { restored: number; left: number }>(),
});

export type BankingEvents = PayloadsOf<typeof bankingEvents>;
