import { runDocumentJob, stopDocumentWorker } from './document-jobs.js';

export interface ExtractedText {
  /** NFC, without NUL and half surrogates; cut at `maxCharacters`. Empty unless the status is `extracted`. */
  text: string;
  /** Of a PDF; null for the types without fixed pages, and when it isn't known. */
  pageCount: number | null;
  /**
   * - `extracted`: there is text.
   * - `empty`: readable, but without text (a scanned PDF: OCR may help).
   * - `unsupported`: no reader for this type.
   * - `failed`: broken, encrypted, too large or too slow.
   */
  status: 'extracted' | 'empty' | 'unsupported' | 'failed';
}

export interface TextExtractionOptions {
  /** From the moment its turn comes; after it the document counts as failed. */
  timeoutMs?: number;
  maxCharacters?: number;
  /** Whose document it is; see `JobOptions`. */
  owner?: number | undefined;
}

const readableTypes = new Set([
  'application/pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'text/plain',
]);

/**
 * The text of a PDF, a Word document (docx) or a plain text file, for search and matching. Never rejects: a document
 * comes from outside, so one that can't be read is an ordinary case. It is opened in a process of its own, one at a
 * time.
 */
export async function extractText(
  path: string,
  contentType: string,
  { timeoutMs = 20_000, maxCharacters = 2_000_000, owner }: TextExtractionOptions = {},
): Promise<ExtractedText> {
  if (!readableTypes.has(contentType)) return { text: '', pageCount: null, status: 'unsupported' };
  try {
    const { text, pageCount } = await runDocumentJob(
      { kind: 'text', path, contentType, maxCharacters },
      { timeoutMs, owner },
    );
    return text.trim() ? { text, pageCount, status: 'extracted' } : { text: '', pageCount, status: 'empty' };
  } catch {
    return { text: '', pageCount: null, status: 'failed' };
  }
}

/** For shutdown: ends the process that previews share. Jobs under way or waiting fail. */
export async function stopTextExtraction(): Promise<void> {
  await stopDocumentWorker();
}
