import { negateAmount, parseDecimal } from '../../../lib/money.js';
import { indexOfHeader } from './csv-columns.js';
import type { CsvRecord } from './read-csv.js';
import { type AmountReading, type DecimalSign, decimalSignOf, readAmount } from './statement-amounts.js';
import { dateOrderOf, formatOf, orderOfFormat, readDate } from './statement-dates.js';
import {
  type CsvMapping,
  descriptionOf,
  referenceOf,
  type StatementProblem,
  type StatementRow,
} from './statement-file.js';

interface Rows {
  rows: StatementRow[];
  problems: StatementProblem[];
  mapping: CsvMapping;
}

/** The rows below a header whose columns are known. */
export function readCsvRows(records: readonly CsvRecord[], headers: readonly string[], mapping: CsvMapping): Rows {
  const columnOf = (name: string | undefined): ((record: CsvRecord) => string) => {
    const index = name === undefined ? -1 : indexOfHeader(headers, name);
    return ({ cells }) => cells[index] ?? '';
  };
  const dateIn = columnOf(mapping.date);
  const descriptionIn = columnOf(mapping.description);
  const referenceIn = columnOf(mapping.reference);
  const amountColumns = (mapping.amount === undefined ? [mapping.debit, mapping.credit] : [mapping.amount]).map(
    columnOf,
  );

  // A line with neither is one of the bank's own: a total, a legal note.
  const booked = records.filter((record) => dateIn(record) !== '' || amountColumns.some((cell) => cell(record) !== ''));
  const sign = mapping.decimal ?? decimalSignOf(amountColumns.flatMap((cell) => booked.map(cell)));
  const order =
    mapping.date_format === undefined ? dateOrderOf(booked.map(dateIn)) : orderOfFormat(mapping.date_format);
  const problems: StatementProblem[] = [];
  if (sign === 'unclear')
    problems.push({
      ...decimalField,
      message: 'The amounts do not tell which sign separates decimals: say it in the mapping',
    });
  if (order === undefined)
    problems.push({
      line: null,
      field: 'mapping.date_format',
      code: 'invalid',
      message: 'A format such as dd/mm/yyyy',
    });
  if (sign === 'unclear' || order === undefined) return { rows: [], problems, mapping };

  const readings = amountColumns.map((cell) => booked.map((record) => readAmount(cell(record), sign as DecimalSign)));
  const amounts = mapping.amount === undefined ? mergeColumns(readings) : (readings[0] as AmountReading[]);
  const rows = booked.map((record, index): StatementRow => {
    const { line, cells } = record;
    if (cells.slice(headers.length).some(Boolean)) {
      problems.push({
        line,
        field: 'file',
        code: 'invalid_format',
        message: 'The line has more cells than the header',
      });
      return { line, transactionDate: null, amount: null, description: descriptionOf(...cells), bankReference: null };
    }
    const transactionDate = readDate(dateIn(record), order) ?? null;
    if (transactionDate === null) problems.push({ line, field: 'transactionDate', ...dateProblem(dateIn(record)) });
    const reading = amounts[index] as AmountReading;
    if ('empty' in reading)
      problems.push({ line, field: 'amount', code: 'required', message: 'The amount is missing' });
    else if ('code' in reading) problems.push({ line, field: 'amount', ...reading });
    return {
      line,
      transactionDate,
      amount: 'amount' in reading ? reading.amount : null,
      description: descriptionOf(descriptionIn(record)),
      bankReference: referenceOf(referenceIn(record)),
    };
  });
  return {
    rows,
    problems,
    mapping: { ...mapping, decimal: sign, date_format: mapping.date_format ?? formatOf(order) },
  };
}

const decimalField = {
  line: null,
  field: 'mapping.decimal',
  code: 'required',
  reason: 'import.decimal_unclear',
} as const;

const dateProblem = (text: string): Pick<StatementProblem, 'code' | 'message'> =>
  text === ''
    ? { code: 'required', message: 'The date is missing' }
    : { code: 'invalid_format', message: `"${text.slice(0, 64)}" is no date` };

/**
 * Debit and credit to one signed amount. Banks write debits with or without a minus; most of a file's tell which, so
 * that a cancelled debit, which has the other sign, still comes back to the account.
 */
function mergeColumns([debits = [], credits = []]: readonly AmountReading[][]): AmountReading[] {
  const isNegative = (reading: AmountReading): boolean => 'amount' in reading && reading.amount.startsWith('-');
  const filled = debits.filter((reading) => 'amount' in reading && !isZero(reading));
  const signed = filled.filter(isNegative).length * 2 > filled.length;
  return debits.map((debit, index) => {
    const credit = credits[index] as AmountReading;
    if ('code' in debit) return debit;
    if ('code' in credit) return credit;
    const out: AmountReading = 'amount' in debit && !signed ? { amount: negateAmount(debit.amount) } : debit;
    if ('empty' in credit) return out;
    if ('empty' in out || isZero(out)) return credit;
    if (isZero(credit)) return out;
    return { code: 'invalid', message: 'Both the debit and the credit have an amount' };
  });
}

const isZero = (reading: AmountReading): boolean => 'amount' in reading && parseDecimal(reading.amount, 2) === 0n;
