import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A text that stands in many answers: it is encoded and hashed once. */
export class KeptText {
  readonly bytes: Buffer;
  readonly digest: string;

  constructor(readonly text: string) {
    this.bytes = Buffer.from(text);
    this.digest = hash('sha1', this.bytes, 'base64');
  }
}

/** A text in pieces. */
export type TextPieces = readonly (string | KeptText)[];

/**
 * Sends a whole text under the status that `response` has, in one write, with its length. To a GET or HEAD also with a
 * weak `ETag`, and 304 instead where `If-None-Match` holds (RFC 9110, 13.1.2). A `Content-Type` that is set already
 * stays.
 */
export function sendText(
  request: IncomingMessage,
  response: ServerResponse,
  contentType: string,
  text: string | TextPieces,
): void {
  const body = typeof text === 'string' ? text : Buffer.concat(text.map(bytesOf));
  const lengthBytes = Buffer.byteLength(body);
  if (!response.hasHeader('Content-Type')) response.setHeader('Content-Type', contentType);
  if (request.method === 'GET' || request.method === 'HEAD') {
    const etag = weakTag(typeof text === 'string' ? text : text.map(toHash).join(''), lengthBytes);
    response.setHeader('ETag', etag);
    if (isKnown(request, response.statusCode, etag)) response.statusCode = 304;
  }
  if (response.statusCode === 204 || response.statusCode === 304) {
    response.removeHeader('Content-Type');
    response.end();
    return;
  }
  response.setHeader('Content-Length', lengthBytes);
  if (request.method === 'HEAD') response.end();
  else response.end(body);
}

const bytesOf = (piece: string | KeptText): Buffer => (typeof piece === 'string' ? Buffer.from(piece) : piece.bytes);

const toHash = (piece: string | KeptText): string => (typeof piece === 'string' ? piece : piece.digest);

/** The same as Express makes of a whole text, so that what clients keep stays good. */
const weakTag = (text: string, lengthBytes: number): string =>
  `W/"${lengthBytes.toString(16)}-${hash('sha1', text, 'base64').slice(0, 27)}"`;

function isKnown({ headers }: IncomingMessage, status: number, etag: string): boolean {
  const { 'if-none-match': known, 'cache-control': caching } = headers;
  if (known === undefined || status < 200 || status > 299) return false;
  if (/(?:^|,)\s*no-cache\s*(?:,|$)/.test(caching ?? '')) return false;
  return known === '*' || known.split(',').some((each) => [etag, etag.slice(2)].includes(each.trim()));
}
