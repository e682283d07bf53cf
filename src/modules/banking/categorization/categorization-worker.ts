/**
 * The process in which rules are asked about many transactions; see `files/job-process.ts` for its other end. It may be
 * killed at any moment, so it holds nothing.
 */
import type { JobAnswer } from '../../../files/job-process.js';
import { categorize, prepareRule } from './ask-rules.js';
import type { CategorizationJob, CategorizationJobResults } from './categorization-jobs.js';

process.on('disconnect', () => process.exit());

process.on('message', ({ rules, transactions }: CategorizationJob) => {
  const prepared = rules.map(prepareRule);
  const message: JobAnswer<CategorizationJobResults> = {
    result: transactions.map((transaction) => categorize(prepared, transaction)),
  };
  process.send!(message);
});
