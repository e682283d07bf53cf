import { z } from 'zod';
import { notFound } from '../../lib/errors.js';
import { type FieldIssue, type Route, route } from '../engine/route.js';
import { wordPairs } from '../engine/word-pairs.js';
import { duplicateIsConflict } from './envelope.js';
import { listOf, listOut, listQuery, listVariables, moment } from './lists.js';
import {
  XcoreCreateTaskOperation,
  XcoreDeleteTaskOperation,
  XcoreListTaskRunsOperation,
  XcoreListTasksOperation,
  XcorePauseTaskOperation,
  XcoreReadTaskOperation,
  XcoreResumeTaskOperation,
  XcoreRunTaskOperation,
  type XcoreTaskFragment,
  type XcoreTaskRowFragment,
  type XcoreTaskRunFragment,
  XcoreUpdateTaskOperation,
} from './operations.gen.js';

const type = wordPairs({ interval: 'INTERVAL', scheduled: 'SCHEDULED', date: 'DATE' });
const status = wordPairs({
  scheduled: 'SCHEDULED',
  running: 'RUNNING',
  paused: 'PAUSED',
  failed: 'FAILED',
  completed: 'COMPLETED',
});
const runStatus = wordPairs({ running: 'RUNNING', success: 'SUCCESS', failure: 'FAILURE', skipped: 'SKIPPED' });

const unitSeconds = { days: 86_400, hours: 3_600, minutes: 60, seconds: 1 } as const;
const amount = z.number().min(0).max(31_622_400).optional();
/** One unit or several, which are added. */
const Interval = z.object({ seconds: amount, minutes: amount, hours: amount, days: amount });

const Row = z.object({
  id: z.string(),
  name: z.string(),
  type: type.Word,
  status: status.Word,
  schedule: z.string().nullable(),
  last_run: moment.nullable(),
  next_run: moment.nullable(),
  success_count: z.int(),
  failure_count: z.int(),
});
const TaskRow = Row.meta({ id: 'Task' });
const Task = Row.extend({
  interval: z.partialRecord(z.enum(['seconds', 'minutes', 'hours', 'days']), z.int()).nullable(),
  timezone: z.string().nullable(),
  run_at: moment.nullable(),
  action: z.string(),
  params: z.record(z.string(), z.unknown()),
  enabled: z.boolean(),
}).meta({ id: 'TaskDetail' });
const Run = z
  .object({
    id: z.int(),
    started_at: moment,
    finished_at: moment.nullable(),
    status: runStatus.Word,
    late: z.boolean(),
    attempt: z.int(),
    log: z.array(z.string()).meta({ description: '`<date> <niveau> <message>`' }),
  })
  .meta({ id: 'TaskRun' });

const rowOut = (task: XcoreTaskRowFragment): z.input<typeof TaskRow> => ({
  id: task.id,
  name: task.name,
  type: type.toWord(task.type),
  status: status.toWord(task.status),
  schedule: task.schedule,
  last_run: task.lastRunAt,
  next_run: task.nextRunAt,
  success_count: task.successCount,
  failure_count: task.failureCount,
});

const taskOut = (task: XcoreTaskFragment): z.input<typeof Task> => ({
  ...rowOut(task),
  interval: intervalOut(task.intervalSeconds),
  timezone: task.timeZone,
  run_at: task.runAt,
  action: task.action,
  params: task.params as Record<string, unknown>,
  enabled: task.status !== 'PAUSED',
});

const runOut = (run: XcoreTaskRunFragment): z.input<typeof Run> => ({
  id: Number(run.id),
  started_at: run.startedAt,
  finished_at: run.finishedAt,
  status: runStatus.toWord(run.status),
  late: run.isLate,
  attempt: run.attempt,
  log: run.log.map(({ at, level, message }) => `${at} ${level} ${message}`),
});

/** In the largest unit of which it is a whole number. */
function intervalOut(seconds: number | null): z.input<typeof Task>['interval'] {
  if (seconds === null) return null;
  const [unit, size] = Object.entries(unitSeconds).find(([, one]) => seconds % one === 0) ?? ['seconds', 1];
  return { [unit]: seconds / size } as z.input<typeof Task>['interval'];
}

const secondsOf = (interval: z.output<typeof Interval>): number =>
  Object.entries(unitSeconds).reduce(
    (sum, [unit, one]) => sum + (interval[unit as keyof typeof unitSeconds] ?? 0) * one,
    0,
  );

const TaskParams = z.object({
  task_id: z.string().meta({ description: 'Identifiant de la tâche', example: 'ma_tache' }),
});

