import { declareJobs, type JobPayloadsOf } from '../../jobs/declare.js';
import type { Context } from '../../kernel/context.js';
import { queueWaitingDocuments, recogniseDocument } from './files/recognise-document.js';

export const documentJobs = declareJobs({
  /** Reads the text of a picture or a scan. */
  'documents.recognise': {
    batchSize: 2,
    expireInSeconds: 3600,
    run: (ctx: Context, { documentId }: { documentId: number }): Promise<void> => recogniseDocument(ctx, documentId),
  },
  /** Queues the documents that came in while nothing could recognise their text. */
  'documents.recognise_waiting': { run: (ctx) => queueWaitingDocuments(ctx) },
});

export type DocumentJobs = JobPayloadsOf<typeof documentJobs>;
