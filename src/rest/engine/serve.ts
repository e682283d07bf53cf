/**
 * The life of one request that a route serves:
 *
 *   admit       credential and quotas (`admission.ts`)
 *   receive     query string and body, files into the spool folder (`receive.ts`)
 *   repeat      a repeated `Idempotency-Key` gets the first answer again (`idempotent.ts`)
 *   parse       params, query and body by the route's shapes (`parse-input.ts`)
 *   answer      the route's operation, then the dialect's JSON (`answer.ts`)
 *   send        headers and content (`reply.ts`)
 *
 * Whatever throws on the way becomes the dialect's answer to that problem (`problem.ts`, `reply.ts`).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { SpooledFile } from '../../storage/spool.js';
import { admit } from './admission.js';
import { answerRoute } from './answer.js';
import type { Engine } from './engine.js';
import { factsOf, type RouteExchange } from './exchange.js';
import { answerOnce } from './idempotent.js';
import { collectPairs, parseInput } from './parse-input.js';
import type { PreparedRoute } from './prepare.js';
import { receiveBody } from './receive.js';
import { problemReply, send } from './reply.js';
import { pairsOf } from './request-body.js';
import { readBytes } from './request-bytes.js';
import type { Dialect, Reply } from './route.js';

/** Serves one route. Rejects only when an answer can't be sent. */
export type RouteHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  params: Record<string, string | undefined>,
) => Promise<void>;

export interface RouteHandlerOptions {
  dialect: Dialect;
  engine: Engine;
  prepared: PreparedRoute;
}

export function routeHandler({ dialect, engine, prepared }: RouteHandlerOptions): RouteHandler {
  const { route } = prepared;
  return async (request, response, params) => {
    const raw = { params, query: {}, body: {}, request: factsOf(request, engine) };
    const exchange: RouteExchange = { request, response, dialect, engine, prepared, route, raw };
    const pending: Pending = { spooled: [] };
    try {
      const reply = await respond(exchange, pending).catch((error: unknown) => problemReply(error, exchange));
      await pending.settleQuotas?.(reply.status ?? 200);
      await send(reply, exchange);
    } catch (error) {
      await send(problemReply(error, exchange), exchange);
    } finally {
      await discardSpooled(pending.spooled, engine.log);
    }
  };
}

/** What is left to do once the answer is known. */
interface Pending {
  /** To be called with the answer's status before it is sent. */
  settleQuotas?: (status: number) => Promise<void>;
  /** To be discarded when the answer is out. */
  spooled: readonly SpooledFile[];
}

async function respond(exchange: RouteExchange, pending: Pending): Promise<Reply> {
  const { request, response, engine, dialect, prepared, route, raw } = exchange;
  const { context, principal, settleQuotas } = await admit(exchange);
  pending.settleQuotas = settleQuotas;

  const given = [...pairsOf(queryStringOf(request))].filter(([, value]) => value !== '');
  const query = collectPairs(given, route.query, dialect);
  raw.query = query.values;
  const received = await receiveBody(request, {
    route,
    dialect,
    spoolFolder: engine.spoolFolder,
    minFreeBytes: engine.minFreeBytes,
    makeUpload: (filename, content) => engine.makeUpload(filename, content),
    readBytes: () => readBytes(request, response),
  });
  pending.spooled = received.spooled;
  raw.body = received.body;
  raw.request.bodyType = received.bodyType;

  return answerOnce(exchange, { received, principal }, async () => {
    const ignoredKeys: string[] = [];
    const answer = async (): Promise<Reply> => {
      const issues = [...query.issues, ...received.issues];
      const input = parseInput({ ...raw, files: received.files, issues, ignoredKeys }, prepared, dialect);
      return answerRoute(exchange, input, context);
    };
    const reply = await answer().catch((error: unknown) => problemReply(error, exchange));
    return ignoredKeys.length === 0
      ? reply
      : { ...reply, headers: { ...reply.headers, Warning: ignoredWarning(ignoredKeys) } };
  });
}

const mostNamedKeys = 20;

/** RFC 9111, section 5.5: 299 is a warning that persists. Names of keys may hold anything. */
function ignoredWarning(keys: readonly string[]): string {
  const names = keys.slice(0, mostNamedKeys).map((key) => encodeURI(key.slice(0, 100).toWellFormed()));
  const more = keys.length > mostNamedKeys ? `, and ${keys.length - mostNamedKeys} more` : '';
  return `299 - "Ignored: ${names.join(', ')}${more}"`;
}

function queryStringOf({ url = '' }: IncomingMessage): string {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark + 1);
}

async function discardSpooled(spooled: readonly SpooledFile[], log: Logger): Promise<void> {
  try {
    await Promise.all(spooled.map((file) => file.discard()));
  } catch (err) {
    log.error({ err }, 'A spooled file could not be removed');
  }
}
