import express from 'express';
import type { Request, RequestHandler, Response, Router } from 'express';
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { unauthenticated } from '../errors.js';
import { begin, fingerprintOf, idempotencyKey, type KeyStore } from '../idempotency/once.js';
import { countedAddress } from '../quota/address.js';
import type { QuotaGate } from '../quota/gate.js';
import type { ContentStore } from '../storage/content-store.js';
import type { SpooledFile } from '../storage/spool.js';
import { collectPairs, parseInput } from './parse-input.js';
import { prepareRoutes, type PreparedRoute } from './prepare.js';
import { causeOf, Refusal, refusalOfBody, refusalOfResult } from './problem.js';
import { anonymous, type Asker, countRequest } from './quotas.js';
import { receiveBody, type ReceivedBody } from './receive.js';
import { type Exchange, hasContent, problemReply, send } from './reply.js';
import { bodyLimitBytes, pairsOf } from './request-body.js';
import type { Dialect, OperationRoute, QuotaRule, RawInput, Reply, RequestFacts, Route, RouteInput } from './route.js';

export interface Execution {
  document: DocumentNode;
  operationName: string;
  variables: Record<string, unknown>;
  context: object;
  /** The printed document: the same for every request of a route. */
  key: string;
}

/** What the REST layer needs of the rest of the house. */
export interface Engine {
  /** The schema in use. Routes are checked against it when the router is built. */
  schema(): GraphQLSchema;
  execute(execution: Execution): Promise<ExecutionResult>;
  /**
   * The graph's context for a request. Throws a DomainError: UNAUTHENTICATED for a presented but wrong credential (which
   * it must not look at when `route.credential` is `none`). Not called for a route without operation and credential, so
   * that `/health` answers when nothing else does.
   */
  context(request: Request, response: Response, served: { dialect: Dialect; route: Route }): Promise<object>;
  isSignedIn(context: object): boolean;
  asker(context: object): Asker;
  /** Absent: nothing is counted, and no answer speaks of quotas. */
  quotas?: QuotaGate;
  /** Absent: the header `Idempotency-Key` is ignored. */
  idempotencyKeys?: KeyStore;
  store: ContentStore;
  spoolFolder: string;
  /** Makes the value that the scalar `Upload` accepts. */
  makeUpload(filename: string, content: SpooledFile): unknown;
  log: Logger;
  /** Checks every answer against its route's `response` (500 when it differs): for tests and development. */
  validateResponses: boolean;
  /** Set as `X-Request-Id` unless the header is there already. */
  requestId(request: Request): string;
}

/** One route of one dialect, ready to serve. */
interface Served {
  dialect: Dialect;
  engine: Engine;
  prepared: PreparedRoute;
}

/**
 * Serves the dialects; built anew as a whole when the schema is swapped. Whatever lies below a dialect's prefix and is no
 * route gets its 404 or 405, so a dialect at the root ends the chain: use the router after everything else. Throws when a
 * route can't be served by the schema.
 */
export function restRouter(dialects: readonly Dialect[], engine: Engine): Router {
  const router = express.Router({ caseSensitive: true, strict: false });
  const byLongestPrefix = dialects.toSorted((one, other) => other.prefix.length - one.prefix.length);
  const schema = engine.schema();
  for (const dialect of byLongestPrefix) {
    const routes = prepareRoutes(dialect, schema);
    router.use(dialect.prefix || '/', guardUrl(dialect, engine));
    for (const prepared of routes) router[prepared.route.method](prepared.path, serve({ dialect, engine, prepared }));
    for (const { route, path } of routes) router.all(path, noteMethod(route));
    router.use(dialect.prefix || '/', refuseUnserved(dialect, engine));
  }
  return router;
}

/** Express would answer a broken percent-encoding itself, and only where a parameter stands. */
function guardUrl(dialect: Dialect, engine: Engine): RequestHandler {
  return (request, response, next) => {
    try {
      decodeURIComponent(request.originalUrl);
    } catch {
      return refuse(new Refusal('MALFORMED_REQUEST', 'The URL is malformed'), { request, response, dialect, engine });
    }
    next();
  };
}

function noteMethod({ method }: Route): RequestHandler {
  return (_request, response, next) => {
    const allowed = ((response.locals.allowedMethods as Set<string> | undefined) ?? new Set<string>()).add(method.toUpperCase());
    response.locals.allowedMethods = method === 'get' ? allowed.add('HEAD') : allowed;
    next();
  };
}

