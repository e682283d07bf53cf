import { declareJobs, type JobPayloadsOf } from '../../jobs/declare.js';
import { closeLostGenerations } from './generation/close-lost-generations.js';
import { runGeneration } from './generation/run-generation.js';

export const reportJobs = declareJobs({
  /** Makes the file of a report; tried again for some minutes when that is not the report's fault. */
  'reports.generate': {
    isPrompt: true,
    batchSize: 2,
    retryLimit: 3,
    expireInSeconds: 1800,
    heartbeatSeconds: 15,
    run: runGeneration,
  },
  /** Orders that nothing will carry out any more. */
  'reports.close_lost': { cron: '*/10 * * * *', run: (ctx) => closeLostGenerations(ctx) },
});

export type ReportJobs = JobPayloadsOf<typeof reportJobs>;
