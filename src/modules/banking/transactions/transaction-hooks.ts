import type { Transaction } from '../../../db/sql-client.js';
import type { CommandContext } from '../../../kernel/command.js';
import type { KeptPayment } from '../../invoicing/payments/kept-payments.js';

/** What matters of a transaction to those who refer to it. */
export interface TransactionFacts {
  accountId: number;
  /** Decimal text. */
  amount: string;
  /** `YYYY-MM-DD` */
  transactionDate: string;
}

/** What the trash keeps of what referred to a transaction, as JSON: each module has a key of its own. */
export interface KeptWithTransaction {
  payments?: readonly KeptPayment[];
  supplierInvoiceIds?: readonly number[];
}

/** Where later modules may add a step to what happens to transactions, whose accounts are locked. */
export interface TransactionHooks {
  /** A transaction is about to change; a step that throws keeps it as it is. */
  transactionChanges: (
    tx: Transaction,
    ctx: CommandContext,
    change: { id: number; before: TransactionFacts; after: TransactionFacts },
  ) => Promise<void>;
  /** Transactions are about to be deleted; what refers to them is still there. */
  transactionsRemoved: (tx: Transaction, ctx: CommandContext, ids: readonly number[]) => Promise<void>;
  /** Transactions are about to go into the trash: adds to `kept`, by their number, what is to come back with each. */
  transactionsTrashed: (
    tx: Transaction,
    ctx: CommandContext,
    ids: readonly number[],
    kept: Map<number, KeptWithTransaction>,
  ) => Promise<void>;
  /** They are back. Adds to `lost` those with which something that was kept did not come back. */
  transactionsPutBack: (
    tx: Transaction,
    ctx: CommandContext,
    back: readonly { id: number; kept: KeptWithTransaction }[],
    lost: Set<number>,
  ) => Promise<void>;
  /** Adds to `tied` those of the transactions that something refers to, so that an import that is undone keeps them. */
  transactionsTied: (tx: Transaction, ctx: CommandContext, ids: readonly number[], tied: Set<number>) => Promise<void>;
}
