import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { presentedCredential, type RequestFacts } from '../graph/context.js';
import { maskSecrets } from '../lib/mask-secrets.js';
import type { Metrics } from '../metrics.js';

/** Gives every request its id. An incoming one is kept when it is plainly an id; what clients write must not reach the logs raw. */
export const identify: RequestHandler = (request, response, next) => {
  const given = request.get('x-request-id');
  const id = given && /^[A-Za-z0-9._-]{1,100}$/.test(given) ? given : `req_${randomUUID().replaceAll('-', '')}`;
  response.locals['requestId'] = id;
  request.headers['x-request-id'] = id;
  response.setHeader('X-Request-Id', id);
  next();
};

/** Of a request that `identify` has seen. */
export const requestIdOf = (request: Request): string => String(request.headers['x-request-id']);

export const factsOf = (request: Request): RequestFacts => ({
  credential: presentedCredential(request.headers),
  requestId: requestIdOf(request),
  ip: request.ip,
  userAgent: request.get('user-agent')?.slice(0, 300),
});

/** Logs and counts every answer. The doors say in `locals.endpoint` which route or operation it was. */
export const observe =
  (log: Logger, record: Metrics['observe']): RequestHandler =>
  (request, response, next) => {
    const started = process.hrtime.bigint();
    response.once('close', () => {
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      const endpoint = (response.locals['endpoint'] as string | undefined) ?? (request.path === '/health' || request.path === '/metrics' ? request.path : 'other');
      record({ method: request.method, endpoint, status: response.statusCode, seconds });
      // Without its query and without secrets: search words and tokens do not belong in logs.
      log.info(
        { requestId: requestIdOf(request), method: request.method, path: maskSecrets(request.path), status: response.statusCode, ms: Math.round(seconds * 1e5) / 100, finished: response.writableFinished },
        'request',
      );
    });
    next();
  };
