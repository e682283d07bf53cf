import { declareJobs, type JobPayloadsOf } from '../../jobs/declare.js';
import { makeVisits } from './contracts/make-visits.js';

export const interventionJobs = declareJobs({
  /** Makes the visits of contracts. */
  'interventions.make_visits': { cron: '*/15 * * * *', run: (ctx) => makeVisits(ctx) },
});

export type InterventionJobs = JobPayloadsOf<typeof interventionJobs>;
