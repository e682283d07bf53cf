import { emit } from '../../../events/outbox.js';
import { DocumentJobFailed } from '../../../files/document-jobs.js';
import { isRecognisable, recogniseFile } from '../../../files/recognise-file.js';
import { RecognitionFailed } from '../../../files/recognition.js';
import type { Context } from '../../../kernel/context.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { badField, conflict } from '../../../lib/errors.js';
import { IngestStep } from '../../ingests/ingest.entity.js';
import { countIngest } from '../../ingests/metrics.js';
import {
  beginIngest,
  finishIngest,
  type IngestOutcome,
  releaseIngest,
  trackIngest,
} from '../../ingests/track-ingest.js';
import { matchDocument } from '../filing/match-document.js';
import { withContentOnDisk } from './document-file.js';
import { TextStatus } from './document.entity.js';
import { addMatchingTags } from './file-document.js';
import { type CommandContext, execute, lockFiledDocument } from './write-rows.js';

/** After so many tries a picture counts as unreadable: the first failures may be the machine's, too busy to be in time. */
const maxAttempts = 3;
const waitingBatchSize = 100;

interface WaitingDocument {
  id: number;
  title: string;
  ownerId: number;
  originalFilename: string;
  contentHash: string;
  mimeType: string;
  pageCount: number | null;
  isUntyped: boolean;
}

/**
 * Recognises the text of a document that waits for it, and lets matching fill what is still empty, as filing does. For the
 * queue: a document that does not wait (any more) is passed over, so that running twice is harmless. Throws what should be
 * tried again.
 */
export async function recogniseDocument(ctx: Context, documentId: number): Promise<void> {
  const { em, services } = ctx;
  const [document] = await execute<WaitingDocument>(
    em,
    `select id, title, owner_id as "ownerId", original_filename as "originalFilename", content_hash as "contentHash",
            mime_type as "mimeType", page_count as "pageCount", document_type_id is null as "isUntyped"
       from documents where id = ? and text_status = 'pending'`,
    [documentId],
  );
  if (!document) return;
  const { recogniser } = services;
  if (!recogniser) {
    await execute(
      em,
      `update documents set text_status = 'recognition_unavailable' where id = ? and text_status = 'pending'`,
      [documentId],
    );
    return;
  }
  const ingest = await beginIngest(ctx, {
    kind: 'recognition',
    name: document.originalFilename,
    ownerId: document.ownerId,
    documentId,
  });
  if (!ingest) return;
  const tracker = trackIngest(ctx, ingest);
  let outcome: IngestOutcome = { result: 'done', documentId };
  let text = '';
  let isOver = false;
  try {
    text = await withContentOnDisk(services, document.contentHash, (path) =>
      recogniseFile(recogniser, path, document.mimeType, {
        pageCount: document.pageCount,
        onPage: (done, total) => tracker.report(IngestStep.RECOGNITION, done, total),
        signal: ctx.signal,
      }),
    );
    isOver = true;
  } catch (error) {
    const isItsFault = error instanceof RecognitionFailed || error instanceof DocumentJobFailed;
    if (!isItsFault || ingest.attempts < maxAttempts) throw error;
    ctx.log.warn({ err: error, documentId }, 'the text of a document could not be recognised');
    isOver = true;
    outcome = { result: 'refused', reason: 'Le texte de ce fichier n’a pas pu être reconnu.' };
  } finally {
    await tracker.stop();
    if (!isOver) await releaseIngest(ctx, ingest);
  }

  const status = outcome.result === 'refused' ? TextStatus.FAILED : text ? TextStatus.RECOGNISED : TextStatus.EMPTY;
  const recognised = await matchDocument(em, services, { title: document.title, text });
  await em.transactional(async (tem) => {
    const [changed] = await execute<{ ownerId: number; title: string }>(
      tem,
      `update documents set content = ?, text_status = ?, updated_at = now(),
              document_type_id = coalesce(document_type_id, (select id from document_types where id = ?::int)),
              correspondent_id = coalesce(correspondent_id, (select id from correspondents where id = ?::int))
        where id = ? and text_status = 'pending' and content_hash = ? returning owner_id as "ownerId", title`,
      [text, status, recognised.typeId ?? null, recognised.correspondentId ?? null, documentId, document.contentHash],
    );
    // Purged, or its file replaced, while we read: what we found is of no use.
    if (changed) {
      if (text) await addMatchingTags(tem, documentId, recognised.tagIds);
      if (document.isUntyped && recognised.typeId)
        await services.runHook('documentTyped', tem, ctx, { documentId, ownerId: changed.ownerId });
      await emit(tem, ctx, 'document.updated', ['Document', documentId], {
        ...changed,
        fields: ['content', 'textStatus'],
      });
    }
    await finishIngest(tem, ctx, ingest, outcome);
  });
  countIngest(services, 'recognition', outcome.result);
}

/**
 * Has the text of a picture or a scan recognised (again). Answers at once; the document's text status and the events tell
 * of the rest. Throws NOT_FOUND and FORBIDDEN as every change does, BAD_USER_INPUT for a file that has text of its own or
 * no pictures, CONFLICT when tesseract is not installed.
 */
export async function requestRecognition(ctx: CommandContext, id: string): Promise<void> {
  requireSignedIn(ctx.viewer, 'write');
  const { services } = ctx;
  await ctx.em.transactional(async (em) => {
    const document = await lockFiledDocument(em, ctx.viewer, id);
    const [file] = await execute<{ mimeType: string; textStatus: TextStatus }>(
      em,
      'select mime_type as "mimeType", text_status as "textStatus" from documents where id = ?',
      [document.id],
    );
    if (!file || !isRecognisable(file.mimeType))
      throw badField('id', 'not_allowed', 'The text of this type of file is not recognised from pictures');
    if (file.textStatus === TextStatus.EXTRACTED) throw badField('id', 'not_allowed', 'This file has text of its own');
    if (!services.recogniser)
      throw conflict('tesseract is not installed on the server', {
        subject: 'Document',
        reason: 'recognition.not_installed',
      });
    await execute(em, `update documents set text_status = 'pending', updated_at = now() where id = ?`, [document.id]);
    await services.jobs.send(em, 'documents.recognise', { documentId: document.id });
    const { ownerId, title } = document;
    await emit(em, ctx, 'document.updated', ['Document', document.id], { ownerId, title, fields: ['textStatus'] });
  });
}

/** Queues what came in while tesseract was not installed, a hundred documents at a time. For the queue. */
export async function queueWaitingDocuments({ em, services }: CommandContext): Promise<void> {
  if (!services.recogniser) return;
  await em.transactional(async (tem) => {
    const queued = await execute<{ id: number }>(
      tem,
      `update documents set text_status = 'pending' where id in (
         select id from documents where text_status = 'recognition_unavailable'
          order by id limit ${waitingBatchSize} for update skip locked) returning id`,
    );
    for (const { id } of queued) await services.jobs.send(tem, 'documents.recognise', { documentId: id });
    if (queued.length === waitingBatchSize) await services.jobs.send(tem, 'documents.recognise_waiting', {});
  });
}
