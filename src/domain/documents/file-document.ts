import { parse } from 'node:path';
import { ForeignKeyConstraintViolationException, UniqueConstraintViolationException } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { acceptedDocumentTypes, detectContentType, extensionOf } from '../../lib/content-type.js';
import { safeFileName } from '../../lib/safe-path.js';
import { isRecognisable } from '../../lib/recognise-file.js';
import { extractText } from '../../lib/text-extraction.js';
import { emit } from '../../events/outbox.js';
import { badInput, conflict, DomainError, forbidden } from '../../errors.js';
import type { SpooledFile } from '../../storage/spool.js';
import type { Services } from '../context.js';
import { can, requireSignedIn, type SignedIn, type Viewer } from '../viewer.js';
import { contentKeyOf, lockContent, removeUnusedContent } from './document-content.js';
import { type DocumentFacts, maxTitleLength, problemsOfFacts, unknownReferences } from './document-facts.js';
import { TextStatus } from './document.entity.js';
import { visibleDocuments } from './document.policy.js';
import { matchDocument, type Recognised } from './match-document.js';
import { type CommandContext, duplicateField, execute, intArray } from './write-rows.js';

export interface FileToFile {
  content: SpooledFile;
  /** The name that people know the file by. */
  name: string;
  facts: DocumentFacts;
  /** Told before each part of the work that may take long. */
  onStep?: (step: 'type' | 'text') => void;
  /** Runs in the transaction that files the document, so that what it writes is there exactly when the document is. */
  alongside?: (em: SqlEntityManager, id: number) => Promise<void>;
}

export const mayFile = (viewer: Viewer): boolean => can(viewer, 'documents:write') || can(viewer, 'documents:own');

/** Throws UNAUTHENTICATED or FORBIDDEN unless the viewer may file documents of their own. */
export function requireMayFile(viewer: Viewer): SignedIn {
  const signedIn = requireSignedIn(viewer, 'write');
  if (!mayFile(viewer)) throw forbidden('Your role only reads documents', 'permission');
  return signedIn;
}

/** Throws BAD_USER_INPUT with everything that is wrong with the facts, references included. */
export async function checkFacts(em: SqlEntityManager, facts: DocumentFacts): Promise<void> {
  const problems = [...problemsOfFacts(facts), ...(await unknownReferences(em, facts))];
  if (problems.length) throw badInput(problems);
}

/**
 * Files one spooled file as a document of the viewer and answers its id: the one way in, for uploads and the ingest
 * folder. Facts that are missing are filled by matching. When it returns, the row, the event and the bytes are durable
 * together; when it throws, none of them is kept. The spooled file may be gone afterwards; discarding it stays fine.
 *
 * Throws UNSUPPORTED_MEDIA_TYPE by content, BAD_USER_INPUT, CONFLICT `duplicate_document` (with the existing one's id when
 * the viewer may see it).
 */