const settings = {
  interval: Interval.nullish(),
  schedule: z.string().nullish().meta({ description: 'Expression cron à cinq champs', example: '0 0 * * *' }),
  timezone: z.string().nullish().meta({ description: "Fuseau de l'horaire", example: 'Europe/Paris' }),
  run_at: z.iso.datetime({ offset: true }).nullish().meta({ example: '2030-01-15T10:30:00Z' }),
  action: z.string().nullish().meta({ description: 'Par défaut `noop`', example: 'noop' }),
  params: z.record(z.string(), z.unknown()).nullish().meta({ description: "Paramètres de l'action", example: {} }),
  enabled: z.boolean().nullish(),
};
const NewTask = z.object({ id: z.string(), name: z.string(), type: type.Word, ...settings });
const Changes = z.object({ name: z.string().nullish(), type: type.Word.nullish(), ...settings });

const settingsOf = ({ interval, timezone, run_at, enabled, schedule, action, params }: z.output<typeof Changes>) => ({
  intervalSeconds: interval == null ? undefined : secondsOf(interval),
  timeZone: timezone,
  runAt: run_at,
  isPaused: enabled == null ? undefined : !enabled,
  schedule,
  action,
  params: params ?? undefined,
});

/** A sum of units that is no whole number of seconds from 1 on. */
function checkInterval({
  body: { interval },
}: {
  body: { interval?: z.output<typeof Interval> | null | undefined };
}): FieldIssue[] {
  if (interval == null) return [];
  const seconds = secondsOf(interval);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 31_622_400) return [];
  return [{ name: 'interval', code: 'invalid', message: 'Un nombre entier de secondes, de 1 seconde à 366 jours' }];
}

const fields = { intervalSeconds: 'interval', timeZone: 'timezone', runAt: 'run_at' } as const;

const example = {
  id: 'cleanup_logs',
  name: 'Nettoyage des logs',
  type: 'scheduled',
  status: 'running',
  schedule: '0 0 * * *',
  last_run: '2024-01-14T00:00:00Z',
  next_run: '2024-01-15T00:00:00Z',
  success_count: 14,
  failure_count: 0,
} as const;
const detail = {
  id: 'ma_tache',
  name: 'Ma Tâche',
  type: 'interval',
  status: 'scheduled',
  schedule: null,
  last_run: null,
  next_run: '2024-01-15T11:30:00Z',
  success_count: 0,
  failure_count: 0,
  interval: { hours: 1 },
  timezone: null,
  run_at: null,
  action: 'noop',
  params: {},
  enabled: true,
} as const;

const one = { path: '/system/tasks/:task_id', section: 'DECISIONS.md#3-xcore-', credential: 'required' } as const;
const tag = 'system';

