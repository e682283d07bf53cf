import type { IncomingMessage, ServerResponse } from 'node:http';
import { addressBehind, isSecure } from '../../quota/address.js';
import type { Engine } from './engine.js';
import type { PreparedRoute } from './prepare.js';
import type { Dialect, RawInput, RequestFacts, Route } from './route.js';

/** One request of a dialect, its response, and what is known of it so far. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  engine: Engine;
  dialect: Dialect;
  /** Absent when no route has the path and method. */
  route?: Route;
  /** Filled as the request is read. */
  raw?: RawInput;
}

/** An exchange that a route serves. */
export interface RouteExchange extends Exchange {
  prepared: PreparedRoute;
  route: Route;
  raw: RawInput;
}

/** What can be said of a request before its credential and body are looked at. */
export function factsOf(request: IncomingMessage, engine: Engine): RequestFacts {
  return {
    method: String(request.method),
    originalUrl: String(request.url),
    headers: request.headers,
    ip: addressBehind(request, engine.trustProxy),
    secure: isSecure(request, engine),
    requestId: engine.requestId(request),
    signedIn: false,
    userId: undefined,
    bodyType: undefined,
  };
}
