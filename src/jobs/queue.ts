import type { PGlite } from '@electric-sql/pglite';
import { type Db, fromPglite, type Job as BossJob, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { SqlClient, Transaction } from '../db/sql-client.js';
import { WrittenStatement } from '../db/sql.js';
import type { Context, RequestNotes } from '../kernel/context.js';
import { continueTrace, type TraceContext, traceparentOf } from '../lib/trace-context.js';
import { traced, traceOr } from '../lib/tracing.js';
import type { JobCatalog, JobName } from './catalog.js';
import type { Attempt, Job } from './declare.js';

/** A job under its name: letters, digits, `_`, `-`, `.` and `/`. */
export interface NamedJob<T extends object = never> extends Job<T> {
  name: string;
}

export interface SendOptions {
  startAfter?: Date;
  /** The highest is taken first; default 0. */
  priority?: number;
  /** While a job with the key waits, others with it are not put into the queue. */
  singletonKey?: string;
  /** The job's lines in the log, and what it causes, belong to this trace. */
  trace?: TraceContext | undefined;
}

/** What is kept of a job that waits. */
export interface KeptJob {
  id: string;
  data: object;
  priority: number;
  /** ISO 8601. */
  startAfter: string;
  singletonKey: string | null;
}

/** How a job that is in no module is used; those of the modules are sent and run by name. */
export interface JobHandle<D extends object> {
  send: (tx: Transaction, data: D, options?: SendOptions) => Promise<void>;
  run: (data: D) => Promise<void>;
}

export interface JobQueue {
  /** Puts a job into the queue with the transaction `tx`: it runs when that commits. */
  send: <N extends JobName>(tx: Transaction, name: N, data: JobCatalog[N], options?: SendOptions) => Promise<void>;
  /** Runs a job at once in this process, without the queue. Only after `work`. */
  run: <N extends JobName>(name: N, data: JobCatalog[N]) => Promise<void>;
  /**
   * One more kind of job, and its schedule, from now on; jobs of its name that have waited are run. Every process adds
   * it: those that only send, too. Throws when the name is taken.
   */
  add: <D extends object>(job: NamedJob<D>) => Promise<JobHandle<D>>;
  /**
   * Takes no more jobs of that name here, ends its schedule and waits for those under way. What waits in the queue
   * stays there for whoever adds it again. Does nothing when there is no such job.
   */
  remove: (name: string) => Promise<void>;
  /** Puts jobs of a backup into the queue, with whatever runs `executeSql`. Throws for a name that was not added. */
  putBack: (name: string, jobs: readonly KeptJob[], executeSql: Db['executeSql']) => Promise<void>;
  /** Begins to take jobs. `contextFor` makes a context of the server's own for one run. */
  work: (contextFor: MakeJobContext) => Promise<void>;
  /** Takes no more jobs and waits for those under way. */
  stop: () => Promise<void>;
}

type MakeJobContext = (requestId: string, signal: AbortSignal, notes: RequestNotes) => Context;

/** Beside what a job carries, in the queue: no job has a key of this name. */
const traceKey = '$traceparent';

export interface JobQueueOptions {
  /** The embedded database, or the address of the server. */
  database: { embedded: PGlite } | { url: string; patienceMs?: number | undefined };
  /** Tells of transactions that sent prompt jobs. */
  onSignal: SqlClient['onSignal'];
  jobs: readonly NamedJob[];
  /** False for a process that only sends: it does not look after schedules and dead runs. */
  takesJobs: boolean;
  log: Logger;
}

const schema = 'pgboss';
const noJob = '00000000-0000-0000-0000-000000000000';
const stopTimeoutMs = 10_000;
const defaultRetryLimit = 5;
/** Looking after a long queue takes its time. */
const defaultPatienceMs = 120_000;

/** pg-boss with the jobs of all modules. Any number of processes share one queue; each job runs in one of them. */
export async function openJobs({ database, onSignal, jobs, takesJobs, log }: JobQueueOptions): Promise<JobQueue> {
  const isEmbedded = 'embedded' in database;
  const shared = {
    schema,
    schedule: takesJobs,
    supervise: takesJobs,
    // How often runs of dead processes are looked for.
    superviseIntervalSeconds: 15,
    monitorIntervalSeconds: 15,
  };
  const boss = isEmbedded
    ? new PgBoss({ ...shared, db: fromPglite(database.embedded as never), backend: 'pglite' })
    : new PgBoss({
        ...shared,
        connectionString: database.url,
        max: 3,
        application_name: 'passerelle-jobs',
        // Of a server that hangs, or is no longer there.
        query_timeout: database.patienceMs ?? defaultPatienceMs,
      } as ConstructorParameters<typeof PgBoss>[0]);
  boss.on('error', (error) => log.error({ err: error }, 'the job queue reported an error'));
  await boss.start();
  const queue = new PgBossQueue(boss, { pollingIntervalSeconds: isEmbedded ? 5 : 2, isAlone: isEmbedded });
  try {
    for (const job of jobs) await queue.add(job);
    onSignal('jobs', () => queue.wake());
    return queue;
  } catch (error) {
    await queue.stop();
    throw error;
  }
}

class PgBossQueue implements JobQueue {
  readonly #boss: PgBoss;
  readonly #pollingIntervalSeconds: number;
  readonly #isAlone: boolean;
  readonly #jobs = new Map<string, NamedJob<never>>();
  /** By the job's name, in this process. */
  readonly #workerIds = new Map<string, string>();
  /** Names of prompt jobs that were sent since they were last woken. */
  readonly #sent = new Set<string>();
  readonly #stopping = new AbortController();
  /** undefined until this process takes jobs. */
  #contextFor: MakeJobContext | undefined;

  /** `isAlone`: no other process takes jobs of this database. */
  constructor(boss: PgBoss, { pollingIntervalSeconds, isAlone }: { pollingIntervalSeconds: number; isAlone: boolean }) {
    this.#boss = boss;
    this.#pollingIntervalSeconds = pollingIntervalSeconds;
    this.#isAlone = isAlone;
  }

  /** Looks at once for the prompt jobs that were sent. */
  wake(): void {
    for (const name of this.#sent) this.#boss.notifyWorker(this.#workerIds.get(name) ?? '');
    this.#sent.clear();
  }

  send<N extends JobName>(tx: Transaction, name: N, data: JobCatalog[N], options: SendOptions = {}): Promise<void> {
    return this.#send(tx, name, data, options);
  }

  run<N extends JobName>(name: N, data: JobCatalog[N]): Promise<void> {
    return this.#run(name, data as never, 'now', { isLast: true });
  }

  async add<D extends object>(job: NamedJob<D>): Promise<JobHandle<D>> {
    const { name, retryLimit = defaultRetryLimit, expireInSeconds = 300, heartbeatSeconds } = job;
    if (this.#jobs.has(name)) throw new Error(`There is a job ${name} already`);
    this.#jobs.set(name, job);
    try {
      await this.#boss.createQueue(name, { retryLimit, retryDelay: 5, retryBackoff: true, expireInSeconds });
      await this.#boss.updateQueue(name, { retryLimit, expireInSeconds, heartbeatSeconds: heartbeatSeconds ?? null });
      // pg-boss then knows the queue again: it would ask for it at the first `send`, beside the transaction that sends,
      // for which an embedded database waits for ever.
      await this.#boss.findJobs(name, { id: noJob });
      if (this.#contextFor) await this.#take(job);
    } catch (error) {
      this.#jobs.delete(name);
      throw error;
    }
    return {
      send: (tx, data, options = {}) => this.#send(tx, name, data, options),
      run: (data) => this.#run(name, data as never, 'now', { isLast: true }),
    };
  }

  async remove(name: string): Promise<void> {
    const job = this.#jobs.get(name);
    if (!job || !this.#jobs.delete(name) || !this.#contextFor) return;
    if (job.cron !== undefined) await this.#boss.unschedule(name);
    this.#workerIds.delete(name);
    await this.#boss.offWork(name, { wait: true });
  }

  async putBack(name: string, jobs: readonly KeptJob[], executeSql: Db['executeSql']): Promise<void> {
    if (!this.#jobs.has(name)) throw new Error(`There is no job ${name}`);
    const rows = jobs.map(({ singletonKey, ...job }) => ({ ...job, ...(singletonKey !== null && { singletonKey }) }));
    await this.#boss.insert(name, rows, { db: { executeSql } });
  }

  async work(contextFor: MakeJobContext): Promise<void> {
    this.#contextFor = contextFor;
    for (const job of this.#jobs.values()) await this.#take(job);
    for (const { name } of await this.#boss.getSchedules())
      if (this.#jobs.get(name)?.cron === undefined) await this.#boss.unschedule(name);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#boss.stop({ graceful: true, timeout: stopTimeoutMs });
  }

  async #take({
    name,
    cron,
    batchSize = 5,
    retryLimit = defaultRetryLimit,
    heartbeatSeconds,
  }: NamedJob<never>): Promise<void> {
    if (cron !== undefined) await this.#boss.schedule(name, cron, {}, { missed: 'once' });
    if (this.#isAlone && heartbeatSeconds !== undefined) await this.#giveBack(name);
    const polling = { pollingIntervalSeconds: this.#pollingIntervalSeconds, batchSize, burstWhenBatchFull: true };
    const workerId = await this.#boss.work(name, polling, async (batch) => {
      for (const { id, data, retryCount } of batch as (BossJob & { retryCount: number })[])
        await this.#run(name, data as never, id, { isLast: retryCount >= retryLimit });
    });
    this.#workerIds.set(name, workerId);
  }

  /** Those that were under way when the process before this one ended are tried again now. */
  async #giveBack(name: string): Promise<void> {
    const jobs = await this.#boss.findJobs(name);
    const lost = jobs.filter(({ state }) => state === 'active').map(({ id }) => id);
    if (lost.length > 0) await this.#boss.fail(name, lost, { message: 'The process ended' });
  }

  async #run(name: string, data: never, id: string, attempt: Attempt): Promise<void> {
    const job = this.#jobs.get(name);
    if (!job) throw new Error(`There is no job ${name}`);
    if (!this.#contextFor) throw new Error(`The job ${name} cannot run in a process that takes no jobs`);
    const { [traceKey]: traceparent, ...own } = data as Record<string, unknown>;
    const makeContext = this.#contextFor;
    await traced(
      () => ({
        name: `process ${name}`,
        kind: 'consumer',
        parent: traceparent,
        attributes: {
          'messaging.system': 'pgboss',
          'messaging.operation.type': 'process',
          'messaging.destination.name': name,
          'messaging.message.id': id,
        },
      }),
      async (work) => {
        const trace = work?.trace ?? continueTrace(traceparent);
        const context = makeContext(`job_${id}`, this.#stopping.signal, { trace });
        const startedMs = performance.now();
        try {
          await job.run(context, own as never, attempt);
          context.log.info({ job: name, ms: Math.round(performance.now() - startedMs) }, 'job done');
        } catch (error) {
          context.log.error({ err: error, job: name }, 'a job failed');
          throw error;
        }
      },
    );
  }

  async #send(tx: Transaction, name: string, data: object, { trace, ...options }: SendOptions): Promise<void> {
    const db: Db = {
      executeSql: async (text, values) => ({ rows: await tx.all(new WrittenStatement(text, values ?? [])) }),
    };
    const within = traceOr(trace);
    await this.#boss.send(name, within ? { ...data, [traceKey]: traceparentOf(within) } : data, { ...options, db });
    if (!this.#jobs.get(name)?.isPrompt) return;
    this.#sent.add(name);
    tx.signal('jobs');
  }
}
