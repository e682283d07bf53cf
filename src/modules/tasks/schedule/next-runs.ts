import { Cron } from 'croner';
import { isTimeZone } from '../../../lib/zoned-day.js';
import { TaskType } from '../task.entity.js';

/** When a task runs. What its type does not ask for is null. */
export interface TaskTimes {
  type: TaskType;
  intervalSeconds: number | null;
  schedule: string | null;
  timeZone: string | null;
  runAt: Date | null;
}

/** Far more than anything needs: a longer expression only makes work. */
export const longestSchedule = 200;
/** 366 days. */
export const longestIntervalSeconds = 31_622_400;

/** The first run after a moment; undefined when there is none. `anchor`: an interval counts from there. */
export function nextRun(times: TaskTimes, after: Date, anchor: Date): Date | undefined {
  const { type, intervalSeconds, schedule, timeZone, runAt } = times;
  switch (type) {
    case TaskType.INTERVAL: {
      const stepMs = (intervalSeconds ?? 0) * 1000;
      const steps = Math.floor((after.getTime() - anchor.getTime()) / stepMs) + 1;
      return new Date(anchor.getTime() + Math.max(1, steps) * stepMs);
    }
    case TaskType.SCHEDULED:
      return nextOfSchedule(schedule ?? '', timeZone ?? 'UTC', after);
    case TaskType.DATE:
      return runAt && runAt > after ? runAt : undefined;
  }
}

/** The next runs after a moment, at most `count`. An interval begins there. */
export function nextRuns(times: TaskTimes, after: Date, count: number): Date[] {
  const runs: Date[] = [];
  for (let from = after; runs.length < count;) {
    const next = nextRun(times, from, after);
    if (!next) break;
    runs.push(next);
    from = next;
  }
  return runs;
}

/**
 * A local time that the clock leaps over runs at the first one after the leap; one that comes twice runs the first time
 * when hour and minute are single numbers, which is once a day or less often, and both times otherwise. croner has one
 * rule for each half: with `no-wildcard` it runs after a leap for lists and ranges too (but only once in the repeated
 * hour), with `single-value` both times.
 */
function nextOfSchedule(schedule: string, timezone: string, after: Date): Date | undefined {
  const [every, afterLeap] = (['single-value', 'no-wildcard'] as const).map((fixedTimeRule) =>
    cronOf(schedule, timezone, fixedTimeRule).nextRun(after),
  );
  if (!every || !afterLeap) return (every ?? afterLeap) || undefined;
  return every < afterLeap ? every : afterLeap;
}

const cronOf = (schedule: string, timezone: string, fixedTimeRule: 'single-value' | 'no-wildcard'): Cron =>
  new Cron(schedule, { timezone, mode: '5-part', fixedTimeRule, paused: true });

/** What is wrong with a cron expression of five fields; undefined: nothing. */
export function problemOfSchedule(schedule: string): string | undefined {
  if (schedule.length > longestSchedule) return `at most ${longestSchedule} characters`;
  // `?` is the moment at which it is read, and what has a colon is a date.
  if (/[?:\0]/.test(schedule)) return 'must be a cron expression of five fields, such as 0 3 * * 1-5';
  try {
    return cronOf(schedule, 'UTC', 'single-value').nextRun() ? undefined : 'never comes: there is no such day';
  } catch (error) {
    const detail = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : '';
    return `must be a cron expression of five fields, such as 0 3 * * 1-5 (${detail.slice(0, 200)})`;
  }
}

export const problemOfTimeZone = (timeZone: string): string | undefined =>
  timeZone.length <= 64 && isTimeZone(timeZone) ? undefined : 'must be the name of a time zone, such as Europe/Paris';
