import type { Transaction } from '../../db/sql-client.js';
import { json, type Sql, sql } from '../../db/sql.js';
import { emitEach } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import type { TaskActions } from '../../kernel/task-action.js';
import { badInput, conflict, type FieldProblem } from '../../lib/errors.js';
import { isSlug } from '../../lib/slug.js';
import type { ContributedTask } from '../../plugin-host/contribution.js';
import { changed, clock, insertTask } from './create-task.js';
import { lockTask } from './lock-task.js';
import { resumeLocked } from './pause-task.js';
import { nextRun } from './schedule/next-runs.js';
import { checkTask, type GivenTask, type TaskColumns } from './task-fields.js';
import { TaskType } from './task.entity.js';

interface Checked {
  id: string;
  columns: TaskColumns;
}

/**
 * A step: gives a plugin exactly these tasks, as `<plugin id>_<id>`. Those that it had stay with their history, their
 * pause and what an administrator set, unless the plugin asks for something else than before; those that it no longer
 * has go, and those that wait for it go on. Throws CONFLICT with the reason `task.taken` when
 * an id belongs to somebody else, BAD_USER_INPUT with every problem, under `tasks.<index>`.
 */
export async function addPluginTasks(
  tx: Transaction,
  ctx: CommandContext,
  pluginId: string,
  { tasks, actions }: { tasks: readonly ContributedTask[]; actions: TaskActions },
): Promise<void> {
  const now = await clock(tx);
  const known = ctx.services.tasks.actions.withPlugin(pluginId, actions);
  const parts = { actions: known, timeZone: ctx.services.config.timeZone, now };
  const ids = tasks.map(({ id }) => idOf(pluginId, id));
  const there = await tx.all<{ id: string; pluginId: string | null }>(sql`
    select id, plugin_id as "pluginId" from tasks
     where id = any(${ids}::text[]) or plugin_id = ${pluginId} order by id for no key update`);
  const taken = there.filter(({ id, pluginId: owner }) => ids.includes(id) && owner !== pluginId);
  if (taken.length)
    throw conflict(`Other tasks are called ${taken.map(({ id }) => id).join(', ')} already`, {
      subject: 'Task',
      reason: 'task.taken',
      details: { ids: taken.map(({ id }) => id) },
    });
  const checked = checkAll(pluginId, tasks, parts);
  const gone = there.flatMap(({ id }) => (ids.includes(id) ? [] : [id]));
  await removeTasks(tx, ctx, sql`id = any(${gone}::text[])`);
  const kept = new Set(there.map(({ id }) => id));
  for (const { id, columns } of checked)
    if (kept.has(id)) await changeOfPlugin(tx, { id, columns }, now);
    else {
      await insertTask(tx, ctx, { id, columns, now, isPaused: false, pluginId });
      await tx.send(sql`update tasks set plugin_declares = ${json(columns)} where id = ${id}`);
    }
  const waiting = await tx.all<{ id: string }>(sql`
    select id from tasks where plugin_id = ${pluginId} and resumes_with_plugin order by id`);
  for (const { id } of waiting) await resumeLocked(tx, ctx, await lockTask(tx, id));
}

/** A step: the tasks of a plugin that is not served any more are paused until it is again. */
export async function pausePluginTasks(tx: Transaction, ctx: CommandContext, pluginId: string): Promise<void> {
  const paused = await tx.all<{ id: string; name: string; action: string }>(sql`
    update tasks
       set status = 'paused', next_run_at = null, resumes_with_plugin = true, updated_at = clock_timestamp()
     where plugin_id = ${pluginId} and status <> 'paused' returning id, name, action`);
  const subjects = paused.map(({ id, name, action }) => ({ id, data: { name, action } }));
  await emitEach(tx, ctx, 'task.paused', 'Task', subjects);
}

/** A step: a plugin that leaves takes its tasks with it, and their history. */
export const removePluginTasks = (tx: Transaction, ctx: CommandContext, pluginId: string): Promise<void> =>
  removeTasks(tx, ctx, sql`plugin_id = ${pluginId}`);

async function removeTasks(tx: Transaction, ctx: CommandContext, which: Sql): Promise<void> {
  const gone = await tx.all<{ id: string; name: string; action: string }>(sql`
    delete from tasks where ${which} returning id, name, action`);
  const subjects = gone.map(({ id, name, action }) => ({ id, data: { name, action } }));
  await emitEach(tx, ctx, 'task.deleted', 'Task', subjects);
}

const idOf = (pluginId: string, id: string): string => `${pluginId}_${id}`;

const givenOf = (pluginId: string, { name, action, interval, schedule, params }: ContributedTask): GivenTask => ({
  name,
  action: `${pluginId}.${action}`,
  params,
  type: interval ? TaskType.INTERVAL : TaskType.SCHEDULED,
  intervalSeconds: interval && secondsOf(interval),
  schedule: schedule?.cron,
  timeZone: schedule?.timezone,
});

const secondsOf = ({
  seconds = 0,
  minutes = 0,
  hours = 0,
  days = 0,
}: NonNullable<ContributedTask['interval']>): number => seconds + 60 * (minutes + 60 * (hours + 24 * days));

function checkAll(
  pluginId: string,
  tasks: readonly ContributedTask[],
  parts: Parameters<typeof checkTask>[2],
): Checked[] {
  const problems: FieldProblem[] = [];
  const checked = tasks.flatMap((task, index) => {
    const [own, id]: [FieldProblem[], string] = [[], idOf(pluginId, task.id)];
    if (!isSlug(id)) own.push({ path: ['id'], code: 'invalid_format', message: 'must be a slug' });
    if (tasks.findIndex((other) => other.id === task.id) !== index)
      own.push({ path: ['id'], code: 'duplicate', message: 'is the id of another task of the plugin' });
    try {
      return [{ id, columns: checkTask(givenOf(pluginId, task), undefined, parts, own) }];
    } catch {
      problems.push(...own.map((problem) => ({ ...problem, path: ['tasks', String(index), ...problem.path] })));
      return [];
    }
  });
  if (problems.length) throw badInput(problems);
  return checked;
}

/** Not when the plugin declares what it declared before: an administrator may have set something else since. */
async function changeOfPlugin(tx: Transaction, { id, columns }: Checked, now: Date): Promise<void> {
  const next = nextRun(columns, now, now) ?? null;
  await tx.send(sql`
    update tasks set ${changed(columns, now)}, plugin_declares = ${json(columns)},
           next_run_at = case when status = 'paused' then null else ${next}::timestamptz end
     where id = ${id} and plugin_declares is distinct from ${json(columns)}::jsonb`);
}
