import type { Transaction } from '../../db/sql-client.js';
import { set, sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { requirePermission } from '../../kernel/viewer.js';
import { lockTask, requireServed, runningRunOf, type StoredTask } from './lock-task.js';
import { nextRun } from './schedule/next-runs.js';
import { Task, TaskStatus, TaskType } from './task.entity.js';
import { manageTasks } from './task.policy.js';

/** Nothing is due before it is resumed; a run that is under way ends. One that is paused stays so. Throws NOT_FOUND. */
export async function pauseTask(ctx: CommandContext, id: string): Promise<string> {
  requirePermission(ctx.viewer, manageTasks);
  await ctx.db.transaction(async (tx) => pauseLocked(tx, ctx, await lockTask(tx, id)));
  return id;
}

/**
 * The next run is the first that is due from now on: what a pause left out is not made up for. Throws NOT_FOUND,
 * CONFLICT with the reason `task.plugin_away`.
 */
export async function resumeTask(ctx: CommandContext, id: string): Promise<string> {
  requirePermission(ctx.viewer, manageTasks);
  await ctx.db.transaction(async (tx) => {
    const task = await lockTask(tx, id);
    requireServed(task);
    await resumeLocked(tx, ctx, task);
  });
  return id;
}

export async function pauseLocked(tx: Transaction, ctx: CommandContext, task: StoredTask): Promise<void> {
  const { id, name, action, now } = task;
  if (task.status === TaskStatus.PAUSED) {
    await tx.send(sql`update tasks set resumes_with_plugin = false where id = ${id} and resumes_with_plugin`);
    return;
  }
  const changes = { status: TaskStatus.PAUSED, nextRunAt: null, updatedAt: now };
  await tx.send(sql`update tasks set ${set(Task, changes)} where id = ${id}`);
  await emit(tx, ctx, 'task.paused', ['Task', id], { name, action });
}

export async function resumeLocked(tx: Transaction, ctx: CommandContext, task: StoredTask): Promise<void> {
  if (task.status !== TaskStatus.PAUSED) return;
  const { id, name, action, now, type } = task;
  const nextRunAt = nextRun(task, now, now) ?? null;
  const resting = nextRunAt === null && type === TaskType.DATE ? TaskStatus.COMPLETED : TaskStatus.SCHEDULED;
  const status = (await runningRunOf(tx, id)) === undefined ? resting : TaskStatus.RUNNING;
  const changes = { status, nextRunAt, alertSince: now, updatedAt: now };
  await tx.send(sql`update tasks set ${set(Task, changes)}, resumes_with_plugin = false where id = ${id}`);
  await emit(tx, ctx, 'task.resumed', ['Task', id], { name, action });
}
