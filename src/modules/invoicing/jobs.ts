import { declareJobs, type JobPayloadsOf } from '../../jobs/declare.js';
import { markOverdue } from './mark-overdue.js';
import { mailReminder } from './reminders/mail-reminder.js';

export const invoicingJobs = declareJobs({
  /** Each hour, so that a day that ends anywhere on earth is noticed within one. */
  'invoicing.mark_overdue': { cron: '7 * * * *', run: (ctx) => markOverdue(ctx) },
  /** Tried again for about an hour and a half in all. */
  'invoicing.mail_reminder': { retryLimit: 10, run: mailReminder },
});

export type InvoicingJobs = JobPayloadsOf<typeof invoicingJobs>;
