import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { contentDisposition } from './download.js';
import type { StreamReply } from './route.js';

/**
 * Sends parts as they are made: the next one is asked for when the client has taken those before it, so that memory
 * does not grow with the answer. Resolves when it is out or the client has gone. Rejects when a part cannot be made:
 * the connection is then closed, so that a beginning can't pass for the whole.
 */
export async function sendStream(
  request: IncomingMessage,
  response: ServerResponse,
  { name, mimeType, parts }: StreamReply,
): Promise<void> {
  response.statusCode = 200;
  response.setHeader('Content-Type', mimeType);
  response.setHeader('Content-Disposition', contentDisposition({ name, mimeType, disposition: 'attachment' }));
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cache-Control', 'no-store');
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  try {
    await pipeline(Readable.from(parts), response);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}
