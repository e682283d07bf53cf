import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/**
 * Runs jobs, on foreign files above all, in one process beside this one: a file that crashes its reader, fills the
 * memory or never ends costs its own job and nothing else. A thread isn't enough: a PNG cut after 20 bytes makes
 * version 0.1.100 of `@napi-rs/canvas` end its whole process by a segmentation fault.
 *
 * The process starts with the first job, is kept for the next ones (loading pdf.js takes a good part of a second) and
 * takes one job at a time, in order. It gets no environment variables, so no secrets, and Node's permission model keeps
 * it from writing files and starting programs.
 */
export interface JobProcess<Job extends { kind: string }, Results extends Record<Job['kind'], unknown>> {
  /**
   * Waits for its turn, then runs for at most `timeoutMs` (a cold start included). Rejects with `FileJobFailed` and
   * nothing else.
   */
  run: <Kind extends Job['kind']>(job: Job & { kind: Kind }, options: { timeoutMs: number }) => Promise<Results[Kind]>;
  /** Ends the process: the job under way and those that wait fail. A job given later starts a new one. */
  stop: () => Promise<void>;
}

/** What the process sends back for a job. */
export type JobAnswer<Results extends object> = { result: Results[keyof Results] } | { failed: true; reason?: string };

/** The job's file is at fault (broken, encrypted, too slow, too large), or the process was stopped under it. */
export class FileJobFailed extends Error {
  override readonly name = 'FileJobFailed';
}

/** Beyond this heap the process ends, and its job with it. */
const maxHeapMegabytes = 512;

/** `worker` is the module that runs in the process, without an extension: `new URL('x-worker', import.meta.url)`. */
export function jobProcess<Job extends { kind: string }, Results extends Record<Job['kind'], unknown>>(
  worker: URL,
): JobProcess<Job, Results> {
  // The extension is that of the code we run as: `.ts` under tsx and vitest (Node strips the types), `.js` from dist.
  const workerFile = new URL(`${worker.href}.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`);
  let child: ChildProcess | undefined;
  /** Settles, never rejects, when the last job given so far is over. */
  let queue: Promise<unknown> = Promise.resolve();
  /** Counts the stops, so that jobs that were waiting at a stop don't start the process again. */
  let stops = 0;

  const forget = (ended: ChildProcess): void => {
    if (child === ended) child = undefined;
  };

  function start(): ChildProcess {
    const started = fork(workerFile, {
      // None of the parent's own: loaders such as tsx have no business there.
      execArgv: [`--max-old-space-size=${maxHeapMegabytes}`, '--permission', '--allow-fs-read=*', '--allow-addons'],
      // A user without an entry in passwd, as in a container, has no home otherwise, and what draws asks for one.
      env: { HOME: '/nonexistent' },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    // An `error` without a listener would end this process.
    started.on('error', () => forget(started));
    started.on('exit', () => forget(started));
    return started;
  }

  async function end(ended: ChildProcess): Promise<void> {
    forget(ended);
    // Without an id it never started; with an exit code or a signal it is over.
    if (ended.pid === undefined || ended.exitCode !== null || ended.signalCode !== null) return;
    const exited = new Promise((resolve) => ended.once('exit', resolve));
    ended.ref();
    ended.kill('SIGKILL');
    await exited;
  }

  /** A process that didn't answer is ended: what state it is in is unknown. */
  async function answerOf(current: ChildProcess, job: Job, timeoutMs: number): Promise<JobAnswer<Results>> {
    const { promise, resolve, reject } = Promise.withResolvers<JobAnswer<Results>>();
    const onMessage = (message: unknown): void => resolve(message as JobAnswer<Results>);
    const onExit = (): void => reject(new FileJobFailed('The process crashed'));
    const timer = setTimeout(() => reject(new FileJobFailed(`No answer within ${timeoutMs} ms`)), timeoutMs);
    current.once('message', onMessage).once('exit', onExit).once('error', onExit);
    try {
      current.send(job, (error) => error && onExit());
      return await promise;
    } catch (error) {
      await end(current);
      throw error;
    } finally {
      clearTimeout(timer);
      current.off('message', onMessage).off('exit', onExit).off('error', onExit);
    }
  }

  async function runNow(job: Job, timeoutMs: number): Promise<unknown> {
    const current = (child ??= start());
    // While it has a job it keeps this process alive, so that a command's last job ends; when idle it doesn't.
    current.ref();
    current.channel?.ref();
    try {
      const answer = await answerOf(current, job, timeoutMs);
      if ('failed' in answer) throw new FileJobFailed(answer.reason ?? 'The file can’t be read');
      return answer.result;
    } finally {
      current.unref();
      current.channel?.unref();
    }
  }

  return {
    run: (job, { timeoutMs }) => {
      const stopsBefore = stops;
      const result = queue.then(() => {
        if (stops !== stopsBefore) throw new FileJobFailed('The process was stopped');
        return runNow(job, timeoutMs);
      });
      queue = result.catch(() => undefined);
      return result as Promise<never>;
    },
    stop: async () => {
      stops += 1;
      if (child) await end(child);
    },
  };
}
