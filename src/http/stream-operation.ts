import type { IncomingMessage } from 'node:http';
import type { OperationText } from '../graph/streamed-operation.js';
import type { ErrorReason } from '../lib/error-catalog.js';
import { deepestJson, isDeeperThan } from '../lib/json-depth.js';
import { bodyLimitBytes } from './graphql-fast-path.js';

/** A request that gets no stream, and what it is answered instead. */
export class RefusedRequest extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly extensions: { readonly [key: string]: unknown; reason?: ErrorReason },
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export interface AskedOperation extends OperationText {
  /** Of `Last-Event-ID`. */
  resumeAfter: string | undefined;
}

/** The operation of a GET's address or a POST's body. Throws RefusedRequest for what is no GraphQL over HTTP. */
export async function readOperation(request: IncomingMessage): Promise<AskedOperation> {
  const given = request.method === 'POST' ? parsed(await bodyOf(request)) : parametersOf(request);
  const { query, operationName, variables } = given as Record<string, unknown>;
  if (typeof query !== 'string') throw bad('There is no text in `query`');
  if (operationName != null && typeof operationName !== 'string') throw bad('`operationName` is a text');
  if (variables != null && (typeof variables !== 'object' || Array.isArray(variables)))
    throw bad('`variables` is an object');
  const resumeAfter = request.headers['last-event-id'] || undefined;
  if (resumeAfter !== undefined && !/^\d{1,18}$/.test(String(resumeAfter)))
    throw bad('`Last-Event-ID` is the position of an event');
  return {
    query,
    operationName,
    variables: variables as OperationText['variables'],
    resumeAfter: resumeAfter as string | undefined,
  };
}

const bad = (message: string): RefusedRequest => new RefusedRequest(400, message, { code: 'BAD_REQUEST' });

function parametersOf({ url = '' }: IncomingMessage): object {
  const parameters = new URL(url, 'http://localhost').searchParams;
  const variables = parameters.get('variables');
  return {
    query: parameters.get('query'),
    operationName: parameters.get('operationName'),
    variables: variables ? parsed(variables) : undefined,
  };
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !isDeeperThan(value, deepestJson)) return value;
  } catch {
    // Said below.
  }
  throw bad(`What is sent is not a JSON object of at most ${deepestJson} levels`);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
    throw new RefusedRequest(415, 'The body is application/json', { code: 'UNSUPPORTED_MEDIA_TYPE' });
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > bodyLimitBytes)
      throw new RefusedRequest(413, 'The body is larger than 1 MiB', { code: 'PAYLOAD_TOO_LARGE' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
