import { isCalendarDate } from '../../../lib/calendar-day.js';
import { fold } from '../../../lib/fold.js';

/**
 * Dates as banks and spreadsheets write them, to calendar days. Which number is the day is decided once, from all
 * dates of a file: `03/04/2026` is 3 April unless another line has `04/25/2026`. A time of day behind the date is
 * ignored, with its zone: a bank's day is a day.
 */
export type DateOrder = 'dmy' | 'mdy' | 'ymd';

const numeric = /^(\d{1,4})([/.\- ])(\d{1,2})\2(\d{1,4})(?:[T ,].*)?$/;
const compact = /^(\d{4})(\d{2})(\d{2})(?:[T ]?\d{2}.*)?$/;
const named = /^(?:\p{L}{2,10}[.,]? )?(\d{1,2})(?:er|\.)?[ \-/.](\p{L}{3,10})\.?[ \-/.,](\d{4}|\d{2})(?:[T ,].*)?$/u;
const maxCharacters = 64;
const earliest = '1900-01-01';
const latest = '2100-01-01';

/** The beginnings of months in French, English and German, folded. */
const months: readonly (readonly string[])[] = [
  ['janv', 'jan'],
  ['fev', 'feb'],
  ['mars', 'mar'],
  ['avr', 'apr'],
  ['mai', 'may'],
  ['juin', 'jun'],
  ['juil', 'jul'],
  ['aou', 'aug'],
  ['sep'],
  ['oct', 'okt'],
  ['nov'],
  ['dec', 'dez'],
];
const monthOf = (word: string): number =>
  months.findIndex((names) => names.some((name) => fold(word).startsWith(name))) + 1;

/** Two digits are a year from 1970 to 2069. */
const yearOf = (digits: string): string | undefined =>
  digits.length === 4 ? digits : digits.length === 2 ? `${Number(digits) < 70 ? 20 : 19}${digits}` : undefined;

function dayOf(year: string | undefined, month: string | number, day: string): string | undefined {
  if (year === undefined) return undefined;
  const text = `${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isCalendarDate(text) && text >= earliest && text < latest ? text : undefined;
}

/** The day that a text names when its numbers come in this order; undefined when it names none. */
export function readDate(text: string, order: DateOrder): string | undefined {
  const plain = text.replace(/[\p{Zs}\t]+/gu, ' ').trim();
  if (plain.length > maxCharacters) return undefined;
  const digits = compact.exec(plain);
  if (digits) return dayOf(digits[1], digits[2] as string, digits[3] as string);
  const words = named.exec(plain);
  if (words) return dayOf(yearOf(words[3] as string), monthOf(words[2] as string), words[1] as string);
  const parts = numeric.exec(plain);
  if (!parts) return undefined;
  const [, first = '', , second = '', third = ''] = parts;
  if (first.length === 4) return third.length <= 2 ? dayOf(first, second, third) : undefined;
  if (first.length > 2) return undefined;
  if (order === 'ymd') return third.length <= 2 ? dayOf(yearOf(first), second, third) : undefined;
  const [day, month] = order === 'dmy' ? [first, second] : [second, first];
  return dayOf(yearOf(third), month, day);
}

/** The order in which most of the dates exist; day first, as in France, when none is better than that. */
export function dateOrderOf(texts: readonly string[]): DateOrder {
  const read = (order: DateOrder): number => texts.filter((text) => readDate(text, order) !== undefined).length;
  return read('mdy') > read('dmy') ? 'mdy' : 'dmy';
}

/** `dd/mm/yyyy` → `dmy`; also with the French letters, `jj/mm/aaaa`. Undefined for what is no such pattern. */
export function orderOfFormat(format: string): DateOrder | undefined {
  const letters = format.toLowerCase().replaceAll('j', 'd').replaceAll('a', 'y');
  if (!/^(d{1,2}|m{1,2}|yyyy|yy)([/.\- ]?)(d{1,2}|m{1,2})\2(d{1,2}|yyyy|yy)$/.test(letters)) return undefined;
  const order = letters.replace(/[^dmy]/g, '').replace(/(.)\1+/g, '$1');
  return order === 'dmy' || order === 'mdy' || order === 'ymd' ? order : undefined;
}

export const formatOf = (order: DateOrder): string =>
  ({ dmy: 'dd/mm/yyyy', mdy: 'mm/dd/yyyy', ymd: 'yyyy-mm-dd' })[order];
