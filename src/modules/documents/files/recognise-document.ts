import { raw, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import { FileJobFailed } from '../../../files/job-process.js';
import { isRecognisable, recogniseFile } from '../../../files/recognise-file.js';
import { RecognitionFailed } from '../../../files/recognition.js';
import type { CommandContext } from '../../../kernel/command.js';
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
import { queueRecognition } from './document-bytes.js';
import { contentKeyOf } from './document-content.js';
import { addTags } from './document-tags.js';
import { TextStatus } from './document.entity.js';
import { lockFiledDocument } from './lock-document.js';

/** After so many tries a picture counts as unreadable: the first failures may be due to a machine that is too busy. */
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
 * Recognises the text of a document that is pending, and fills empty facts by matching, as filing does. For the queue:
 * a document that is not pending (any more) is left alone, so that running twice is harmless. Throws what should be
 * tried again.
 */
export async function recogniseDocument(ctx: Context, documentId: number): Promise<void> {
  const { db, services } = ctx;
  const document = await db.first<WaitingDocument>(sql`
    select id, title, owner_id as "ownerId", original_filename as "originalFilename", content_hash as "contentHash",
           mime_type as "mimeType", page_count as "pageCount", document_type_id is null as "isUntyped"
      from documents where id = ${documentId} and text_status = 'pending'`);
  if (!document) return;
  const { recogniser } = services;
  if (!recogniser) {
    await db.run(sql`
      update documents set text_status = 'recognition_unavailable'
       where id = ${documentId} and text_status = 'pending'`);
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
    text = await services.store.withLocalFile(contentKeyOf(document.contentHash), (path) =>
      recogniseFile(recogniser, path, document.mimeType, {
        pageCount: document.pageCount,
        owner: document.ownerId,
        onPage: (done, total) => tracker.report(IngestStep.RECOGNITION, done, total),
        signal: ctx.signal,
      }),
    );
    isOver = true;
  } catch (error) {
    const isItsFault = error instanceof RecognitionFailed || error instanceof FileJobFailed;
    if (!isItsFault || ingest.attempts < maxAttempts) throw error;
    ctx.log.warn({ err: error, documentId }, 'the text of a document could not be recognised');
    isOver = true;
    outcome = { result: 'refused', reason: 'Le texte de ce fichier n’a pas pu être reconnu.' };
  } finally {
    await tracker.stop();
    if (!isOver) await releaseIngest(ctx, ingest);
  }

  const status = outcome.result === 'refused' ? TextStatus.FAILED : text ? TextStatus.RECOGNISED : TextStatus.EMPTY;
  const recognised = await matchDocument(ctx, { title: document.title, text });
  const { typeId = null, correspondentId = null } = recognised;
  await db.transaction(async (tx) => {
    const changed = await tx.first<{ ownerId: number; title: string }>(sql`
      update documents
         set content = ${text}, text_status = ${status}, updated_at = now(),
             document_type_id = coalesce(document_type_id, (select id from document_types where id = ${typeId}::int)),
             correspondent_id =
               coalesce(correspondent_id, (select id from correspondents where id = ${correspondentId}::int))
       where id = ${documentId} and text_status = 'pending' and content_hash = ${document.contentHash}
      returning owner_id as "ownerId", title`);
    // Undefined when it was purged, or its file replaced, meanwhile: the text is then of no use.
    if (changed) {
      if (text) await addTags(tx, [documentId], recognised.tagIds);
      if (typeId !== null && document.isUntyped)
        await services.runHook('documentTyped', tx, ctx, { documentId, ownerId: changed.ownerId });
      // Somebody may have removed the type meanwhile: matching has then set it.
      else if (typeId !== null)
        await services.runHook('documentsChanged', tx, ctx, { ids: [documentId], facts: ['typeId'] });
      await emit(tx, ctx, 'document.updated', ['Document', documentId], {
        ...changed,
        fields: ['content', 'textStatus'],
      });
    }
    await finishIngest(tx, ctx, ingest, outcome);
  });
  countIngest(services, 'recognition', outcome.result);
}

/**
 * Has the text of a picture or a scan recognised (again). Resolves when that is queued; the document's text status and
 * the events show the rest. Throws NOT_FOUND and FORBIDDEN as every change does, BAD_USER_INPUT for a file that has
 * text of its own or no pictures, CONFLICT when tesseract is not installed.
 */
export async function requestRecognition(ctx: CommandContext, id: string): Promise<void> {
  requireSignedIn(ctx.viewer, 'write');
  const { services } = ctx;
  await ctx.db.transaction(async (tx) => {
    const document = await lockFiledDocument(tx, ctx.viewer, id);
    const file = await tx.first<{ mimeType: string; textStatus: TextStatus }>(
      sql`select mime_type as "mimeType", text_status as "textStatus" from documents where id = ${document.id}`,
    );
    if (!file || !isRecognisable(file.mimeType))
      throw badField('id', 'not_allowed', 'The text of this type of file is not recognised from pictures');
    if (file.textStatus === TextStatus.EXTRACTED) throw badField('id', 'not_allowed', 'This file has text of its own');
    if (!services.recogniser)
      throw conflict('tesseract is not installed on the server', {
        subject: 'Document',
        reason: 'recognition.not_installed',
      });
    await tx.send(sql`update documents set text_status = 'pending', updated_at = now() where id = ${document.id}`);
    await queueRecognition(tx, ctx, document.id, { textStatus: TextStatus.PENDING });
    const { ownerId, title } = document;
    await emit(tx, ctx, 'document.updated', ['Document', document.id], { ownerId, title, fields: ['textStatus'] });
  });
}

/** Queues the documents that were filed while tesseract was not installed, a hundred at a time. For the queue. */
export async function queueWaitingDocuments({ db, services }: CommandContext): Promise<void> {
  if (!services.recogniser) return;
  await db.transaction(async (tx) => {
    const queued = await tx.all<{ id: number }>(sql`
      update documents set text_status = 'pending' where id in (
        select id from documents where text_status = 'recognition_unavailable'
         order by id limit ${raw(String(waitingBatchSize))} for update skip locked) returning id`);
    for (const { id } of queued) await services.jobs.send(tx, 'documents.recognise', { documentId: id });
    if (queued.length === waitingBatchSize) await services.jobs.send(tx, 'documents.recognise_waiting', {});
  });
}
