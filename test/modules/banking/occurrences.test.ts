import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Frequency } from '../../../src/modules/banking/recurrences/frequency.js';
import {
  firstIndexFrom,
  longestInterval,
  isOccurrence,
  occurrenceAt,
  occurrencesBetween,
  periodOfFrequency,
  placeFrom,
  type Schedule,
} from '../../../src/modules/banking/recurrences/occurrences.js';

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

  test('a day’s period is that of the frequency', () => {
    const sunday = '2026-10-25';
    expect(periodOfFrequency(Frequency.DAILY, sunday)).toEqual({ start: sunday, end: sunday });
    expect(periodOfFrequency(Frequency.WEEKLY, sunday)).toEqual({ start: '2026-10-19', end: sunday });
    expect(periodOfFrequency(Frequency.YEARLY, sunday)).toEqual({ start: '2026-01-01', end: '2026-12-31' });
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
});
