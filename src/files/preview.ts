import { runDocumentJob } from './document-jobs.js';
import { imageSize } from './image-size.js';

export interface PreviewOptions {
  /** Of the PNG; pictures smaller than this keep their size. */
  widthPx?: number;
  /** Of a PDF, from 1, which is the default. Beyond its last page, and of other types beyond 1, there is none. */
  pageNumber?: number;
  /** From the moment its turn comes; after it there is no preview. */
  timeoutMs?: number;
  /** Whose turn it is, such as a person's id. */
  owner?: number | undefined;
}

const pageTypes = new Set([
  'application/pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'text/plain',
]);
const imageTypes = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif']);

/** Decoded at 4 bytes each, so at most 320 MB at a time. A3 at 600 dpi has 70 million. */
const maxImagePixels = 80_000_000;

/**
 * A PNG of a document's first page, or of another one: the page of a PDF, the picture itself (the first one of an
 * animation), or the first lines of a text or Word document. Undefined for other types and for what can't be drawn
 * (broken, encrypted, empty, too large); never rejects. It is drawn in the process of `document-jobs.ts`, one at a
 * time.
 */
export async function renderPreview(
  path: string,
  contentType: string,
  { widthPx = 480, pageNumber = 1, timeoutMs = 20_000, owner }: PreviewOptions = {},
): Promise<Buffer | undefined> {
  if (pageNumber !== 1 && contentType !== 'application/pdf') return undefined;
  try {
    if (!pageTypes.has(contentType) && !(imageTypes.has(contentType) && (await isDrawable(path)))) return undefined;
    const png = await runDocumentJob({ kind: 'preview', path, contentType, widthPx, pageNumber }, { timeoutMs, owner });
    return png && Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  } catch {
    return undefined;
  }
}

/** True for a picture whose header announces no more than can be decoded. */
export async function isDrawable(path: string): Promise<boolean> {
  const size = await imageSize(path);
  return size !== undefined && size.widthPx * size.heightPx <= maxImagePixels;
}
