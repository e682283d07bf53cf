import { Temporal } from 'temporal-polyfill';
import type { Frequency } from '../kernel/frequency.js';
import { periodOf } from './periods.js';
import { daysBetween } from './zoned-day.js';

/**
 * The days of a rule. Occurrence n (from 0) is the start + n × interval, counted from the start each time: a month that
 * lacks the start's day gives its last one, and the next month has the day again (31 January, 28 February, 31 March).
 * Adding to the last occurrence would lose the day.
 */
export interface Schedule {
  frequency: Frequency;
  /** 1 to `longestInterval`. */
  interval: number;
  /** Calendar day, `2026-01-31`: the first occurrence. */
  startDate: string;
  /** The last day that may be one; null: there is none. */
  endDate: string | null;
}

/** Of days, weeks, months or years between two occurrences. */
export const longestInterval = 1000;

/** No transaction lies after it. */
const lastDay = '2199-12-31';

/** More than these lie after it, whatever the start. */
const mostUnits = { daily: 150_000, weekly: 25_000, monthly: 5_000, yearly: 500 } as const;

const units = { daily: 'day', weekly: 'week', monthly: 'month', yearly: 'year' } as const;
const monthsOf = { monthly: 1, yearly: 12 } as const;
const daysOf = { daily: 1, weekly: 7 } as const;

/** The day of an occurrence; undefined after the schedule's end. */
export function occurrenceAt({ frequency, interval, startDate, endDate }: Schedule, index: number): string | undefined {
  const count = index * interval;
  if (count > mostUnits[frequency]) return undefined;
  const day = Temporal.PlainDate.from(startDate)
    .add({ [`${units[frequency]}s`]: count })
    .toString();
  return day > (endDate ?? lastDay) || day > lastDay ? undefined : day;
}

/** The index of the first occurrence on a day or after it, whether or not the schedule has ended by then. */
export function firstIndexFrom({ frequency, interval, startDate }: Schedule, day: string): number {
  if (day <= startDate) return 0;
  if (frequency === 'daily' || frequency === 'weekly')
    return Math.ceil(daysBetween(startDate, day) / (daysOf[frequency] * interval));
  const months = monthNumber(day) - monthNumber(startDate);
  const index = Math.ceil(months / (monthsOf[frequency] * interval));
  const found = occurrenceAt({ frequency, interval, startDate, endDate: null }, index);
  // In the day's own month the occurrence may lie before it.
  return found !== undefined && found < day ? index + 1 : index;
}

/** Months since the year 0. */
const monthNumber = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));

/** The occurrences on or after a day and on or before `until`, the earliest first: at most `limit`. */
export function occurrencesBetween(
  schedule: Schedule,
  { from, until, limit }: { from: string; until: string; limit: number },
): string[] {
  const days: string[] = [];
  for (let index = firstIndexFrom(schedule, from); days.length < limit; index += 1) {
    const day = occurrenceAt(schedule, index);
    if (day === undefined || day > until) break;
    days.push(day);
  }
  return days;
}

export const isOccurrence = (schedule: Schedule, day: string): boolean =>
  occurrenceAt(schedule, firstIndexFrom(schedule, day)) === day;

/** Where a rule stands between what was and what is to come. */
export interface Place {
  /** null: nothing is to come. */
  nextOccurrence: string | null;
  /** The occurrence before it; null: there was none. */
  lastOccurrence: string | null;
}

/** The first occurrence on or after a day that is not left out. */
export function placeFrom(schedule: Schedule, day: string, skippedDates: readonly string[]): Place {
  let index = firstIndexFrom(schedule, day);
  let next = occurrenceAt(schedule, index);
  while (next !== undefined && skippedDates.includes(next)) next = occurrenceAt(schedule, (index += 1));
  return {
    nextOccurrence: next ?? null,
    lastOccurrence: (index > 0 ? occurrenceAt(schedule, index - 1) : undefined) ?? null,
  };
}

/**
 * Where a rule goes on by new days: in the first period (day, week, month or year, by the frequency) after that of its
 * last occurrence, so that moving the day within the month neither doubles nor skips one. Nothing is made up for in
 * periods that are over, but for what was still pending in them.
 */
export function placeAfterEdit(
  { nextOccurrence, lastOccurrence, skippedDates }: Place & { skippedDates: readonly string[] },
  schedule: Schedule,
  today: string,
): Place {
  const pending = nextOccurrence !== null && nextOccurrence < today ? nextOccurrence : today;
  const current = periodOf(units[schedule.frequency], pending).start;
  const next = lastOccurrence === null ? '' : dayAfterPeriod(schedule.frequency, lastOccurrence);
  return placeFrom(schedule, next > current ? next : current, skippedDates);
}

/** The first day after the day, week, month or year that a day lies in. */
export const dayAfterPeriod = (frequency: Frequency, day: string): string =>
  dayAfter(periodOf(units[frequency], day).end);

/** The day after. */
export const dayAfter = (day: string): string => Temporal.PlainDate.from(day).add({ days: 1 }).toString();
