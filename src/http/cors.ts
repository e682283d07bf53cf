import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CorsOrigins } from '../config/config.js';

/** Whose pages may use the server from a browser, beside its own (`CORS_ORIGINS`). */
export interface Cors {
  /** Whether the origin is listed by name: its pages may act under cookies. Never by `*`. */
  trusts: (origin: string) => boolean;
  /** Whether the origin's pages may call, with or without cookies. */
  admits: (origin: string) => boolean;
  /**
   * Sets the headers that let the origin's page read the answer. A preflight, whatever its path, is answered by 204;
   * returns whether it was one. One of an origin that isn't listed is left to whoever serves the path.
   */
  answer: (request: IncomingMessage, response: ServerResponse) => boolean;
}

const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

const requestHeaders = [
  'Authorization',
  'Content-Type',
  'X-API-Key',
  'X-CSRFToken',
  'X-Requested-With',
  'Idempotency-Key',
  'X-Request-Id',
  'Apollo-Require-Preflight',
  'X-Apollo-Operation-Name',
  'GraphQL-Require-Preflight',
  'X-GraphQL-Cost',
  'X-GraphQL-SQL',
  'Range',
  'If-Range',
  'If-None-Match',
  'If-Modified-Since',
  'Cache-Control',
  'Mcp-Protocol-Version',
].join(', ');

const exposedHeaders = [
  'Content-Disposition',
  'X-Request-Id',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'Retry-After',
  'Location',
  'Idempotency-Replayed',
  'X-2FA-Required',
  'X-Total-Estimated',
  'Warning',
  'Deprecation',
  'Sunset',
  'X-API-Deprecated',
  'ETag',
  'Content-Range',
  'Accept-Ranges',
  'WWW-Authenticate',
].join(', ');

/** As long as browsers keep a preflight's answer at most. */
const preflightSeconds = 7200;

export function corsOf(origins: CorsOrigins): Cors {
  const trusts = (origin: string): boolean => origins !== '*' && origins.includes(origin);
  const admits = (origin: string): boolean => origins === '*' || trusts(origin);
  return {
    trusts,
    admits,
    answer: (request, response) => {
      // The answer to one origin must not be served to another by a cache in between.
      if (origins !== '*' && origins.length > 0) response.setHeader('Vary', 'Origin');
      // Browsers send no `Origin` for an <img>: what these pages show must not be kept from them.
      if (origins.length > 0) response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
      const { origin } = request.headers;
      if (origin === undefined || !admits(origin)) return false;
      response.setHeader('Access-Control-Allow-Origin', origins === '*' ? '*' : origin);
      if (origins !== '*') response.setHeader('Access-Control-Allow-Credentials', 'true');
      if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
        response.setHeader('Access-Control-Expose-Headers', exposedHeaders);
        return false;
      }
      response.setHeader('Access-Control-Allow-Methods', methods);
      response.setHeader('Access-Control-Allow-Headers', requestHeaders);
      response.setHeader('Access-Control-Max-Age', preflightSeconds);
      response.writeHead(204).end();
      return true;
    },
  };
}
