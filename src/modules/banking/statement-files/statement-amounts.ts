import type { FieldCode } from '../../../lib/error-catalog.js';
import { fitsMoney, formatDecimal, moneyScale, parseDecimal } from '../../../lib/money.js';

/**
 * Amounts as banks and spreadsheets write them. Which sign separates decimals is decided once, from all amounts of a
 * file: `1.000` is one thousand beside `45,80` and one beside `45.8`, which no cell can tell by itself.
 *
 * Evidence that a sign (`.` or `,`) is the decimal one: it stands right of the other one (`4.711,98`); it stands once
 * and not before exactly three digits (`110.7`); what is left of it cannot be a group (`1234.567`, `0.500`). A sign
 * that stands twice (`1.000.000`) groups thousands, which is evidence for the other one. Spaces of any kind and
 * apostrophes always group.
 */
export type DecimalSign = '.' | ',';

/** Digits with signs in between, without currency, and whether it is negative. */
interface BareAmount {
  negative: boolean;
  digits: string;
}

const currencies = /[\p{Sc}]|(?<![\p{L}])(?:EUR|USD|CHF|GBP|EUROS?|FR\.?)(?![\p{L}])/giu;
const minus = /[-\u2212\u2010-\u2015\uFE63\uFF0D]/u;
const maxCharacters = 64;

/** Undefined when it is no amount whichever the decimal sign; null for an empty cell. */
function bare(text: string): BareAmount | null | undefined {
  if (text.length > maxCharacters) return undefined;
  let rest = text
    .replace(currencies, '')
    .replace(/[\p{Zs}\t\u200B\uFEFF]/gu, ' ')
    .replace(/[’‘ʼ]/g, "'")
    .trim();
  if (rest === '') return null;
  let negative = false;
  const inParentheses = /^\((.*)\)$/.exec(rest);
  if (inParentheses) {
    negative = true;
    rest = (inParentheses[1] as string).trim();
  } else if (minus.test(rest[0] as string)) {
    negative = true;
    rest = rest.slice(1).trim();
  } else if (minus.test(rest.at(-1) as string)) {
    negative = true;
    rest = rest.slice(0, -1).trim();
  } else if (rest.startsWith('+')) {
    rest = rest.slice(1).trim();
  } else if (rest.endsWith('+')) {
    rest = rest.slice(0, -1).trim();
  }
  return /^[\d.,' ]*\d[.,]?$/.test(rest) ? { negative, digits: rest } : undefined;
}

const isGrouped = (whole: string, group: string): boolean =>
  new RegExp(`^\\d{1,3}(?:[${group}' ]\\d{3})+$`).test(whole);

/** Which sign the text proves to be the decimal one. */
function evidenceOf(digits: string): DecimalSign | undefined {
  const points = digits.split('.').length - 1;
  const commas = digits.split(',').length - 1;
  if (points > 0 && commas > 0) return digits.lastIndexOf('.') > digits.lastIndexOf(',') ? '.' : ',';
  if (points > 1) return isGrouped(digits, '.') ? ',' : undefined;
  if (commas > 1) return isGrouped(digits, ',') ? '.' : undefined;
  if (points + commas === 0) return undefined;
  const sign = points ? '.' : ',';
  const [whole = '', fraction = ''] = digits.split(sign);
  return fraction.length === 3 && /^[1-9]\d{0,2}$/.test(whole) ? undefined : sign;
}

/**
 * The decimal sign of a file by all its amounts; 'unclear' when they contradict each other as often as not. With no
 * evidence at all, one sign before three digits everywhere groups thousands (`ungrouped`: is the decimal sign, for
 * formats that know no groups); with no sign anywhere it does not matter.
 */
export function decimalSignOf(texts: Iterable<string>, { ungrouped = false } = {}): DecimalSign | 'unclear' {
  const proofs = { '.': 0, ',': 0 };
  const undecided = { '.': 0, ',': 0 };
  for (const text of texts) {
    const amount = bare(text);
    if (!amount) continue;
    const proof = evidenceOf(amount.digits);
    if (proof) proofs[proof] += 1;
    else if (amount.digits.includes('.')) undecided['.'] += 1;
    else if (amount.digits.includes(',')) undecided[','] += 1;
  }
  if (proofs['.'] !== proofs[',']) return proofs['.'] > proofs[','] ? '.' : ',';
  if (proofs['.'] > 0) return 'unclear';
  if (undecided['.'] > 0 && undecided[','] > 0) return 'unclear';
  const points = undecided['.'] > 0;
  if (ungrouped) return undecided[','] > 0 ? ',' : '.';
  return points ? ',' : undecided[','] > 0 ? '.' : ',';
}

export type AmountReading = { amount: string } | { empty: true } | { code: FieldCode; message: string };

/** An amount of a file whose decimal sign is known, as text with two decimals. */
export function readAmount(text: string, sign: DecimalSign): AmountReading {
  const found = bare(text);
  if (found === null) return { empty: true };
  const unreadable = { code: 'invalid_format', message: `"${text.slice(0, maxCharacters)}" is no amount` } as const;
  if (!found) return unreadable;
  const [whole = '', fraction, ...more] = found.digits.split(sign);
  const group = sign === '.' ? ',' : '.';
  if (more.length > 0 || !(whole === '' || /^\d+$/.test(whole) || isGrouped(whole, group))) return unreadable;
  if (fraction !== undefined && !/^\d*$/.test(fraction)) return unreadable;
  const plain = `${found.negative ? '-' : ''}${whole.replace(/\D/g, '') || '0'}${fraction ? `.${fraction}` : ''}`;
  const cents = parseDecimal(plain, moneyScale);
  if (cents === undefined)
    return { code: 'invalid_format', message: `"${text.slice(0, maxCharacters)}" has more than two decimals` };
  const amount = formatDecimal(cents, moneyScale);
  return fitsMoney(amount) ? { amount } : { code: 'too_large', message: 'The amount is too large' };
}
