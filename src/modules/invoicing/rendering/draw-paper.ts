import type { CommandContext } from '../../../kernel/command.js';
import { DomainError, type FieldProblem } from '../../../lib/errors.js';
import type { InvoiceForPdf, Seller } from '../invoice-document.js';
import { xmlProblems } from '../invoice-xml.js';
import { type PaperJob, runCheckJob, runPaperJob } from './paper-jobs.js';

/** From its turn on. Two hundred lines of the greatest length take a third of it on a slow machine. */
const timeoutMs = 30_000;

/**
 * An invoice or a letter as a PDF, drawn beside the event loop. Throws UNAVAILABLE (`invoice.not_drawn`) when it takes
 * longer than half a minute or more memory than there is for it.
 */
export async function drawPaper(
  ctx: Pick<CommandContext, 'log' | 'viewer'>,
  job: PaperJob & { kind: 'invoice' | 'reminder' },
): Promise<Buffer> {
  const bytes = await orNotDrawn(ctx, job.kind, runPaperJob(job, { timeoutMs, owner: ctx.viewer.userId }));
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** As many are checked here, in a few hundredths of a second. */
const mostLinesHere = 20;
/** Well within the time that a transaction may wait for its next statement. */
const checkTimeoutMs = 20_000;

/** Why an invoice makes no electronic one; none when it does. Throws as `drawPaper` does. */
export async function checkPaper(
  ctx: Pick<CommandContext, 'log' | 'viewer'>,
  invoice: InvoiceForPdf,
  seller: Seller,
): Promise<FieldProblem[]> {
  if (invoice.lines.length <= mostLinesHere) return xmlProblems(invoice, seller);
  const job = { kind: 'check', invoice, seller } as const;
  return orNotDrawn(ctx, job.kind, runCheckJob(job, { timeoutMs: checkTimeoutMs, owner: ctx.viewer.userId }));
}

async function orNotDrawn<T>(
  { log }: Pick<CommandContext, 'log'>,
  paper: PaperJob['kind'],
  done: Promise<T>,
): Promise<T> {
  try {
    return await done;
  } catch (error) {
    log.warn({ err: error, paper }, 'a paper could not be drawn or checked');
    throw new DomainError('UNAVAILABLE', 'It could not be drawn or checked in the time that there is for it', {
      reason: 'invoice.not_drawn',
      details: { retryAfterSeconds: 60 },
    });
  }
}
