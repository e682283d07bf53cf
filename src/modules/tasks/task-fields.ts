import { checkedMoment, checkedName, checkedRange } from '../../lib/checked-values.js';
import { badInput, type FieldProblem } from '../../lib/errors.js';
import type { ActionRegistry } from './actions/action-registry.js';
import { longestIntervalSeconds, problemOfSchedule, problemOfTimeZone, type TaskTimes } from './schedule/next-runs.js';
import { TaskMissedRuns, TaskOverlap, TaskType } from './task.entity.js';

/** When a task runs, as it is given: what is absent or null stays, or is the default. */
export interface GivenTimes {
  type?: TaskType | null;
  intervalSeconds?: number | null;
  schedule?: string | null;
  timeZone?: string | null;
  runAt?: Date | null;
}

/** What may be given of a task beside its id. */
export interface GivenTask extends GivenTimes {
  name?: string | null;
  action?: string | null;
  params?: unknown;
  overlap?: TaskOverlap | null;
  missedRuns?: TaskMissedRuns | null;
  timeLimitSeconds?: number | null;
  retryLimit?: number | null;
  retryDelaySeconds?: number | null;
  /** null: nobody is alerted any more. */
  alertAfterSeconds?: number | null;
}

/** The columns of a task that are checked. */
export interface TaskColumns extends TaskTimes {
  name: string;
  action: string;
  params: Record<string, unknown>;
  overlap: TaskOverlap;
  missedRuns: TaskMissedRuns;
  timeLimitSeconds: number;
  retryLimit: number;
  retryDelaySeconds: number;
  alertAfterSeconds: number | null;
}

const longestParamsBytes = 16 * 1024;

export interface CheckParts {
  actions: ActionRegistry;
  /** Of a schedule that names none. */
  timeZone: string;
  now: Date;
}

/** The whole task from what is given and what was there. Throws BAD_USER_INPUT with every problem. */
export function checkTask(
  given: GivenTask,
  before: TaskColumns | undefined,
  parts: CheckParts,
  problems: FieldProblem[] = [],
): TaskColumns {
  const timeLimitSeconds = given.timeLimitSeconds ?? before?.timeLimitSeconds ?? 3600;
  const retryLimit = given.retryLimit ?? before?.retryLimit ?? 0;
  const retryDelaySeconds = given.retryDelaySeconds ?? before?.retryDelaySeconds ?? 60;
  const alertAfterSeconds =
    given.alertAfterSeconds === undefined ? (before?.alertAfterSeconds ?? null) : given.alertAfterSeconds;
  checkedRange(timeLimitSeconds, ['timeLimitSeconds'], problems, { min: 1, max: 86_400 });
  checkedRange(retryLimit, ['retryLimit'], problems, { min: 0, max: 10 });
  checkedRange(retryDelaySeconds, ['retryDelaySeconds'], problems, { min: 1, max: 86_400 });
  if (alertAfterSeconds !== null)
    checkedRange(alertAfterSeconds, ['alertAfterSeconds'], problems, { min: 1, max: longestIntervalSeconds });
  const action = given.action ?? before?.action ?? 'noop';
  const isOtherAction = before !== undefined && action !== before.action;
  const columns = {
    name: checkedName(given.name ?? before?.name ?? '', ['name'], problems, { max: 200 }),
    action,
    params: checkedParams(given.params ?? (isOtherAction ? {} : before?.params) ?? {}, problems),
    overlap: given.overlap ?? before?.overlap ?? TaskOverlap.SKIP,
    missedRuns: given.missedRuns ?? before?.missedRuns ?? TaskMissedRuns.ONCE,
    timeLimitSeconds,
    retryLimit,
    retryDelaySeconds,
    alertAfterSeconds,
    ...checkTimes(given, before, parts, problems),
  };
  parts.actions.check(action, columns.params, problems);
  if (problems.length) throw badInput(problems);
  return columns;
}

/** When it runs, from what is given and what was there; adds a problem for each thing that is wrong. */
export function checkTimes(
  given: GivenTimes,
  before: TaskTimes | undefined,
  { timeZone: ownZone, now }: Omit<CheckParts, 'actions'>,
  problems: FieldProblem[],
): TaskTimes {
  const type = given.type ?? before?.type;
  const times: TaskTimes = {
    type: type ?? TaskType.INTERVAL,
    intervalSeconds: null,
    schedule: null,
    timeZone: null,
    runAt: null,
  };
  if (!type) {
    problems.push({ path: ['type'], code: 'required', message: 'must be given' });
    return times;
  }
  // What belongs to another type is forgotten when the type changes, and refused when it is given.
  const same = before?.type === type ? before : undefined;
  const belongs = { intervalSeconds: TaskType.INTERVAL, schedule: TaskType.SCHEDULED, runAt: TaskType.DATE } as const;
  for (const [name, owner] of Object.entries({ ...belongs, timeZone: TaskType.SCHEDULED }))
    if (owner !== type && given[name as keyof GivenTimes] != null)
      problems.push({ path: [name], code: 'not_allowed', message: `is for tasks of the type ${owner}` });
  const missing = (path: string): TaskTimes => {
    problems.push({ path: [path], code: 'required', message: `must be given for the type ${type}` });
    return times;
  };
  switch (type) {
    case TaskType.INTERVAL: {
      const intervalSeconds = given.intervalSeconds ?? same?.intervalSeconds;
      if (intervalSeconds == null) return missing('intervalSeconds');
      if (!Number.isInteger(intervalSeconds))
        problems.push({ path: ['intervalSeconds'], code: 'invalid', message: 'must be whole seconds' });
      checkedRange(intervalSeconds, ['intervalSeconds'], problems, { min: 1, max: longestIntervalSeconds });
      return { ...times, intervalSeconds };
    }
    case TaskType.SCHEDULED: {
      const timeZone = given.timeZone ?? same?.timeZone ?? ownZone;
      const zoneProblem = problemOfTimeZone(timeZone);
      if (zoneProblem) problems.push({ path: ['timeZone'], code: 'invalid', message: zoneProblem });
      const schedule = (given.schedule ?? same?.schedule)?.trim();
      if (!schedule) return missing('schedule');
      const problem = problemOfSchedule(schedule);
      if (problem) problems.push({ path: ['schedule'], code: 'invalid_format', message: problem });
      return { ...times, schedule, timeZone };
    }
    case TaskType.DATE: {
      const given_ = given.runAt ?? same?.runAt;
      if (!given_) return missing('runAt');
      const runAt = checkedMoment(given_, ['runAt'], problems);
      if (runAt <= now && runAt.getTime() !== same?.runAt?.getTime())
        problems.push({ path: ['runAt'], code: 'too_small', message: 'must lie in the future' });
      return { ...times, runAt };
    }
  }
}

function checkedParams(params: unknown, problems: FieldProblem[]): Record<string, unknown> {
  const text = JSON.stringify(params) ?? '';
  if (typeof params !== 'object' || params === null || Array.isArray(params))
    problems.push({ path: ['params'], code: 'invalid', message: 'must be an object' });
  else if (Buffer.byteLength(text) > longestParamsBytes)
    problems.push({ path: ['params'], code: 'too_long', message: `at most ${longestParamsBytes} bytes of JSON` });
  else if (text.includes('\\u0000'))
    problems.push({ path: ['params'], code: 'invalid', message: 'must not contain the character U+0000' });
  else return params as Record<string, unknown>;
  return {};
}
