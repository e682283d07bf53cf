import { makeEventMonths } from '../../events/event-months.js';
import { declareJobs, type JobPayloadsOf } from '../../jobs/declare.js';

export const auditJobs = declareJobs({
  // Not a task, which somebody may pause: without it the log would go on in one heap.
  'audit.make_event_months': { cron: '23 3 * * *', run: ({ db, log, signal }) => makeEventMonths(db, log, signal) },
});

export type AuditJobs = JobPayloadsOf<typeof auditJobs>;
