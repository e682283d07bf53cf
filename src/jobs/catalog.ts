/** Every job that can wait in the queue, with what it carries. The list is closed. */
export interface JobCatalog {
  'approvals.escalate': Record<string, never>;
  'mail.send': { notificationId: number };
  'notifications.purge': Record<string, never>;
  /** Reads the text of a picture or a scan. */
  'documents.recognise': { documentId: number };
  /** Queues the documents that came in while nothing could recognise their text. */
  'documents.recognise_waiting': Record<string, never>;
}

export type JobName = keyof JobCatalog;
