import { declareJobs, type JobPayloadsOf } from '../../jobs/declare.js';
import { checkBalances } from './accounts/check-balances.js';
import { postRecurrences } from './recurrences/post-recurrences.js';

export const bankingJobs = declareJobs({
  'banking.check_balances': { cron: '37 * * * *', run: (ctx) => checkBalances(ctx) },
  /** Beside the task `run_recurrences`: when a rule that starts in the past was changed. */
  'banking.post_recurrences': { expireInSeconds: 3600, run: (ctx) => postRecurrences(ctx) },
});

export type BankingJobs = JobPayloadsOf<typeof bankingJobs>;
