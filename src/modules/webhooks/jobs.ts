import { declareJobs, type JobPayloadsOf } from '../../jobs/declare.js';
import { purgeDeliveries } from './purge-deliveries.js';
import { runReplay } from './replay-events.js';

export const webhookJobs = declareJobs({
  'webhooks.purge': { cron: '37 * * * *', run: (ctx) => purgeDeliveries(ctx) },
  // It stands where it stood when a process dies, and goes on after a minute.
  'webhooks.replay': { expireInSeconds: 60, run: (ctx, data: { replayId: string }) => runReplay(ctx, data) },
});

export type WebhookJobs = JobPayloadsOf<typeof webhookJobs>;
