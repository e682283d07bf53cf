import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { KeyStore } from '../../idempotency/once.js';
import type { QuotaGate } from '../../quota/gate.js';
import type { Principal } from '../../quota/principal.js';
import type { ContentStore } from '../../storage/content-store.js';
import type { SpooledFile } from '../../storage/spool.js';
import type { Dialect, Route } from './route.js';

/** One run of a route's operation. */
export interface Execution {
  document: DocumentNode;
  operationName: string;
  variables: Record<string, unknown>;
  context: object;
  /** The printed document: the same for every request of a route. */
  key: string;
}

/** What the REST layer needs of the rest of the server. */
export interface Engine {
  /** The schema in use. Routes are checked against it when the router is built. */
  schema(): GraphQLSchema;
  execute(execution: Execution): Promise<ExecutionResult>;
  /**
   * Makes the graph's context for a request. Throws a DomainError: UNAUTHENTICATED for a presented but wrong credential
   * (which it must not look at when `route.credential` is `none`). Not called for a route without operation and
   * credential, so that `/health` answers when nothing else does.
   */
  context(
    request: IncomingMessage,
    response: ServerResponse,
    matched: { dialect: Dialect; route: Route },
  ): Promise<object>;
  isSignedIn(context: object): boolean;
  /** Throws a DomainError FORBIDDEN unless a role of the signed-in person gives the permission. */
  requirePermission(context: object, permission: `${string}:${string}`): void;
  principal(context: object): Principal;
  /** Absent: nothing is counted, and no answer carries the headers of quotas. */
  quotas?: QuotaGate;
  /** Absent: the header `Idempotency-Key` is ignored. */
  idempotencyKeys?: KeyStore;
  store: ContentStore;
  spoolFolder: string;
  /** Files are refused while less than this is free where they are received. Absent: 0. */
  minFreeBytes?: number;
  /** Makes the value that the scalar `Upload` accepts. */
  makeUpload(filename: string, content: SpooledFile): unknown;
  log: Logger;
  /** Checks every answer against its route's `response` (500 when it differs): for tests and development. */
  validateResponses: boolean;
  /** Set as `X-Request-Id` unless the header is there already. */
  requestId(request: IncomingMessage): string;
  /** How many reverse proxies in front of the server are trusted. */
  trustProxy: number;
  /** The address that browsers see. */
  publicUrl: string;
}
