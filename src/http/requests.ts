import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { AnswersUnderWay } from '../graph/answer-budget.js';
import type { RequestFacts } from '../graph/context.js';
import { credentialOf } from '../graph/request-credential.js';
import type { RequestNotes } from '../kernel/context.js';
import { hasBody } from '../lib/has-body.js';
import { maskSecrets } from '../lib/mask-secrets.js';
import { requestPath } from '../lib/request-path.js';
import { continueTrace, traceFields } from '../lib/trace-context.js';
import { isTracing, traced } from '../lib/tracing.js';
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

/** Has clients that keep connections open make a new one, which leads elsewhere, once the process is about to stop. */
export const goingAway =
  ({ draining }: { draining: AbortController }) =>
  (_request: IncomingMessage, response: ServerResponse): void => {
    if (draining.signal.aborted) response.shouldKeepAlive = false;
  };

type NotedRequest = IncomingMessage & { notes?: RequestNotes };

/** What is noted of a request on its way. A trace that the client began is continued. */
export const notesOf = (request: NotedRequest): RequestNotes =>
  (request.notes ??= { trace: continueTrace(request.headers['traceparent']) });

/**
 * What every request gets before anybody answers it. What it returns is called when the answer is out, or the client
 * gone.
 */
export type Preparation = (request: IncomingMessage, response: TimedResponse) => (() => void) | void;

/** Prepares each request in this order. */
export const prepared =
  (preparations: readonly Preparation[]): Preparation =>
  (request, response) => {
    const ends: (() => void)[] = [];
    for (const prepare of preparations) {
      const end = prepare(request, response);
      if (end) ends.push(end);
    }
    response.once('close', () => {
      for (const end of ends) end();
    });
  };

/** What is read for the answer counts as under way until the client has it, or is gone. */
export const budgeted =
  (answers: AnswersUnderWay): Preparation =>
  (request) => {
    const budget = answers.open();
    notesOf(request).answer = budget;
    return () => budget.close();
  };

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

/** An answer that knows when it began, and who answers. */
export class TimedResponse extends ServerResponse {
  endpoint?: string;
  begunMs?: number;

  /** Every answer comes by here, also one that does not call it itself. */
  override writeHead(...given: unknown[]): this {
    this.begunMs ??= performance.now();
    return super.writeHead(...(given as Parameters<ServerResponse['writeHead']>));
  }
}

/** Says which route or operation answers, for the log and the metrics. */
export function noteEndpoint(response: ServerResponse & { endpoint?: string }, endpoint: string): void {
  response.endpoint = endpoint;
}

/** What operators ask all the time is not worth a trace. */
const untraced = /^\/(?:health|metrics)\b/;

/** Answers each request as a span, under the endpoint that was noted, when traces are recorded. */
export const tracedRequests =
  (answer: RequestListener<typeof IncomingMessage, typeof ServerResponse>): RequestListener =>
  (request: NotedRequest, response: ServerResponse & { endpoint?: string }) => {
    if (!isTracing() || untraced.test(requestPath(request.url ?? '/'))) return answer(request, response);
    const { method = '' } = request;
    void traced(
      () => ({
        name: method,
        kind: 'server',
        parent: request.headers['traceparent'],
        // Without the path, which may open a door: the route says where it led.
        attributes: {
          'http.request.method': knownMethods.has(method) ? method : '_OTHER',
          'network.protocol.version': request.httpVersion,
        },
      }),
      (work) =>
        new Promise<void>((resolve) => {
          request.notes = { trace: work?.trace };
          response.once('close', () => {
            const { endpoint, statusCode: status } = response;
            const route = endpoint === 'graphql' ? '/graphql' : endpoint;
            if (work) {
              work.name = route === undefined ? method : `${method} ${route}`;
              Object.assign(work.attributes, { 'http.route': route, 'http.response.status_code': status });
              if (status >= 500) work.failure = String(status);
            }
            resolve();
          });
          answer(request, response);
        }),
    );
  };

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** What is recorded of an answer. */
export interface RequestRecord {
  method: string;
  /** The noted one: a route's pattern, `graphql`, or `other`. */
  endpoint: string;
  status: number;
  /** From the first byte that came to the last that went. */
  seconds: number;
  /** From the end of the request to the beginning of the answer: without what the client's line takes. */
  responseMs: number;
  notes: RequestNotes;
}

/** Logs and records every answer, under the endpoint that was noted. */
export const observe =
  (log: Logger, record: (request: RequestRecord) => void): Preparation =>
  (request, response) => {
    const startedMs = performance.now();
    let receivedMs = startedMs;
    if (hasBody(request)) request.once('end', () => (receivedMs = performance.now()));
    const { method = '', url = '/' } = request;
    return () => {
      const endedMs = performance.now();
      const ms = endedMs - startedMs;
      const path = requestPath(url);
      const endpoint = response.endpoint ?? (path === '/health' || path === '/metrics' ? path : 'other');
      const notes = notesOf(request);
      const { operation, userId, trace } = notes;
      const { statusCode: status, begunMs = endedMs } = response;
      // What is left unread ends after the answer.
      const responseMs = begunMs - (receivedMs < begunMs ? receivedMs : startedMs);
      record({ method, endpoint, status, seconds: ms / 1000, responseMs, notes });
      // Without its query and without secrets: search words and tokens do not belong in logs.
      log.info(
        {
          requestId: requestIdOf(request),
          method,
          path: maskSecrets(path),
          status,
          ms: Math.round(ms * 100) / 100,
          finished: response.writableFinished,
          ...(userId !== undefined && { userId }),
          ...(operation !== undefined && { operation }),
          ...traceFields(trace),
        },
        'request',
      );
    };
  };
