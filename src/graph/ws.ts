import type { IncomingMessage } from 'node:http';
import { randomUUID } from 'node:crypto';
import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, GraphQLError, parse, validate, specifiedRules } from 'graphql';
import { CloseCode } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import type { Logger } from 'pino';
import type { WebSocket, WebSocketServer } from 'ws';
import type { PresentedCredential } from '../domain/identity/resolve-viewer.js';
import type { Context } from '../domain/context.js';
import { presentedCredential, type ContextMaker, type RequestFacts } from './context.js';
import { presentable, run } from './executor.js';
import { costProblem, limitRules, maxTokens } from './limits.js';
import type { LiveSchema } from './live-schema.js';
import type { SocketCredentials } from './socket-credentials.js';

interface Extra extends Record<PropertyKey, unknown> {
  socket: WebSocket;
  request: IncomingMessage;
  facts?: RequestFacts;
  closed?: AbortController;
  unwatch?: () => void;
}

const keepAliveMs = 12_000;

/**
 * GraphQL over WebSocket: queries, mutations and subscriptions. The credential comes in `connectionParams`
 * (`authorization` or `apiKey`) or in the headers of the upgrade; without one the socket is closed with 4403.
 */
export function serveWebSocket(wss: WebSocketServer, live: LiveSchema, makeContext: ContextMaker, credentials: SocketCredentials, log: Logger): { dispose: () => Promise<void> } {
  const server = useServer<Record<string, unknown>, Extra>(
    {
      connectionInitWaitTimeout: 10_000,
      onConnect: async ({ connectionParams, extra }) => {
        const params = (connectionParams ?? {}) as { authorization?: unknown; Authorization?: unknown; apiKey?: unknown };
        const authorization = params.authorization ?? params.Authorization;
        const headers = {
          ...extra.request.headers,
          ...(typeof authorization === 'string' && { authorization }),
          ...(typeof params.apiKey === 'string' && { 'x-api-key': params.apiKey }),
        };
        const credential: PresentedCredential | undefined = presentedCredential(headers);
        if (!credential) return false;
        const closed = new AbortController();
        const facts: RequestFacts = {
          credential,
          requestId: randomUUID(),
          ip: extra.request.socket.remoteAddress,
          userAgent: extra.request.headers['user-agent'],
          signal: closed.signal,
        };
        try {
          const { viewer } = await makeContext(facts);
          if (extra.socket.readyState !== extra.socket.OPEN) return false;
          const unwatch = credentials.watch(viewer, () => extra.socket.close(CloseCode.Forbidden, 'Forbidden'));
          Object.assign(extra, { facts, closed, unwatch });
        } catch {
          return false;
        }
        return true;
      },
      onClose: ({ extra }) => {
        extra.closed?.abort();
        extra.unwatch?.();
      },
      onSubscribe: async ({ extra }, _id, payload) => {
        const schema = live.current;
        try {
          const document = parse(payload.query, { maxTokens });
          const problems = validate(schema, document, [...specifiedRules, ...limitRules]);
          if (problems.length) return problems.map((p) => coded(p, 'GRAPHQL_VALIDATION_FAILED'));
          const costly = costProblem(schema, document, payload.variables ?? {}, payload.operationName);
          if (costly) return [costly];
          // Each operation looks at the credential again: a socket may outlive it.
          const contextValue = await makeContext(extra.facts as RequestFacts);
          return { schema, document, operationName: payload.operationName, variableValues: payload.variables, contextValue } as ExecutionArgs;
        } catch (error) {
          if (error instanceof GraphQLError) return [coded(error, 'GRAPHQL_PARSE_FAILED')];
          extra.socket.close(CloseCode.Forbidden, 'Forbidden');
          return [new GraphQLError('The credential has ended', { extensions: { code: 'UNAUTHENTICATED' } })];
        }
      },
      execute: (args) => run({ ...args, variables: args.variableValues as never, context: args.contextValue as Context }),
      subscribe: (args) => subscribeFresh(args as ExecutionArgs, makeContext, log),
    },
    wss,
    keepAliveMs,
  );

  let disposed: Promise<void> | undefined;
  return { dispose: () => (disposed ??= Promise.resolve(server.dispose())) };
}

const coded = (error: GraphQLError, code: string): GraphQLError => {
  error.extensions['code'] ??= code;
  return error;
};

/**
 * graphql-js hands one context to all events of a subscription, so that its loaders would answer from their first batch
 * for ever; here each event is executed with a fresh context and the credential as it is by then.
 */
async function subscribeFresh(args: ExecutionArgs, makeContext: ContextMaker, log: Logger): Promise<AsyncGenerator<ExecutionResult> | ExecutionResult> {
  const base = args.contextValue as Context;
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) {
    return { errors: source.errors?.map((e) => presentable(e, log, base.requestId)) ?? [] };
  }
  const events = source as AsyncIterable<unknown>;
  return (async function* () {
    try {
      for await (const rootValue of events) {
        const { viewer } = await base.refresh();
        const context = makeContext.forViewer(viewer, { credential: undefined, requestId: base.requestId, ip: base.ip, userAgent: base.userAgent });
        yield await run({ ...args, rootValue, variables: args.variableValues as never, context: { ...context, refresh: base.refresh } });
      }
    } catch (error) {
      const cause = error instanceof GraphQLError ? error : new GraphQLError((error as Error).message, { originalError: error as Error });
      yield { errors: [presentable(cause, log, base.requestId)] };
    }
  })();
}
