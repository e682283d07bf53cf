import { negateAmount, sumAmounts, toAmount } from '../../../lib/money.js';
import { type AmountReading, readAmount } from './statement-amounts.js';
import { readDate } from './statement-dates.js';
import { descriptionOf, referenceOf, type StatementFile } from './statement-file.js';

export interface CamtElement {
  name: string;
  text: string;
  children: CamtElement[];
  /** The attribute `Ccy` of amounts. */
  currency: string | undefined;
}

type Path = readonly string[];

const all = (element: CamtElement | undefined, [name, ...rest]: Path): CamtElement[] => {
  const found = element?.children.filter((child) => child.name === name) ?? [];
  return rest.length === 0 ? found : found.flatMap((child) => all(child, rest));
};
const first = (element: CamtElement | undefined, ...paths: readonly string[]): CamtElement | undefined => {
  for (const path of paths) {
    const [found] = all(element, path.split('/'));
    if (found) return found;
  }
  return undefined;
};
const textAt = (element: CamtElement | undefined, ...paths: readonly string[]): string =>
  first(element, ...paths)?.text.trim() ?? '';

/**
 * Adds the rows of one entry (Ntry): one, or for a batch one for each of its transactions when their amounts make up
 * the entry's; otherwise the details are of use to nobody's balance. What is announced and not booked (PDNG, INFO)
 * gives none.
 */
export function bookingsOf(entry: CamtElement, { rows, problems }: StatementFile): void {
  if (/^(PDNG|INFO|FUTR)$/.test(textAt(entry, 'Sts/Cd', 'Sts'))) return;
  const details = all(entry, ['NtryDtls', 'TxDtls']);
  const whole = signed(entry, 'Amt');
  const date = textAt(entry, 'BookgDt/Dt', 'BookgDt/DtTm', 'ValDt/Dt', 'ValDt/DtTm');
  const transactionDate = readDate(date.slice(0, 10), 'ymd') ?? null;
  const entryReference = referenceOf(textAt(entry, 'AcctSvcrRef'));
  const parts = details.length > 1 ? partsOf(entry, details, whole) : undefined;
  for (const [index, detail] of (parts ? details : [details[0]]).entries()) {
    const line = rows.length + 1;
    const reading = parts ? ({ amount: parts[index] as string } as const) : whole;
    if (transactionDate === null)
      problems.push({
        line,
        field: 'transactionDate',
        ...(date
          ? { code: 'invalid_format', message: `BookgDt "${date.slice(0, 64)}" is no date` }
          : { code: 'required', message: 'BookgDt is missing' }),
      });
    if ('empty' in reading) problems.push({ line, field: 'amount', code: 'required', message: 'Amt is missing' });
    else if ('code' in reading) problems.push({ line, field: 'amount', ...reading });
    rows.push({
      line,
      transactionDate,
      amount: 'amount' in reading ? reading.amount : null,
      description: describe(entry, parts || details.length === 1 ? detail : undefined),
      bankReference: referenceFor(detail, parts ? index : undefined, entryReference, transactionDate),
    });
  }
}

/** An amount with the sign of its own or the entry's credit-debit indicator. */
function signed(element: CamtElement, path: string, indicator = textAt(element, 'CdtDbtInd')): AmountReading {
  const reading = readAmount(textAt(element, path), '.');
  if (!('amount' in reading)) return reading;
  if (indicator === 'CRDT') return reading;
  if (indicator === 'DBIT') return { amount: negateAmount(reading.amount) };
  return { code: 'invalid', message: 'CdtDbtInd is neither CRDT nor DBIT' };
}

/** The amounts of a batch, when each has one in the entry's currency and their sum is the entry's. */
function partsOf(entry: CamtElement, details: readonly CamtElement[], whole: AmountReading): string[] | undefined {
  if (!('amount' in whole)) return undefined;
  const currency = first(entry, 'Amt')?.currency;
  const amounts = details.flatMap((detail) => {
    const indicator = textAt(detail, 'CdtDbtInd') || textAt(entry, 'CdtDbtInd');
    const path = ['Amt', 'AmtDtls/TxAmt/Amt'].find((path) => first(detail, path)?.currency === currency);
    const reading = path === undefined ? undefined : signed(detail, path, indicator);
    return reading && 'amount' in reading ? [reading.amount] : [];
  });
  return amounts.length === details.length && sumAmounts(amounts) === toAmount(whole.amount) ? amounts : undefined;
}

/** Who, and what for, as the bank and the other side wrote it. */
function describe(entry: CamtElement, detail: CamtElement | undefined): string {
  const other = textAt(detail, 'CdtDbtInd') || textAt(entry, 'CdtDbtInd');
  const party = other === 'CRDT' ? 'Dbtr' : 'Cdtr';
  return descriptionOf(
    textAt(detail, `RltdPties/${party}/Nm`, `RltdPties/${party}/Pty/Nm`),
    ...all(detail, ['RmtInf', 'Ustrd']).map(({ text }) => text),
    ...all(detail, ['RmtInf', 'Strd', 'CdtrRefInf', 'Ref']).map(({ text }) => text),
    textAt(detail, 'AddtlTxInf'),
    textAt(entry, 'AddtlNtryInf'),
  );
}

/**
 * The account servicer's reference, which names one booking; in a batch each transaction needs its own. The end-to-end
 * id is the payer's, who may write the same each month: with the day it names a booking well enough.
 */
function referenceFor(
  detail: CamtElement | undefined,
  index: number | undefined,
  entryReference: string | null,
  day: string | null,
): string | null {
  const own = referenceOf(textAt(detail, 'Refs/AcctSvcrRef'));
  if (index === undefined) {
    const endToEnd = referenceOf(textAt(detail, 'Refs/EndToEndId'));
    return entryReference ?? own ?? (endToEnd && referenceOf(`${endToEnd} ${day ?? ''}`));
  }
  if (own !== null && own !== entryReference) return own;
  return entryReference === null ? null : referenceOf(`${entryReference}/${index + 1}`);
}
