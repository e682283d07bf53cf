import { Worker } from 'node:worker_threads';
import { DomainError } from '../../../lib/errors.js';
import { FairTurns } from '../../../lib/fair-turns.js';
import { ownModule } from '../../../lib/own-module.js';
import type { Statement } from './statement.js';

const thread = ownModule(new URL('statement-pdf-thread', import.meta.url));

/** The largest statement needs a quarter of it. */
const maxHeapMegabytes = 512;

/**
 * One at a time, so that many at once cost time and not memory, and people in turns: the one state of this module,
 * which holds no data.
 */
const turns = new FairTurns({ atOnce: 1 });

/**
 * Draws a statement as a PDF beside the event loop, when it is the turn of its `owner`. Throws RATE_LIMITED when it
 * takes longer than `timeoutMs`.
 */
export function renderStatement(
  statement: Statement,
  { timeoutMs = 20_000, owner }: { timeoutMs?: number; owner?: number | undefined } = {},
): Promise<Buffer> {
  return turns.take(owner, () => renderNow(statement, timeoutMs));
}

async function renderNow(statement: Statement, timeoutMs: number): Promise<Buffer> {
  const worker = new Worker(thread.file, {
    workerData: statement,
    execArgv: [...thread.execArgv],
    // Its parent's secrets have no business there.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMegabytes },
  });
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const timer = setTimeout(() => {
    const message = 'The statement takes too long to draw: ask for a shorter period';
    reject(new DomainError('RATE_LIMITED', message, { details: { retryAfterSeconds: 60 } }));
  }, timeoutMs);
  worker.once('message', (bytes: Uint8Array) => resolve(Buffer.from(bytes))).once('error', reject);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
