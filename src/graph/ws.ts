import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { GraphQLError } from 'graphql';
import { CloseCode, type SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import type { Logger } from 'pino';
import type { WebSocket, WebSocketServer } from 'ws';
import type { Context, Services } from '../kernel/context.js';
import { nobody } from '../kernel/viewer.js';
import { isUnauthenticated } from '../lib/errors.js';
import { FairTurns } from '../lib/fair-turns.js';
import { continueTrace } from '../lib/trace-context.js';
import { timedOperation } from '../modules/monitoring/figures/record-request.js';
import { type Places, placesOf } from '../quota/places.js';
import { type SocketTraffic, tooManyMessages } from '../quota/socket-traffic.js';
import type { GraphAdmission } from './admission.js';
import type { AnswersUnderWay } from './answer-budget.js';
import type { ContextMaker, RequestFacts } from './context.js';
import { countErrors } from './counters.js';
import { run } from './executor.js';
import type { LiveSchema } from './live-schema.js';
import { credentialOf } from './request-credential.js';
import type { SocketCredentials } from './socket-credentials.js';
import { streamedOperation } from './streamed-operation.js';
import type { SubscribedOperation } from './subscriptions/subscriber.js';
import type { Subscribe } from './subscriptions/subscriptions.js';
import { socketTransport, type SubscriptionTransport } from './subscriptions/transport.js';

interface Extra extends Record<PropertyKey, unknown> {
  socket: WebSocket;
  request: IncomingMessage;
  facts?: RequestFacts;
  closed?: AbortController;
  userId?: number | undefined;
  /** Whether an operation has run since it was last looked at. */
  wasUsed?: boolean;
  unwatch?: () => void;
}

export interface WebSocketOptions {
  live: LiveSchema;
  makeContext: ContextMaker;
  credentials: SocketCredentials;
  /** The client's address, behind trusted proxies as well. */
  addressOf: (request: IncomingMessage) => string | undefined;
  admission: GraphAdmission;
  traffic: SocketTraffic;
  answers: AnswersUnderWay;
  count: Services['count'];
  log: Logger;
  subscribe: Subscribe;
  /** How long a socket may be open without an operation. Default 10 minutes. */
  idleMs?: number | undefined;
}

const keepAliveMs = 12_000;
/** Most sockets that one person may have open. */
const maxSockets = 200;

/**
 * GraphQL over WebSocket: queries, mutations and subscriptions. The credential comes in `connectionParams`
 * (`authorization` or `apiKey`) or in the headers of the upgrade. The acknowledgement carries `position`, that of the
 * newest event. The socket is closed with
 *
 *   4401  no credential, or one that nobody has: stock clients do not try again
 *   4403  one that has ended, at once when it does, or rights that have changed: they try again, with fresh parameters
 *   4408  no `connection_init` within 10 s
 *   4429  the person has too many sockets open, or it or they send too many messages, which keeps them out for a while
 *         (`quota/socket-traffic.ts`)
 *   1000  `Idle`: nothing ran over it for ten minutes
 */
export function serveWebSocket(
  wss: WebSocketServer,
  { makeContext, subscribe, idleMs = 600_000, ...options }: WebSocketOptions,
): { dispose: () => Promise<void> } {
  const places = placesOf(maxSockets);
  /** Of what a person asks for at once, one operation after the other is parsed and checked. */
  const turns = new FairTurns({ atOnce: Infinity, eachAtOnce: 1 });
  // Before graphql-ws hears of it, so that what is too much comes to nobody.
  wss.on('connection', (socket: WebSocket) =>
    options.traffic.watch(socket, () => socket.close(tooManyMessages, 'Too many messages')),
  );
  const server = useServer<Record<string, unknown>, Extra>(
    {
      connectionInitWaitTimeout: 10_000,
      // Messages of internal errors are not sent.
      isProd: true,
      onConnect: async ({ connectionParams, extra, subscriptions }) => {
        const acknowledged = await connect(extra, connectionParams ?? {}, { makeContext, places, ...options });
        if (acknowledged) closeIdle(extra, subscriptions, idleMs);
        return acknowledged;
      },
      onClose: ({ extra }) => {
        extra.closed?.abort();
        extra.unwatch?.();
      },
      onSubscribe: async ({ extra, subscriptions }, id, payload) => {
        extra.wasUsed = true;
        const isWanted = (): boolean => extra.socket.readyState === extra.socket.OPEN && id in subscriptions;
        try {
          return await turns.take(extra.userId, async () => {
            // What came with the last message is looked at first, and everybody else's as well.
            await nextTurn();
            return isWanted() ? operationOf(extra, id, payload, { makeContext, ...options }) : [isOver];
          });
        } catch (error) {
          if (isUnauthenticated(error)) {
            extra.socket.close(CloseCode.Forbidden, 'Forbidden');
            return [new GraphQLError('The credential has ended', { extensions: { code: 'UNAUTHENTICATED' } })];
          }
          options.log.error({ err: error }, 'an operation of a socket could not be admitted');
          return [new GraphQLError('Internal server error', { extensions: { code: 'INTERNAL_SERVER_ERROR' } })];
        }
      },
      onError: (_socket, _id, _payload, errors) => countErrors(options.count, errors),
      onNext: (_socket, _id, _payload, _args, { errors }) => countErrors(options.count, errors),
      execute: (args) => {
        const context = args.contextValue as Context;
        const { transport } = args as SubscribedOperation;
        const result = timedOperation(context, () =>
          run({ ...args, variables: args.variableValues as never, context }),
        );
        return result.finally(() => releaseWhenRead(context, transport));
      },
      subscribe: (args) => {
        const operation = args as SubscribedOperation;
        // Its events have budgets of their own.
        return subscribe(operation).finally(() => operation.contextValue.notes.answer?.close());
      },
    },
    wss,
    keepAliveMs,
  );

  let disposed: Promise<void> | undefined;
  return { dispose: () => (disposed ??= Promise.resolve(server.dispose())) };
}

/** Reaches nobody: its client has completed the operation, or is gone. */
const isOver = new GraphQLError('The operation is over');

/** Its client opens another when it has something to ask. */
function closeIdle(extra: Extra, subscriptions: Readonly<Record<string, unknown>>, idleMs: number): void {
  const timer = setInterval(() => {
    const isUsed = extra.wasUsed || Object.keys(subscriptions).length > 0;
    extra.wasUsed = false;
    if (!isUsed) extra.socket.close(1000, 'Idle');
  }, idleMs);
  timer.unref();
  extra.socket.once('close', () => clearInterval(timer));
}

/** How often it is looked whether a client has read an answer. */
const lookMs = 200;

/** The answer, which is sent next, is under way until its client has read it. */
function releaseWhenRead({ notes: { answer } }: Context, transport: SubscriptionTransport): void {
  if (!answer) return;
  const timer = setInterval(() => {
    if (transport.isOpen() && transport.waitingBytes() > 0) return;
    clearInterval(timer);
    answer.close();
  }, lookMs);
  timer.unref();
}

const tooManySockets = 4429;

/**
 * Resolves to what the acknowledgement says; false when the socket is closed. Its credential holds, and is watched from
 * then on.
 */
async function connect(
  extra: Extra,
  params: { authorization?: unknown; Authorization?: unknown; apiKey?: unknown },
  {
    makeContext,
    credentials,
    addressOf,
    admission,
    log,
    traffic,
    places,
  }: Pick<WebSocketOptions, 'makeContext' | 'credentials' | 'addressOf' | 'admission' | 'log' | 'traffic'> & {
    places: Places;
  },
): Promise<{ position: string } | false> {
  const refuse = (code: CloseCode): false => {
    extra.socket.close(code, CloseCode[code]);
    return false;
  };
  const authorization = params.authorization ?? params.Authorization;
  const credential = credentialOf({
    ...extra.request.headers,
    ...(typeof authorization === 'string' && { authorization }),
    ...(typeof params.apiKey === 'string' && { 'x-api-key': params.apiKey }),
  });
  if (!credential) return refuse(CloseCode.Unauthorized);
  const closed = new AbortController();
  const facts: RequestFacts = {
    credential,
    requestId: randomUUID(),
    ip: addressOf(extra.request),
    userAgent: extra.request.headers['user-agent'],
    notes: { trace: continueTrace(extra.request.headers['traceparent']) },
    signal: closed.signal,
  };
  try {
    const context = await makeContext(facts);
    if (extra.socket.readyState !== extra.socket.OPEN) return false;
    const { userId } = context.viewer;
    const secondsOut = await traffic.secondsOut(userId);
    if (secondsOut > 0) {
      extra.socket.close(tooManyMessages, `Too many messages: come back in ${secondsOut} s`);
      return false;
    }
    const giveBack = places.take(userId);
    if (!giveBack) {
      extra.socket.close(tooManySockets, 'Too many sockets');
      return false;
    }
    extra.socket.once('close', giveBack);
    traffic.belongsTo(extra.socket, userId);
    const unwatch = await credentials.watch(context, () => void refuse(CloseCode.Forbidden));
    if (extra.socket.readyState !== extra.socket.OPEN) {
      unwatch();
      return false;
    }
    Object.assign(extra, { facts, closed, unwatch, userId });
    return { position: String(context.services.events.newest()) };
  } catch (error) {
    if (!isUnauthenticated(error)) {
      log.error({ err: error }, 'a socket could not be admitted');
      return refuse(CloseCode.InternalServerError);
    }
    await admission.admitRequest({ viewer: nobody, ip: facts.ip });
    return refuse((await makeContext.hasEnded(credential)) ? CloseCode.Forbidden : CloseCode.Unauthorized);
  }
}

/** The operation that a client asks for, once it is admitted; otherwise what is wrong with it. */
async function operationOf(
  extra: Extra,
  id: string,
  payload: SubscribePayload,
  { live, makeContext, admission, answers }: Pick<WebSocketOptions, 'live' | 'makeContext' | 'admission' | 'answers'>,
): Promise<SubscribedOperation | readonly GraphQLError[]> {
  const facts = extra.facts as RequestFacts;
  // The credential is resolved anew for each operation: a socket may outlive it.
  const contextValue = await makeContext({ ...facts, notes: { trace: facts.notes?.trace, answer: answers.open() } });
  const request = await admission.admitRequest(contextValue);
  if ('error' in request) return [request.error];
  const found = await streamedOperation(contextValue, payload, { live, admission });
  if ('errors' in found) return found.errors;
  return {
    ...found.operation,
    transport: socketTransport(extra.socket, extra.request.socket, id),
    credential: JSON.stringify(facts.credential),
  };
}
