import { runDocumentJob } from './document-jobs.js';
import { isDrawable } from './preview.js';
import { type PagePicture, type Recogniser, RecognitionFailed } from './recognition.js';
import { tiffPages } from './tiff-pages.js';

export interface RecogniseFileOptions {
  /** Whose document it is; see `JobOptions`. */
  owner?: number | undefined;
  /** As far as it is known before. */
  pageCount?: number | null;
  /** Those after are left out. */
  maxPages?: number;
  maxCharacters?: number;
  /** Called before the first page and after each one. */
  onPage?: (done: number, total: number) => void;
  signal?: AbortSignal | undefined;
}

const pictureTypes = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif']);
const pageTimeoutMs = 30_000;
/** A4 at 600 dpi has 35 million, A3 70 million. */
const maxTiffPixels = 80_000_000;

/** True for the types whose text, if any, is in pictures. */
export const isRecognisable = (contentType: string): boolean =>
  contentType === 'application/pdf' || contentType === 'image/tiff' || pictureTypes.has(contentType);

/**
 * The text in a picture or in the pages of a scanned PDF or TIFF. A page that cannot be read is left out; when none
 * can, it rejects with `RecognitionFailed`.
 *
 * tesseract takes what it does not know for a list of further files to read, so it must never see foreign bytes as they
 * are: pages and pictures are drawn anew in the process of `document-jobs.ts`. That knows no TIFF; of a TIFF the
 * structure is checked here first.
 */
export async function recogniseFile(
  recogniser: Recogniser,
  path: string,
  contentType: string,
  { pageCount: knownPages, maxPages = 20, maxCharacters = 2_000_000, owner, onPage, signal }: RecogniseFileOptions = {},
): Promise<string> {
  const texts: string[] = [];
  let failure: unknown;
  let total = Math.min(knownPages ?? 1, maxPages);
  onPage?.(0, total);
  for (let pageNumber = 1; pageNumber <= total; pageNumber += 1) {
    try {
      signal?.throwIfAborted();
      const { picture, pageCount } = await pictureOf(path, contentType, pageNumber, owner);
      total = Math.min(pageCount, maxPages);
      texts.push((await recogniser.recognise(picture, { signal })).trim());
    } catch (error) {
      if (signal?.aborted) throw error;
      failure = error;
    }
    onPage?.(pageNumber, total);
  }
  if (!texts.length) throw new RecognitionFailed('No page could be read', { cause: failure });
  return texts.filter(Boolean).join('\n\n').slice(0, maxCharacters).toWellFormed();
}

async function pictureOf(
  path: string,
  contentType: string,
  pageNumber: number,
  owner: number | undefined,
): Promise<{ picture: PagePicture; pageCount: number }> {
  if (contentType === 'image/tiff') {
    const pages = await tiffPages(path);
    if (!pages.length || pages.some(({ widthPx, heightPx }) => widthPx * heightPx > maxTiffPixels))
      throw new RecognitionFailed('Not a sound TIFF');
    return { picture: { tiffPath: path, pageNumber }, pageCount: pages.length };
  }
  if (contentType !== 'application/pdf' && !(await isDrawable(path)))
    throw new RecognitionFailed('The picture is too large, or none');
  const { png, pageCount } = await runDocumentJob(
    { kind: 'page', path, contentType, pageNumber },
    { timeoutMs: pageTimeoutMs, owner },
  );
  return { picture: { png }, pageCount };
}
