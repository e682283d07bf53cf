import { STATUS_CODES } from 'node:http';
import express from 'express';
import type { Request, RequestHandler, Response, Router } from 'express';
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { unauthenticated } from '../errors.js';
import type { ContentStore } from '../storage/content-store.js';
import type { SpooledFile } from '../storage/spool.js';
import { sendArchive } from './archive.js';
import { sendFile } from './download.js';
import { collectPairs, parseInput } from './parse-input.js';
import { prepareRoutes, type PreparedRoute } from './prepare.js';
import { causeOf, problemOf, Refusal, refusalOfBody, refusalOfError, refusalOfResult } from './problem.js';
import { receiveBody, type ReceivedBody } from './receive.js';
import { bodyLimitBytes, pairsOf } from './request-body.js';
import type { Dialect, OperationRoute, Problem, RawInput, Reply, RequestFacts, Route, RouteInput } from './route.js';

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
   * it must not look at when `route.credential` is `none`), RATE_LIMITED when the dialect's quota is used up. Not called
   * for a route without operation and credential, so that `/health` answers when nothing else does.
   */
  context(request: Request, response: Response, served: { dialect: Dialect; route: Route }): Promise<object>;
  isSignedIn(context: object): boolean;
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
      return sendProblem(new Refusal('MALFORMED_REQUEST', 'The URL is malformed'), { request, response, dialect, engine });
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
    if (allowed && request.method === 'OPTIONS') return void response.status(204).end();
    const refusal = allowed
      ? new Refusal('METHOD_NOT_ALLOWED', `${request.method} is not allowed here`)
      : new Refusal('NOT_FOUND', 'There is no such path', { reason: 'unknown_path' });
    return sendProblem(refusal, { request, response, dialect, engine });
  };
}

function serve(served: Served): RequestHandler {
  const { dialect, engine, prepared } = served;
  const { route } = prepared;
  const readRaw = express.raw({ type: () => true, limit: bodyLimitBytes });

  return async (request, response) => {
    const facts = factsOf(request, engine);
    const raw: RawInput = { params: request.params, query: {}, body: {}, request: facts };
    let received: ReceivedBody | undefined;
    try {
      const context = await admit(served, request, response, facts);

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
      const input = parseInput({ ...raw, files, issues: [...query.issues, ...issues] }, route, dialect);

      const reply = 'operation' in route ? await operate(served, route, input, context) : await answer(served, input);
      await sendReply(reply, { request, response, route, engine });
    } catch (error) {
      await sendProblem(error, { request, response, dialect, engine, route, raw });
    } finally {
      await discard(received, engine.log);
    }
  };
}

/** The graph's context, once the credential is good enough for the route. */
async function admit({ dialect, engine, prepared }: Served, request: Request, response: Response, facts: RequestFacts): Promise<object> {
  const { route } = prepared;
  if (route.credential === 'none' && !('operation' in route)) return {};
  const context = await engine.context(request, response, { dialect, route });
  facts.signedIn = route.credential !== 'none' && engine.isSignedIn(context);
  if (route.credential === 'required' && !facts.signedIn) throw unauthenticated();
  return context;
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

const hasContent = ({ json, html, text, file, archive }: Reply): boolean => [json, html, text, file, archive].some((part) => part !== undefined);

function checkAnswer(json: unknown, route: Route, { validateResponses }: Engine): void {
  if (validateResponses) route.response?.parse(json);
}

interface Exchange {
  request: Request;
  response: Response;
  engine: Engine;
  route?: Route;
}

async function sendReply(reply: Reply, { request, response, engine, route }: Exchange): Promise<void> {
  for (const [name, value] of Object.entries(deprecationHeaders(route))) response.setHeader(name, value);
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  response.setHeader('X-Request-Id', response.getHeader('X-Request-Id') ?? engine.requestId(request));
  if (reply.file) return sendFile(request, response, reply.file, engine.store);
  if (reply.archive) return sendArchive(request, response, reply.archive, engine.store);

  // Answers are a person's own; some carry tokens.
  if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-store');
  response.status(reply.status ?? (hasContent(reply) ? 200 : 204));
  if (reply.json !== undefined) response.json(reply.json);
  else if (reply.html !== undefined) response.type('html').send(reply.html);
  else if (reply.text === undefined) response.end();
  else if (response.hasHeader('Content-Type')) response.send(reply.text);
  else response.type('text/plain').send(reply.text);
}

/** `Deprecation` by RFC 9745, `Sunset` by RFC 8594. */
function deprecationHeaders(route: Route | undefined): Record<string, string> {
  if (!route?.deprecated) return {};
  const { since, sunset } = route.deprecated;
  return {
    'X-API-Deprecated': 'true',
    Deprecation: `@${Date.parse(`${since}T00:00:00Z`) / 1000}`,
    Sunset: new Date(`${sunset}T00:00:00Z`).toUTCString(),
  };
}

interface FailedExchange extends Exchange {
  dialect: Dialect;
  raw?: RawInput;
}

/** Answers whatever went wrong in the dialect's envelope. Only a defect is logged; its message stays here. */
async function sendProblem(error: unknown, exchange: FailedExchange): Promise<void> {
  const { request, response, dialect, engine, route } = exchange;
  const requestId = engine.requestId(request);
  const refusal = refusalOfError(error, dialect, route && 'operation' in route ? route.fields : {});
  if (!refusal) logDefect(error, exchange);
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }

  const problem = problemOf(refusal ?? new Refusal('INTERNAL_SERVER_ERROR', 'Internal server error'), dialect, requestId);
  try {
    setProblemHeaders(response, problem);
    const reply = (exchange.raw && route?.onProblem?.(problem, exchange.raw)) ?? { json: dialect.toError(problem) };
    await sendReply({ status: problem.status, ...reply }, exchange);
  } catch (defect) {
    logDefect(defect, exchange);
    if (response.headersSent) response.destroy();
    else response.status(500).type('text/plain').send(STATUS_CODES[500]);
  }
}

function setProblemHeaders(response: Response, { status, details }: Problem): void {
  for (const name of ['Content-Length', 'Content-Disposition', 'Content-Type']) response.removeHeader(name);
  if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  if (typeof details?.retryAfterSeconds === 'number') response.setHeader('Retry-After', String(details.retryAfterSeconds));
}

function logDefect(error: unknown, { request, engine, dialect, route }: FailedExchange): void {
  const [only, second] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  const err = only !== undefined && second === undefined ? only : error;
  engine.log.error(
    { err, requestId: engine.requestId(request), dialect: dialect.name, route: route && `${route.method.toUpperCase()} ${route.path}` },
    'A REST request failed',
  );
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
