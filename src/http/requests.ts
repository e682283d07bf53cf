import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { RequestFacts } from '../graph/context.js';
import { credentialOf } from '../graph/request-credential.js';
import type { RequestNotes } from '../kernel/context.js';
import { maskSecrets } from '../lib/mask-secrets.js';
import { requestPath } from '../lib/request-path.js';
import { continueTrace, traceFields } from '../lib/trace-context.js';
import type { Metrics } from '../metrics/metrics.js';
import { addressBehind } from '../quota/address.js';

/**
 * Gives every request its id. An incoming one is kept when it is plainly an id; what clients write must not reach the
 * logs raw.
 */
export function identify(request: IncomingMessage, response: ServerResponse): void {
  const given = request.headers['x-request-id'];
  const id =
    typeof given === 'string' && /^[A-Za-z0-9._-]{1,100}$/.test(given)
      ? given
      : `req_${randomUUID().replaceAll('-', '')}`;
  request.headers['x-request-id'] = id;
  response.setHeader('X-Request-Id', id);
}

type NotedRequest = IncomingMessage & { notes?: RequestNotes };

/** What is noted of a request on its way. A trace that the client began is continued. */
export const notesOf = (request: NotedRequest): RequestNotes =>
  (request.notes ??= { trace: continueTrace(request.headers['traceparent']) });

/** Of a request that `identify` has seen. */
export const requestIdOf = (request: IncomingMessage): string => String(request.headers['x-request-id']);

/** `trustProxy`: how many reverse proxies in front are believed. */
export const factsOf = (request: IncomingMessage, trustProxy: number): RequestFacts => ({
  credential: credentialOf(request.headers),
  requestId: requestIdOf(request),
  ip: addressBehind(request, trustProxy),
  userAgent: request.headers['user-agent']?.slice(0, 300),
  notes: notesOf(request),
});

type Observed = ServerResponse & { endpoint?: string };

/** Says which route or operation answers, for the log and the metrics. */
export function noteEndpoint(response: Observed, endpoint: string): void {
  response.endpoint = endpoint;
}

/** Logs and counts every answer, under the endpoint that was noted. */
export const observe =
  (log: Logger, record: Metrics['observe']) =>
  (request: IncomingMessage, response: Observed): void => {
    const startedMs = performance.now();
    const { method = '', url = '/' } = request;
    response.once('close', () => {
      const ms = performance.now() - startedMs;
      const path = requestPath(url);
      const endpoint = response.endpoint ?? (path === '/health' || path === '/metrics' ? path : 'other');
      record({ method, endpoint, status: response.statusCode, seconds: ms / 1000 });
      const { operation, userId, trace } = notesOf(request);
      // Without its query and without secrets: search words and tokens do not belong in logs.
      log.info(
        {
          requestId: requestIdOf(request),
          method,
          path: maskSecrets(path),
          status: response.statusCode,
          ms: Math.round(ms * 100) / 100,
          finished: response.writableFinished,
          ...(userId !== undefined && { userId }),
          ...(operation !== undefined && { operation }),
          ...traceFields(trace),
        },
        'request',
      );
    });
  };
