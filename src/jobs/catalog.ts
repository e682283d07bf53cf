/** Every job that can wait in the queue, with what it carries. The list is closed. */
export interface JobCatalog {
  'approvals.escalate': Record<string, never>;
  'mail.send': { notificationId: number };
  'notifications.purge': Record<string, never>;
}

export type JobName = keyof JobCatalog;
