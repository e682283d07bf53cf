import { type ApolloServerPlugin, HeaderMap, type GraphQLRequestContext } from '@apollo/server';
import { type FormattedExecutionResult, GraphQLError } from 'graphql';
import { begin, type Begun, fingerprintOf, idempotencyKey, type KeyStore } from '../idempotency/once.js';
import type { Context } from '../kernel/context.js';
import { DomainError } from '../lib/errors.js';
import { countedAddress } from '../quota/address.js';
import { authorityOf } from './principal.js';

interface StoredAnswer {
  status: number;
  result: FormattedExecutionResult;
}

/** `Idempotency-Key` on mutations over HTTP, by the same keys as the REST dialects. */
export function idempotencyPlugin(store: KeyStore): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => {
      let finish: Extract<Begun<StoredAnswer>, { finish: unknown }>['finish'] | undefined;
      return {
        responseForOperation: async (requestContext) => {
          const { operation, contextValue } = requestContext;
          const header = requestContext.request.http?.headers.get('idempotency-key');
          // There is none under a name that the document does not have; the executor says so.
          if ((operation as typeof operation | undefined)?.operation !== 'mutation' || header === undefined)
            return null;
          try {
            const begun = await begin<StoredAnswer>(store, attemptOf(requestContext, header), contextValue.log);
            if ('replay' in begun)
              return answerOf(begun.replay.status, begun.replay.result, { 'idempotency-replayed': 'true' });
            finish = begun.finish;
            return null;
          } catch (error) {
            if (!(error instanceof DomainError)) throw error;
            return refusalOf(error, contextValue.requestId);
          }
        },
        willSendResponse: async ({ response }) => {
          if (!finish || response.body.kind !== 'single') return;
          const { singleResult } = response.body;
          const status = response.http.status ?? 200;
          await finish(passingStatus(singleResult) ?? status, { status, result: singleResult });
        },
      };
    },
  };
}

function attemptOf(
  { request, contextValue: { viewer, ip, requestId } }: GraphQLRequestContext<Context>,
  header: string,
) {
  return {
    owner: viewer.userId === undefined ? `a${countedAddress(ip)}` : `u${viewer.userId}`,
    key: idempotencyKey(header) as string,
    fingerprint: fingerprintOf([
      'graphql',
      request.query,
      request.operationName,
      // As JSON an uploaded file is its content.
      JSON.parse(JSON.stringify(request.variables ?? null)),
      authorityOf(viewer),
    ]),
    requestId,
  };
}

/**
 * GraphQL answers with 200 what REST would answer with 500 or 401. One of several fields may have made its change all
 * the same, so each of them counts as a failure after which the log of events decides.
 */
function passingStatus({ errors = [] }: FormattedExecutionResult): number | undefined {
  return errors.some(({ extensions }) =>
    ['INTERNAL_SERVER_ERROR', 'UNAUTHENTICATED', 'RATE_LIMITED'].includes(String(extensions?.['code'])),
  )
    ? 500
    : undefined;
}

function refusalOf(error: DomainError, requestId: string) {
  const extensions = { ...error.extensions, requestId };
  const retryAfterSeconds = error.options.details?.['retryAfterSeconds'];
  const headers: Record<string, string> =
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return answerOf(
    error.code === 'CONFLICT' ? 409 : 400,
    { errors: [new GraphQLError(error.message, { extensions }).toJSON()] },
    headers,
  );
}

const answerOf = (status: number, singleResult: FormattedExecutionResult, headers: Record<string, string>) => ({
  http: { status, headers: new HeaderMap(Object.entries(headers)) },
  body: { kind: 'single' as const, singleResult },
});
