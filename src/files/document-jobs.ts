import { jobProcess } from './job-process.js';

/** What is done with foreign documents, in a process of their own: see `job-process.ts`. */
export type DocumentJob =
  | { kind: 'text'; path: string; contentType: string; maxCharacters: number }
  | { kind: 'preview'; path: string; contentType: string; widthPx: number; pageNumber: number }
  | { kind: 'attachment'; path: string; names: readonly string[]; maxBytes: number }
  | { kind: 'page'; path: string; contentType: string; pageNumber: number };

export interface DocumentJobResults {
  text: { text: string; pageCount: number | null };
  /** PNG, or undefined where there is nothing to draw. */
  preview: Uint8Array | undefined;
  /** The bytes of the first of the names among the files that a PDF carries; undefined when it carries none of them. */
  attachment: Uint8Array | undefined;
  /** PNG of a page as a scanner would give it, and how many pages there are. */
  page: { png: Uint8Array; pageCount: number };
}

/** State of the module: it holds no data. Two, so that nobody waits for another person's slow document. */
const documentProcess = jobProcess<DocumentJob, DocumentJobResults>(new URL('document-worker', import.meta.url), {
  most: 2,
});

export const runDocumentJob = documentProcess.run;

export const stopDocumentWorker = documentProcess.stop;
