/** Transactions as CSV for spreadsheets: DECISIONS.md, section 9. */
import { stringify } from 'csv-stringify/sync';
import type { BudgetExportTransactionsQuery } from './operations.gen.js';

export type ExportedTransaction = NonNullable<BudgetExportTransactionsQuery['transactions']>['nodes'][number];

export interface CsvForm {
  separator: string;
  decimal: ',' | '.';
}

/** Spreadsheets tell UTF-8 by it; our own import skips it. */
const byteOrderMark = '\u{feff}';
const header = ['id', 'transaction_date', 'description', 'category', 'account', 'amount', 'currency'];

/** What makes a spreadsheet read a text as a formula, also behind blanks and in full width. */
const formula = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n|%]/u;

/** The text, which a spreadsheet cannot take for a formula: an apostrophe before it says that it is text. */
export const defused = (text: string): string => (formula.test(text) ? `'${text}` : text);

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

const csvOf = (rows: readonly string[][], { separator }: CsvForm): string =>
  stringify([...rows], { delimiter: separator, record_delimiter: 'windows', quoted_match: /[\r\n\t]|^\s|\s$/ });
