import { setTimeout } from 'node:timers/promises';
import { json, sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import type { TaskAction } from '../../../kernel/task-action.js';
import { DomainError } from '../../../lib/errors.js';
import type { ActionRegistry } from '../actions/action-registry.js';
import type { LogLine } from '../task-run.entity.js';
import { completeRun, failRun, type Held } from './finish-run.js';
import { heartbeatMs, runLeaseSeconds } from './leases.js';
import { RunLog, tellingLogger } from './run-log.js';

/** Under way at once, in this process. */
const mostAtOnce = 32;
/** An action that is to end has so long for it; then its run ends without it. */
const graceMs = 5_000;

/** What pg-boss hands over: which run, and the lease that it was sent with. */
export interface RunTicket {
  runId: number;
  lease: number;
}

interface Begun extends RunTicket {
  taskId: string;
  action: string;
  params: unknown;
  timeLimitSeconds: number;
  attempt: number;
  dueAt: string | null;
  log: LogLine[];
}

/** Why an action is told to end before it has. */
type Ending = 'time limit' | 'stopping' | 'lost';

/** Runs actions in this process. The rows say which run is whose: `task_runs.lease`, `leased_until`. */
export class TaskRunner {
  readonly #underWay = new Map<Promise<void>, AbortController>();
  #isStopping = false;

  constructor(readonly actions: ActionRegistry) {}

  /**
   * Takes the run and begins it; resolves when it has begun, or is not to be. Waits while as many are under way here as
   * may be. What it does not take, others are sent when its lease ends.
   */
  async begin(ctx: Context, ticket: RunTicket): Promise<void> {
    while (this.#underWay.size >= mostAtOnce) await Promise.race(this.#underWay.keys());
    if (this.#isStopping) return giveBack(ctx, ticket);
    const names = this.actions.names();
    const begun = await ctx.db.first<Begun>(sql`
      update task_runs r
         set attempt = r.attempt + 1, lease = r.lease + 1,
             leased_until = clock_timestamp() + make_interval(secs => ${runLeaseSeconds}),
             started_at = case when r.attempt = 0 then clock_timestamp() else r.started_at end,
             is_late = case when r.attempt = 0 and r.due_at is not null
                            then clock_timestamp() > r.due_at + interval '5 seconds' else r.is_late end
        from tasks t
       where t.id = r.task_id and r.id = ${ticket.runId} and r.lease = ${ticket.lease} and r.status = 'running'
         and t.action = any(${names}::text[])
      returning r.id as "runId", r.lease, r.task_id as "taskId", t.action, t.params, r.attempt, r.log,
                t.time_limit_seconds as "timeLimitSeconds", r.due_at as "dueAt"`);
    const action = begun && this.actions.find(begun.action);
    if (!action) return;
    const ending = new AbortController();
    const run: Promise<void> = this.#run(ctx, begun, action, ending)
      .catch((error: unknown) => ctx.log.error({ err: error, run: begun.runId }, 'a run of a task could not be ended'))
      .finally(() => this.#underWay.delete(run));
    this.#underWay.set(run, ending);
  }

  /** Has what is under way end, and gives it back: another process begins it anew. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const ending of this.#underWay.values()) ending.abort('stopping' satisfies Ending);
    await Promise.all(this.#underWay.keys());
  }

  async #run(ctx: Context, begun: Begun, action: TaskAction, ending: AbortController): Promise<void> {
    const log = new RunLog(begun.log);
    if (begun.attempt > 1) log.add('info', `attempt ${begun.attempt}`);
    const own = contextOf(ctx, begun, { log, signal: ending.signal });
    const beat = this.#keepLease(ctx, begun, { log, ending });
    const limit = globalThis.setTimeout(
      () => ending.abort('time limit' satisfies Ending),
      begun.timeLimitSeconds * 1000,
    );
    const outcome = await outcomeOf(() => this.#act(own, begun, action), ending.signal);
    clearTimeout(limit);
    await beat.stop();
    const reason = ending.signal.aborted ? (ending.signal.reason as Ending) : undefined;
    if (reason === 'lost') return;
    const failure =
      reason === 'time limit' ? `It took longer than ${begun.timeLimitSeconds} s` : 'error' in outcome && outcome.error;
    const isGivenBack = reason === 'stopping' && outcome !== succeeded;
    if (failure && !isGivenBack) log.add('error', failure);
    if (isGivenBack) log.add('warn', 'the process stops: it is begun anew elsewhere');
    log.close();
    const held = { runId: begun.runId, lease: begun.lease, log: log.lines() };
    if (isGivenBack) await giveBack(ctx, held);
    else if (failure) await ctx.db.transaction((tx) => failRun(tx, ctx, { ...held, error: failure }));
    else await ctx.db.transaction((tx) => completeRun(tx, ctx, held));
  }

  async #act(ctx: Context, { taskId, runId, attempt, dueAt, params }: Begun, action: TaskAction): Promise<void> {
    const facts = { taskId, runId, attempt, dueAt: dueAt === null ? undefined : new Date(dueAt) };
    await action.run(ctx, action.params.parse(params), facts);
  }

  /** Says regularly that the run is still had, and keeps its log; ends it when it is another's, or nobody can tell. */
  #keepLease(
    { db, log: logger }: Context,
    { runId, lease }: Begun,
    { log, ending }: { log: RunLog; ending: AbortController },
  ): { stop: () => Promise<void> } {
    let lastMs = performance.now();
    let isDone = false;
    let beating = Promise.resolve();
    const beat = async (): Promise<void> => {
      try {
        const askedMs = performance.now();
        const lines = log.hasNews ? json(log.lines()) : null;
        const kept = await db.run(sql`
          update task_runs
             set leased_until = clock_timestamp() + make_interval(secs => ${runLeaseSeconds}),
                 log = coalesce(${lines}::jsonb, log)
           where id = ${runId} and lease = ${lease} and status = 'running'`);
        if (kept === 0) ending.abort('lost' satisfies Ending);
        else lastMs = askedMs;
      } catch (error) {
        logger.warn({ err: error, run: runId }, 'a run of a task could not say that it goes on');
        if (performance.now() - lastMs > runLeaseSeconds * 1000) ending.abort('lost' satisfies Ending);
      }
    };
    const timer = setInterval(() => {
      beating = beating.then(() => (isDone ? undefined : beat()));
    }, heartbeatMs);
    return {
      stop: async () => {
        isDone = true;
        clearInterval(timer);
        await beating;
      },
    };
  }
}

/** Somebody else begins it anew. */
async function giveBack({ db }: Context, { runId, lease, log }: Held): Promise<void> {
  await db.run(sql`
    update task_runs set leased_until = clock_timestamp(), log = coalesce(${log ? json(log) : null}::jsonb, log)
     where id = ${runId} and lease = ${lease} and status = 'running'`);
}

const succeeded = { ok: true } as const;
type Outcome = typeof succeeded | { error: string };

/** What became of the action; one that goes on long after it was told to end is given up. */
async function outcomeOf(act: () => Promise<void>, signal: AbortSignal): Promise<Outcome> {
  const acting: Promise<Outcome> = act().then(
    () => succeeded,
    (error: unknown) => ({ error: textOf(error) }),
  );
  const ended = new AbortController();
  const givenUp = new Promise<Outcome>((resolve) => {
    const giveUp = async (): Promise<void> => {
      await setTimeout(graceMs, undefined, { signal: ended.signal }).catch(() => undefined);
      resolve({ error: 'It did not end when it was told to' });
    };
    if (signal.aborted) void giveUp();
    else signal.addEventListener('abort', () => void giveUp(), { once: true });
  });
  try {
    return await Promise.race([acting, givenUp]);
  } finally {
    ended.abort();
  }
}

function textOf(error: unknown): string {
  if (error instanceof DomainError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message || error.name : String(error);
}

/** A context of the run's own: its signal, its log, and the events and lines that it causes named after it. */
function contextOf(ctx: Context, { runId, taskId }: Begun, { log, signal }: { log: RunLog; signal: AbortSignal }) {
  const logger = tellingLogger(ctx.log.child({ task: taskId, run: runId }), log);
  return Object.create(ctx, {
    signal: { value: signal },
    log: { value: logger },
    requestId: { value: `task_${taskId}_${runId}` },
  }) as Context;
}
