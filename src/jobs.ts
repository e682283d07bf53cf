import { queueWaitingDocuments, recogniseDocument } from './domain/documents/recognise-document.js';
import type { JobName } from './jobs/catalog.js';
import type { Job } from './jobs/queue.js';

/** Every job of the core. */
export const jobs: readonly Job[] = [
  job({ name: 'documents.recognise', batchSize: 2, expireInSeconds: 3600, run: (ctx, { documentId }) => recogniseDocument(ctx, documentId) }),
  job({ name: 'documents.recognise_waiting', run: (ctx) => queueWaitingDocuments(ctx) }),
];

/** A job under its name, so that what it carries is known. */
function job<N extends JobName>(declared: Job<N>): Job {
  return declared as unknown as Job;
}
