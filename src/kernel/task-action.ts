import type { z } from 'zod';
import type { Context } from './context.js';

/** What an action knows of the run that it is. */
export interface TaskRunFacts {
  taskId: string;
  /** Undefined where an action runs by itself. */
  runId: number | undefined;
  /** 1 at first; more when it failed before, or its process ended. */
  attempt: number;
  /** Undefined when somebody asked for the run. */
  dueAt: Date | undefined;
}

/**
 * Something that tasks do. It runs as the server itself, at least once for each run: a process may end in the middle,
 * and another one begins anew. `ctx.signal` is aborted when the time limit has passed, the task is deleted or the
 * server stops; the first lines that it logs with `ctx.log`, and the last ones, are kept with the run.
 */
export interface TaskAction<P = never> {
  /** For whoever chooses one, in English. */
  description: string;
  /** An object: what the task gives it. What is unknown to it is refused. */
  params: z.ZodType<P>;
  run: (ctx: Context, params: P, run: TaskRunFacts) => Promise<void>;
}

/** By name: `send_reminders`; those of a plugin as `<plugin id>.<name>`. */
export type TaskActions = Readonly<Record<string, TaskAction>>;

/** Declares an action; `params` types what its `run` gets. */
export const taskAction = <P>(action: TaskAction<P>): TaskAction => action as unknown as TaskAction;

/** A step of `cleanup_logs` or `purge_trash`: deletes what is old, a batch at a time. */
export type CleanupStep = (ctx: Context) => Promise<void>;
