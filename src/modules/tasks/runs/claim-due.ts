import type { Transaction } from '../../../db/sql-client.js';
import { json, sql } from '../../../db/sql.js';
import { emitEach } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { nextRun, type TaskTimes } from '../schedule/next-runs.js';
import { startLeaseSeconds } from './leases.js';

/** A run that is due for longer was missed: nothing was there to begin it. */
const missedAfterMs = 60_000;
const mostAtOnce = 100;

interface DueRow extends Omit<TaskTimes, 'runAt'> {
  id: string;
  name: string;
  action: string;
  runAt: string | null;
  missedRuns: 'once' | 'skip';
  isQuiet: boolean;
  dueAt: string;
  now: string;
  /** Of the run that is under way. */
  runningId: number | null;
}

/** What becomes of a task that is due. */
interface Decision {
  id: string;
  dueAt: string;
  nextRunAt: Date | null;
  /** Why no run begins; null: one does. */
  skipped: string | null;
  /** Of the run that keeps it from beginning. */
  runningId: number | null;
}

/**
 * Begins a run of each task that is due, once over all processes, and works out when it is due next. The clock is the
 * database's: those of processes differ. What is due while a run of the task is under way is left out, or waits. Call
 * it in a transaction of its own.
 */
export async function claimDue(tx: Transaction, ctx: CommandContext): Promise<void> {
  const due = await tx.all<DueRow>(sql`
    select t.id, t.name, t.action, t.type, t.interval_seconds as "intervalSeconds", t.schedule,
           t.time_zone as "timeZone", t.run_at as "runAt", t.missed_runs as "missedRuns", t.is_quiet as "isQuiet",
           t.next_run_at as "dueAt", now() as now, r.id as "runningId"
      from tasks t left join task_runs r on r.task_id = t.id and r.status = 'running'
     where t.next_run_at <= now() and t.action = any(${ctx.services.tasks.actions.names()}::text[])
       and (t.overlap = 'skip' and t.type <> 'date' or r.id is null)
     order by t.next_run_at limit ${mostAtOnce} for no key update of t skip locked`);
  if (!due.length) return;
  const decisions = due.map(decide);
  const begun = await tx.all<{ id: number; taskId: string; lease: number }>(sql`
    insert into task_runs (task_id, status, due_at, started_at, leased_until)
    select d.id, 'running', d."dueAt", now(), now() + make_interval(secs => ${startLeaseSeconds})
      from jsonb_to_recordset(${json(decisions)}) d (id text, "dueAt" timestamptz, skipped text)
     where d.skipped is null
    on conflict do nothing returning id, task_id as "taskId", lease`);
  // One for each run that is in the way, however often the task was due during it.
  await tx.send(sql`
    insert into task_runs (task_id, status, due_at, started_at, finished_at, log)
    select d.id, 'skipped', d."dueAt", now(), now(),
           jsonb_build_array(jsonb_build_object('at', to_jsonb(now() at time zone 'UTC') #>> '{}' || 'Z',
                                                'level', 'info', 'message', d.skipped))
      from jsonb_to_recordset(${json(decisions)}) d (id text, "dueAt" timestamptz, skipped text, "runningId" int)
     where d.skipped is not null
       and not exists (select 1 from task_runs s
                        where s.task_id = d.id and s.status = 'skipped' and s.id > d."runningId")
    on conflict do nothing`);
  await tx.send(sql`
    update tasks t
       set next_run_at = d."nextRunAt", skipped_count = t.skipped_count + (d.skipped is not null)::int,
           last_run_at = case when b.id is not null then now() else t.last_run_at end,
           status = case when b.id is not null then 'running'
                         when t.status <> 'running' and d."nextRunAt" is null then 'completed' else t.status end
      from jsonb_to_recordset(${json(decisions)}) d (id text, "nextRunAt" timestamptz, skipped text)
      left join unnest(${begun.map(({ taskId }) => taskId)}::text[]) b (id) on b.id = d.id
     where t.id = d.id`);
  for (const { id, lease } of begun) await ctx.services.jobs.send(tx, 'tasks.run', { runId: id, lease });
  const tasks = new Map(due.map((task) => [task.id, task]));
  const told = begun.flatMap(({ id, taskId }) => {
    const task = tasks.get(taskId);
    if (!task || task.isQuiet) return [];
    return [{ id: taskId, data: { name: task.name, action: task.action, runId: id, startedById: null } }];
  });
  await emitEach(tx, ctx, 'task.started', 'Task', told);
}

function decide({ id, dueAt, runAt, missedRuns, runningId, now: nowText, ...times }: DueRow): Decision {
  const [due, now] = [new Date(dueAt), new Date(nowText)];
  const next = nextRun({ ...times, runAt: runAt === null ? null : new Date(runAt) }, now, due);
  const isMissed = missedRuns === 'skip' && now.getTime() - due.getTime() > missedAfterMs;
  const skipped = isMissed
    ? 'It was missed: nothing was there to run it'
    : runningId === null
      ? null
      : 'A run before it was still under way';
  return { id, dueAt, nextRunAt: next ?? null, skipped, runningId: skipped === null ? null : runningId };
}
