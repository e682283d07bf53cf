import { declareJobs, type JobPayloadsOf } from '../../jobs/declare.js';
import { mailNotification } from './mail-notification.js';
import { purgeNotifications } from './purge-notifications.js';

export const notificationJobs = declareJobs({
  /** Tried again for about an hour and a half in all. */
  'mail.send': { retryLimit: 10, run: mailNotification },
  'notifications.purge': { cron: '17 3 * * *', run: purgeNotifications },
});

export type NotificationJobs = JobPayloadsOf<typeof notificationJobs>;
