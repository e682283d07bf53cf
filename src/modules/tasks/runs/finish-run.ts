import type { Transaction } from '../../../db/sql-client.js';
import { json, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { taskRunsTotal } from '../metrics.js';
import type { LogLine } from '../task-run.entity.js';

const longestDelaySeconds = 86_400;
const longestError = 1_000;

/** Who may end a run: whoever holds its newest lease. */
export interface Held {
  runId: number;
  lease: number;
  /** undefined: what was kept of it before stays. */
  log?: readonly LogLine[];
}

interface Locked {
  taskId: string;
  name: string;
  action: string;
  isQuiet: boolean;
  attempt: number;
  failures: number;
  retryLimit: number;
  retryDelaySeconds: number;
  startedById: number | null;
  durationMs: number;
}

/** The task first, as whoever changes or deletes it does; undefined when the run is another's by now, or gone. */
async function lock(tx: Transaction, { runId, lease }: Held): Promise<Locked | undefined> {
  await tx.first(sql`
    select 1 from tasks where id = (select task_id from task_runs where id = ${runId}) for no key update`);
  return tx.first<Locked>(sql`
    select t.id as "taskId", t.name, t.action, t.is_quiet as "isQuiet", r.attempt, r.failures,
           t.retry_limit as "retryLimit", t.retry_delay_seconds as "retryDelaySeconds",
           r.started_by_id as "startedById",
           (extract(epoch from clock_timestamp() - r.started_at) * 1000)::int as "durationMs"
      from task_runs r join tasks t on t.id = r.task_id
     where r.id = ${runId} and r.lease = ${lease} and r.status = 'running' for no key update of r`);
}

/** A task that is paused stays so; one that was to run once has. */
const statusAfter = (ofOthers: 'scheduled' | 'failed') => sql`
  case when status = 'paused' then 'paused'
       when ${ofOthers === 'scheduled'}::boolean and next_run_at is null and type = 'date' then 'completed'
       else ${ofOthers} end`;

/** Does nothing when the run is another's by now. */
export async function completeRun(tx: Transaction, ctx: CommandContext, held: Held): Promise<void> {
  const run = await lock(tx, held);
  if (!run) return;
  await tx.send(sql`
    update task_runs set status = 'success', finished_at = clock_timestamp(), leased_until = null, error = null,
           log = coalesce(${held.log ? json(held.log) : null}::jsonb, log)
     where id = ${held.runId}`);
  await tx.send(sql`
    update tasks set success_count = success_count + 1, last_success_at = clock_timestamp(),
           status = ${statusAfter('scheduled')}
     where id = ${run.taskId}`);
  ctx.services.count(taskRunsTotal, { action: run.action, result: 'success' });
  if (run.isQuiet && run.startedById === null) return;
  await emit(tx, ctx, 'task.completed', ['Task', run.taskId], ended(run, held));
}

/**
 * Has a run tried again after a pause that doubles each time, or ends it when it was tried as often as it may be, or
 * `isFinal`. Does nothing when the run is another's by now.
 */
export async function failRun(
  tx: Transaction,
  ctx: CommandContext,
  { error, isFinal = false, ...held }: Held & { error: string; isFinal?: boolean },
): Promise<void> {
  const run = await lock(tx, held);
  if (!run) return;
  const reason = error.replaceAll('\0', '\uFFFD').slice(0, longestError).toWellFormed();
  const log = sql`coalesce(${held.log ? json(held.log) : null}::jsonb, log)`;
  if (!isFinal && run.failures < run.retryLimit) {
    const delaySeconds = Math.min(run.retryDelaySeconds * 2 ** run.failures, longestDelaySeconds);
    await tx.send(sql`
      update task_runs set failures = failures + 1, error = ${reason}, log = ${log}, lease = lease + 1,
             leased_until = clock_timestamp() + make_interval(secs => ${delaySeconds})
       where id = ${held.runId}`);
    return;
  }
  await tx.send(sql`
    update task_runs set status = 'failure', failures = failures + 1, finished_at = clock_timestamp(),
           leased_until = null, error = ${reason}, log = ${log}
     where id = ${held.runId}`);
  await tx.send(sql`
    update tasks set failure_count = failure_count + 1, status = ${statusAfter('failed')} where id = ${run.taskId}`);
  ctx.services.count(taskRunsTotal, { action: run.action, result: 'failure' });
  ctx.log.error({ task: run.taskId, run: held.runId, reason }, 'a task failed');
  await emit(tx, ctx, 'task.failed', ['Task', run.taskId], ended(run, held));
}

const ended = ({ name, action, attempt, startedById, durationMs }: Locked, { runId }: Held) => ({
  name,
  action,
  runId,
  startedById,
  durationMs: Math.max(0, durationMs),
  attempt,
});
