import { jobProcess } from '../../../files/job-process.js';
import type { Categorized, Rule, Uncategorized } from './ask-rules.js';

/** Rules that are asked about a whole file of bookings, in a process of their own. */
export interface CategorizationJob {
  kind: 'categorize';
  rules: readonly Rule[];
  transactions: readonly Uncategorized[];
}

export interface CategorizationJobResults {
  /** In the order of the transactions. */
  categorize: Categorized[];
}

/** State of the module: it holds no data. */
const categorizationProcess = jobProcess<CategorizationJob, CategorizationJobResults>(
  new URL('categorization-worker', import.meta.url),
);

export const runCategorizationJob = categorizationProcess.run;

export const stopCategorizationWorker = categorizationProcess.stop;
