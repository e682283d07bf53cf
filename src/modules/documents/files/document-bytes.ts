import type { SqlRunner, Transaction } from '../../../db/sql-client.js';
import { holds, sql } from '../../../db/sql.js';
import { acceptedDocumentTypes, detectContentType, extensionOf } from '../../../files/content-type.js';
import { isRecognisable } from '../../../files/recognise-file.js';
import { extractText } from '../../../files/text-extraction.js';
import type { CommandContext } from '../../../kernel/command.js';
import type { Services } from '../../../kernel/context.js';
import type { SignedIn } from '../../../kernel/viewer.js';
import { badInput, conflict, DomainError } from '../../../lib/errors.js';
import { safeFileName } from '../../../lib/safe-path.js';
import type { SpooledFile } from '../../../storage/spool.js';
import { contentKeyOf } from './document-content.js';
import { TextStatus } from './document.entity.js';
import { visibleDocuments } from './document.policy.js';

export interface AcceptedType {
  mimeType: string;
  extension: string;
}

/** The columns of a document that follow from its file. */
export interface FileColumns {
  filename: string;
  originalFilename: string;
  contentKey: string;
  contentHash: string;
  sizeBytes: number;
  mimeType: string;
  pageCount: number | null;
  content: string;
  textStatus: TextStatus;
}

/**
 * The type of a file by its content. Throws BAD_USER_INPUT when it is empty, UNSUPPORTED_MEDIA_TYPE for types that are
 * not accepted.
 */
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

/** The status of a file whose text, if any, is in pictures. */
export const recognitionStatus = ({ recogniser }: Services): TextStatus =>
  recogniser ? TextStatus.PENDING : TextStatus.RECOGNITION_UNAVAILABLE;

/** Queues the recognition of text in a picture or a scan, for when the transaction has committed. */
export async function queueRecognition(
  tx: Transaction,
  { services: { jobs }, notes: { trace } }: Pick<CommandContext, 'services' | 'notes'>,
  documentId: number,
  { textStatus }: Pick<FileColumns, 'textStatus'>,
): Promise<void> {
  if (textStatus !== TextStatus.PENDING) return;
  const found = await tx.first<{ count: number }>(sql`
    select count(*)::int as count from documents d
     where d.text_status = 'pending' and d.owner_id = (select owner_id from documents where id = ${documentId})`);
  // People take turns: who has a hundred scans waiting does not keep the next one waiting who has one.
  await jobs.send(tx, 'documents.recognise', { documentId }, { trace, priority: -(found?.count ?? 0) });
}

/** Reads a spooled file for its row, text included. `name` is what people know it by. */
export async function readFile(
  { services, viewer: { userId: owner } }: Pick<CommandContext, 'services' | 'viewer'>,
  { path, sha256, sizeBytes }: SpooledFile,
  { mimeType, extension }: AcceptedType,
  name: string,
): Promise<FileColumns> {
  const { text, pageCount, status } = await extractText(path, mimeType, { owner });
  return {
    filename: `${sha256.slice(0, 16)}.${extension}`,
    originalFilename: safeFileName(name),
    contentKey: contentKeyOf(sha256),
    contentHash: sha256,
    sizeBytes: sizeBytes,
    mimeType,
    pageCount,
    content: text,
    textStatus:
      isRecognisable(mimeType) && (status === 'empty' || status === 'unsupported')
        ? recognitionStatus(services)
        : (status as TextStatus),
  };
}

/**
 * Throws CONFLICT with the id when another document (than `ownId`) has these bytes already, as far as the viewer may
 * know. Former versions do not count: they are not documents.
 */
export async function refuseDuplicate(db: SqlRunner, viewer: SignedIn, sha256: string, ownId?: number): Promise<void> {
  const existing = await db.first<{ id: number; trashed: boolean }>(sql`
    select t.id, t.deleted_at is not null as trashed from documents t
     where t.content_hash = ${sha256} and t.id is distinct from ${ownId ?? null}::int
       and (t.owner_id = ${viewer.userId} or ${holds(visibleDocuments(viewer), 't')})
     order by t.id limit 1`);
  if (!existing) return;
  throw conflict(existing.trashed ? 'This file lies in the trash already' : 'This file is filed already', {
    subject: 'Document',
    reason: 'document.duplicate',
    details: { ...existing },
  });
}
