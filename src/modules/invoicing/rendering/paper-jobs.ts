import { jobProcess } from '../../../files/job-process.js';
import type { FieldProblem } from '../../../lib/errors.js';
import type { InvoiceForPdf, Seller } from '../invoice-document.js';
import type { ReminderLetter } from '../reminders/reminder-letter.js';

/** What is done in a process of its own: an invoice of hundreds of lines or sheets takes seconds, and memory. */
export type PaperJob =
  | { kind: 'invoice'; invoice: InvoiceForPdf; seller: Seller }
  | { kind: 'reminder'; letter: ReminderLetter }
  /** Whether it makes an electronic invoice. */
  | { kind: 'check'; invoice: InvoiceForPdf; seller: Seller };

export interface PaperJobResults {
  invoice: Uint8Array;
  reminder: Uint8Array;
  /** None: it does. */
  check: FieldProblem[];
}

/** State of the module: it holds no data. */
const paperProcess = jobProcess<PaperJob, PaperJobResults>(new URL('paper-worker', import.meta.url));

export const runPaperJob = paperProcess.run;

/** Another one, since an invoice is checked amid the transaction that issues it: it does not wait for drawings. */
const checkProcess = jobProcess<PaperJob, PaperJobResults>(new URL('paper-worker', import.meta.url));

export const runCheckJob = checkProcess.run;

export async function stopPaperWorker(): Promise<void> {
  await Promise.all([paperProcess.stop(), checkProcess.stop()]);
}
