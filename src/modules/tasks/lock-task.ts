import type { Transaction } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';
import { conflict, notFound } from '../../lib/errors.js';
import { isSlug } from '../../lib/slug.js';
import type { TaskColumns } from './task-fields.js';
import type { TaskStatus } from './task.entity.js';

export interface StoredTask extends TaskColumns {
  id: string;
  status: TaskStatus;
  isSystem: boolean;
  pluginId: string | null;
  /** Its plugin is not served now: nobody has its action. */
  isAway: boolean;
  nextRunAt: Date | null;
  /** The database's clock, which all processes share. */
  now: Date;
}

type Row = Omit<StoredTask, 'runAt' | 'nextRunAt' | 'now'> & {
  runAt: string | null;
  nextRunAt: string | null;
  now: string;
};

/** The task, locked. Throws NOT_FOUND. */
export async function lockTask(tx: Transaction, id: string): Promise<StoredTask> {
  const row = isSlug(id)
    ? await tx.first<Row>(sql`
        select id, name, type, interval_seconds as "intervalSeconds", schedule, time_zone as "timeZone",
               run_at as "runAt", action, params, status, overlap, missed_runs as "missedRuns",
               time_limit_seconds as "timeLimitSeconds", retry_limit as "retryLimit",
               retry_delay_seconds as "retryDelaySeconds", alert_after_seconds as "alertAfterSeconds",
               is_system as "isSystem", plugin_id as "pluginId", next_run_at as "nextRunAt",
               plugin_id is not null
                 and not exists (select 1 from plugins p where p.id = plugin_id and p.status = 'active') as "isAway",
               clock_timestamp() as now
          from tasks where id = ${id} for no key update`)
    : undefined;
  if (!row) throw notFound('Task');
  return {
    ...row,
    runAt: row.runAt === null ? null : new Date(row.runAt),
    nextRunAt: row.nextRunAt === null ? null : new Date(row.nextRunAt),
    now: new Date(row.now),
  };
}

/** Throws CONFLICT with the reason `task.plugin_away`. */
export function requireServed({ isAway, pluginId }: Pick<StoredTask, 'isAway' | 'pluginId'>): void {
  if (isAway)
    throw conflict(`The plugin ${pluginId} of this task is not active`, {
      subject: 'Task',
      reason: 'task.plugin_away',
      details: { plugin: pluginId },
    });
}

/** The number of the run that is under way; undefined when none is. Of a task that is locked. */
export async function runningRunOf(tx: Transaction, taskId: string): Promise<number | undefined> {
  const run = await tx.first<{ id: number }>(sql`
    select id from task_runs where task_id = ${taskId} and status = 'running'`);
  return run?.id;
}
