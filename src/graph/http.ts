import type { Server } from 'node:http';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginInlineTraceDisabled, ApolloServerPluginLandingPageDisabled, ApolloServerPluginSchemaReportingDisabled, ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { GraphQLError, type DocumentNode, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import type { Context } from '../domain/context.js';
import { run } from './executor.js';
import { costProblem, introspectionProblem, limitRules, maxTokens } from './limits.js';
import type { LiveSchema } from './live-schema.js';

/** GraphQL over HTTP, on the schema that is live. */
export async function startApollo(live: LiveSchema, httpServer: Server, log: Logger): Promise<ApolloServer<Context>> {
  const limits: ApolloServerPlugin<Context> = {
    requestDidStart: async () => ({
      didResolveOperation: async ({ schema, document, request, operation, contextValue }) => {
        const hidden = introspectionProblem(document, contextValue.viewer);
        const problem = hidden ?? costProblem(schema, document, request.variables ?? {}, operation?.name?.value);
        if (!problem) return;
        problem.extensions['http'] = { status: hidden ? 401 : 400 };
        throw problem;
      },
    }),
  };
  const apollo = new ApolloServer<Context>({
    gateway: live.gateway(async (request) =>
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

/** What the executor let through is clean; what Apollo itself raised (a defect in a plugin) is not. */
function safe(formatted: GraphQLFormattedError, error: unknown, log: Logger): GraphQLFormattedError {
  if (formatted.extensions?.['code'] !== 'INTERNAL_SERVER_ERROR' || formatted.extensions['requestId']) return formatted;
  const original = error instanceof GraphQLError ? error.originalError : error;
  const code = (original as { extensions?: { code?: unknown } } | undefined)?.extensions?.code;
  if (original instanceof Error && typeof code === 'string') return { message: original.message, extensions: (original as unknown as { extensions: Record<string, unknown> }).extensions };
  log.error({ err: original ?? error }, 'GraphQL request failed');
  return { message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}
