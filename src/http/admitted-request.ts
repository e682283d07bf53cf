import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import type { GraphAdmission } from '../graph/admission.js';
import { countErrors } from '../graph/counters.js';
import { presentable } from '../graph/executor.js';
import type { Context, Services } from '../kernel/context.js';
import { nobody } from '../kernel/viewer.js';
import { DomainError, unauthenticated } from '../lib/errors.js';
import type { ContextOf } from './request-context.js';
import { requestIdOf } from './requests.js';
import { RefusedRequest } from './stream-operation.js';

export interface AdmittingOptions {
  contextOf: ContextOf;
  /** The client's address, behind trusted proxies as well. */
  addressOf: (request: IncomingMessage) => string | undefined;
  admission: GraphAdmission;
}

/** Charges the request. Throws when its credential does not hold, when it has none, and when the quota refuses. */
export async function admittedContext(
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
  { contextOf, addressOf, admission }: AdmittingOptions,
): Promise<Context> {
  let context: Context | undefined;
  let failure: unknown;
  try {
    context = await contextOf(request, () => false, { signal });
  } catch (error) {
    failure = error;
  }
  // Whoever tries out credentials uses up what the address has.
  const admitted = await admission.admitRequest(context ?? { viewer: nobody, ip: addressOf(request) });
  for (const [name, value] of Object.entries(admitted.headers)) response.setHeader(name, value);
  if ('error' in admitted) throw new RefusedRequest(admitted.status, admitted.error.message, admitted.error.extensions);
  if (!context) throw failure;
  if (context.viewer.userId === undefined) throw unauthenticated();
  return context;
}

/** Answers a request that is not served, as GraphQL says errors. */
export function refuseRequest(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  { log, count }: { log: Logger; count: Services['count'] },
): void {
  if (response.destroyed) return;
  const requestId = requestIdOf(request);
  const known = error instanceof RefusedRequest ? error : refusalOf(error, { log, requestId });
  const { status, message, extensions, headers } = known;
  countErrors(count, [{ extensions }]);
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers });
  response.end(`${JSON.stringify({ errors: [{ message, extensions: { ...extensions, requestId } }] })}\n`);
}

function refusalOf(error: unknown, { log, requestId }: { log: Logger; requestId: string }): RefusedRequest {
  const cause = new GraphQLError((error as Error).message, { originalError: error as Error });
  const { message, extensions } = presentable(cause, log, requestId);
  const statuses: Readonly<Record<string, number>> = { UNAUTHENTICATED: 401, FORBIDDEN: 403 };
  const status = error instanceof DomainError ? (statuses[error.code] ?? 400) : 500;
  return new RefusedRequest(status, message, extensions);
}
