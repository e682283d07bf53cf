import { LRUCache } from 'lru-cache';
import { Temporal } from 'temporal-polyfill';

/** Whether a text is the name of a time zone (IANA), such as `Europe/Paris`. An offset is none: it knows no summer. */
export function isTimeZone(text: string): boolean {
  if (/^[+-]/.test(text)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: text }));
  } catch {
    return false;
  }
}

/** A formatter takes a hundred times as long to make as to use. */
const dayFormats = new LRUCache<string, Intl.DateTimeFormat>({
  max: 100,
  memoMethod: (timeZone) =>
    new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }),
});

/** The calendar day of a moment in a time zone (IANA name), `2026-02-03`. */
export const dayIn = (timeZone: string, moment: Date): string => dayFormats.memo(timeZone).format(moment);

/** The moment at which a day begins in a time zone (IANA name), `2026-02-02T23:00:00Z`. */
export const startOfDay = (day: string, timeZone: string): string =>
  Temporal.PlainDate.from(day).toZonedDateTime(timeZone).toInstant().toString();

/** Whole calendar days from one day to another, negative when `to` is earlier. */
export const daysBetween = (from: string, to: string): number =>
  (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
