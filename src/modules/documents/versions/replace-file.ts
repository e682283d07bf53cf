import { isUniqueViolation, type Transaction } from '../../../db/sql-client.js';
import { set, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn, type SignedIn } from '../../../kernel/viewer.js';
import { conflict, type DomainError, notFound } from '../../../lib/errors.js';
import type { SpooledFile } from '../../../storage/spool.js';
import {
  acceptedType,
  type FileColumns,
  queueRecognition,
  readFile,
  refuseDuplicate,
} from '../files/document-bytes.js';
import { lockContent, removeUnusedContent } from '../files/document-content.js';
import { Document } from '../files/document.entity.js';
import { type LockedDocument, lockFiledDocument } from '../files/lock-document.js';

export interface NewFile {
  /** Of the document. */
  id: string;
  content: SpooledFile;
  /** The name that people know the file by. */
  name: string;
}

export interface NamedVersion {
  /** Of the document. */
  id: string;
  number: number;
}

/**
 * Gives a document another file; the former one becomes a version. Title, filing and values stay as they are.
 *
 * Throws what `lockFiledDocument` throws, UNSUPPORTED_MEDIA_TYPE by content, BAD_USER_INPUT for an empty file, CONFLICT
 * `document.same_file` for the bytes that it has already and `document.duplicate` for those of another document.
 */
export async function replaceFile(ctx: CommandContext, { id, content, name }: NewFile): Promise<void> {
  const viewer = requireSignedIn(ctx.viewer, 'write');
  // Checked before the file is read, which is expensive and may be for nothing.
  await ctx.db.transaction(async (tx) => refuseSame(await lockFiledDocument(tx, viewer, id), content.sha256));
  await refuseDuplicate(ctx.db, viewer, content.sha256, Number(id));
  const file = await readFile(ctx, content, await acceptedType(content), name);
  try {
    await ctx.services.store.putAhead(content.path, file.contentKey);
    await ctx.db.transaction(async (tx) => {
      const document = await lockFiledDocument(tx, viewer, id);
      refuseSame(document, file.contentHash);
      await lockContent(tx, file.contentHash);
      await refuseDuplicate(tx, viewer, file.contentHash, document.id);
      // Before the commit, so that a file that was answered has its bytes whatever happens next.
      await ctx.services.store.put(content.path, file.contentKey);
      await putInPlace(tx, ctx, document, file);
    });
  } catch (error) {
    await removeUnusedContent(ctx, file.contentHash);
    throw await explained(error, ctx, viewer, file.contentHash, Number(id));
  }
}

/**
 * Makes a former file the current one again, under a new number; what was current becomes a version. Throws like
 * `replaceFile`.
 */
export async function restoreVersion(ctx: CommandContext, { id, number }: NamedVersion): Promise<void> {
  const viewer = requireSignedIn(ctx.viewer, 'write');
  let file: FileColumns | undefined;
  try {
    await ctx.db.transaction(async (tx) => {
      const document = await lockFiledDocument(tx, viewer, id);
      file = await tx.first<FileColumns>(sql`
        select filename, original_filename as "originalFilename", content_key as "contentKey",
               content_hash as "contentHash", file_size::float8 as "sizeBytes", mime_type as "mimeType",
               page_count as "pageCount", content, text_status as "textStatus"
          from document_versions where document_id = ${document.id} and number = ${number}`);
      if (!file) throw notFound('DocumentVersion');
      refuseSame(document, file.contentHash);
      await refuseDuplicate(tx, viewer, file.contentHash, document.id);
      await putInPlace(tx, ctx, document, file);
    });
  } catch (error) {
    throw file ? await explained(error, ctx, viewer, file.contentHash, Number(id)) : error;
  }
}

function refuseSame({ contentHash }: LockedDocument, sha256: string): void {
  if (contentHash === sha256)
    throw conflict('The document has this file already', { subject: 'Document', reason: 'document.same_file' });
}

/** The only place where the file of a document changes. An approval of the former file is reopened. */
async function putInPlace(
  tx: Transaction,
  ctx: CommandContext,
  { id, ownerId, title }: LockedDocument,
  file: FileColumns,
): Promise<void> {
  await tx.send(sql`
    insert into document_versions (document_id, number, filename, original_filename, content_key, content_hash,
                                   file_size, mime_type, page_count, content, text_status, replaced_by_id, replaced_at)
    select id, version, filename, original_filename, content_key, content_hash,
           file_size, mime_type, page_count, content, text_status,
           ${ctx.viewer.userId ?? null}::int, ${ctx.services.now()}::timestamptz
      from documents where id = ${id}`);
  const columns = { ...file, version: sql`version + 1`, updatedAt: sql`now()` };
  const updated = await tx.first<{ version: number }>(
    sql`update documents set ${set(Document, columns)} where id = ${id} returning version`,
  );
  await queueRecognition(tx, ctx, id, file);
  await ctx.services.runHook('documentsChanged', tx, ctx, { ids: [id], facts: ['file'] });
  await emit(tx, ctx, 'document.version_added', ['Document', id], { ownerId, title, number: updated?.version ?? 0 });
}

/** `error` in the domain's words: the owner may have these bytes in another document that the viewer does not see. */
async function explained(
  error: unknown,
  { db }: CommandContext,
  viewer: SignedIn,
  sha256: string,
  id: number,
): Promise<unknown> {
  if (!isUniqueViolation(error)) return error;
  const known: DomainError | undefined = await refuseDuplicate(db, viewer, sha256, id).then(
    () => undefined,
    (reason: DomainError) => reason,
  );
  return known ?? conflict('This file is filed already', { subject: 'Document', reason: 'document.duplicate' });
}
