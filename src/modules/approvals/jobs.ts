import { declareJobs, type JobPayloadsOf } from '../../jobs/declare.js';
import { escalateApprovals } from './escalate-approvals.js';

export const approvalJobs = declareJobs({
  'approvals.escalate': { cron: '* * * * *', run: (ctx) => escalateApprovals(ctx) },
});

export type ApprovalJobs = JobPayloadsOf<typeof approvalJobs>;
