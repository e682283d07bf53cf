import { ConnectionError, type GraphError, PasserelleError } from '@passerelle/client';
import { hasSessionEnded } from '../graph/client';
import { invalidateSoon } from '../graph/freshness';
import { problemText } from '../graph/problems';
import { say } from '../i18n/words';
import { UploadDocumentOperation, type UploadDocumentMutation, type UploadIngestsSubscription } from './operations.gen';
import { type Upload, uploads, type UploadState } from './running-uploads';
import { words } from './words';

/** More at once would only share the same line. */
const most = 3;
let lastKey = 0;

const change = (key: number, state: UploadState): void =>
  uploads.set(uploads.get().map((upload) => (upload.key === key ? { ...upload, state } : upload)));

export const isUnderWay = ({ state }: Upload): boolean =>
  state.kind === 'waiting' || state.kind === 'sending' || state.kind === 'reading';

export function uploadFiles(files: readonly File[]): void {
  const added = files.map((file): Upload => ({ key: (lastKey += 1), file, state: { kind: 'waiting' } }));
  uploads.set([...uploads.get(), ...added]);
  startWaiting();
}

/** Sends one again that was not filed. */
export function retryUpload(key: number): void {
  change(key, { kind: 'waiting' });
  startWaiting();
}

/** Forgets those that have ended. */
export const closeUploads = (): void => uploads.set(uploads.get().filter(isUnderWay));

function startWaiting(): void {
  const all = uploads.get();
  const busy = all.filter((upload) => isUnderWay(upload) && upload.state.kind !== 'waiting').length;
  for (const upload of all.filter(({ state }) => state.kind === 'waiting').slice(0, most - busy)) {
    change(upload.key, { kind: 'sending', share: 0 });
    void send(upload).then((state) => {
      change(upload.key, state);
      startWaiting();
      invalidateSoon('documents');
    });
  }
}

/**
 * One file by the multipart form of the graph. `fetch` tells nothing of what is sent, so this is the one place that
 * asks by XMLHttpRequest.
 */
function send({ key, file }: Upload): Promise<UploadState> {
  const form = new FormData();
  const variables = { input: { files: [null] } };
  form.append('operations', JSON.stringify({ query: String(UploadDocumentOperation), variables }));
  form.append('map', JSON.stringify({ 0: ['variables.input.files.0'] }));
  form.append('0', file);
  const request = new XMLHttpRequest();
  return new Promise((resolve) => {
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      change(key, { kind: 'sending', share: total ? loaded / total : 0 }),
    );
    request.upload.addEventListener('load', () => change(key, { kind: 'reading' }));
    request.addEventListener('loadend', () => resolve(outcomeOf(request.responseText)));
    request.open('POST', '/graphql');
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('apollo-require-preflight', '1');
    request.setRequestHeader('idempotency-key', crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`);
    request.send(form);
  });
}

interface Answer {
  data?: UploadDocumentMutation | null;
  errors?: GraphError[];
}

/** Why a file was not filed, in the reader's words where there are some. */
function refusalOf(reason: string | null | undefined, message: string): UploadState {
  if (reason === 'document.unsupported_type')
    return { kind: 'failed', message: say(words, 'wrongType'), isFinal: true };
  if (reason === 'document.empty_file') return { kind: 'failed', message: say(words, 'emptyFile'), isFinal: true };
  return { kind: 'failed', message };
}

function outcomeOf(text: string): UploadState {
  let answer: Answer;
  try {
    answer = JSON.parse(text) as Answer;
  } catch {
    return { kind: 'failed', message: problemText(new ConnectionError('The upload was not answered')) };
  }
  const error = answer.errors && new PasserelleError(answer.errors);
  if (error?.code === 'UNAUTHENTICATED') hasSessionEnded.set(true);
  const result = answer.data?.uploadDocuments?.results[0];
  if (!result) return { kind: 'failed', message: error ? problemText(error) : '' };
  const { document, problem } = result;
  if (problem?.reason === 'document.duplicate') return { kind: 'duplicate', problem };
  if (!document) return refusalOf(problem?.reason, problem?.message ?? '');
  return document.textStatus === 'PENDING'
    ? { kind: 'recognising', documentId: document.id, done: 0, total: null }
    : { kind: 'filed', documentId: document.id };
}

/** How the recognition of what was uploaded goes on. */
export function noteIngest({ ingestEvents }: UploadIngestsSubscription): void {
  const { ingest, done, total } = ingestEvents;
  const upload = uploads
    .get()
    .find(({ state }) => state.kind === 'recognising' && state.documentId === ingest?.document?.id);
  if (!upload || upload.state.kind !== 'recognising' || !ingest) return;
  const { documentId } = upload.state;
  if (ingest.status === 'RUNNING' || ingest.status === 'WAITING')
    change(upload.key, { kind: 'recognising', documentId, done: done ?? upload.state.done, total: total ?? null });
  else change(upload.key, { kind: 'filed', documentId });
}
