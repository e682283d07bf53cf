/** What may stand on an invoice: input becomes lines and totals here, or every problem at once. */
import { lineCount } from '../../lib/checked-values.js';
import type { FieldProblem } from '../../lib/errors.js';
import {
  exchangeRateScale,
  fitsMoney,
  formatDecimal,
  lineTotal,
  parseDecimal,
  quantityScale,
  unitPriceScale,
  type VatBreakdown,
  vatBreakdown,
  vatRateScale,
} from '../../lib/money.js';

/** Decimal text; `vatRate` in percent. */
export interface ItemTerms {
  description: string;
  quantity: string;
  unitPrice: string;
  vatRate: string;
}

export interface PricedTerms {
  lines: (ItemTerms & { position: number; total: string })[];
  totals: VatBreakdown;
}

export const itemLimit = 200;
export const descriptionLimit = 2000;
/** A text of so many characters fills no more lines unless it is full of line breaks. */
export const descriptionLineLimit = 100;

export const dueProblems = (dueDate: string | null | undefined, day: string): FieldProblem[] =>
  dueDate && dueDate < day
    ? [{ path: ['dueDate'], code: 'too_small', message: `is before the day of issue, ${day}` }]
    : [];

/** Problems of a rate of exchange, as far as it is given. */
export function exchangeRateProblems(rate: string | null | undefined): FieldProblem[] {
  if (rate == null) return [];
  const scaled = parseDecimal(rate, exchangeRateScale);
  const refuse = (code: FieldProblem['code'], message: string): FieldProblem[] => [
    { path: ['exchangeRate'], code, message },
  ];
  if (scaled === undefined) return refuse('invalid', `needs at most ${exchangeRateScale} decimals`);
  if (scaled <= 0n) return refuse('too_small', 'must be more than 0');
  return scaled >= 10n ** 14n ? refuse('too_large', 'is not below 10000000000') : [];
}

/**
 * Adds its problems to `problems`; the answer is only of use when there are none. `maxLines`: of a description; without
 * a limit for those that were taken before there was one.
 */
export function priceItems(
  items: readonly ItemTerms[],
  problems: FieldProblem[],
  { maxLines = descriptionLineLimit }: { maxLines?: number } = {},
): PricedTerms | undefined {
  const found: FieldProblem[] = [];
  if (items.length === 0) found.push({ path: ['items'], code: 'too_short', message: 'needs at least one line' });
  if (items.length > itemLimit)
    found.push({ path: ['items'], code: 'too_long', message: `has more than ${itemLimit} lines` });
  else found.push(...items.flatMap((item, index) => itemProblems(item, index, maxLines)));
  problems.push(...found);
  if (found.length > 0) return undefined;

  const totals = vatBreakdown(items);
  if (!fitsMoney(totals.total)) {
    problems.push({ path: ['items'], code: 'too_large', message: 'add up to more than an invoice can hold' });
    return undefined;
  }
  const lines = items.map(({ description, quantity, unitPrice, vatRate }, index) => ({
    description: description.trim(),
    quantity,
    unitPrice,
    vatRate,
    position: index + 1,
    total: lineTotal(quantity, unitPrice),
  }));
  return { lines, totals };
}

function itemProblems(
  { description, quantity, unitPrice, vatRate }: ItemTerms,
  index: number,
  maxLines: number,
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const problem = (field: keyof ItemTerms, code: FieldProblem['code'], message: string): void =>
    void problems.push({ path: ['items', String(index), field], code, message });

  if (description.trim() === '') problem('description', 'required', 'is empty');
  else if (description.length > descriptionLimit)
    problem('description', 'too_long', `has more than ${descriptionLimit} characters`);
  else if (lineCount(description.trim()) > maxLines)
    problem('description', 'too_long', `has more than ${maxLines} lines`);
  else if (description.includes('\0')) problem('description', 'invalid_format', 'holds the character U+0000');

  const decimal = (
    field: 'quantity' | 'unitPrice' | 'vatRate',
    text: string,
    scale: number,
    digits: number,
  ): bigint | undefined => {
    const scaled = parseDecimal(text, scale);
    if (scaled === undefined) problem(field, 'invalid', `needs at most ${scale} decimals`);
    else if (scaled < 0n) problem(field, 'too_small', 'is negative');
    else if (scaled >= 10n ** BigInt(digits))
      problem(field, 'too_large', `is not below ${formatDecimal(10n ** BigInt(digits), scale)}`);
    else return scaled;
    return undefined;
  };
  // Digits as in the columns: numeric(14,3), numeric(14,4).
  if (decimal('quantity', quantity, quantityScale, 14) === 0n) problem('quantity', 'too_small', 'must be more than 0');
  decimal('unitPrice', unitPrice, unitPriceScale, 14);
  const rate = decimal('vatRate', vatRate, vatRateScale, 14);
  if (rate !== undefined && rate > 10_000n) problem('vatRate', 'too_large', 'is more than 100 percent');
  return problems;
}
