import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Frequency } from '../../src/kernel/frequency.js';
import {
  dayAfter,
  firstIndexFrom,
  longestInterval,
  isOccurrence,
  occurrenceAt,
  occurrencesBetween,
  placeAfterEdit,
  placeFrom,
  type Schedule,
} from '../../src/lib/occurrences.js';
import { periodOf } from '../../src/lib/periods.js';

const monthly: Schedule = { frequency: Frequency.MONTHLY, interval: 1, startDate: '2026-01-31', endDate: null };
const first = (count: number, schedule: Partial<Schedule>): string[] =>
  occurrencesBetween({ ...monthly, ...schedule }, { from: '1900-01-01', until: '2199-12-31', limit: count });

describe('the days of a rule', () => {
  test('a month that is too short gives its last day, and the next has the day again', () => {
    expect(first(4, {})).toEqual(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30']);
    expect(first(4, { interval: 3, startDate: '2024-11-30' })).toEqual([
      '2024-11-30',
      '2025-02-28',
      '2025-05-30',
      '2025-08-30',
    ]);
    expect(first(5, { frequency: Frequency.YEARLY, startDate: '2024-02-29' })).toEqual([
      '2024-02-29',
      '2025-02-28',
      '2026-02-28',
      '2027-02-28',
      '2028-02-29',
    ]);
  });

  test('the end is one of them', () => {
    expect(first(10, { endDate: '2026-04-30' })).toEqual(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30']);
    expect(first(10, { endDate: '2026-04-29' })).toHaveLength(3);
    expect(occurrenceAt({ ...monthly, endDate: '2026-04-30' }, 4)).toBeUndefined();
  });

  test('what has no end ends with the days that a transaction may have', () => {
    const farthest = Object.values(Frequency).map((frequency) => ({
      ...monthly,
      frequency,
      startDate: '2199-12-31',
      interval: longestInterval,
    }));
    for (const schedule of farthest) {
      expect(occurrenceAt(schedule, 0)).toBe('2199-12-31');
      expect(occurrenceAt(schedule, 1)).toBeUndefined();
      expect(occurrenceAt(schedule, 1_000_000)).toBeUndefined();
    }
  });

  test('a rule goes on at the first day that is not left out', () => {
    const place = (day: string, ...skipped: string[]) => placeFrom({ ...monthly, endDate: '2026-04-30' }, day, skipped);
    expect(place('2025-01-01')).toEqual({ nextOccurrence: '2026-01-31', lastOccurrence: null });
    expect(place('2026-02-01')).toEqual({ nextOccurrence: '2026-02-28', lastOccurrence: '2026-01-31' });
    expect(place('2026-02-28', '2026-02-28', '2026-03-31')).toEqual({
      nextOccurrence: '2026-04-30',
      lastOccurrence: '2026-03-31',
    });
    expect(place('2026-05-01')).toEqual({ nextOccurrence: null, lastOccurrence: '2026-04-30' });
  });
});

describe('properties', () => {
  const days = fc
    .date({ min: new Date('1990-01-01'), max: new Date('2060-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  const schedules = fc.record({
    frequency: fc.constantFrom(...Object.values(Frequency)),
    interval: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: longestInterval })),
    startDate: days,
    endDate: fc.constant(null),
  });
  const daysOfMonth = (day: string): number =>
    new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0)).getUTCDate();

  test('occurrences lie in order, a month’s on the start’s day or the month’s last', () => {
    fc.assert(
      fc.property(schedules, fc.integer({ min: 0, max: 60 }), (schedule, index) => {
        const [day, next] = [occurrenceAt(schedule, index), occurrenceAt(schedule, index + 1)];
        if (day === undefined) {
          expect(next).toBeUndefined();
          return;
        }
        if (next !== undefined) expect(day < next).toBe(true);
        if (schedule.frequency === Frequency.MONTHLY || schedule.frequency === Frequency.YEARLY) {
          const anchor = Number(schedule.startDate.slice(8));
          expect(Number(day.slice(8))).toBe(Math.min(anchor, daysOfMonth(day)));
        }
      }),
    );
  });

  test('the first occurrence from a day is found without going through those before', () => {
    fc.assert(
      fc.property(schedules, days, (schedule, day) => {
        const index = firstIndexFrom(schedule, day);
        const found = occurrenceAt(schedule, index);
        if (found !== undefined) expect(found >= day).toBe(true);
        expect(isOccurrence(schedule, day)).toBe(found === day);
        if (index > 0) expect((occurrenceAt(schedule, index - 1) as string) < day).toBe(true);
      }),
    );
  });

  test('whatever a rule’s day is moved to, and when: each month has one, each week has one', () => {
    const edits = fc.array(fc.record({ on: fc.integer({ min: 1, max: 700 }), day: fc.integer({ min: 0, max: 30 }) }));
    const addDays = (day: string, count: number): string =>
      new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
    fc.assert(
      fc.property(fc.constantFrom(Frequency.MONTHLY, Frequency.WEEKLY), edits, (frequency, moves) => {
        // 1 January 2029 is a Monday, so that a week's days are those of one ISO week.
        const first = '2029-01-01';
        const startOf = (day: number) => addDays(first, frequency === Frequency.WEEKLY ? day % 7 : day);
        let schedule: Schedule = { frequency, interval: 1, startDate: startOf(9), endDate: null };
        let place = placeFrom(schedule, first, []);
        const posted: string[] = [];
        for (let n = 0; n < 730; n += 1) {
          const today = addDays(first, n);
          for (const { day } of moves.filter(({ on }) => on === n)) {
            schedule = { ...schedule, startDate: startOf(day) };
            place = placeAfterEdit({ ...place, skippedDates: [] }, schedule, today);
          }
          while (place.nextOccurrence !== null && place.nextOccurrence <= today) {
            posted.push(place.nextOccurrence);
            place = placeFrom(schedule, dayAfter(place.nextOccurrence), []);
          }
        }
        const periods = posted.map((day) => periodOf(frequency === Frequency.WEEKLY ? 'week' : 'month', day).start);
        expect(new Set(periods).size).toBe(periods.length);
        // The last one may be to come.
        expect(periods.length).toBeGreaterThanOrEqual(frequency === Frequency.WEEKLY ? 103 : 23);
      }),
      { numRuns: 40 },
    );
  });
});