function refuseUnserved(dialect: Dialect, engine: Engine): RequestHandler {
  return (request, response) => {
    const allowed = response.locals.allowedMethods as Set<string> | undefined;
    if (allowed) response.setHeader('Allow', [...allowed].join(', '));
    const refusal = allowed
      ? new Refusal('METHOD_NOT_ALLOWED', `${request.method} is not allowed here`)
      : new Refusal('NOT_FOUND', 'There is no such path', { reason: 'unknown_path' });
    const isQuestion = allowed && request.method === 'OPTIONS';
    return refuse(isQuestion ? undefined : refusal, { request, response, dialect, engine });
  };
}

/** Answers what reaches no route; it counts for the address all the same. Without a refusal the answer is empty. */
async function refuse(refusal: Refusal | undefined, exchange: Exchange): Promise<void> {
  try {
    await count(exchange, anonymous);
    if (refusal) throw refusal;
    await send({ status: 204 }, exchange);
  } catch (error) {
    await send(problemReply(error, exchange), exchange);
  }
}

/** Throws RATE_LIMITED. Gives what to call with the answer's status. */
async function count({ request, response, dialect, engine }: Exchange, asker: Asker, rule?: QuotaRule): Promise<(status: number) => Promise<void>> {
  if (!engine.quotas) return async () => undefined;
  return countRequest(engine.quotas, { dialect, rule, asker, address: countedAddress(request.ip) }, response);
}

function serve(served: Served): RequestHandler {
  const { dialect, engine, prepared } = served;
  const { route } = prepared;
  const readRaw = express.raw({ type: () => true, limit: bodyLimitBytes });

  return async (request, response) => {
    const facts = factsOf(request, engine);
    const raw: RawInput = { params: request.params, query: {}, body: {}, request: facts };
    const exchange: Exchange = { request, response, dialect, engine, route, raw };
    let received: ReceivedBody | undefined;
    let settle: ((status: number) => Promise<void>) | undefined;
    const respond = async (): Promise<Reply> => {
      const admitted = await admit(served, exchange, facts);
      settle = admitted.settle;

      const query = collectPairs(pairsOf(queryStringOf(request)), route.query, dialect);
      raw.query = query.values;
      received = await receiveBody(request, {
        route,
        dialect,
        spoolFolder: engine.spoolFolder,
        makeUpload: (filename, content) => engine.makeUpload(filename, content),
        readBytes: () => readBytes(readRaw, request, response),
      });
      const { body, files, bodyType, issues } = received;
      raw.body = body;
      facts.bodyType = bodyType;
      return once(served, { raw, received, asker: admitted.asker }, async () => {
        try {
          const input = parseInput({ ...raw, files, issues: [...query.issues, ...issues] }, route, dialect);
          return await ('operation' in route ? operate(served, route, input, admitted.context) : answer(served, input));
        } catch (error) {
          return problemReply(error, exchange);
        }
      });
    };
    try {
      const reply = await respond().catch((error: unknown) => problemReply(error, exchange));
      await settle?.(reply.status ?? 200);
      await send(reply, exchange);
    } catch (error) {
      await send(problemReply(error, exchange), exchange);
    } finally {
      await discard(received, engine.log);
    }
  };
}

interface Admitted {
  context: object;
  asker: Asker;
  settle: (status: number) => Promise<void>;
}

/** The graph's context, once the request is counted and its credential is good enough for the route. */
async function admit({ dialect, engine, prepared: { route } }: Served, exchange: Exchange, facts: RequestFacts): Promise<Admitted> {
  const { request, response } = exchange;
  if (route.credential === 'none' && !('operation' in route)) {
    return { context: {}, asker: anonymous, settle: await count(exchange, anonymous, route.quota) };
  }
  let context: object;
  try {
    context = await engine.context(request, response, { dialect, route });
  } catch (error) {
    // Whoever tries out credentials uses up what the address has.
    await count(exchange, anonymous, route.quota);
    throw error;
  }
  const asker = engine.asker(context);
  const settle = await count(exchange, asker, route.quota);
  facts.signedIn = route.credential !== 'none' && engine.isSignedIn(context);
  if (route.credential === 'required' && !facts.signedIn) throw unauthenticated();
  return { context, asker, settle };
}

