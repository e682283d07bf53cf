import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/**
 * Runs jobs on foreign documents in one process beside this one: a document that crashes its reader, fills the memory
 * or never ends costs its own job and nothing else. A thread isn't enough: a PNG cut after 20 bytes makes version
 * 0.1.100 of `@napi-rs/canvas` end its whole process by a segmentation fault.
 *
 * The process starts with the first job, is kept for the next ones (loading pdf.js takes a good part of a second) and
 * takes one job at a time, in order. It gets no environment variables, so no secrets, and Node's permission model keeps
 * it from writing files and starting programs.
 *
 * It is the one module-level state in `lib`: it holds no data, and two of them would double the memory.
 */
export type DocumentJob =
  | { kind: 'text'; path: string; contentType: string; maxCharacters: number }
  | { kind: 'preview'; path: string; contentType: string; widthPx: number }
  | { kind: 'attachment'; path: string; names: readonly string[]; maxBytes: number }
  | { kind: 'page'; path: string; contentType: string; pageNumber: number };

export interface DocumentJobResults {
  text: { text: string; pageCount: number | null };
  /** PNG, or undefined where there is nothing to draw. */
  preview: Uint8Array | undefined;
  /** The bytes of the first of the names among the files that a PDF carries; undefined when it carries none of them. */
  attachment: Uint8Array | undefined;
  /** PNG of a page as a scanner would give it, and how many pages there are. */
  page: { png: Uint8Array; pageCount: number };
}

export type DocumentJobAnswer = { result: DocumentJobResults[keyof DocumentJobResults] } | { failed: true };

/** The job's document is at fault (broken, encrypted, too slow, too large), or the process was stopped under it. */
export class DocumentJobFailed extends Error {
  override readonly name = 'DocumentJobFailed';
}

/** The extension is that of the code we run as: `.ts` under tsx and vitest (Node strips the types), `.js` from dist. */
const workerFile = new URL(`./document-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);

/** Beyond this heap the process ends, and its job with it. */
const maxHeapMegabytes = 512;

let worker: ChildProcess | undefined;
/** Settles, never rejects, when the last job given so far is over. */
let queue: Promise<unknown> = Promise.resolve();
/** Counts the stops, so that jobs that were waiting at a stop don't start the process again. */
let stops = 0;

/**
 * Waits for its turn, then runs for at most `timeoutMs` (a cold start included). Rejects with `DocumentJobFailed` and
 * nothing else.
 */
export function runDocumentJob<Kind extends keyof DocumentJobResults>(
  job: DocumentJob & { kind: Kind },
  { timeoutMs }: { timeoutMs: number },
): Promise<DocumentJobResults[Kind]> {
  const stopsBefore = stops;
  const result = queue.then(() => {
    if (stops !== stopsBefore) throw new DocumentJobFailed('The document process was stopped');
    return runNow(job, timeoutMs);
  });
  queue = result.catch(() => undefined);
  return result as Promise<DocumentJobResults[Kind]>;
}

/** Ends the process: the job under way and those that wait fail. A job given later starts a new one. */
export async function stopDocumentWorker(): Promise<void> {
  stops += 1;
  const stopped = worker;
  if (stopped) await end(stopped);
}

async function runNow(job: DocumentJob, timeoutMs: number): Promise<unknown> {
  const current = (worker ??= startWorker());
  // While it has a job it keeps this process alive, so that a command's last job ends; when idle it doesn't.
  current.ref();
  current.channel?.ref();
  try {
    const answer = await answerOf(current, job, timeoutMs);
    if ('failed' in answer) throw new DocumentJobFailed('The document can’t be read');
    return answer.result;
  } finally {
    current.unref();
    current.channel?.unref();
  }
}

/** A process that didn't answer is ended: what state it is in is unknown. */
async function answerOf(current: ChildProcess, job: DocumentJob, timeoutMs: number): Promise<DocumentJobAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<DocumentJobAnswer>();
  const onMessage = (message: unknown): void => resolve(message as DocumentJobAnswer);
  const onExit = (): void => reject(new DocumentJobFailed('The document process crashed'));
  const timer = setTimeout(() => reject(new DocumentJobFailed(`No answer within ${timeoutMs} ms`)), timeoutMs);
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

function startWorker(): ChildProcess {
  const started = fork(workerFile, {
    // None of the parent's own: loaders such as tsx have no business there.
    execArgv: [`--max-old-space-size=${maxHeapMegabytes}`, '--permission', '--allow-fs-read=*', '--allow-addons'],
    env: {},
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

function forget(ended: ChildProcess): void {
  if (worker === ended) worker = undefined;
}
