import { useTranslation } from 'react-i18next';
import { localeOf } from './words.js';

type DateStyle = 'short' | 'medium' | 'long' | 'full';

export interface Format {
  /** A day (`2026-03-01`) or a moment. Empty for none. */
  date: (value: string | null | undefined, style?: DateStyle) => string;
  /** To the minute; `medium`: to the second. */
  dateTime: (value: string | null | undefined, timeStyle?: 'short' | 'medium') => string;
  time: (value: string | null | undefined) => string;
  /** `3 days ago`, `in 2 hours`. */
  relative: (value: string | null | undefined) => string;
  number: (value: number | null | undefined, options?: Intl.NumberFormatOptions) => string;
  /** An amount in the currency's own form, without one a number; with its sign always shown where `signed`. */
  money: (value: number | null | undefined, currency: string | null | undefined, signed?: boolean) => string;
  bytes: (value: number | null | undefined) => string;
  percent: (share: number | null | undefined) => string;
  /** `A, B and C`, or as a `disjunction`: `A, B or C`. */
  list: (values: readonly string[], type?: 'conjunction' | 'disjunction') => string;
  /** Of ISO 3166 (`FR`). */
  country: (code: string | null | undefined) => string;
}

/** A day has no time zone: it is read as noon, so that it is the same day everywhere. */
const momentOf = (value: string): Date => new Date(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T12:00:00` : value);

const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

function makeFormat(language: string): Format {
  const kept = new Map<string, Intl.NumberFormat>();
  const numbers = (options: Intl.NumberFormatOptions): Intl.NumberFormat => {
    const key = JSON.stringify(options);
    const found = kept.get(key) ?? new Intl.NumberFormat(language, options);
    kept.set(key, found);
    return found;
  };
  const dates = (options: Intl.DateTimeFormatOptions, value: string): string =>
    new Intl.DateTimeFormat(language, options).format(momentOf(value));
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  return {
    date: (value, style = 'medium') => (value ? dates({ dateStyle: style }, value) : ''),
    dateTime: (value, timeStyle = 'short') => (value ? dates({ dateStyle: 'medium', timeStyle }, value) : ''),
    time: (value) => (value ? dates({ timeStyle: 'short' }, value) : ''),
    relative: (value) => {
      if (!value) return '';
      const seconds = (momentOf(value).valueOf() - Date.now()) / 1000;
      const [unit, length] = units.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const);
      return relative.format(Math.round(seconds / length), unit);
    },
    number: (value, options = {}) => (value == null ? '' : numbers(options).format(value)),
    money: (value, currency, signed = false) =>
      value == null
        ? ''
        : numbers({
            ...(currency ? { style: 'currency', currency } : { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
            ...(signed && { signDisplay: 'exceptZero' }),
          }).format(value),
    bytes: (value) => {
      if (value == null) return '';
      const step = Math.min(Math.floor(Math.log2(Math.max(value, 1)) / 10), 3);
      const unit = (['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const)[step] ?? 'byte';
      return numbers({ style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: step < 2 ? 0 : 1 }).format(
        value / 1024 ** step,
      );
    },
    percent: (share) => (share == null ? '' : numbers({ style: 'percent', maximumFractionDigits: 1 }).format(share)),
    list: (values, type = 'conjunction') => new Intl.ListFormat(language, { type }).format(values),
    country: (code) => (code ? (new Intl.DisplayNames(language, { type: 'region' }).of(code) ?? code) : ''),
  };
}

const made = new Map<string, Format>();

/** Dates, numbers and money as the reader writes them. */
export function useFormat(): Format {
  const { i18n } = useTranslation();
  const found = made.get(i18n.language) ?? makeFormat(localeOf(i18n.language));
  made.set(i18n.language, found);
  return found;
}
