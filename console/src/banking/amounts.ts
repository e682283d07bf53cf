/**
 * Amounts that people type, in whole cents, so that what is added up here is exact. Reads `45.80`, `45,80`, `-1 234,5`,
 * `+2500` and `€ 12`: the last separator with one or two digits behind it is the decimal one.
 */
export interface TypedAmount {
  cents: number;
  /** Whether a sign was typed. */
  isSigned: boolean;
}

/** Undefined for what is no amount. */
export function readAmount(typed: string): TypedAmount | undefined {
  const text = typed.replaceAll(/[\s\p{Sc}'’]/gu, '').replace('−', '-');
  const found = /^([+-]?)(\d[\d.,]*?)(?:[.,](\d{1,2}))?$/.exec(text);
  if (!found) return undefined;
  const [, sign = '', whole = '', fraction = ''] = found;
  if (!/^\d{1,3}(?:[.,]\d{3})*$|^\d+$/.test(whole)) return undefined;
  const digits = whole.replaceAll(/[.,]/g, '') + fraction.padEnd(2, '0');
  if (digits.length > 14) return undefined;
  return { cents: Number(digits) * (sign === '-' ? -1 : 1), isSigned: sign !== '' };
}

/** An amount of the graph in cents. */
export const centsOf = (amount: number): number => Math.round(amount * 100);

/** Decimal text, as the graph takes it: `-45.80`. */
export function decimalOf(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
