import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PeriodKind, periodOf } from '../../src/lib/periods.js';
import { dayIn, daysBetween } from '../../src/lib/zoned-day.js';

const inParis = (kind: PeriodKind, moment: string) => periodOf(kind, dayIn('Europe/Paris', new Date(moment)));

test('the last hour of a month, a year and a week in UTC is already the next one in Paris, or not yet', () => {
  expect(inParis('month', '2026-02-28T23:30:00Z')).toEqual({ start: '2026-03-01', end: '2026-03-31' });
  expect(inParis('month', '2026-02-28T22:59:59Z')).toEqual({ start: '2026-02-01', end: '2026-02-28' });
  expect(inParis('year', '2025-12-31T23:30:00Z')).toEqual({ start: '2026-01-01', end: '2026-12-31' });
  expect(inParis('day', '2026-03-29T22:00:00Z')).toEqual({ start: '2026-03-30', end: '2026-03-30' });
  // The clocks went back that Sunday: it has 25 hours.
  expect(inParis('week', '2026-10-25T22:59:59Z')).toEqual({ start: '2026-10-19', end: '2026-10-25' });
  expect(inParis('week', '2026-10-25T23:00:00Z')).toEqual({ start: '2026-10-26', end: '2026-11-01' });
});

test('a leap year has its day, and what is no day throws', () => {
  expect(periodOf('month', '2028-02-29')).toEqual({ start: '2028-02-01', end: '2028-02-29' });
  expect(() => periodOf('month', '2026-02-29')).toThrow(RangeError);
});

test('periods hold their day and follow each other without a gap', () => {
  const days = fc
    .date({ min: new Date('1900-01-01'), max: new Date('2200-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  fc.assert(
    fc.property(fc.constantFrom<PeriodKind>('day', 'week', 'month', 'year'), days, (kind, day) => {
      const { start, end } = periodOf(kind, day);
      expect(start <= day && day <= end).toBe(true);
      const after = new Date(Date.parse(`${end}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
      expect(periodOf(kind, after).start).toBe(after);
      expect(periodOf(kind, start)).toEqual(periodOf(kind, end));
      if (kind === 'week') expect(daysBetween(start, end)).toBe(6);
    }),
  );
});
