import type { IncomingMessage, ServerResponse } from 'node:http';
import express from 'express';
import findMyWay from 'find-my-way';
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { begin, fingerprintOf, idempotencyKey, type KeyStore } from '../../idempotency/once.js';
import { unauthenticated } from '../../lib/errors.js';
import { requestPath } from '../../lib/request-path.js';
import { addressBehind, countedAddress, isSecure } from '../../quota/address.js';
import type { QuotaGate } from '../../quota/gate.js';
import { anonymous, type Principal } from '../../quota/principal.js';
import type { ContentStore } from '../../storage/content-store.js';
import type { SpooledFile } from '../../storage/spool.js';
import { collectPairs, parseInput } from './parse-input.js';
import { prepareRoutes, type PreparedRoute } from './prepare.js';
import { causeOf, Refusal, refusalOfBody, refusalOfResult } from './problem.js';
import { countRequest } from './quotas.js';
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
  context(
    request: IncomingMessage,
    response: ServerResponse,
    served: { dialect: Dialect; route: Route },
  ): Promise<object>;
  isSignedIn(context: object): boolean;
  principal(context: object): Principal;
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
  requestId(request: IncomingMessage): string;
  /** How many reverse proxies in front are believed. */
  trustProxy: number;
}

/** Rejects only when an answer can't be sent. */
export type RestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** One route of one dialect, ready to serve. */
interface Served {
  dialect: Dialect;
  engine: Engine;
  prepared: PreparedRoute;
}

/**
 * Serves the dialects; built anew as a whole when the schema is swapped. A request belongs to the dialect with the longest
 * prefix: whatever is no route there gets its 404 or 405. Throws when a route can't be served by the schema.
 */
export function restRouter(dialects: readonly Dialect[], engine: Engine): RestHandler {
  const schema = engine.schema();
  const doors = dialects
    .toSorted((one, other) => other.prefix.length - one.prefix.length)
    .map((dialect) => ({ dialect, find: routeFinder(dialect, engine, schema) }));
  return async (request, response) => {
    const target = request.url ?? '/';
    const path = requestPath(target);
    const door = doors.find(
      ({ dialect: { prefix } }) => prefix === '' || path === prefix || path.startsWith(`${prefix}/`),
    );
    if (!door) return void response.writeHead(404).end();
    const { dialect, find } = door;
    if (isMalformed(target))
      return refuse(new Refusal('MALFORMED_REQUEST', 'The URL is malformed'), { request, response, dialect, engine });
    const { method = '' } = request;
    const found = find(method === 'HEAD' ? 'GET' : method, path);
    if (found) return found.serve(request, response, found.params);
    return refuseUnserved(
      allowedMethods((each) => find(each, path)?.rank),
      { request, response, dialect, engine },
    );
  };
}

function isMalformed(target: string): boolean {
  if (!target.includes('%')) return false;
  try {
    decodeURIComponent(target);
    return false;
  } catch {
    return true;
  }
}

interface Found {
  serve: (request: IncomingMessage, response: ServerResponse, params: RawParams) => Promise<void>;
  params: RawParams;
  /** Place among the dialect's routes, the most specific path first. */
  rank: number;
}

type RawParams = Record<string, string | undefined>;

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Looks up the route of a method and path, with or without a slash at its end. Throws when a route can't be served. */
function routeFinder(
  dialect: Dialect,
  engine: Engine,
  schema: GraphQLSchema,
): (method: string, path: string) => Found | undefined {
  // The header's size bounds the path; of the query the routes make their own sense.
  const router = findMyWay({
    caseSensitive: true,
    ignoreTrailingSlash: true,
    maxParamLength: Number.MAX_SAFE_INTEGER,
    querystringParser: () => ({}),
  });
  for (const [rank, prepared] of prepareRoutes(dialect, schema).entries()) {
    const method = prepared.route.method.toUpperCase() as (typeof methods)[number];
    router.on(method, prepared.path, () => undefined, { rank, serve: serve({ dialect, engine, prepared }) });
  }
  return (method, path) => {
    // Its parts are compared as they were sent, and only parameters decoded.
    const isEncoded = path.includes('%');
    const found = router.find(method as (typeof methods)[number], isEncoded ? path.replaceAll('%', '%25') : path);
    // An empty segment is no parameter.
    if (!found || Object.values(found.params).includes('')) return undefined;
    return {
      ...(found.store as Pick<Found, 'serve' | 'rank'>),
      params: isEncoded ? decoded(found.params) : found.params,
    };
  };
}

const decoded = (params: RawParams): RawParams =>
  Object.fromEntries(Object.entries(params).map(([name, value = '']) => [name, decodeURIComponent(value)]));

/** For the header `Allow`; empty when no route has the path. */
function allowedMethods(rankOf: (method: string) => number | undefined): string[] {
  const served = methods.map((method) => ({ method, rank: rankOf(method) })).filter(({ rank }) => rank !== undefined);
  return served
    .toSorted((one, other) => Number(one.rank) - Number(other.rank))
    .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}

