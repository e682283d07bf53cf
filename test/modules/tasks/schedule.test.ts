import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextRun, nextRuns, problemOfSchedule, type TaskTimes } from '../../../src/modules/tasks/schedule/next-runs.js';
import { TaskType } from '../../../src/modules/tasks/task.entity.js';

const minuteMs = 60_000;
const scheduled = (schedule: string, timeZone: string): TaskTimes => ({
  type: TaskType.SCHEDULED,
  schedule,
  timeZone,
  intervalSeconds: null,
  runAt: null,
});

interface Field {
  text: string;
  has: (value: number) => boolean;
  isSingle: boolean;
  isWild: boolean;
}

const field = (min: number, max: number): fc.Arbitrary<Field> => {
  const value = fc.integer({ min, max });
  return fc.oneof(
    {
      weight: 3,
      arbitrary: value.map((n) => ({ text: `${n}`, has: (v: number) => v === n, isSingle: true, isWild: false })),
    },
    fc.constant({ text: '*', has: () => true, isSingle: false, isWild: true }),
    fc.integer({ min: 2, max: Math.min(30, max) }).map((step) => ({
      text: `*/${step}`,
      has: (v: number) => (v - min) % step === 0,
      isSingle: false,
      isWild: true,
    })),
    fc.uniqueArray(value, { minLength: 2, maxLength: 4 }).map((all) => ({
      text: all.join(','),
      has: (v: number) => all.includes(v),
      isSingle: false,
      isWild: false,
    })),
  );
};

/** The days around a change of the clocks: in spring 2:00 becomes 3:00, in autumn 3:00 (New York: 2:00) comes twice. */
const changes = [
  ['Europe/Paris', '2026-03-28T00:00:00Z'],
  ['Europe/Paris', '2026-10-24T00:00:00Z'],
  ['America/New_York', '2026-03-07T00:00:00Z'],
  ['America/New_York', '2026-10-31T00:00:00Z'],
] as const;

/** Each minute of three days, with what the clock on the wall shows. */
function wall(timeZone: string, from: string): { at: number; day: number; hour: number; minute: number }[] {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const start = Date.parse(from);
  return Array.from({ length: 3 * 1440 }, (_, index) => {
    const at = start + index * minuteMs;
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    return { at, day: parts['day'] ?? 0, hour: parts['hour'] ?? 0, minute: parts['minute'] ?? 0 };
  });
}

const walls = changes.map(([timeZone, from]) => ({ timeZone, from, minutes: wall(timeZone, from) }));

/** By the rule as it is written, minute by minute, with nothing of a library for schedules. */
function expected(minutes: ReturnType<typeof wall>, minute: Field, hour: Field): number[] {
  const runs = new Set<number>();
  const shown = new Set<string>();
  let before = minutes[0];
  for (const now of minutes) {
    const name = `${now.day} ${now.hour}:${now.minute}`;
    const isAgain = shown.has(name);
    shown.add(name);
    // What is due once a day does not come again in the hour that does.
    if (hour.has(now.hour) && minute.has(now.minute) && !(isAgain && hour.isSingle && minute.isSingle))
      runs.add(now.at);
    // Of the hour that is leapt over, what would have been due comes right after it; what comes each so often goes on.
    if (before && now.day === before.day && now.hour === before.hour + 2 && !hour.isWild && !minute.isWild)
      for (let m = 0; m < 60; m += 1) if (hour.has(before.hour + 1) && minute.has(m)) runs.add(now.at);
    before = now;
  }
  return [...runs].toSorted((a, b) => a - b);
}

test('in the days when the clocks change, schedules run when the rule says, in Paris and New York', () => {
  fc.assert(
    fc.property(fc.constantFrom(...walls), field(0, 59), field(0, 23), ({ timeZone, minutes }, minute, hour) => {
      const times = scheduled(`${minute.text} ${hour.text} * * *`, timeZone);
      const [first, last] = [minutes[0]?.at ?? 0, minutes.at(-1)?.at ?? 0];
      const runs: number[] = [];
      for (let after = new Date(first - 1); ;) {
        const next = nextRun(times, after, after);
        if (!next || next.getTime() > last) break;
        runs.push(next.getTime());
        after = next;
      }
      expect(runs).toEqual(expected(minutes, minute, hour));
    }),
    { numRuns: 100, examples: walls.flatMap((each) => [example(each, '30', '2'), example(each, '30', '1')]) },
  );
});

