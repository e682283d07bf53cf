import { join } from 'node:path';
import { renderPreview } from '../../../files/preview.js';
import type { Services } from '../../../kernel/context.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { rowId } from '../../../lib/row-id.js';
import { spool } from '../../../storage/spool.js';
import { contentKeyOf, previewKeyOf } from './document-content.js';
import { visibleDocuments } from './document.policy.js';
import { maxFileBytes } from './ingest-document.js';
import { type CommandContext, execute } from './write-rows.js';

/** What a REST door needs to stream a file. */
export interface StoredFile {
  key: string;
  name: string;
  mimeType: string;
  sizeBytes: number;
  contentHash: string;
}

/** The file of a document that the viewer may see and that is not in the trash; undefined otherwise. */
export async function findDocumentFile({ em, viewer }: CommandContext, id: string): Promise<StoredFile | undefined> {
  requireSignedIn(viewer);
  const parameters: unknown[] = [rowId(id) ?? null];
  const visible = visibleDocuments(viewer)('t', (value) => (parameters.push(value), '?'));
  const [row] = await execute<StoredFile>(
    em,
    `select content_key as key, original_filename as name, mime_type as "mimeType", file_size::float8 as "sizeBytes", content_hash as "contentHash"
       from documents t where id = ?::int and deleted_at is null and (${visible})`,
    parameters,
  );
  return row;
}

/** A former file of a document that the viewer may see and that is not in the trash; undefined otherwise. */
export async function findVersionFile(
  { em, viewer }: CommandContext,
  documentId: string,
  number: number,
): Promise<StoredFile | undefined> {
  requireSignedIn(viewer);
  const parameters: unknown[] = [rowId(documentId) ?? null, number];
  const visible = visibleDocuments(viewer)('t', (value) => (parameters.push(value), '?'));
  const [row] = await execute<StoredFile>(
    em,
    `select v.content_key as key, v.original_filename as name, v.mime_type as "mimeType", v.file_size::float8 as "sizeBytes", v.content_hash as "contentHash"
       from document_versions v join documents t on t.id = v.document_id
      where t.id = ?::int and v.number = ?::int and t.deleted_at is null and (${visible})`,
    parameters,
  );
  return row;
}

/** The picture of the first page, drawn once and kept; undefined when there is no such document or none can be drawn. */
export async function findDocumentPreview(ctx: CommandContext, id: string): Promise<StoredFile | undefined> {
  const file = await findDocumentFile(ctx, id);
  if (!file) return undefined;
  const { store } = ctx.services;
  const key = previewKeyOf(file.contentHash);
  if (!(await store.exists(key))) {
    const picture = await draw(ctx, file);
    if (!picture) return undefined;
    await store.putBytes(picture, key);
  }
  return { ...file, key, name: `${file.name}.png`, mimeType: 'image/png', sizeBytes: await store.size(key) };
}

const draw = ({ services }: CommandContext, { contentHash, mimeType }: StoredFile): Promise<Buffer | undefined> =>
  withContentOnDisk(services, contentHash, (path) => renderPreview(path, mimeType));

/** Gives programs that need a path one to read the content at while `use` runs, wherever the store keeps it. */
export async function withContentOnDisk<T>(
  { store, config }: Services,
  contentHash: string,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const key = contentKeyOf(contentHash);
  const path = store.localPath(key);
  if (path !== undefined) return use(path);
  const copy = await spool(store.read(key), { folder: join(config.dataDir, 'spool'), limitBytes: maxFileBytes });
  try {
    return await use(copy.path);
  } finally {
    await copy.discard();
  }
}
