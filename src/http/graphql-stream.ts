/**
 * GraphQL over server-sent events, `/graphql/stream`: graphql-sse's protocol (PROTOCOL.md of version 2.6) in its
 * « distinct connections mode », for clients that have no websocket: an operation by POST as JSON, or a query or a
 * subscription by GET in the address. At a path of its own, since proxies give streams other timeouts than answers.
 *
 *   id: 42                       the position of the event, of subscriptions only
 *   event: next                  an answer; also one that only says what is wrong with the operation
 *   data: {"data": …}
 *
 *   event: complete              the operation is over: a stream that ends without it is to be asked for again
 *   data:
 *
 * A subscription resumes by its argument `after`, or by the header `Last-Event-ID`, which browsers send by themselves
 * and which counts for more. What a socket says by closing is the last answer here: `UNAUTHENTICATED` for a credential
 * that ends, `too_slow` for a client that took nothing for too long. Before the stream begins a refusal is JSON with
 * its own status: 401, 403, 405, 406, 413, 415, 429.
 *
 * There is no « single connection mode »: its reservations would bind a client to one of several processes.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ExecutionResult, GraphQLError, OperationTypeNode } from 'graphql';
import type { Logger } from 'pino';
import { countErrors } from '../graph/counters.js';
import { presentable, run } from '../graph/executor.js';
import type { LiveSchema } from '../graph/live-schema.js';
import { credentialOf } from '../graph/request-credential.js';
import type { SocketCredentials } from '../graph/socket-credentials.js';
import { streamedOperation } from '../graph/streamed-operation.js';
import type { SubscribedOperation } from '../graph/subscriptions/subscriber.js';
import type { Subscribe } from '../graph/subscriptions/subscriptions.js';
import type { Context, Services } from '../kernel/context.js';
import { isUnauthenticated } from '../lib/errors.js';
import { timedOperation } from '../modules/monitoring/figures/record-request.js';
import { placesOf } from '../quota/places.js';
import { admittedContext, type AdmittingOptions, refuseRequest } from './admitted-request.js';
import { isForeignUpgrade, type Site } from './csrf.js';
import { EventStream, takesStream } from './event-stream.js';
import { noteEndpoint, requestIdOf } from './requests.js';
import { type AskedOperation, readOperation, RefusedRequest } from './stream-operation.js';

export interface GraphqlStreamOptions extends AdmittingOptions {
  live: LiveSchema;
  subscribe: Subscribe;
  credentials: SocketCredentials;
  count: Services['count'];
  log: Logger;
  /** Whose pages may open one. */
  site: Site;
  /** How long one event may wait for a slow client. Default 10 s. */
  stallMs?: number | undefined;
}

export interface GraphqlStream {
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Open streams. */
  count: () => number;
  /** Ends all of them; their clients come back. */
  stop: () => void;
}

export const streamPath = '/graphql/stream';
const keepAliveMs = 12_000;
/** Most streams that one person may have open, in this process. */
const maxStreams = 100;

export function graphqlStream({ stallMs = 10_000, ...options }: GraphqlStreamOptions): GraphqlStream {
  const places = placesOf(maxStreams);
  const open = new Set<EventStream>();
  let isStopping = false;
  const opened = (response: ServerResponse): EventStream => {
    const stream = new EventStream(response, { keepAliveMs, stallMs });
    open.add(stream);
    response.once('close', () => open.delete(stream));
    return stream;
  };
  return {
    handle: async (request, response) => {
      noteEndpoint(response, 'graphql stream');
      const closed = new AbortController();
      response.once('close', () => closed.abort());
      let stream: EventStream | undefined;
      try {
        refuseOthers(request, options.site);
        const context = await admittedContext(request, response, closed.signal, options);
        const asked = await readOperation(request);
        const giveBack = places.take(context.viewer.userId);
        if (!giveBack) throw tooManyStreams();
        if (closed.signal.aborted) return giveBack();
        closed.signal.addEventListener('abort', giveBack, { once: true });
        stream = opened(response);
        if (isStopping) return stream.goAway();
        await serve({ request, stream, context, asked, closed: closed.signal }, options);
      } catch (error) {
        if (stream) failStream(stream, error, { log: options.log, requestId: requestIdOf(request) });
        else refuseRequest(request, response, error, options);
      }
    },
    count: () => open.size,
    stop: () => {
      isStopping = true;
      for (const stream of open) stream.goAway();
    },
  };
}

/** Throws for what no credential makes right. */
function refuseOthers(request: IncomingMessage, site: Site): void {
  if (request.method !== 'GET' && request.method !== 'POST')
    throw new RefusedRequest(405, 'A stream is asked for by GET or POST', badRequest, { Allow: 'GET, POST' });
  if (isForeignUpgrade(request.headers, site))
    throw new RefusedRequest(403, 'Pages of other sites may not open a stream', {
      code: 'FORBIDDEN',
      reason: 'foreign_origin',
    });
  if (!takesStream(request)) throw new RefusedRequest(406, 'The answer is text/event-stream', badRequest);
}

const badRequest = { code: 'BAD_REQUEST' } as const;

const tooManyStreams = (): RefusedRequest =>
  new RefusedRequest(
    429,
    `At most ${maxStreams} streams at once`,
    { code: 'RATE_LIMITED', details: { retryAfterSeconds: 1 } },
    { 'Retry-After': '1' },
  );

interface Served {
  request: IncomingMessage;
  stream: EventStream;
  context: Context;
  asked: AskedOperation;
  /** Aborted when the client has gone. */
  closed: AbortSignal;
}

/** Resolves when the operation is over, or its client has gone. */
async function serve(
  { request, stream, context, asked, closed }: Served,
  { live, admission, subscribe, credentials, count }: GraphqlStreamOptions,
): Promise<void> {
  const answer = (result: ExecutionResult): void => {
    countErrors(count, result.errors);
    stream.next(result);
    stream.complete();
  };
  const found = await streamedOperation(context, asked, { live, admission });
  if ('errors' in found) return answer({ errors: found.errors });
  const { operation, asked: definition } = found;
  if (definition.operation !== OperationTypeNode.SUBSCRIPTION) {
    if (definition.operation === OperationTypeNode.MUTATION && request.method === 'GET')
      return answer({ errors: [new GraphQLError('A change is asked for by POST', { extensions: badRequest })] });
    return answer(await timedOperation(context, () => run({ ...operation, variables: asked.variables, context })));
  }
  const unwatch = await credentials.watch(context, () => stream.endCredential());
  closed.addEventListener('abort', unwatch, { once: true });
  if (closed.aborted || !stream.isOpen()) return unwatch();
  const credential = JSON.stringify(credentialOf(request.headers));
  const subscribed: SubscribedOperation = {
    ...operation,
    transport: stream,
    credential,
    resumeAfter: asked.resumeAfter,
  };
  const subscription = await subscribe(subscribed);
  if (!(Symbol.asyncIterator in subscription)) return answer(subscription);
  const leave = (): void => void subscription.return?.();
  closed.addEventListener('abort', leave, { once: true });
  if (closed.aborted) return leave();
  for await (const failure of subscription) {
    countErrors(count, failure.errors);
    stream.next(failure);
  }
  unwatch();
  stream.complete();
}

/** The last answer of a stream that cannot go on. */
function failStream(stream: EventStream, error: unknown, { log, requestId }: { log: Logger; requestId: string }): void {
  if (isUnauthenticated(error)) return stream.endCredential();
  const cause = new GraphQLError((error as Error).message, { originalError: error as Error });
  stream.endWith(presentable(cause, log, requestId).toJSON());
}