const example = (
  each: (typeof walls)[number],
  minute: string,
  hour: string,
): [(typeof walls)[number], Field, Field] => {
  const single = (text: string): Field => ({ text, has: (v) => v === Number(text), isSingle: true, isWild: false });
  return [each, single(minute), single(hour)];
};

test('a time that does not exist comes at the next that does, one that comes twice runs the first time', () => {
  const of = (timeZone: string, from: string, schedule = '30 2 * * *'): string[] =>
    nextRuns(scheduled(schedule, timeZone), new Date(from), 3).map((at) => at.toISOString().slice(0, 16));
  expect(of('Europe/Paris', '2026-03-28T12:00:00Z')).toEqual([
    '2026-03-29T01:00',
    '2026-03-30T00:30',
    '2026-03-31T00:30',
  ]);
  expect(of('Europe/Paris', '2026-10-24T12:00:00Z')).toEqual([
    '2026-10-25T00:30',
    '2026-10-26T01:30',
    '2026-10-27T01:30',
  ]);
  expect(of('America/New_York', '2026-10-31T12:00:00Z', '30 1 * * *')[0]).toBe('2026-11-01T05:30');
  // Each hour means each hour.
  expect(of('Europe/Paris', '2026-10-25T00:00:00Z', '30 * * * *')).toEqual([
    '2026-10-25T00:30',
    '2026-10-25T01:30',
    '2026-10-25T02:30',
  ]);
  // Asked between the two, the second one is none.
  expect(of('Europe/Paris', '2026-10-25T01:00:00Z')[0]).toBe('2026-10-26T01:30');
});

test('an interval keeps its beat however late it is asked, and a date comes once', () => {
  const every = (intervalSeconds: number): TaskTimes => ({
    ...scheduled('', ''),
    type: TaskType.INTERVAL,
    intervalSeconds,
    schedule: null,
    timeZone: null,
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.integer({ min: 0, max: 10_000_000 }),
      fc.integer({ min: 0, max: 10_000_000_000 }),
      (seconds, anchorMs, lateMs) => {
        const [anchor, after] = [new Date(anchorMs), new Date(anchorMs + lateMs)];
        const next = nextRun(every(seconds), after, anchor)?.getTime() ?? 0;
        expect((next - anchorMs) % (seconds * 1000)).toBe(0);
        expect(next).toBeGreaterThan(after.getTime());
        expect(next - after.getTime()).toBeLessThanOrEqual(seconds * 1000);
      },
    ),
  );
  const once: TaskTimes = { ...every(1), type: TaskType.DATE, intervalSeconds: null, runAt: new Date(1_000_000) };
  expect(nextRuns(once, new Date(0), 5)).toEqual([new Date(1_000_000)]);
  expect(nextRuns(once, new Date(1_000_000), 5)).toEqual([]);
});

test('what is no schedule, or never comes, is said so in no time', () => {
  for (const good of ['* * * * *', '0 3 * * 1-5', '0 0 L * *', '0 0 * * MON', '@daily', '0 0 29 2 *'])
    expect([good, problemOfSchedule(good)]).toEqual([good, undefined]);
  const begun = performance.now();
  for (const bad of [
    '',
    'x',
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '0 0 30 2 *',
    '0 0 31 4,6 *',
    '@reboot',
    '? * * * *',
  ])
    expect([bad, problemOfSchedule(bad)]).toEqual([bad, expect.any(String)]);
  expect(problemOfSchedule('0,'.repeat(200))).toBeDefined();
  expect(problemOfSchedule('2030-01-01T00:00:00')).toBeDefined();
  expect(performance.now() - begun).toBeLessThan(5_000);
});
