import { declareJobs, type JobPayloadsOf } from '../../jobs/declare.js';
import { purgeDeliveries } from './purge-deliveries.js';

export const webhookJobs = declareJobs({
  'webhooks.purge': { cron: '37 * * * *', run: (ctx) => purgeDeliveries(ctx) },
});

export type WebhookJobs = JobPayloadsOf<typeof webhookJobs>;
