/** Transactions as CSV for spreadsheets: DECISIONS.md, section 9. */
import { byteOrderMark, csvOf, defused } from '../../lib/csv.js';
import type { BudgetExportTransactionsQuery } from './operations.gen.js';

export type ExportedTransaction = NonNullable<BudgetExportTransactionsQuery['transactions']>['nodes'][number];

export interface CsvForm {
  separator: string;
  decimal: ',' | '.';
}

const header = ['id', 'transaction_date', 'description', 'category', 'account', 'amount', 'currency'];

export const csvHead = (form: CsvForm): string => byteOrderMark + csvOf([header], form);

/** The amount is no text: it is written by this server, and a sign before it stays. */
export const csvLines = (transactions: readonly ExportedTransaction[], form: CsvForm): string =>
  csvOf(
    transactions.map(({ id, transactionDate, description, category, splits, account, amount }) => [
      id,
      transactionDate,
      defused(description),
      defused(category?.name ?? namesOf(splits)),
      defused(account.name),
      amount.toFixed(2).replace('.', form.decimal),
      account.currency,
    ]),
    form,
  );

/** Of the categories of a transaction in parts, each once. */
const namesOf = (splits: ExportedTransaction['splits']): string =>
  [...new Set(splits.flatMap(({ category }) => category?.name ?? []))].join(', ');
