import { counter } from '../../metrics/counter.js';

export const webhookAttemptsTotal = counter({
  name: 'xcore_webhook_attempts_total',
  help: 'Attempts to deliver to a webhook, by its number and by result: delivered, retried later, or failed for good',
  labels: ['webhook', 'result'],
  atMost: { webhook: 500 },
});
