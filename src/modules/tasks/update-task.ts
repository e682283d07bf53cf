import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { requirePermission } from '../../kernel/viewer.js';
import type { FieldProblem } from '../../lib/errors.js';
import { changed } from './create-task.js';
import { lockTask, requireServed } from './lock-task.js';
import { pauseLocked, resumeLocked } from './pause-task.js';
import { nextRun } from './schedule/next-runs.js';
import { checkTask, type GivenTask, type TaskColumns } from './task-fields.js';
import { TaskStatus } from './task.entity.js';
import { manageTasks } from './task.policy.js';

export interface TaskChanges extends GivenTask {
  id: string;
  isPaused?: boolean | null;
}

const timeFields = ['type', 'intervalSeconds', 'schedule', 'timeZone', 'runAt'] as const;

/**
 * Changes what is given. New times count from now on. What the server or a plugin brought keeps its action. Throws
 * FORBIDDEN, NOT_FOUND, CONFLICT with the reason `task.plugin_away`, BAD_USER_INPUT with every problem.
 */
export async function updateTask(ctx: CommandContext, { id, isPaused, ...given }: TaskChanges): Promise<string> {
  requirePermission(ctx.viewer, manageTasks);
  await ctx.db.transaction(async (tx) => {
    const before = await lockTask(tx, id);
    requireServed(before);
    const { now } = before;
    const problems: FieldProblem[] = [];
    if (given.action != null && given.action !== before.action && (before.isSystem || before.pluginId !== null))
      problems.push({ path: ['action'], code: 'not_allowed', message: 'stays: the task was not made by a person' });
    const parts = { actions: ctx.services.tasks.actions, timeZone: ctx.services.config.timeZone, now };
    const after = checkTask(given, before, parts, problems);
    const fields = (Object.keys(after) as (keyof TaskColumns)[]).filter(
      (name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]),
    );
    if (fields.length) {
      const hasNewTimes = timeFields.some((name) => fields.includes(name));
      const changes = {
        ...after,
        ...(hasNewTimes && before.status !== TaskStatus.PAUSED && { nextRunAt: nextRun(after, now, now) ?? null }),
        ...((hasNewTimes || fields.includes('alertAfterSeconds')) && { alertSince: now }),
      };
      await tx.send(sql`update tasks set ${changed(changes, now)} where id = ${id}`);
      // One that has run and is to run again.
      if (hasNewTimes && before.status === TaskStatus.COMPLETED)
        await tx.send(sql`update tasks set status = 'scheduled' where id = ${id}`);
      await emit(tx, ctx, 'task.updated', ['Task', id], { name: after.name, action: after.action, fields });
    }
    const task = { ...before, ...after };
    if (isPaused === true) await pauseLocked(tx, ctx, task);
    if (isPaused === false) await resumeLocked(tx, ctx, task);
  });
  return id;
}
