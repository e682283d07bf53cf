/**
 * Finds who serves a request: the dialect by its prefix, then the route by method and path. A request that matches no
 * route is answered here, with the dialect's 404 or 405.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import findMyWay from 'find-my-way';
import { requestPath } from '../../lib/request-path.js';
import { anonymous } from '../../quota/principal.js';
import { countAgainstQuotas } from './admission.js';
import type { Engine } from './engine.js';
import type { Exchange } from './exchange.js';
import { checkRoutes, prepareRoutes } from './prepare.js';
import { Refusal } from './problem.js';
import { problemReply, send } from './reply.js';
import type { Dialect } from './route.js';
import { type RouteHandler, routeHandler } from './serve.js';

/** Rejects only when an answer can't be sent. */
export type RestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A dialect whose routes were prepared. */
export interface DialectFinder {
  dialect: Dialect;
  engine: Engine;
  find: (method: string, path: string) => Found | undefined;
}

/**
 * Prepares the routes of a dialect. Throws when one can't be served by the schema; what `isProven` was checked before,
 * which takes longer than all the rest.
 */
export function dialectFinder(dialect: Dialect, engine: Engine, { isProven = false } = {}): DialectFinder {
  if (!isProven) checkRoutes(dialect, engine.schema());
  return { dialect, engine, find: routeFinder(dialect, engine) };
}

/** Serves the dialects, as `routerOf` does. Throws when a route can't be served by the schema. */
export const restRouter = (dialects: readonly Dialect[], engine: Engine): RestHandler =>
  routerOf(dialects.map((dialect) => dialectFinder(dialect, engine)));

/**
 * Serves the dialects; built anew as a whole when one comes or goes. A request belongs to the dialect with the longest
 * prefix: what is no route there is answered with that dialect's 404 or 405.
 */
export function routerOf(dialects: readonly DialectFinder[]): RestHandler {
  const longestPrefixFirst = dialects.toSorted((one, other) => other.dialect.prefix.length - one.dialect.prefix.length);
  return async (request, response) => {
    const target = request.url ?? '/';
    const path = requestPath(target);
    const matched = longestPrefixFirst.find(({ dialect: { prefix } }) => isBelow(prefix, path));
    if (!matched) return void response.writeHead(404).end();
    const { dialect, engine, find } = matched;
    const exchange: Exchange = { request, response, dialect, engine };
    if (isMalformed(target)) return refuse(new Refusal('MALFORMED_REQUEST', 'The URL is malformed'), exchange);
    const { method = '' } = request;
    const found = find(method === 'HEAD' ? 'GET' : method, path);
    if (found) return found.handle(request, response, found.params);
    return answerUnrouted(
      allowedMethods((each) => find(each, path)?.rank),
      exchange,
    );
  };
}

const isBelow = (prefix: string, path: string): boolean =>
  prefix === '' || path === prefix || path.startsWith(`${prefix}/`);

function isMalformed(target: string): boolean {
  if (!target.includes('%')) return false;
  try {
    decodeURIComponent(target);
    return false;
  } catch {
    return true;
  }
}

type PathParams = Record<string, string | undefined>;

interface Found {
  handle: RouteHandler;
  params: PathParams;
  /** Place among the dialect's routes, the most specific path first. */
  rank: number;
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Looks up the route of a method and path, with or without a slash at its end. */
function routeFinder(dialect: Dialect, engine: Engine): (method: string, path: string) => Found | undefined {
  // The length of a path is bounded by that of the request's head; the query string is parsed by the route's shape.
  const router = findMyWay({
    caseSensitive: true,
    ignoreTrailingSlash: true,
    maxParamLength: Number.MAX_SAFE_INTEGER,
    querystringParser: () => ({}),
  });
  for (const [rank, prepared] of prepareRoutes(dialect).entries()) {
    const method = prepared.route.method.toUpperCase() as (typeof methods)[number];
    router.on(method, prepared.path, () => undefined, { rank, handle: routeHandler({ dialect, engine, prepared }) });
  }
  return (method, path) => {
    // Fixed segments are compared as they were sent; only parameters are decoded.
    const isEncoded = path.includes('%');
    const found = router.find(method as (typeof methods)[number], isEncoded ? path.replaceAll('%', '%25') : path);
    // An empty segment is no parameter.
    if (!found || Object.values(found.params).includes('')) return undefined;
    return {
      ...(found.store as Pick<Found, 'handle' | 'rank'>),
      params: isEncoded ? decoded(found.params) : found.params,
    };
  };
}

const decoded = (params: PathParams): PathParams =>
  Object.fromEntries(Object.entries(params).map(([name, value = '']) => [name, decodeURIComponent(value)]));

/** For the header `Allow`; empty when no route has the path. */
function allowedMethods(rankOf: (method: string) => number | undefined): string[] {
  return methods
    .map((method) => ({ method, rank: rankOf(method) }))
    .filter(({ rank }) => rank !== undefined)
    .toSorted((one, other) => Number(one.rank) - Number(other.rank))
    .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}

/** Answers a request without a route: 204 to OPTIONS on a known path, 405 to other methods there, 404 elsewhere. */
function answerUnrouted(allowed: readonly string[], exchange: Exchange): Promise<void> {
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

/** Sends the refusal, or an empty answer without one. Counts against the address's quotas like any request. */
async function refuse(refusal: Refusal | undefined, exchange: Exchange): Promise<void> {
  try {
    await countAgainstQuotas(exchange, anonymous);
    if (refusal) throw refusal;
    await send({ status: 204 }, exchange);
  } catch (error) {
    await send(problemReply(error, exchange), exchange);
  }
}
