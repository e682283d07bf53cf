import { Signal } from '../graph/client';
import type { UploadDocumentMutation } from './operations.gen';

type Problem = NonNullable<NonNullable<UploadDocumentMutation['uploadDocuments']>['results'][number]['problem']>;

export type UploadState =
  | { kind: 'waiting' }
  | { kind: 'sending'; share: number }
  /** The bytes are there; the server reads them. */
  | { kind: 'reading' }
  | { kind: 'recognising'; documentId: string; done: number; total: number | null }
  | { kind: 'filed'; documentId: string }
  | { kind: 'duplicate'; problem: Problem }
  /** `isFinal`: the same file would be refused again. */
  | { kind: 'failed'; message: string; isFinal?: boolean };

export interface Upload {
  key: number;
  file: File;
  state: UploadState;
}

/** Uploads of this tab, also while one looks at another page. */
export const uploads = new Signal<readonly Upload[]>([]);