/** xcore.md, « Tâches en Arrière-Plan »; one task and its runs by DECISIONS.md, sections 3 and 9. */
export const taskRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/system/tasks',
    section: 'xcore.md#get-systemtasks',
    tag,
    summary: 'Lister toutes les tâches planifiées',
    credential: 'required',
    query: listQuery(['id', 'name', 'last_run', 'next_run', 'created_at']).extend({
      status: status.Word.optional().meta({ description: 'Filtrer par statut' }),
      search: z.string().max(200).optional().meta({ description: "Recherche par l'identifiant ou le nom" }),
    }),
    operation: XcoreListTasksOperation,
    toVariables: ({ query: { status: wanted, search, sort_by, ...query } }) => ({
      ...listVariables({
        ...query,
        sort_by: sort_by === 'last_run' || sort_by === 'next_run' ? (`${sort_by}_at` as const) : sort_by,
      }),
      filter: { ...(wanted && { status: status.toGraph(wanted) }), ...(search && { search }) },
    }),
    response: listOf(TaskRow),
    toResponse: ({ tasks: { nodes, totalCount } }, { query }) => listOut(query, totalCount, nodes.map(rowOut)),
    examples: { response: { total: 3, skip: 0, limit: 20, items: [example], has_more: true } },
  }),
  route({
    method: 'post',
    path: '/system/tasks',
    section: 'xcore.md#post-systemtasks',
    tag,
    summary: 'Créer une nouvelle tâche',
    credential: 'required',
    body: NewTask,
    check: checkInterval,
    operation: XcoreCreateTaskOperation,
    toVariables: ({ body }) => ({
      input: { ...settingsOf(body), id: body.id, name: body.name, type: type.toGraph(body.type) },
    }),
    fields,
    status: 201,
    response: Task,
    toResponse: ({ createTask }) => taskOut(createTask.task),
    onProblem: duplicateIsConflict,
    examples: {
      body: { id: 'ma_tache', name: 'Ma Tâche', type: 'interval', interval: { hours: 1 }, enabled: true },
      response: detail,
    },
  }),
  route({
    ...one,
    method: 'get',
    tag,
    summary: 'Récupérer une tâche',
    params: TaskParams,
    operation: XcoreReadTaskOperation,
    toVariables: ({ params }) => ({ id: params.task_id }),
    response: Task,
    toResponse: ({ task }) => {
      if (!task) throw notFound('Task');
      return taskOut(task);
    },
    examples: { response: detail },
  }),
  route({
    ...one,
    method: 'put',
    tag,
    summary: 'Modifier une tâche : ce qui est absent reste',
    params: TaskParams,
    body: Changes,
    check: checkInterval,
    operation: XcoreUpdateTaskOperation,
    toVariables: ({ params, body }) => ({
      input: {
        ...settingsOf(body),
        id: params.task_id,
        name: body.name,
        type: body.type == null ? undefined : type.toGraph(body.type),
      },
    }),
    fields,
    response: Task,
    toResponse: ({ updateTask }) => taskOut(updateTask.task),
    examples: { body: { interval: { minutes: 30 } }, response: { ...detail, interval: { minutes: 30 } } },
  }),
  route({
    ...one,
    method: 'delete',
    tag,
    summary: 'Supprimer une tâche et son historique',
    params: TaskParams,
    operation: XcoreDeleteTaskOperation,
    toVariables: ({ params }) => ({ id: params.task_id }),
  }),
  route({
    ...one,
    method: 'get',
    path: '/system/tasks/:task_id/runs',
    tag,
    summary: "Historique des exécutions d'une tâche, de la plus récente à la plus ancienne par défaut",
    params: TaskParams,
    query: listQuery(['id']).extend({
      sort_order: z.enum(['asc', 'desc']).default('desc').meta({ description: 'Ordre de tri' }),
      status: runStatus.Word.optional().meta({ description: 'Filtrer par résultat' }),
    }),
    operation: XcoreListTaskRunsOperation,
    toVariables: ({ params, query: { status: wanted, ...query } }) => ({
      id: params.task_id,
      ...listVariables(query),
      filter: { ...(wanted && { status: runStatus.toGraph(wanted) }) },
    }),
    response: listOf(Run),
    toResponse: ({ task }, { query }) => {
      if (!task) throw notFound('Task');
      return listOut(query, task.runs.totalCount, task.runs.nodes.map(runOut));
    },
    examples: {
      response: {
        total: 1,
        skip: 0,
        limit: 20,
        items: [
          {
            id: 41,
            started_at: '2024-01-14T00:00:00Z',
            finished_at: '2024-01-14T00:00:02Z',
            status: 'success',
            late: false,
            attempt: 1,
            log: ['2024-01-14T00:00:02Z info tasks: done'],
          },
        ],
        has_more: false,
      },
    },
  }),
  route({
    method: 'post',
    path: '/system/tasks/:task_id/run',
    section: 'xcore.md#post-systemtaskstask_idrun',
    tag,
    summary: 'Exécuter une tâche immédiatement',
    credential: 'required',
    params: TaskParams,
    operation: XcoreRunTaskOperation,
    toVariables: ({ params }) => ({ id: params.task_id }),
    response: z.object({ id: z.string(), status: z.literal('running'), started_at: moment }),
    toResponse: ({ runTask: { taskRun } }) => ({
      id: taskRun.task.id,
      status: 'running' as const,
      started_at: taskRun.startedAt,
    }),
    examples: { response: { id: 'ma_tache', status: 'running', started_at: '2024-01-15T10:30:00Z' } },
  }),
  route({
    method: 'post',
    path: '/system/tasks/:task_id/pause',
    section: 'xcore.md#post-systemtaskstask_idpause',
    tag,
    summary: 'Mettre une tâche en pause',
    credential: 'required',
    params: TaskParams,
    operation: XcorePauseTaskOperation,
    toVariables: ({ params }) => ({ id: params.task_id }),
    response: z.object({ id: z.string(), status: status.Word }),
    toResponse: ({ pauseTask: { task } }) => ({ id: task.id, status: status.toWord(task.status) }),
    examples: { response: { id: 'ma_tache', status: 'paused' } },
  }),
  route({
    method: 'post',
    path: '/system/tasks/:task_id/resume',
    section: 'xcore.md#post-systemtaskstask_idresume',
    tag,
    summary: 'Reprendre une tâche',
    credential: 'required',
    params: TaskParams,
    operation: XcoreResumeTaskOperation,
    toVariables: ({ params }) => ({ id: params.task_id }),
    response: z.object({ id: z.string(), status: status.Word }),
    toResponse: ({ resumeTask: { task } }) => ({ id: task.id, status: status.toWord(task.status) }),
    examples: { response: { id: 'ma_tache', status: 'scheduled' } },
  }),
];
