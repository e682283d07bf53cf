import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { requirePermission } from '../../kernel/viewer.js';
import { conflict } from '../../lib/errors.js';
import { lockTask, requireServed, runningRunOf } from './lock-task.js';
import { startLeaseSeconds } from './runs/leases.js';
import { manageTasks } from './task.policy.js';

/**
 * Begins a run at once, also of a task that is paused or has run; when it is due next does not change. Throws
 * FORBIDDEN, NOT_FOUND, CONFLICT with the reason `task.running`, or `task.plugin_away`.
 */
export async function runTask(ctx: CommandContext, id: string): Promise<number> {
  const { userId } = requirePermission(ctx.viewer, manageTasks);
  return ctx.db.transaction(async (tx) => {
    const task = await lockTask(tx, id);
    requireServed(task);
    const { name, action } = task;
    const run =
      (await runningRunOf(tx, id)) === undefined
        ? await tx.first<{ id: number; lease: number }>(sql`
            insert into task_runs (task_id, status, started_by_id, started_at, leased_until)
            values (${id}, 'running', ${userId}::int, clock_timestamp(),
                    clock_timestamp() + make_interval(secs => ${startLeaseSeconds}))
            on conflict do nothing returning id, lease`)
        : undefined;
    if (!run) throw conflict('A run of the task is under way', { subject: 'Task', reason: 'task.running' });
    await tx.send(sql`
      update tasks set last_run_at = now(), status = case when status = 'paused' then status else 'running' end
       where id = ${id}`);
    await ctx.services.jobs.send(tx, 'tasks.run', { runId: run.id, lease: run.lease });
    await emit(tx, ctx, 'task.started', ['Task', id], { name, action, runId: run.id, startedById: userId });
    return run.id;
  });
}
