import type { IncomingMessage, ServerResponse } from 'node:http';
import express from 'express';
import { type ExecutionResult, GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { AcceptedDocuments, AcceptedOperation } from '../graph/accepted-documents.js';
import { refusalOf, type GraphAdmission } from '../graph/admission.js';
import { resultText } from '../graph/answer-budget.js';
import { formatted, withCost } from '../graph/apollo.js';
import { countErrors, countOperation, shownName } from '../graph/counters.js';
import type { Executor } from '../graph/executor.js';
import { maxCost } from '../graph/limits.js';
import type { LiveSchema } from '../graph/live-schema.js';
import { onlySignsIn } from '../graph/sign-in.js';
import type { Context, Services } from '../kernel/context.js';
import { deepestJson, isDeeperThan } from '../lib/json-depth.js';
import { sendText } from '../lib/send-text.js';
import type { ContextOf } from './request-context.js';
import { noteEndpoint } from './requests.js';

export interface GraphqlFastPathOptions {
  live: LiveSchema;
  execute: Executor;
  accepted: AcceptedDocuments;
  contextOf: ContextOf;
  admission: GraphAdmission;
  log: Logger;
  count: Services['count'];
}

/** Of a request to the graph, decompressed. */
export const bodyLimitBytes = 1024 * 1024;

/** A request whose body the fast path has read and left to Express: parsed as `body`, unless it was no JSON. */
type ReadRequest = IncomingMessage & { body?: unknown; isNoJson?: boolean };

export const isNoJson = (request: ReadRequest): boolean => request.isNoJson === true;

interface Parsed {
  query: string;
  operationName: string | undefined;
  variables: Record<string, unknown>;
}

/** A request of which nothing can be refused any more but by the quota. */
interface Ready {
  accepted: AcceptedOperation;
  parsed: Parsed;
  cost: number;
  context: Context;
}

/**
 * Answers operations that Apollo has accepted before, with Apollo's answers but without its pipeline. Resolves to
 * whether it took the request, which it does only when nothing of it can be refused but by the quota. The others go on
 * to Apollo, with their body read or untouched, before anything is charged.
 */
export function graphqlFastPath({ live, execute, accepted, contextOf, admission, log, count }: GraphqlFastPathOptions) {
  const ready = async (request: ReadRequest, response: ServerResponse, bytes: Buffer): Promise<Ready | undefined> => {
    const parsed = parsedBody(request, bytes);
    const found = parsed && accepted.find(live.current, parsed.query, parsed.operationName);
    if (!found || !isPlain(found, request) || !found.fits(parsed.variables)) return undefined;
    try {
      const cost = found.cost(parsed.variables);
      if (cost > maxCost) return undefined;
      // A query has a browser keep nothing.
      const more = found.operation.operation === 'mutation' ? { response } : undefined;
      const context = await contextOf(request, () => onlySignsIn(parsed), more);
      const refusal = refusalOf(context, { asksForSchema: () => found.asksForSchema, cost: () => cost });
      return refusal ? undefined : { accepted: found, parsed, cost, context };
    } catch {
      // Whatever it is, Apollo's way meets it again and answers it.
      return undefined;
    }
  };
  return async (request: ReadRequest, response: ServerResponse): Promise<boolean> => {
    const contentType = answerType(request);
    if (!contentType || !isPlainJson(request)) return false;
    const bytes = await bodyOf(request);
    if (!bytes) {
      response.destroy();
      return true;
    }
    const operation = await ready(request, response, bytes);
    if (!operation) return false;

    noteEndpoint(response, 'graphql');
    const points = request.headers['x-graphql-cost'] === 'include' ? operation.cost : undefined;
    let text: string;
    try {
      text = await answer(operation, { response, execute, admission, log, count, points });
    } catch (error) {
      response.statusCode = 500;
      const unexpected =
        error instanceof GraphQLError ? error : new GraphQLError(String(error), { originalError: error as Error });
      text = textOf({ errors: [unexpected] }, { log, count, points });
    }
    sendText(request, response, contentType, text);
    return true;
  };
}

interface Answering {
  response: ServerResponse;
  execute: Executor;
  admission: GraphAdmission;
  log: Logger;
  count: Services['count'];
  points: number | undefined;
}

/** The answer's body; its status and headers are on `response`. */
async function answer(
  { accepted, parsed, cost, context }: Ready,
  { response, execute, admission, log, count, points }: Answering,
): Promise<string> {
  // For the log and the figures, also of one that is refused.
  context.notes.operation = shownName(accepted.operation.name?.value);
  const admitted = await admission.admitBoth(context, cost);
  for (const [name, value] of Object.entries(admitted.headers)) response.setHeader(name, value);
  if ('error' in admitted) {
    response.statusCode = admitted.status;
    const { message, extensions } = admitted.error;
    const error = new GraphQLError(message, { extensions: { ...extensions, requestId: context.requestId } });
    return textOf({ errors: [error] }, { log, count, points: undefined });
  }
  countOperation(context, accepted.operation);
  const { schema, document } = accepted;
  const { operationName, variables } = parsed;
  const outcome = await execute.json({ schema, document, operationName, variables, context });
  if ('dataJson' in outcome) {
    const extensions = points === undefined ? '' : `,"extensions":${JSON.stringify(withCost(undefined, points))}`;
    return `{"data":${outcome.dataJson}${extensions}}\n`;
  }
  if (outcome.result.errors?.length && outcome.result.data === undefined) response.statusCode = 400;
  return textOf(outcome.result, { log, count, points });
}

function textOf(
  { errors, data, extensions }: ExecutionResult,
  { log, count, points }: Pick<Answering, 'log' | 'count' | 'points'>,
): string {
  const shown = errors && formatted(errors, log);
  countErrors(count, shown);
  return resultText({
    errors: shown,
    data,
    extensions: points === undefined ? extensions : withCost(extensions, points),
  });
}

const mediaTypes = [
  'application/json; charset=utf-8',
  'application/graphql-response+json; charset=utf-8',
  'application/json; callbackSpec=1.0; charset=utf-8',
];
const negotiated = new LRUCache<string, string>({ max: 100 });
const longestAccept = 300;
const accepts: (this: express.Request, types: string[]) => string | false = express.request.accepts as never;

/** The media type that Apollo would answer with; undefined when there is none, or the header is long. */
function answerType(request: IncomingMessage): string | undefined {
  const { accept } = request.headers;
  if (!accept) return mediaTypes[0];
  const known = negotiated.get(accept);
  if (known !== undefined || accept.length > longestAccept) return known;
  const type = accepts.call(request as express.Request, mediaTypes);
  if (typeof type !== 'string') return undefined;
  negotiated.set(accept, type);
  return type;
}

/** Whether the body can be read here as body-parser would read it. */
function isPlainJson({ method, url, headers }: IncomingMessage): boolean {
  if (method !== 'POST' || url !== '/graphql' || headers['content-encoding'] !== undefined) return false;
  if (!/^application\/json(?:; ?charset=utf-8)?$/i.test(headers['content-type'] ?? '')) return false;
  const lengthBytes = Number(headers['content-length']);
  return lengthBytes > 0 && lengthBytes <= bodyLimitBytes;
}

/** Undefined when the client has gone before its end. */
function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.once('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    request.once('error', () => resolve(undefined));
    request.once('close', () => resolve(undefined));
  });
}

/** Undefined for what is not one operation in text. Leaves the body on the request in any case. */
function parsedBody(request: ReadRequest, bytes: Buffer): Parsed | undefined {
  try {
    request.body = JSON.parse(bytes.toString().replace(/^\uFEFF/, ''));
  } catch {
    request.isNoJson = true;
    return undefined;
  }
  const { body } = request;
  if (typeof body !== 'object' || body === null) {
    request.isNoJson = true;
    return undefined;
  }
  const { query, operationName, variables, extensions } = body as Record<string, unknown>;
  if (typeof query !== 'string' || extensions !== undefined || isDeeperThan(body, deepestJson)) return undefined;
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') return undefined;
  if (variables !== undefined && (typeof variables !== 'object' || Array.isArray(variables))) return undefined;
  return { query, operationName: operationName ?? undefined, variables: (variables ?? {}) as Record<string, unknown> };
}

/** No subscription, no change that is to be made once only, and nothing whose statements are to be shown. */
const isPlain = ({ operation: { operation } }: AcceptedOperation, { headers }: IncomingMessage): boolean =>
  headers['x-graphql-sql'] === undefined &&
  (operation === 'query' || (operation === 'mutation' && headers['idempotency-key'] === undefined));
