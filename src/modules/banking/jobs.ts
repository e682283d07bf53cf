import { declareJobs, type JobPayloadsOf } from '../../jobs/declare.js';
import { checkBalances } from './accounts/check-balances.js';
import { postRecurrences } from './recurrences/post-recurrences.js';

export const bankingJobs = declareJobs({
  'banking.check_balances': { cron: '37 * * * *', run: (ctx) => checkBalances(ctx) },
  /** Each quarter of an hour, so that a day begins on time in every time zone. */
  'banking.post_recurrences': { cron: '*/15 * * * *', expireInSeconds: 3600, run: (ctx) => postRecurrences(ctx) },
});

export type BankingJobs = JobPayloadsOf<typeof bankingJobs>;