interface Asked {
  raw: RawInput;
  received: ReceivedBody;
  asker: Asker;
}

/**
 * Answers a POST with an `Idempotency-Key` as its first attempt was answered. What is kept is the reply before its
 * deprecation, quota and request-id headers, which are each answer's own; cookies are kept, since the answer to a login
 * is its cookie, and the whole lies sealed.
 */
async function once({ dialect, engine, prepared }: Served, { raw, received, asker }: Asked, work: () => Promise<Reply>): Promise<Reply> {
  const { route, path } = prepared;
  const key = route.method === 'post' && engine.idempotencyKeys ? idempotencyKey(raw.request.headers['idempotency-key']) : undefined;
  if (key === undefined || !engine.idempotencyKeys) return work();
  const files = received.files?.map(({ part, filename }, index) => [part, filename, received.spooled[index]?.sha256]);
  const begun = await begin<Reply>(
    engine.idempotencyKeys,
    {
      owner: asker.userId === undefined ? `a${countedAddress(raw.request.ip)}` : `u${asker.userId}`,
      key,
      fingerprint: fingerprintOf([dialect.name, route.method, path, raw.params, raw.query, received.bodyType, raw.body, files, asker.authority]),
      requestId: raw.request.requestId,
    },
    engine.log,
  );
  if ('replay' in begun) return { ...begun.replay, headers: { ...begun.replay.headers, 'Idempotency-Replayed': 'true' } };
  const reply = await work();
  await begun.finish(reply.status ?? 200, reply);
  return reply;
}

async function operate({ dialect, engine, prepared }: Served, route: OperationRoute, input: RouteInput, context: object): Promise<Reply> {
  if (!prepared.execution) throw new Error('An operation that was not prepared');
  const variables = route.toVariables(input);
  const result = await engine.execute({ document: route.operation, ...prepared.execution, variables, context });
  if (result.errors?.length) {
    const refusal = refusalOfResult(result, { dialect, route, schema: engine.schema(), variables });
    throw refusal ?? new AggregateError(result.errors.map(causeOf), 'The operation failed');
  }

  const { data } = result;
  if (route.reply) {
    const reply = route.reply(data, input);
    if (reply.json !== undefined) checkAnswer(reply.json, route, engine);
    return { ...reply, status: reply.status ?? statusOfRoute(route, data, input) ?? (hasContent(reply) ? 200 : 204) };
  }
  if (!route.toResponse) return { status: statusOfRoute(route, data, input) ?? 204 };
  const json = route.toResponse(data, input);
  checkAnswer(json, route, engine);
  return { status: statusOfRoute(route, data, input) ?? 200, json };
}

async function answer({ engine, prepared: { route } }: Served, input: RouteInput): Promise<Reply> {
  if ('operation' in route) throw new Error('A route with an operation does not answer by itself');
  const reply = await route.answer(input);
  if (reply.json !== undefined) checkAnswer(reply.json, route, engine);
  return { ...reply, status: reply.status ?? route.status ?? (hasContent(reply) ? 200 : 204) };
}

const statusOfRoute = ({ status }: OperationRoute, data: unknown, input: RouteInput): number | undefined =>
  typeof status === 'function' ? status(data, input) : status;

function checkAnswer(json: unknown, route: Route, { validateResponses }: Engine): void {
  if (validateResponses) route.response?.parse(json);
}

function factsOf(request: Request, engine: Engine): RequestFacts {
  return {
    method: request.method,
    originalUrl: request.originalUrl,
    headers: request.headers,
    ip: request.ip,
    secure: request.secure,
    requestId: engine.requestId(request),
    signedIn: false,
    bodyType: undefined,
  };
}

/** The app's own query parser may be another one. */
function queryStringOf({ originalUrl }: Request): string {
  const mark = originalUrl.indexOf('?');
  return mark < 0 ? '' : originalUrl.slice(mark + 1);
}

function readBytes(readRaw: RequestHandler, request: Request, response: Response): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    readRaw(request, response, (error?: unknown) => {
      if (error) reject(refusalOfBody(error));
      else resolve(request.body instanceof Uint8Array ? request.body : new Uint8Array());
    });
  });
}

async function discard(received: ReceivedBody | undefined, log: Logger): Promise<void> {
  try {
    await Promise.all((received?.spooled ?? []).map((file) => file.discard()));
  } catch (err) {
    log.error({ err }, 'A spooled file could not be removed');
  }
}
