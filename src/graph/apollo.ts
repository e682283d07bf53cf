import type { Server } from 'node:http';
import { ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { GraphQLError, type DocumentNode, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import type { KeyStore } from '../idempotency/once.js';
import type { Context } from '../kernel/context.js';
import { rateLimitHeaders, type Verdict } from '../quota/gate.js';
import type { AcceptedDocuments } from './accepted-documents.js';
import { run } from './executor.js';
import { idempotencyPlugin } from './idempotency.js';
import { costOf, costProblem, introspectionProblem, limitRules, maxCost, maxTokens } from './limits.js';
import type { LiveSchema } from './live-schema.js';
import { type GraphQuota, quotaProblem } from './quota.js';

export interface ApolloOptions {
  httpServer: Server;
  log: Logger;
  idempotencyKeys: KeyStore;
  /** Absent: nothing is counted. */
  quota?: GraphQuota | undefined;
  /** Is told of each operation that a signed-in person may run. */
  accepted: AcceptedDocuments;
}

/** GraphQL over HTTP, on the schema that is live. */
export async function startApollo(
  live: LiveSchema,
  { httpServer, log, idempotencyKeys, quota, accepted }: ApolloOptions,
): Promise<ApolloServer<Context>> {
  const limits: ApolloServerPlugin<Context> = {
    requestDidStart: async () => {
      let cost: number | undefined;
      let verdict: Verdict = {};
      return {
        didResolveOperation: async ({ schema, source, document, request, contextValue }) => {
          const hidden = introspectionProblem(document, contextValue.viewer);
          if (hidden) throw withStatus(hidden, 401);
          try {
            cost = costOf(schema, document, request.variables ?? {}, request.operationName);
          } catch (error) {
            throw error instanceof GraphQLError ? withStatus(error, 400) : error;
          }
          const costly = costProblem(cost);
          if (costly) throw withStatus(costly, 400);
          if (contextValue.viewer.userId !== undefined) accepted.add(schema, source, document);
          verdict = (await quota?.spend(contextValue, cost)) ?? {};
          const refused = quotaProblem(verdict);
          if (refused) throw withStatus(refused, 429, { 'retry-after': String(verdict.retryAfterSeconds) });
        },
        willSendResponse: async ({ request, response }) => {
          for (const [name, value] of Object.entries(rateLimitHeaders(verdict)))
            response.http.headers.set(name.toLowerCase(), value);
          if (
            cost === undefined ||
            response.body.kind !== 'single' ||
            request.http?.headers.get('x-graphql-cost') !== 'include'
          )
            return;
          const { singleResult } = response.body;
          response.body.singleResult = { ...singleResult, extensions: withCost(singleResult.extensions, cost) };
        },
      };
    },
  };
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
    csrfPrevention: true,
    parseOptions: { maxTokens },
    validationRules: limitRules,
    logger: log,
    formatError: (formatted, error) => safe(formatted, error, log),
    plugins: [
      limits,
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

function withStatus(problem: GraphQLError, status: number, headers: Record<string, string> = {}): GraphQLError {
  problem.extensions['http'] = { status, headers: new HeaderMap(Object.entries(headers)) };
  return problem;
}

/** What the executor let through is clean; what Apollo itself raised (a defect in a plugin) is not. */
function safe(formatted: GraphQLFormattedError, error: unknown, log: Logger): GraphQLFormattedError {
  if (formatted.extensions?.['code'] !== 'INTERNAL_SERVER_ERROR' || formatted.extensions['requestId']) return formatted;
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
