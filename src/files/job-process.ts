import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { runInBackground } from '../lib/background.js';
import { FairTurns } from '../lib/fair-turns.js';
import { ownModule } from '../lib/own-module.js';
import { residentBytes } from '../lib/resident-bytes.js';

/**
 * Runs jobs, on foreign files above all, in one process beside this one: a file that crashes its reader, fills the
 * memory or never ends costs its own job and nothing else. A thread isn't enough: a PNG cut after 20 bytes makes
 * version 0.1.100 of `@napi-rs/canvas` end its whole process by a segmentation fault.
 *
 * The process starts with the first job, is kept for the next ones (loading pdf.js takes a good part of a second) and
 * takes one job at a time. People take turns: who has many jobs waiting does not keep those waiting who have one. Where
 * there may be several processes, one person's jobs take all but one of them. It gets no environment variables, so no
 * secrets, and Node's permission model keeps it from writing files and starting programs.
 */
export interface JobProcess<Job extends { kind: string }, Results extends Record<Job['kind'], unknown>> {
  /**
   * Waits for its turn, then runs for at most `timeoutMs` (a cold start included). Rejects with `FileJobFailed` and
   * nothing else.
   */
  run: <Kind extends Job['kind']>(job: Job & { kind: Kind }, options: JobOptions) => Promise<Results[Kind]>;
  /** Ends the process: the job under way and those that wait fail. A job given later starts a new one. */
  stop: () => Promise<void>;
}

export interface JobOptions {
  timeoutMs: number;
  /** Whose turn it is, such as a person's id. Jobs without one are together somebody's. */
  owner?: number | undefined;
}

export interface JobProcessOptions {
  /** How many processes there may be at a time; those beyond the first end when nothing is left to do. Default 1. */
  most?: number;
  /** A process that takes more is ended, and its job with it. Default 1024. */
  maxMemoryMegabytes?: number;
}

/** What the process sends back for a job. */
export type JobAnswer<Results extends object> = { result: Results[keyof Results] } | { failed: true; reason?: string };

/**
 * The job's file is at fault (broken, encrypted, too slow, too large, takes too much memory), or the process was
 * stopped under it.
 */
export class FileJobFailed extends Error {
  override readonly name = 'FileJobFailed';
}

/** Beyond this heap the process ends, and its job with it. */
const maxHeapMegabytes = 512;
/** Pictures lie outside of the heap. */
const memoryEveryMs = process.platform === 'linux' ? 100 : 1_000;

/** `worker` is the module that runs in the process, without an extension: `new URL('x-worker', import.meta.url)`. */
export function jobProcess<Job extends { kind: string }, Results extends Record<Job['kind'], unknown>>(
  worker: URL,
  { most = 1, maxMemoryMegabytes = 1024 }: JobProcessOptions = {},
): JobProcess<Job, Results> {
  const { file, execArgv } = ownModule(worker);
  const turns = new FairTurns({ atOnce: most, eachAtOnce: Math.max(1, most - 1) });
  /** All that run, and of them those that have nothing to do. */
  const children = new Set<ChildProcess>();
  const idle = new Set<ChildProcess>();
  /** Counts the stops, so that jobs that were waiting at a stop don't start the process again. */
  let stops = 0;

  const forget = (ended: ChildProcess): void => {
    children.delete(ended);
    idle.delete(ended);
  };

  function start(): ChildProcess {
    const started = fork(file, {
      execArgv: [
        `--max-old-space-size=${maxHeapMegabytes}`,
        '--permission',
        '--allow-fs-read=*',
        '--allow-addons',
        ...execArgv,
      ],
      // A user without an entry in passwd, as in a container, has no home otherwise, and what draws asks for one.
      env: { HOME: '/nonexistent' },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    runInBackground(started.pid);
    children.add(started);
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
    const memory = setInterval(() => void watchMemory(), memoryEveryMs);
    const watchMemory = async (): Promise<void> => {
      const bytes = current.pid === undefined ? 0 : ((await residentBytes(current.pid)) ?? 0);
      if (bytes > maxMemoryMegabytes * 2 ** 20)
        reject(new FileJobFailed(`It takes more than ${maxMemoryMegabytes} MB of memory`));
    };
    current.once('message', onMessage).once('exit', onExit).once('error', onExit);
    try {
      current.send(job, (error) => error && onExit());
      return await promise;
    } catch (error) {
      await end(current);
      throw error;
    } finally {
      clearTimeout(timer);
      clearInterval(memory);
      current.off('message', onMessage).off('exit', onExit).off('error', onExit);
    }
  }

  async function runNow(job: Job, timeoutMs: number): Promise<unknown> {
    const [current = start()] = idle;
    idle.delete(current);
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
      await keepOrEnd(current);
    }
  }

  /** One is kept for the next job, unless that would begin with much of the memory that it may take. */
  async function keepOrEnd(current: ChildProcess): Promise<void> {
    const bytes = current.pid === undefined ? undefined : await residentBytes(current.pid);
    const isLight = bytes !== undefined && bytes < maxMemoryMegabytes * 2 ** 19;
    if (isLight && children.has(current) && idle.size === 0) idle.add(current);
    else await end(current);
  }

  return {
    run: (job, { timeoutMs, owner }) => {
      const stopsBefore = stops;
      return turns.take(owner, async () => {
        if (stops !== stopsBefore) throw new FileJobFailed('The process was stopped');
        return runNow(job, timeoutMs);
      }) as Promise<never>;
    },
    stop: async () => {
      stops += 1;
      await Promise.all(Array.from(children, end));
    },
  };
}
