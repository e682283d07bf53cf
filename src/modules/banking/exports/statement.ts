/** What a printed statement of accounts says: plain data, which crosses to the thread that draws it. */

/** Decimal text with two decimals; days are `YYYY-MM-DD`. */
export interface Statement {
  holder: string;
  from: string;
  to: string;
  printedAt: Date;
  /** Whether it shows only some of the transactions of the accounts in the period. */
  isFiltered: boolean;
  accounts: StatementAccount[];
  /** One for each currency. */
  totals: StatementTotals[];
  /** One for each currency: the balances of its accounts together. */
  curves: BalanceCurve[];
  /** The oldest first. */
  rows: StatementRow[];
}

export interface StatementAccount {
  name: string;
  type: string;
  currency: string;
  /** Before the first and after the last day of the period. */
  opening: string;
  closing: string;
}

/** Of the rows that are shown. Transfers are neither income nor expense. */
export interface StatementTotals {
  currency: string;
  income: string;
  expense: string;
  transfers: string;
}

export interface BalanceCurve {
  currency: string;
  opening: string;
  /** The balance at the end of each day on which it moved. */
  points: { day: string; balance: string }[];
}

export interface StatementRow {
  day: string;
  description: string;
  category: string;
  account: string;
  currency: string;
  amount: string;
  /** Of its account right after it. */
  balance: string;
  isTransfer: boolean;
}
