import type { Server } from 'node:http';
import { ApolloServer, type ApolloServerPlugin, type GraphQLRequestContext } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { GraphQLError, type DocumentNode, type GraphQLFormattedError, OperationTypeNode } from 'graphql';
import type { Logger } from 'pino';
import type { KeyStore } from '../idempotency/once.js';
import type { Context, Services } from '../kernel/context.js';
import type { ErrorReason } from '../lib/error-catalog.js';
import { shortMessage } from '../lib/errors.js';
import type { AcceptedDocuments } from './accepted-documents.js';
import { type GraphAdmission, ValidOperation } from './admission.js';
import { resultText } from './answer-budget.js';
import { countErrors, countOperation, shownName } from './counters.js';
import { run } from './executor.js';
import { idempotencyPlugin } from './idempotency.js';
import { maxCost, maxTokens } from './limits.js';
import type { LiveSchema } from './live-schema.js';
import { shownStatements } from './shown-statements.js';

export interface ApolloOptions {
  httpServer: Server;
  /** Where subscriptions run. */
  socketUrl: string;
  /** The same as server-sent events. */
  streamUrl: string;
  log: Logger;
  count: Services['count'];
  idempotencyKeys: KeyStore;
  admission: GraphAdmission;
  /** Takes each document of which a signed-in person has run an operation. */
  accepted: AcceptedDocuments;
}

/**
 * A browser sends none of these to another site without asking first, so that a request with one of them is no forged
 * one, whatever its method and content type. The credentials among them do not come by themselves as a cookie does.
 */
const preflightedHeaders = [
  'authorization',
  'x-api-key',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'graphql-require-preflight',
];

