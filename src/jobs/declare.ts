import type { Context } from '../kernel/context.js';

/** A kind of work that is done apart from requests: later, again when it failed, or by the clock. */
export interface Job<T extends object> {
  /** Five fields, UTC. A run that was missed while nobody was up is made up for once. Such a job carries nothing. */
  cron?: string;
  /** How often it is tried again, with growing pauses. Default 5. */
  retryLimit?: number;
  /** Seconds after which a run counts as dead and is tried again. Default 300. */
  expireInSeconds?: number;
  /**
   * A run whose process has not been heard of for so long counts as dead and is tried again: for those that run long,
   * well before `expireInSeconds`. At least 10; by default nothing is heard of them.
   */
  heartbeatSeconds?: number;
  /** True: it begins at once in a process that takes jobs, not when that next looks. Default false. */
  isPrompt?: boolean;
  /**
   * How many are fetched together, run one after the other and succeed together. Default 5; those that run long want 2,
   * and below that a backlog drains by one a poll.
   */
  batchSize?: number;
  /** Runs as the server itself. It may run twice (at least once), so it must be harmless then. */
  run: (ctx: Context, data: T, attempt: Attempt) => Promise<void>;
}

export interface Attempt {
  /** It is not tried again when it fails. */
  isLast: boolean;
}

/** Jobs by name, `<module>.<what_it_does>`. */
export type JobDeclarations = Readonly<Record<string, Job<never>>>;

/** Declares a module's jobs, each once: `modules/<name>/jobs.ts`. What a job carries is what its `run` takes. */
export const declareJobs = <J extends JobDeclarations>(jobs: J): J => jobs;

/** From declarations to what each job carries, as the catalog wants it. */
export type JobPayloadsOf<J extends JobDeclarations> = {
  [N in keyof J]: Parameters<J[N]['run']> extends [unknown, infer T, ...unknown[]] ? T : Record<string, never>;
};
