import { Temporal } from 'temporal-polyfill';

/** Days that belong together in the calendar. A week runs from Monday to Sunday (ISO 8601). */
export type PeriodKind = 'day' | 'week' | 'month' | 'year';

/** Calendar days (`2026-02-28`), the last one included. */
export interface Period {
  start: string;
  end: string;
}

/** The calendar day, week, month or year that a day lies in. Throws RangeError for what is no day. */
export function periodOf(kind: PeriodKind, day: string): Period {
  const date = Temporal.PlainDate.from(day);
  const start = firstDay(kind, date);
  return {
    start: start.toString(),
    end: start
      .add({ [`${kind}s`]: 1 })
      .subtract({ days: 1 })
      .toString(),
  };
}

/** Whole calendar months from a day to another, the day of the month kept; 0 or less when `to` is not later. */
export const wholeMonthsBetween = (from: string, to: string): number =>
  Temporal.PlainDate.from(from).until(to, { largestUnit: 'months' }).months;

function firstDay(kind: PeriodKind, date: Temporal.PlainDate): Temporal.PlainDate {
  if (kind === 'week') return date.subtract({ days: date.dayOfWeek - 1 });
  if (kind === 'month') return date.with({ day: 1 });
  return kind === 'year' ? date.with({ month: 1, day: 1 }) : date;
}
