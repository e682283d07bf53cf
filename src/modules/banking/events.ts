import { declareEvents, payload, type PayloadsOf } from '../../events/declare.js';

interface BankAccountEventData {
  ownerId: number;
}

/** Enough to decide who may still hear of a transaction that is gone. */
export interface TransactionEventData {
  bankAccountId: number;
  ownerId: number;
}

export const bankingEvents = declareEvents({
  'bank_account.created': payload<BankAccountEventData>(),
  'bank_account.updated': payload<BankAccountEventData & { fields: string[] }>(),
  'bank_account.deleted': payload<BankAccountEventData & { transactions: number }>(),
  'category.created': payload<{ ownerId: number; name: string }>(),
  'category.updated': payload<{ ownerId: number; name: string }>(),
  'category.deleted': payload<{ ownerId: number; name: string }>(),
  'transaction.created': payload<TransactionEventData>(),
  'transaction.updated': payload<TransactionEventData & { fields: string[] }>(),
  'transaction.deleted': payload<TransactionEventData>(),
});

export type BankingEvents = PayloadsOf<typeof bankingEvents>;
