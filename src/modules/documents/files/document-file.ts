import { holds, sql } from '../../../db/sql.js';
import { type PreviewOptions, renderPreview } from '../../../files/preview.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { rowId } from '../../../lib/row-id.js';
import { contentKeyOf, pageKeyOf, previewKeyOf } from './document-content.js';
import { visibleDocuments } from './document.policy.js';

/** What a REST route needs to stream a file. */
export interface StoredFile {
  key: string;
  name: string;
  mimeType: string;
  sizeBytes: number;
  contentHash: string;
}

/** The file of a document that the viewer may see and that is not in the trash; undefined otherwise. */
export async function findDocumentFile({ db, viewer }: CommandContext, id: string): Promise<StoredFile | undefined> {
  requireSignedIn(viewer);
  return db.first<StoredFile>(sql`
    select content_key as key, original_filename as name, mime_type as "mimeType", file_size::float8 as "sizeBytes",
           content_hash as "contentHash"
      from documents t
     where id = ${rowId(id) ?? null}::int and deleted_at is null and ${holds(visibleDocuments(viewer), 't')}`);
}

/** A former file of a document that the viewer may see and that is not in the trash; undefined otherwise. */
export async function findVersionFile(
  { db, viewer }: CommandContext,
  { documentId, number }: { documentId: string; number: number },
): Promise<StoredFile | undefined> {
  requireSignedIn(viewer);
  return db.first<StoredFile>(sql`
    select v.content_key as key, v.original_filename as name, v.mime_type as "mimeType",
           v.file_size::float8 as "sizeBytes", v.content_hash as "contentHash"
      from document_versions v join documents t on t.id = v.document_id
     where t.id = ${rowId(documentId) ?? null}::int and v.number = ${number} and t.deleted_at is null
       and ${holds(visibleDocuments(viewer), 't')}`);
}

/**
 * The picture of the first page as a thumbnail, or of the page of that number as it is read: drawn once and stored;
 * undefined without such a document or page, or when none can be drawn.
 */
export async function findDocumentPreview(
  ctx: CommandContext,
  id: string,
  page?: number | null,
): Promise<StoredFile | undefined> {
  const file = await findDocumentFile(ctx, id);
  if (!file || (page != null && page < 1)) return undefined;
  const { store } = ctx.services;
  const key = page == null ? previewKeyOf(file.contentHash) : pageKeyOf(file.contentHash, page);
  if (!(await store.exists(key))) {
    const picture = await draw(ctx, file, page == null ? {} : { pageNumber: page, widthPx: readableWidthPx });
    if (!picture) return undefined;
    await store.putBytes(picture, key);
  }
  return { ...file, key, name: `${file.name}.png`, mimeType: 'image/png', sizeBytes: await store.size(key) };
}

/** A4 at 150 dpi. */
const readableWidthPx = 1240;

const draw = (
  { services, viewer }: CommandContext,
  { contentHash, mimeType }: StoredFile,
  options: PreviewOptions,
): Promise<Buffer | undefined> =>
  services.store.withLocalFile(contentKeyOf(contentHash), (path) =>
    renderPreview(path, mimeType, { ...options, owner: viewer.userId }),
  );