function refuseUnserved(allowed: readonly string[], exchange: Exchange): Promise<void> {
  if (allowed.length === 0)
    return refuse(new Refusal('NOT_FOUND', 'There is no such path', { reason: 'unknown_path' }), exchange);
  const { request, response } = exchange;
  response.setHeader('Allow', allowed.join(', '));
  return refuse(
    request.method === 'OPTIONS'
      ? undefined
      : new Refusal('METHOD_NOT_ALLOWED', `${request.method} is not allowed here`),
    exchange,
  );
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
async function count(
  { request, response, dialect, engine }: Exchange,
  principal: Principal,
  rule?: QuotaRule,
): Promise<(status: number) => Promise<void>> {
  if (!engine.quotas) return async () => undefined;
  return countRequest(
    engine.quotas,
    { dialect, rule, principal, address: countedAddress(addressBehind(request, engine.trustProxy)) },
    response,
  );
}

function serve(served: Served): Found['serve'] {
  const { dialect, engine, prepared } = served;
  const { route } = prepared;

  return async (request, response, params) => {
    const facts = factsOf(request, engine);
    const raw: RawInput = { params, query: {}, body: {}, request: facts };
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
        readBytes: () => readBytes(request, response),
      });
      const { body, files, bodyType, issues } = received;
      raw.body = body;
      facts.bodyType = bodyType;
      return once(served, { raw, received, principal: admitted.principal }, async () => {
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
  principal: Principal;
  settle: (status: number) => Promise<void>;
}

/** The graph's context, once the request is counted and its credential is good enough for the route. */
async function admit(
  { dialect, engine, prepared: { route } }: Served,
  exchange: Exchange,
  facts: RequestFacts,
): Promise<Admitted> {
  const { request, response } = exchange;
  if (route.credential === 'none' && !('operation' in route)) {
    return { context: {}, principal: anonymous, settle: await count(exchange, anonymous, route.quota) };
  }
  let context: object;
  try {
    context = await engine.context(request, response, { dialect, route });
  } catch (error) {
    // Whoever tries out credentials uses up what the address has.
    await count(exchange, anonymous, route.quota);
    throw error;
  }
  const principal = engine.principal(context);
  const settle = await count(exchange, principal, route.quota);
  facts.signedIn = route.credential !== 'none' && engine.isSignedIn(context);
  if (route.credential === 'required' && !facts.signedIn) throw unauthenticated();
  return { context, principal, settle };
}

interface Asked {
  raw: RawInput;
  received: ReceivedBody;
  principal: Principal;
}

/**
 * Answers a POST with an `Idempotency-Key` as its first attempt was answered. What is kept is the reply before its
 * deprecation, quota and request-id headers, which are each answer's own; cookies are kept, since the answer to a login
 * is its cookie, and the whole lies sealed.
 */
async function once(
  { dialect, engine, prepared }: Served,
  { raw, received, principal }: Asked,
  work: () => Promise<Reply>,
): Promise<Reply> {
  const { route, path } = prepared;
  const key =
    route.method === 'post' && engine.idempotencyKeys
      ? idempotencyKey(raw.request.headers['idempotency-key'])
      : undefined;
  if (key === undefined || !engine.idempotencyKeys) return work();
  const files = received.files?.map(({ part, filename }, index) => [part, filename, received.spooled[index]?.sha256]);
  const begun = await begin<Reply>(
    engine.idempotencyKeys,
    {
      owner: principal.userId === undefined ? `a${countedAddress(raw.request.ip)}` : `u${principal.userId}`,
      key,
      fingerprint: fingerprintOf([
        dialect.name,
        route.method,
        path,
        raw.params,
        raw.query,
        received.bodyType,
        raw.body,
        files,
        principal.authority,
      ]),
      requestId: raw.request.requestId,
    },
    engine.log,
  );
  if ('replay' in begun)
    return { ...begun.replay, headers: { ...begun.replay.headers, 'Idempotency-Replayed': 'true' } };
  const reply = await work();
  await begun.finish(reply.status ?? 200, reply);
  return reply;
}

async function operate(
  { dialect, engine, prepared }: Served,
  route: OperationRoute,
  input: RouteInput,
  context: object,
): Promise<Reply> {
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

function factsOf(request: IncomingMessage, engine: Engine): RequestFacts {
  return {
    method: String(request.method),
    originalUrl: String(request.url),
    headers: request.headers,
    ip: addressBehind(request, engine.trustProxy),
    secure: isSecure(request, engine.trustProxy),
    requestId: engine.requestId(request),
    signedIn: false,
    bodyType: undefined,
  };
}

function queryStringOf({ url = '' }: IncomingMessage): string {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark + 1);
}

const readRaw = express.raw({ type: () => true, limit: bodyLimitBytes });

function readBytes(request: IncomingMessage & { body?: unknown }, response: ServerResponse): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    // It reads plain requests too, whatever its type says.
    readRaw(request as express.Request, response as express.Response, (error?: unknown) => {
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
