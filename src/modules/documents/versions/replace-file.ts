import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit } from '../../../events/outbox.js';
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
import { type CommandContext, execute, type LockedDocument, lockFiledDocument } from '../files/write-rows.js';

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
 * `document.same_file` for the bytes that it has already and `duplicate_document` for those of another document.
 */
export async function replaceFile(ctx: CommandContext, { id, content, name }: NewFile): Promise<void> {
  const viewer = requireSignedIn(ctx.viewer, 'write');
  // First without the file, which is costly to read and none of whose business it may be.
  await ctx.em.transactional(async (em) => refuseSame(await lockFiledDocument(em, viewer, id), content.sha256));
  await refuseDuplicate(ctx.em, viewer, content.sha256, Number(id));
  const file = await readFile(ctx.services, content, await acceptedType(content), name);
  try {
    await ctx.em.transactional(async (em) => {
      const document = await lockFiledDocument(em, viewer, id);
      refuseSame(document, file.content_hash);
      await lockContent(em, file.content_hash);
      await refuseDuplicate(em, viewer, file.content_hash, document.id);
      // Before the commit, so that a file that was answered has its bytes whatever happens next.
      await ctx.services.store.put(content.path, file.content_key);
      await putInPlace(em, ctx, document, file);
    });
  } catch (error) {
    await removeUnusedContent(ctx, file.content_hash);
    throw await explained(error, ctx, viewer, file.content_hash, Number(id));
  }
}

/** Makes a former file the current one again, under a new number; what was current becomes a version. Throws like `replaceFile`. */
export async function restoreVersion(ctx: CommandContext, { id, number }: NamedVersion): Promise<void> {
  const viewer = requireSignedIn(ctx.viewer, 'write');
  let file: FileColumns | undefined;
  try {
    await ctx.em.transactional(async (em) => {
      const document = await lockFiledDocument(em, viewer, id);
      [file] = await execute<FileColumns>(
        em,
        `select filename, original_filename, content_key, content_hash, file_size, mime_type, page_count, content, text_status
           from document_versions where document_id = ? and number = ?`,
        [document.id, number],
      );
      if (!file) throw notFound('DocumentVersion');
      refuseSame(document, file.content_hash);
      await refuseDuplicate(em, viewer, file.content_hash, document.id);
      await putInPlace(em, ctx, document, file);
    });
  } catch (error) {
    throw file ? await explained(error, ctx, viewer, file.content_hash, Number(id)) : error;
  }
}

function refuseSame({ contentHash }: LockedDocument, sha256: string): void {
  if (contentHash === sha256)
    throw conflict('The document has this file already', { subject: 'Document', reason: 'document.same_file' });
}

/** The one place where the file of a document changes. What was decided of the former one is open again. */
async function putInPlace(
  em: SqlEntityManager,
  ctx: CommandContext,
  { id, ownerId, title }: LockedDocument,
  file: FileColumns,
): Promise<void> {
  await execute(
    em,
    `insert into document_versions (document_id, number, filename, original_filename, content_key, content_hash, file_size, mime_type,
       page_count, content, text_status, replaced_by_id, replaced_at)
     select id, version, filename, original_filename, content_key, content_hash, file_size, mime_type,
       page_count, content, text_status, ?::int, ?::timestamptz from documents where id = ?`,
    [ctx.viewer.userId, ctx.services.now().toISOString(), id],
  );
  const columns = Object.keys(file);
  const [updated] = await execute<{ version: number }>(
    em,
    `update documents set ${columns.map((name) => `${name} = ?`).join(', ')}, version = version + 1, updated_at = now() where id = ? returning version`,
    [...Object.values(file), id],
  );
  await queueRecognition(em, ctx.services, id, file);
  await ctx.services.runHook('documentsChanged', em, ctx, [id]);
  await emit(em, ctx, 'document.version_added', ['Document', id], { ownerId, title, number: updated?.version ?? 0 });
}

/** The owner has these bytes in another document, which the viewer may not know of. */
async function explained(
  error: unknown,
  { em }: CommandContext,
  viewer: SignedIn,
  sha256: string,
  id: number,
): Promise<unknown> {
  if (!(error instanceof UniqueConstraintViolationException)) return error;
  const known: DomainError | undefined = await refuseDuplicate(em, viewer, sha256, id).then(
    () => undefined,
    (reason: DomainError) => reason,
  );
  return known ?? conflict('This file is filed already', { subject: 'Document', reason: 'duplicate_document' });
}