/** GraphQL over HTTP, on the schema that is live. */
export async function startApollo(
  live: LiveSchema,
  { httpServer, socketUrl, streamUrl, log, count, idempotencyKeys, admission, accepted }: ApolloOptions,
): Promise<ApolloServer<Context>> {
  const apollo = new ApolloServer<Context>({
    gateway: live.gateway(
      async (request) =>
        run({
          schema: request.schema,
          document: request.document as DocumentNode,
          operationName: request.request.operationName,
          variables: request.request.variables,
          context: request.context as Context,
        }) as never,
    ),
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    csrfPrevention: { requestHeaders: [...preflightedHeaders] },
    parseOptions: { maxTokens },
    stringifyResult: resultText,
    logger: log,
    formatError: (formatted, error) => {
      const shown = safe(formatted, error, log);
      countErrors(count, [shown]);
      return shown;
    },
    plugins: [
      subscriptionPlugin(socketUrl, streamUrl),
      admissionPlugin(admission, accepted),
      idempotencyPlugin(idempotencyKeys),
      ApolloServerPluginDrainHttpServer({ httpServer }),
      // Each of these costs throughput and none is used; the landing page would load from a foreign host.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await apollo.start();
  return apollo;
}

/** Refuses subscriptions, and says where they run. */
function subscriptionPlugin(socketUrl: string, streamUrl: string): ApolloServerPlugin<Context> {
  const refusal = (requestId: string): GraphQLError =>
    new GraphQLError(
      `Subscriptions run over a WebSocket (protocol graphql-transport-ws) at ${socketUrl}, or as server-sent events ` +
        `at ${streamUrl}`,
      {
        extensions: {
          code: 'BAD_USER_INPUT',
          reason: 'subscription_over_http' satisfies ErrorReason,
          details: { url: socketUrl, streamUrl },
          requestId,
        },
      },
    );
  const isSubscription = ({ operation }: GraphQLRequestContext<Context>): boolean =>
    operation?.operation === OperationTypeNode.SUBSCRIPTION;
  return {
    requestDidStart: async () => ({
      didResolveOperation: async (requestContext) => {
        if (isSubscription(requestContext)) throw withStatus(refusal(requestContext.contextValue.requestId), 400);
      },
      // To a GET Apollo says by itself that it must be a query, which would be no use here.
      willSendResponse: async (requestContext) => {
        const { request, response, contextValue } = requestContext;
        if (request.http?.method !== 'GET' || !isSubscription(requestContext)) return;
        response.http.status = 400;
        response.http.headers.delete('allow');
        response.body = { kind: 'single', singleResult: { errors: [refusal(contextValue.requestId).toJSON()] } };
      },
    }),
  };
}

/** Admits each operation, adds its document to those accepted, and adds its cost to the answer when asked to. */
function admissionPlugin(admission: GraphAdmission, accepted: AcceptedDocuments): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => {
      let operation: ValidOperation | undefined;
      let headers: Record<string, string> = {};
      return {
        didResolveOperation: async ({ schema, source, document, request, contextValue, operation: asked }) => {
          contextValue.notes.operation = shownName(asked?.name?.value);
          operation = new ValidOperation(schema, document, request.variables ?? {}, request.operationName);
          const admitted = await admission.admitOperation(contextValue, operation);
          ({ headers } = admitted);
          if ('error' in admitted) throw withStatus(admitted.error, admitted.status);
          if (asked) countOperation(contextValue, asked);
          // What nobody signed in for is not kept: it would push out what people use.
          if (contextValue.viewer.userId !== undefined) accepted.add(schema, source, document);
        },
        willSendResponse: async ({ request, response }) => {
          for (const [name, value] of Object.entries(headers)) response.http.headers.set(name.toLowerCase(), value);
          const cost = operation?.knownCost;
          const isAsked = request.http?.headers.get('x-graphql-cost') === 'include';
          if (cost === undefined || response.body.kind !== 'single') return;
          const { singleResult } = response.body;
          let extensions = isAsked ? withCost(singleResult.extensions, cost) : singleResult.extensions;
          const sql = shownStatements();
          if (sql) extensions = { ...extensions, sql };
          if (extensions) response.body.singleResult = { ...singleResult, extensions };
        },
      };
    },
  };
}

/** What `X-GraphQL-Cost: include` asks for. */
export const withCost = (extensions: Record<string, unknown> | undefined, points: number): Record<string, unknown> => ({
  ...extensions,
  cost: { points, maxPoints: maxCost },
});

/** Errors as Apollo writes them. */
export const formatted = (errors: readonly GraphQLError[], log: Logger): GraphQLFormattedError[] =>
  errors.map((error) => {
    const { http: _, ...extensions } = error.extensions;
    return safe(
      { ...error.toJSON(), extensions: { ...extensions, code: extensions['code'] ?? 'INTERNAL_SERVER_ERROR' } },
      error,
      log,
    );
  });

function withStatus(error: GraphQLError, status: number): GraphQLError {
  error.extensions['http'] = { status };
  return error;
}

function isClientsMistake({ extensions }: GraphQLError): boolean {
  const { status = 500 } = (extensions['http'] ?? {}) as { status?: number };
  return status >= 400 && status < 500;
}

/** Places in the document that an error tells. */
const mostLocations = 20;

/** In proportion to the request, parts of which it repeats. */
function safe(formatted: GraphQLFormattedError, error: unknown, log: Logger): GraphQLFormattedError {
  const { message, locations, ...rest } = presented(formatted, error, log);
  return {
    message: shortMessage(message),
    ...(locations && { locations: locations.slice(0, mostLocations) }),
    ...rest,
  };
}

/** Errors of the executor are presentable already; what Apollo itself raised (a defect in a plugin) is not. */
function presented(formatted: GraphQLFormattedError, error: unknown, log: Logger): GraphQLFormattedError {
  if (formatted.extensions?.['code'] !== 'INTERNAL_SERVER_ERROR' || formatted.extensions['requestId']) return formatted;
  // What Apollo refuses without a code of its own, such as the wrong hash of a persisted query.
  if (error instanceof GraphQLError && !error.originalError && isClientsMistake(error))
    return { message: error.message, extensions: { code: 'BAD_REQUEST' } };
  const original = error instanceof GraphQLError ? error.originalError : error;
  const code = (original as { extensions?: { code?: unknown } } | undefined)?.extensions?.code;
  if (original instanceof Error && typeof code === 'string')
    return {
      message: original.message,
      extensions: (original as unknown as { extensions: Record<string, unknown> }).extensions,
    };
  log.error({ err: original ?? error }, 'GraphQL request failed');
  return { message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}
