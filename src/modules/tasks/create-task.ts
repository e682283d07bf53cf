import { takeLock } from '../../db/locks.js';
import { isUniqueViolation, type Transaction } from '../../db/sql-client.js';
import { set, sql, values } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import { refuseBeyond } from '../../kernel/bounds.js';
import type { CommandContext } from '../../kernel/command.js';
import { requirePermission } from '../../kernel/viewer.js';
import { duplicateField, type FieldProblem } from '../../lib/errors.js';
import { isSlug, longestSlug } from '../../lib/slug.js';
import { nextRun } from './schedule/next-runs.js';
import { checkTask, type GivenTask, type TaskColumns } from './task-fields.js';
import { Task, TaskStatus } from './task.entity.js';
import { manageTasks } from './task.policy.js';

/** Those of plugins aside. */
const mostTasks = 500;

export interface NewTask extends GivenTask {
  id: string;
  isPaused?: boolean | null;
}

/** Throws FORBIDDEN, BAD_USER_INPUT with every problem, CONFLICT when the id is taken or there are too many. */
export async function createTask(ctx: CommandContext, input: NewTask): Promise<string> {
  requirePermission(ctx.viewer, manageTasks);
  return ctx.db.transaction(async (tx) => {
    const now = await clock(tx);
    const problems: FieldProblem[] = [];
    if (!isSlug(input.id))
      problems.push({
        path: ['id'],
        code: 'invalid_format',
        message: `must be lower-case letters, digits, _ and -, beginning with a letter, at most ${longestSlug}`,
      });
    const columns = checkTask(
      input,
      undefined,
      { actions: ctx.services.tasks.actions, timeZone: ctx.services.config.timeZone, now },
      problems,
    );
    await tx.send(takeLock('newTask'));
    await refuseBeyond(tx, 'Task', mostTasks, sql`select 1 from tasks where plugin_id is null`);
    await insertTask(tx, ctx, { id: input.id, columns, now, isPaused: input.isPaused ?? false, pluginId: null });
    return input.id;
  });
}

export interface InsertedTask {
  id: string;
  columns: TaskColumns;
  now: Date;
  isPaused: boolean;
  pluginId: string | null;
}

/** A step: adds a task that is checked. Throws CONFLICT when the id is taken. */
export async function insertTask(
  tx: Transaction,
  ctx: CommandContext,
  { id, columns, now, isPaused, pluginId }: InsertedTask,
): Promise<void> {
  const row = {
    id,
    ...columns,
    pluginId,
    status: isPaused ? TaskStatus.PAUSED : TaskStatus.SCHEDULED,
    nextRunAt: isPaused ? null : (nextRun(columns, now, now) ?? null),
    alertSince: now,
    createdAt: now,
    updatedAt: now,
  };
  await tx
    .savepoint(() => tx.run(sql`insert into tasks ${values(Task, row)}`))
    .catch((error: unknown) => {
      throw isUniqueViolation(error, 'tasks_pkey') ? duplicateField('Task', 'id', 'is taken by another task') : error;
    });
  await emit(tx, ctx, 'task.created', ['Task', id], { name: columns.name, action: columns.action });
}

/** The database's clock: tasks go by it, as those of processes differ. */
export async function clock(tx: Transaction): Promise<Date> {
  const row = await tx.first<{ now: string }>(sql`select clock_timestamp() as now`);
  return new Date(row?.now ?? Date.now());
}

/** What is stored of a task that is changed. */
export const changed = (changes: Partial<TaskColumns> & { nextRunAt?: Date | null; alertSince?: Date }, now: Date) =>
  set(Task, { ...changes, updatedAt: now });
