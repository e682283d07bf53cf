import type { SqlEntityManager } from '@mikro-orm/sql';
import { acceptedDocumentTypes, detectContentType, extensionOf } from '../../../files/content-type.js';
import { isRecognisable } from '../../../files/recognise-file.js';
import { extractText } from '../../../files/text-extraction.js';
import type { Services } from '../../../kernel/context.js';
import type { SignedIn } from '../../../kernel/viewer.js';
import { badInput, conflict, DomainError } from '../../../lib/errors.js';
import { safeFileName } from '../../../lib/safe-path.js';
import type { SpooledFile } from '../../../storage/spool.js';
import { contentKeyOf } from './document-content.js';
import { TextStatus } from './document.entity.js';
import { visibleDocuments } from './document.policy.js';
import { execute } from './write-rows.js';

export interface AcceptedType {
  mimeType: string;
  extension: string;
}

/** The columns of a document that follow from its file. */
export interface FileColumns {
  filename: string;
  original_filename: string;
  content_key: string;
  content_hash: string;
  file_size: number;
  mime_type: string;
  page_count: number | null;
  content: string;
  text_status: string;
}

/** The type of a file by its content. Throws BAD_USER_INPUT when it is empty, UNSUPPORTED_MEDIA_TYPE when none is taken in. */
export async function acceptedType({ path, sizeBytes }: SpooledFile): Promise<AcceptedType> {
  if (sizeBytes === 0)
    throw badInput([{ path: ['file'], code: 'required', message: 'The file is empty' }], {
      reason: 'document.empty_file',
    });
  const mimeType = await detectContentType(path);
  const extension = mimeType && extensionOf(mimeType);
  if (mimeType && extension) return { mimeType, extension };
  throw new DomainError(
    'UNSUPPORTED_MEDIA_TYPE',
    `Files of this type are not taken in, only ${acceptedDocumentTypes.join(', ')}`,
    {
      reason: 'document.unsupported_type',
    },
  );
}

/** What becomes of a file whose text, if any, is in pictures. */
export const recognitionStatus = ({ recogniser }: Services): TextStatus =>
  recogniser ? TextStatus.PENDING : TextStatus.RECOGNITION_UNAVAILABLE;

/** Has the text of a picture or a scan read later, when the transaction of `em` has committed. */
export async function queueRecognition(
  em: SqlEntityManager,
  { jobs }: Services,
  documentId: number,
  { text_status }: FileColumns,
): Promise<void> {
  if (text_status === TextStatus.PENDING) await jobs.send(em, 'documents.recognise', { documentId });
}

/** Reads a spooled file for its row, text included. `name` is what people know it by. */
export async function readFile(
  services: Services,
  { path, sha256, sizeBytes }: SpooledFile,
  { mimeType, extension }: AcceptedType,
  name: string,
): Promise<FileColumns> {
  const { text, pageCount, status } = await extractText(path, mimeType);
  return {
    filename: `${sha256.slice(0, 16)}.${extension}`,
    original_filename: safeFileName(name),
    content_key: contentKeyOf(sha256),
    content_hash: sha256,
    file_size: sizeBytes,
    mime_type: mimeType,
    page_count: pageCount,
    content: text,
    text_status:
      isRecognisable(mimeType) && (status === 'empty' || status === 'unsupported')
        ? recognitionStatus(services)
        : status,
  };
}

/**
 * Throws CONFLICT with the id when another document (than `ownId`) is these bytes already, as far as the viewer may know.
 * Former versions do not count: they are no documents.
 */
export async function refuseDuplicate(
  em: SqlEntityManager,
  viewer: SignedIn,
  sha256: string,
  ownId?: number,
): Promise<void> {
  const parameters: unknown[] = [sha256, ownId ?? null, viewer.userId];
  const visible = visibleDocuments(viewer)('t', (value) => (parameters.push(value), '?'));
  const [existing] = await execute<{ id: number; trashed: boolean }>(
    em,
    `select t.id, t.deleted_at is not null as trashed from documents t
      where t.content_hash = ? and t.id is distinct from ?::int and (t.owner_id = ?::int or (${visible})) order by t.id limit 1`,
    parameters,
  );
  if (!existing) return;
  throw conflict(existing.trashed ? 'This file lies in the trash already' : 'This file is filed already', {
    subject: 'Document',
    reason: 'duplicate_document',
    details: { ...existing },
  });
}
