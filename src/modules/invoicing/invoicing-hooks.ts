import type { HookSteps } from '../../kernel/hooks.js';
import { withdrawPayments } from './payments/delete-payment.js';
import { keepPayments, putPaymentsBack } from './payments/kept-payments.js';
import { addPaying, refuseBelowSettled } from './payments/receipt.js';

/** What invoices have to do with bank transactions: those pay them. */
export const invoicingHooks: HookSteps = {
  transactionChanges: (tx, _ctx, { id, before, after }) => refuseBelowSettled(tx, id, before, after),
  transactionsRemoved: (tx, ctx, ids) => withdrawPayments(tx, ctx, ids),
  transactionsTrashed: (tx, _ctx, ids, kept) => keepPayments(tx, ids, kept),
  transactionsPutBack: (tx, ctx, back, lost) => putPaymentsBack(tx, ctx, back, lost),
  transactionsTied: (tx, _ctx, ids, tied) => addPaying(tx, ids, tied),
};
