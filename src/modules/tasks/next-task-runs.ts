import type { Context } from '../../kernel/context.js';
import { requirePermission } from '../../kernel/viewer.js';
import { badInput, type FieldProblem } from '../../lib/errors.js';
import { nextRuns } from './schedule/next-runs.js';
import { checkTimes, type GivenTimes } from './task-fields.js';
import { readTasks } from './task.policy.js';

const shown = 5;

/** When a task with these times would run next. Throws FORBIDDEN, BAD_USER_INPUT with every problem. */
export async function nextTaskRuns({ viewer, services }: Context, given: GivenTimes): Promise<Date[]> {
  requirePermission(viewer, readTasks);
  const now = new Date();
  const problems: FieldProblem[] = [];
  const times = checkTimes(given, undefined, { timeZone: services.config.timeZone, now }, problems);
  if (problems.length) throw badInput(problems);
  return nextRuns(times, now, shown);
}
