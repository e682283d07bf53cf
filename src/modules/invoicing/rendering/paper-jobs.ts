import { jobProcess } from '../../../files/job-process.js';
import type { InvoiceForPdf, Seller } from '../invoice-document.js';
import type { ReminderLetter } from '../reminders/reminder-letter.js';

/** What is drawn in a process of its own: an invoice of hundreds of sheets takes seconds, and memory. */
export type PaperJob =
  | { kind: 'invoice'; invoice: InvoiceForPdf; seller: Seller }
  | { kind: 'reminder'; letter: ReminderLetter };

export interface PaperJobResults {
  invoice: Uint8Array;
  reminder: Uint8Array;
}

/** State of the module: it holds no data. */
const paperProcess = jobProcess<PaperJob, PaperJobResults>(new URL('paper-worker', import.meta.url));

export const runPaperJob = paperProcess.run;

export const stopPaperWorker = paperProcess.stop;
