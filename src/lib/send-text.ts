import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Sends a whole text under the status that `response` has, in one write, with its length. To a GET or HEAD also with a
 * weak `ETag`, and 304 instead where `If-None-Match` holds (RFC 9110, 13.1.2). A `Content-Type` that is set already
 * stays.
 */
export function sendText(request: IncomingMessage, response: ServerResponse, contentType: string, text: string): void {
  const lengthBytes = Buffer.byteLength(text);
  if (!response.hasHeader('Content-Type')) response.setHeader('Content-Type', contentType);
  if (request.method === 'GET' || request.method === 'HEAD') {
    const etag = weakTag(text, lengthBytes);
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
  else response.end(text);
}

/** The same as Express makes, so that what clients keep stays good. */
const weakTag = (text: string, lengthBytes: number): string =>
  `W/"${lengthBytes.toString(16)}-${hash('sha1', text, 'base64').slice(0, 27)}"`;

function isKnown({ headers }: IncomingMessage, status: number, etag: string): boolean {
  const { 'if-none-match': known, 'cache-control': caching } = headers;
  if (known === undefined || status < 200 || status > 299) return false;
  if (/(?:^|,)\s*no-cache\s*(?:,|$)/.test(caching ?? '')) return false;
  return known === '*' || known.split(',').some((each) => [etag, etag.slice(2)].includes(each.trim()));
}
