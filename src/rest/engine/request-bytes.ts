import type { IncomingMessage, ServerResponse } from 'node:http';
import express from 'express';
import { Refusal } from './problem.js';

/** Of a JSON or form body, decompressed. */
const bodyLimitBytes = 1024 * 1024;

const readRaw = express.raw({ type: () => true, limit: bodyLimitBytes });

/**
 * The whole body, decompressed; empty without one. Rejects with a Refusal for a broken, too large or unknown encoding.
 */
export function readBytes(
  request: IncomingMessage & { body?: unknown },
  response: ServerResponse,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    // body-parser reads plain requests of node:http too; only its types ask for Express's own.
    readRaw(request as express.Request, response as express.Response, (error?: unknown) => {
      if (error) reject(refusalOfBodyError(error));
      else resolve(request.body instanceof Uint8Array ? request.body : new Uint8Array());
    });
  });
}

/** What body-parser's errors mean, by their HTTP status; an error without such a status stays as it is. */
function refusalOfBodyError(error: unknown): unknown {
  switch ((error as { status?: unknown }).status) {
    case 400:
      return new Refusal('MALFORMED_REQUEST', 'The request body is malformed');
    case 413:
      return new Refusal('PAYLOAD_TOO_LARGE', 'The request body is too large');
    case 415:
      return new Refusal('UNSUPPORTED_MEDIA_TYPE', 'The encoding of the request body is not supported');
    default:
      return error;
  }
}
