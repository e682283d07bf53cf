import { checkedDay } from './checked-values.js';
import type { FieldProblem } from './errors.js';
import { longestInterval, type Schedule } from './occurrences.js';

/** The schedule; adds a problem for each thing that is wrong with it. The fields' names follow `path`. */
export function checkedSchedule(schedule: Schedule, path: readonly string[], problems: FieldProblem[]): Schedule {
  const { interval, startDate, endDate } = schedule;
  if (interval < 1 || interval > longestInterval)
    problems.push({
      path: [...path, 'interval'],
      code: interval < 1 ? 'too_small' : 'too_large',
      message: `must be 1 to ${longestInterval}`,
    });
  checkedDay(startDate, [...path, 'startDate'], problems);
  if (endDate !== null) {
    checkedDay(endDate, [...path, 'endDate'], problems);
    if (endDate < startDate)
      problems.push({ path: [...path, 'endDate'], code: 'too_small', message: 'must not lie before the start' });
  }
  return schedule;
}
