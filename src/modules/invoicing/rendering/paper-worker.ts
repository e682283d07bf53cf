/**
 * The process in which invoices and letters are drawn and checked; see `files/job-process.ts` for its other end. It may
 * be killed at any moment, so it holds nothing.
 */
import type { JobAnswer } from '../../../files/job-process.js';
import type { PaperJob, PaperJobResults } from './paper-jobs.js';

async function run(job: PaperJob): Promise<PaperJobResults[PaperJob['kind']]> {
  if (job.kind === 'reminder') {
    const { renderReminder } = await import('../reminders/reminder-letter.js');
    return renderReminder(job.letter);
  }
  if (job.kind === 'check') {
    const { xmlProblems } = await import('../invoice-xml.js');
    return xmlProblems(job.invoice, job.seller);
  }
  const { renderInvoicePdf } = await import('../invoice-pdf.js');
  return renderInvoicePdf(job.invoice, job.seller);
}

process.on('disconnect', () => process.exit());

process.on('message', (job: PaperJob) => {
  run(job).then(
    (result) => answer({ result }),
    (error: unknown) => answer({ failed: true, reason: String(error) }),
  );
});

function answer(message: JobAnswer<PaperJobResults>): void {
  process.send!(message);
}
