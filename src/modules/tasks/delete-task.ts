import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { requirePermission } from '../../kernel/viewer.js';
import { conflict } from '../../lib/errors.js';
import { lockTask } from './lock-task.js';
import { manageTasks } from './task.policy.js';

/**
 * Deletes a task with its runs; one that is under way is told to end. Throws FORBIDDEN, NOT_FOUND, CONFLICT with the
 * reason `task.kept` for those of the server and of plugins.
 */
export async function deleteTask(ctx: CommandContext, id: string): Promise<string> {
  requirePermission(ctx.viewer, manageTasks);
  return ctx.db.transaction(async (tx) => {
    const { name, action, isSystem, pluginId } = await lockTask(tx, id);
    if (isSystem || pluginId !== null)
      throw conflict('A task of the server or of a plugin can be paused, not deleted', {
        subject: 'Task',
        reason: 'task.kept',
      });
    await tx.send(sql`delete from tasks where id = ${id}`);
    await emit(tx, ctx, 'task.deleted', ['Task', id], { name, action });
    return id;
  });
}
