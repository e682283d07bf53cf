import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { getOperationAST, GraphQLError, parse, validate } from 'graphql';
import { CloseCode, type SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import type { Logger } from 'pino';
import type { WebSocket, WebSocketServer } from 'ws';
import type { Context, Services } from '../kernel/context.js';
import { nobody } from '../kernel/viewer.js';
import { isUnauthenticated } from '../lib/errors.js';
import { deepestJson, isDeeperThan } from '../lib/json-depth.js';
import { continueTrace } from '../lib/trace-context.js';
import { type Places, placesOf } from '../quota/places.js';
import { type GraphAdmission, ValidOperation } from './admission.js';
import type { ContextMaker, RequestFacts } from './context.js';
import { countErrors, countOperation, shownName } from './counters.js';
import { run } from './executor.js';
import { assertFewTokens, maxTokens } from './limits.js';
import type { LiveSchema } from './live-schema.js';
import type { EntityShapes } from './reader/metadata.js';
import { credentialOf } from './request-credential.js';
import type { SocketCredentials } from './socket-credentials.js';
import type { SocketOperation } from './subscriptions/subscriber.js';
import { subscriptions } from './subscriptions/subscriptions.js';

interface Extra extends Record<PropertyKey, unknown> {
  socket: WebSocket;
  request: IncomingMessage;
  facts?: RequestFacts;
  closed?: AbortController;
  unwatch?: () => void;
}

export interface WebSocketOptions {
  live: LiveSchema;
  shapes: EntityShapes;
  makeContext: ContextMaker;
  credentials: SocketCredentials;
  /** The client's address, behind trusted proxies as well. */
  addressOf: (request: IncomingMessage) => string | undefined;
  admission: GraphAdmission;
  count: Services['count'];
  log: Logger;
  /** How long one event may wait for a slow client. Default 10 s. */
  stallMs?: number | undefined;
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
 *   4429  the person has too many sockets open
 */
export function serveWebSocket(
  wss: WebSocketServer,
  { shapes, makeContext, stallMs, ...options }: WebSocketOptions,
): { dispose: () => Promise<void> } {
  const places = placesOf(maxSockets);
  const { subscribe } = subscriptions({ shapes, makeContext, stallMs });
  const server = useServer<Record<string, unknown>, Extra>(
    {
      connectionInitWaitTimeout: 10_000,
      // Messages of internal errors are not sent.
      isProd: true,
      onConnect: ({ connectionParams, extra }) =>
        connect(extra, connectionParams ?? {}, { makeContext, places, ...options }),
      onClose: ({ extra }) => {
        extra.closed?.abort();
        extra.unwatch?.();
      },
      onSubscribe: async ({ extra }, id, payload) => {
        try {
          return await operationOf(extra, id, payload, { makeContext, ...options });
        } catch (error) {
          if (error instanceof GraphQLError) return [withCode(error, 'GRAPHQL_PARSE_FAILED')];
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
      execute: (args) =>
        run({ ...args, variables: args.variableValues as never, context: args.contextValue as Context }),
      subscribe: (operation) => subscribe(operation as SocketOperation),
    },
    wss,
    keepAliveMs,
  );

  let disposed: Promise<void> | undefined;
  return { dispose: () => (disposed ??= Promise.resolve(server.dispose())) };
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
    places,
  }: Pick<WebSocketOptions, 'makeContext' | 'credentials' | 'addressOf' | 'admission' | 'log'> & { places: Places },
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
    const giveBack = places.take(context.viewer.userId);
    if (!giveBack) {
      extra.socket.close(tooManySockets, 'Too many sockets');
      return false;
    }
    extra.socket.once('close', giveBack);
    const unwatch = await credentials.watch(context, () => void refuse(CloseCode.Forbidden));
    if (extra.socket.readyState !== extra.socket.OPEN) {
      unwatch();
      return false;
    }
    Object.assign(extra, { facts, closed, unwatch });
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
  { query, operationName, variables: variableValues }: SubscribePayload,
  { live, makeContext, admission }: Pick<WebSocketOptions, 'live' | 'makeContext' | 'admission'>,
): Promise<SocketOperation | readonly GraphQLError[]> {
  const schema = live.current;
  const facts = extra.facts as RequestFacts;
  // The credential is resolved anew for each operation: a socket may outlive it.
  const contextValue = await makeContext({ ...facts, notes: { trace: facts.notes?.trace } });
  const request = await admission.admitRequest(contextValue);
  if ('error' in request) return [request.error];
  assertShallow(variableValues);
  assertFewTokens(query);
  const document = parse(query, { maxTokens });
  const problems = validate(schema, document);
  if (problems.length) return problems.map((problem) => withCode(problem, 'GRAPHQL_VALIDATION_FAILED'));
  const asked = getOperationAST(document, operationName);
  if (!asked) return [withCode(new GraphQLError('There is no such operation'), 'OPERATION_RESOLUTION_FAILURE')];
  const operation = new ValidOperation(schema, document, variableValues ?? {}, operationName);
  const admitted = await admission.admitOperation(contextValue, operation);
  if ('error' in admitted) return [admitted.error];
  contextValue.notes.operation = shownName(asked.name?.value);
  countOperation(contextValue, asked);
  return {
    schema,
    document,
    operationName,
    variableValues,
    contextValue,
    query,
    id,
    socket: extra.socket,
    wire: extra.request.socket,
    credential: JSON.stringify(facts.credential),
  };
}

/** As of a body over HTTP. Throws BAD_USER_INPUT: whatever recurses over them later must not run out of stack. */
function assertShallow(variables: unknown): void {
  if (isDeeperThan(variables, deepestJson - 1))
    throw withCode(new GraphQLError(`Variables nest at most ${deepestJson - 1} levels`), 'BAD_USER_INPUT');
}

const withCode = (error: GraphQLError, code: string): GraphQLError => {
  error.extensions['code'] ??= code;
  return error;
};
