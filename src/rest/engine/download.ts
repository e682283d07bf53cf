import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { ByteRange, ContentStore } from '../../storage/content-store.js';
import { Refusal } from './problem.js';
import type { FileReply } from './route.js';

/**
 * Streams a file with ranges and validators as RFC 9110 has them (one range; a list of several gets the whole file).
 * Works on any store, with or without local paths. Resolves when the answer is out or the client has gone. Rejects with
 * RANGE_NOT_SATISFIABLE before anything is sent, and with the store's error, after which the connection is closed.
 */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: FileReply,
  store: ContentStore,
): Promise<void> {
  const sizeBytes = await store.size(file.key);
  const etag = `"${file.etag ?? createHash('sha256').update(file.key).digest('hex').slice(0, 32)}"`;
  response.setHeader('ETag', etag);
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'private, no-cache');

  if (matches(request.headers['if-none-match'], etag)) {
    response.writeHead(304).end();
    return;
  }

  // A date in If-Range never matches: stored content has no date of change.
  const ifRange = request.headers['if-range'];
  const isFresh = ifRange === undefined || ifRange === etag;
  const range = isFresh ? rangeOf(request.headers.range, sizeBytes) : undefined;
  if (range === 'unsatisfiable') {
    response.removeHeader('ETag');
    response.setHeader('Content-Range', `bytes */${sizeBytes}`);
    throw new Refusal('RANGE_NOT_SATISFIABLE', `The file has ${sizeBytes} bytes`);
  }

  if (request.method !== 'HEAD') await file.beforeContent?.();
  response.statusCode = range ? 206 : 200;
  if (range) response.setHeader('Content-Range', `bytes ${range.start}-${range.end}/${sizeBytes}`);
  response.setHeader('Content-Length', range ? range.end - range.start + 1 : sizeBytes);
  response.setHeader('Content-Type', contentTypeOf(file.mimeType));
  response.setHeader('Content-Disposition', contentDisposition(file));
  if (request.method === 'HEAD' || sizeBytes === 0) {
    response.end();
    return;
  }
  try {
    await pipeline(store.read(file.key, range), response);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

/** RFC 9110, 13.1.2: weak comparison. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === etag);
}

/** Undefined for no range or one that is to be ignored (RFC 9110, 14.2: other units, several ranges, bad syntax). */
function rangeOf(header: string | undefined, sizeBytes: number): ByteRange | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const lengthBytes = Math.min(Number(last), sizeBytes);
    return lengthBytes === 0 ? 'unsatisfiable' : { start: sizeBytes - lengthBytes, end: sizeBytes - 1 };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return undefined;
  if (start >= sizeBytes) return 'unsatisfiable';
  return { start, end: last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1) };
}

const contentTypeOf = (mimeType: string): string =>
  mimeType === 'text/plain' ? 'text/plain; charset=utf-8' : mimeType;

/** Types that a browser shows without running scripts of theirs under our origin. */
const inert = /^(?:application\/pdf|text\/plain|image\/(?!svg)[\w.+-]+|audio\/[\w.+-]+|video\/[\w.+-]+)$/;

/** `Content-Disposition` by RFC 6266, with the name twice: in ASCII for old clients, then in full (RFC 8187). */
export function contentDisposition({
  name,
  mimeType,
  disposition,
}: Pick<FileReply, 'name' | 'mimeType' | 'disposition'>): string {
  const type = disposition === 'inline' && inert.test(mimeType) ? 'inline' : 'attachment';
  const whole = name.toWellFormed().replace(/[\p{Cc}/\\]/gu, '_');
  const plain = whole
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .replace(/[^\x20-\x7e]|["%]/gu, '_');
  const encoded = encodeURIComponent(whole).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return plain === whole ? `${type}; filename="${plain}"` : `${type}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
