import { Worker } from 'node:worker_threads';
import { FairTurns } from '../../../lib/fair-turns.js';
import { ownModule } from '../../../lib/own-module.js';
import { fileProblem, type ReadingOptions, type StatementFile } from './statement-file.js';

export interface StatementTask {
  path: string;
  options: ReadingOptions;
}

const thread = ownModule(new URL('statement-thread', import.meta.url));

/** The largest file that is taken needs a quarter of it. */
const maxHeapMegabytes = 512;

/**
 * One at a time, so that many files at once cost time and not memory, and people in turns: the one state of this
 * module, which holds no data.
 */
const turns = new FairTurns({ atOnce: 1 });

/**
 * Reads a bank's file beside the event loop, when it is the turn of its `owner`. Resolves with a problem of the file
 * when it takes longer than `timeoutMs` or more memory than it may.
 */
export function parseStatement(
  path: string,
  options: ReadingOptions,
  { timeoutMs = 15_000, owner }: { timeoutMs?: number; owner?: number | undefined } = {},
): Promise<StatementFile> {
  return turns.take(owner, () => parseNow({ path, options }, timeoutMs));
}

async function parseNow(task: StatementTask, timeoutMs: number): Promise<StatementFile> {
  const worker = new Worker(thread.file, {
    workerData: task,
    execArgv: [...thread.execArgv],
    // Its parent's secrets have no business there.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMegabytes },
  });
  const { promise, resolve, reject } = Promise.withResolvers<StatementFile>();
  const failed = (): void => {
    const problem = fileProblem('invalid_format', 'The file takes too long to read');
    resolve({ format: task.options.format ?? 'csv', rows: [], problems: [problem] });
  };
  const timer = setTimeout(failed, timeoutMs);
  worker.once('message', resolve).once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') failed();
    else reject(error);
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
