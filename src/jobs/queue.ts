import type { PGlite } from '@electric-sql/pglite';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { type Db, fromKysely, fromPglite, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { Transaction } from '../db/sql-client.js';
import { WrittenStatement } from '../db/sql.js';
import type { Context } from '../kernel/context.js';
import type { JobCatalog, JobName } from './catalog.js';
import type { Job } from './declare.js';

/** A job under its name. */
export interface NamedJob extends Job<never> {
  name: string;
}

export interface JobQueue {
  /** Puts a job into the queue with the transaction `tx`: it runs when that commits. Throws without a transaction. */
  send: <N extends JobName>(
    tx: Transaction | SqlEntityManager,
    name: N,
    data: JobCatalog[N],
    options?: { startAfter?: Date; singletonKey?: string },
  ) => Promise<void>;
  /** Begins to take jobs. `contextFor` makes a context of the server's own for one run. */
  work: (contextFor: (requestId: string, signal: AbortSignal) => Context) => Promise<void>;
  /** Runs a job at once in this process, without the queue. Only after `work`. */
  run: <N extends JobName>(name: N, data: JobCatalog[N]) => Promise<void>;
  /** Takes no more jobs and waits for those under way. */
  stop: () => Promise<void>;
}

export interface JobQueueOptions {
  /** The embedded database, or the address of the server. */
  database: { embedded: PGlite } | { url: string };
  jobs: readonly NamedJob[];
  log: Logger;
}

const schema = 'pgboss';
const stopTimeoutMs = 10_000;

/** pg-boss with the jobs of all modules. Any number of processes share one queue; each job runs in one of them. */
export async function openJobs({ database, jobs, log }: JobQueueOptions): Promise<JobQueue> {
  const isEmbedded = 'embedded' in database;
  const boss = isEmbedded
    ? new PgBoss({ db: fromPglite(database.embedded as never), backend: 'pglite', schema })
    : new PgBoss({ connectionString: database.url, schema, max: 3, application_name: 'passerelle-jobs' });
  boss.on('error', (error) => log.error({ err: error }, 'the job queue reported an error'));
  await boss.start();

  const byName = new Map(jobs.map((job) => [job.name, job]));
  const stopping = new AbortController();
  let contextFor: Parameters<JobQueue['work']>[0] | undefined;
  const runOne = async (name: string, data: never, id: string): Promise<void> => {
    const job = byName.get(name);
    if (!job || !contextFor) throw new Error(`The job ${name} cannot run`);
    const context = contextFor(`job_${id}`, stopping.signal);
    const started = performance.now();
    try {
      await job.run(context, data);
      context.log.info({ job: name, ms: Math.round(performance.now() - started) }, 'job done');
    } catch (error) {
      context.log.error({ err: error, job: name }, 'a job failed');
      throw error;
    }
  };

  for (const { name, cron, retryLimit = 5, expireInSeconds = 300 } of jobs) {
    await boss.createQueue(name, { retryLimit, retryDelay: 5, retryBackoff: true, expireInSeconds });
    await boss.updateQueue(name, { retryLimit, expireInSeconds });
    if (cron) await boss.schedule(name, cron, {}, { missed: 'once' });
  }
  const planned = new Set(jobs.filter((job) => job.cron).map((job) => job.name));
  for (const { name } of await boss.getSchedules()) if (!planned.has(name)) await boss.unschedule(name);

  return {
    work: async (makeContext) => {
      contextFor = makeContext;
      for (const { name, batchSize = 5 } of jobs) {
        await boss.work(
          name,
          { pollingIntervalSeconds: isEmbedded ? 5 : 2, batchSize, burstWhenBatchFull: true },
          async (batch) => {
            for (const { id, data } of batch) await runOne(name, data as never, id);
          },
        );
      }
    },
    send: async (tx, name, data, options = {}) => {
      if ('send' in tx) {
        const db: Db = {
          executeSql: async (text, values) => ({ rows: await tx.all(new WrittenStatement(text, values ?? [])) }),
        };
        await boss.send(name, data as object, { ...options, db });
        return;
      }
      const transaction = tx.getTransactionContext();
      if (!transaction) throw new Error(`${String(name)} sent outside a transaction`);
      await boss.send(name, data as object, { ...options, db: fromKysely(transaction as never) as Db });
    },
    run: (name, data) => runOne(name, data as never, 'now'),
    stop: async () => {
      stopping.abort();
      await boss.stop({ graceful: true, timeout: stopTimeoutMs });
    },
  };
}
