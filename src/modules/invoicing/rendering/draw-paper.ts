import type { CommandContext } from '../../../kernel/command.js';
import { DomainError } from '../../../lib/errors.js';
import { type PaperJob, runPaperJob } from './paper-jobs.js';

/** From its turn on. Two hundred lines of the greatest length take a third of it on a slow machine. */
const timeoutMs = 30_000;

/**
 * An invoice or a letter as a PDF, drawn beside the event loop. Throws UNAVAILABLE (`invoice.not_drawn`) when it takes
 * longer than half a minute or more memory than there is for it.
 */
export async function drawPaper(
  { log, viewer }: Pick<CommandContext, 'log' | 'viewer'>,
  job: PaperJob,
): Promise<Buffer> {
  try {
    const bytes = await runPaperJob(job, { timeoutMs, owner: viewer.userId });
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (error) {
    log.warn({ err: error, paper: job.kind }, 'a paper could not be drawn');
    throw new DomainError('UNAVAILABLE', 'The PDF could not be drawn in the time that there is for it', {
      reason: 'invoice.not_drawn',
      details: { retryAfterSeconds: 60 },
    });
  }
}
