/** `2026-12-31`, then `T` or a space and the time, its seconds and zone optional. */
const written =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9})\d*)?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/**
 * The moment as RFC 3339 has it, of a date-time that may lack its seconds or its zone, which is then UTC, or of a day,
 * which is its first instant. Undefined for what is written otherwise. Whether the day exists is not looked at.
 */
export function momentOf(text: string): string | undefined {
  const [, day, minutes, seconds = '00', fraction, zone] = written.exec(text.trim()) ?? [];
  if (day === undefined) return undefined;
  if (minutes === undefined) return `${day}T00:00:00Z`;
  return `${day}T${minutes}:${seconds}${fraction === undefined ? '' : `.${fraction}`}${offsetOf(zone)}`;
}

/** `+02:00` of `+02`, `+0200` and `+02:00`. */
function offsetOf(zone: string | undefined): string {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 'Z';
  const digits = zone.replace(/\D/g, '').padEnd(4, '0');
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

/**
 * The moment before which everything up to `text` lies: a day's end for a day, else `momentOf`. Undefined also for a
 * day that doesn't exist, and for the last one that has a year of four digits.
 */
export function momentAfter(text: string): string | undefined {
  const moment = momentOf(text);
  const isDay = written.exec(text.trim())?.[2] === undefined;
  if (moment === undefined || !isDay) return moment;
  const start = Date.parse(moment);
  // 30 February is read as 2 March.
  if (Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== moment.slice(0, 10)) return undefined;
  const next = new Date(start + 86_400_000).toISOString();
  return next.startsWith('+') ? undefined : `${next.slice(0, 19)}Z`;
}

/** The day that is written in a date-time or is all that is written; undefined for what is written otherwise. */
export const dayOf = (text: string): string | undefined => written.exec(text.trim())?.[1];