export async function fileDocument(ctx: CommandContext, { content, name, facts, onStep, alongside }: FileToFile): Promise<number> {
  const viewer = requireMayFile(ctx.viewer);
  const { em, services } = ctx;
  if (content.sizeBytes === 0) throw badInput([{ path: ['file'], code: 'required', message: 'The file is empty' }], { reason: 'document.empty_file' });
  onStep?.('type');
  const mimeType = await detectContentType(content.path);
  const extension = mimeType && extensionOf(mimeType);
  if (!mimeType || !extension) {
    throw new DomainError('UNSUPPORTED_MEDIA_TYPE', `Files of this type are not taken in, only ${acceptedDocumentTypes.join(', ')}`, {
      reason: 'document.unsupported_type',
    });
  }
  await checkFacts(em, facts);
  await refuseDuplicate(em, viewer, content.sha256);

  const originalFilename = safeFileName(name);
  const title = (facts.title ?? (parse(originalFilename).name.slice(0, maxTitleLength) || originalFilename)).trim();
  onStep?.('text');
  const { text, pageCount, status } = await extractText(content.path, mimeType);
  const textStatus = isRecognisable(mimeType) && (status === 'empty' || status === 'unsupported') ? recognitionStatus(services) : status;
  const recognised = await matchDocument(em, services, { title, text });
  const row = {
    title,
    filename: `${content.sha256.slice(0, 16)}.${extension}`,
    original_filename: originalFilename,
    content_key: contentKeyOf(content.sha256),
    content_hash: content.sha256,
    file_size: content.sizeBytes,
    mime_type: mimeType,
    page_count: pageCount,
    content: text,
    text_status: textStatus,
    owner_id: viewer.userId,
    document_date: facts.documentDate ?? null,
    amount: facts.amount ?? null,
    currency: facts.currency ?? (facts.amount == null ? null : services.config.currency),
    asn: facts.asn ?? null,
  };

  try {
    return await em.transactional(async (tem) => {
      await lockContent(tem, content.sha256);
      await refuseDuplicate(tem, viewer, content.sha256);
      const problems = await unknownReferences(tem, facts);
      if (problems.length) throw badInput(problems);
      // Before the commit, so that a document that was answered has its bytes whatever happens next.
      await services.store.put(content.path, row.content_key);
      const id = await insertDocument(tem, row, facts, recognised);
      await emit(tem, ctx, 'document.created', ['Document', id], { ownerId: viewer.userId, title });
      if (textStatus === 'pending') await services.jobs.send(tem, 'documents.recognise', { documentId: id });
      await alongside?.(tem, id);
      return id;
    });
  } catch (error) {
    await removeUnusedContent(ctx, content.sha256);
    if (error instanceof UniqueConstraintViolationException) {
      await refuseDuplicate(em, viewer, content.sha256);
      throw duplicateField('Document', 'asn', 'Another document has this archive serial number');
    }
    if (error instanceof ForeignKeyConstraintViolationException) throw conflict('What the document refers to was just deleted');
    throw error;
  }
}

async function insertDocument(
  em: SqlEntityManager,
  row: Readonly<Record<string, unknown>>,
  { typeId, correspondentId, tagIds = [] }: DocumentFacts,
  recognised: Recognised,
): Promise<number> {
  const columns = Object.keys(row);
  // What was recognised may have been deleted since, hence the selects; what a person named is locked.
  const [inserted] = await execute<{ id: number }>(
    em,
    `insert into documents (${columns.join(', ')}, document_type_id, correspondent_id)
     values (${columns.map(() => '?').join(', ')},
       (select id from document_types where id = ?::int), (select id from correspondents where id = ?::int)) returning id`,
    [...Object.values(row), typeId ?? recognised.typeId ?? null, correspondentId ?? recognised.correspondentId ?? null],
  );
  const { id } = inserted as { id: number };
  await execute(em, 'insert into document_tags select ?::int, id from tags where id = any(?::int[])', [id, intArray((tagIds ?? []).map(Number))]);
  await addMatchingTags(em, id, recognised.tagIds);
  return id;
}

/** Puts tags that matching found on a document, with their ancestors. Those deleted since are passed over. */
export async function addMatchingTags(em: SqlEntityManager, documentId: number, tagIds: readonly number[]): Promise<void> {
  await execute(
    em,
    `with recursive matched as (
       select id, parent_id from tags where id = any(?::int[])
       union select t.id, t.parent_id from tags t join matched m on t.id = m.parent_id)
     insert into document_tags (document_id, tag_id) select ?::int, id from matched on conflict do nothing`,
    [intArray(tagIds), documentId],
  );
}

/** What becomes of a file whose text, if any, is in pictures. */
export const recognitionStatus = ({ recogniser }: Services): TextStatus => (recogniser ? TextStatus.PENDING : TextStatus.RECOGNITION_UNAVAILABLE);

/** Throws CONFLICT with the id when the same bytes are filed already, as far as the viewer may know. */
async function refuseDuplicate(em: SqlEntityManager, viewer: SignedIn, sha256: string): Promise<void> {
  const parameters: unknown[] = [sha256, viewer.userId];
  const visible = visibleDocuments(viewer)('t', (value) => (parameters.push(value), '?'));
  const [existing] = await execute<{ id: number; trashed: boolean }>(
    em,
    `select t.id, t.deleted_at is not null as trashed from documents t
      where t.content_hash = ? and (t.owner_id = ?::int or (${visible})) order by t.id limit 1`,
    parameters,
  );
  if (!existing) return;
  throw conflict(existing.trashed ? 'This file lies in the trash already' : 'This file is filed already', {
    subject: 'Document',
    reason: 'duplicate_document',
    details: { ...existing },
  });
}
