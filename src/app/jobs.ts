import type { AnyJob } from '../jobs/queue.js';
import { escalationJob } from '../modules/approvals/escalate-approvals.js';
import { queueWaitingDocuments, recogniseDocument } from '../modules/documents/files/recognise-document.js';
import { mailNotification } from '../modules/notifications/mail-notification.js';
import { purgeNotifications } from '../modules/notifications/purge-notifications.js';

/** Every job of the core. */
export const jobs: readonly AnyJob[] = [
  escalationJob,
  {
    name: 'documents.recognise',
    batchSize: 2,
    expireInSeconds: 3600,
    run: (ctx, { documentId }) => recogniseDocument(ctx, documentId),
  },
  { name: 'documents.recognise_waiting', run: (ctx) => queueWaitingDocuments(ctx) },
  // About an hour and a half in all.
  { name: 'mail.send', retryLimit: 10, run: mailNotification },
  { name: 'notifications.purge', cron: '17 3 * * *', run: purgeNotifications },
];
