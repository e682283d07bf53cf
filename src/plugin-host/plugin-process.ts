import type { Logger } from 'pino';
import type { Contribution } from './contribution.js';
import type { Manifest } from './manifest.js';

/** What the server asks a plugin's process to do. All values are JSON. */
export type PluginCall =
  /** One field for several parents at once; resolves with one result for each, in their order. */
  | {
      kind: 'resolve';
      type: string;
      field: string;
      /** Of the core: `{ id }`; of the plugin's own: what it resolved before; of a root: one null. */
      parents: readonly unknown[];
      args: Readonly<Record<string, unknown>>;
      viewer: PluginViewer;
    }
  /** Resolves with the payload of an event for a field of Subscription. */
  | {
      kind: 'deliver';
      field: string;
      event: PluginEvent;
      args: Readonly<Record<string, unknown>>;
      viewer: PluginViewer;
    }
  /** Resolves with `{ status?, headers?, json }`. */
  | { kind: 'route'; index: number; request: PluginRequest; viewer: PluginViewer }
  /** Resolves with the variables of the operation of a route of the dialect. */
  | { kind: 'variables'; index: number; request: PluginRequest; viewer: PluginViewer }
  /** Resolves with the JSON of the answer. */
  | { kind: 'response'; index: number; request: PluginRequest; data: unknown; viewer: PluginViewer }
  /** Runs an action of a task. */
  | { kind: 'action'; name: string; params: Readonly<Record<string, unknown>>; run: string }
  /** Events for its handlers, in order, at least once each. */
  | { kind: 'handle'; events: readonly PluginEvent[] };

/** Whom the call is for: no more of them than this. */
export interface PluginViewer {
  /** null: nobody signed in, or the server itself. */
  id: number | null;
  permissions: readonly string[];
}

export interface PluginRequest {
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, unknown>>;
  body: unknown;
}

export interface PluginEvent {
  position: string;
  type: string;
  subjectType: string;
  subjectId: string;
  actorId: number | null;
  occurredAt: string;
  data: unknown;
}

interface GraphProblem {
  message: string;
  path?: readonly (string | number)[];
  code?: string;
}

/**
 * What a plugin's process may ask of the server while it is at a call; `scope` is that call's, and holds whose rights
 * count. Each method is called only when the plugin has the capability. All of them reject with an Error whose message
 * the plugin may see.
 */
export interface HostServices<Scope> {
  /** `graph:read` for queries, `graph:write` for mutations. */
  graph: (
    scope: Scope,
    operation: { query: string; variables: Readonly<Record<string, unknown>> },
  ) => Promise<{
    data?: unknown;
    errors?: readonly GraphProblem[];
  }>;
  /** `storage` */
  storage: (scope: Scope, operation: StorageOperation) => Promise<unknown>;
  /** `events:write`. `type` is one of `Contribution.events`. */
  emit: (
    scope: Scope,
    event: { type: string; subjectType: string; subjectId: string; data: Readonly<Record<string, unknown>> },
  ) => Promise<void>;
  /** Already allowed by `http:<host>`; resolves no address of this machine or its networks. */
  http: (scope: Scope, request: HttpRequest) => Promise<HttpResponse>;
  /** The settings of the plugin, secrets included. */
  settings: () => Promise<Readonly<Record<string, unknown>>>;
}

/**
 * By column: the value itself, or an object of comparisons (`in`, `gt`, `gte`, `lt`, `lte`, `not`), which all must
 * hold.
 */
export type Condition = Readonly<Record<string, unknown>>;

/** One statement on the plugin's tables, or several in one transaction. Rows are bounded (1,000). */
export type StorageOperation =
  | {
      find: string;
      where?: Condition;
      orderBy?: Readonly<Record<string, 'asc' | 'desc'>>;
      limit?: number;
      offset?: number;
      columns?: readonly string[];
    }
  | { count: string; where?: Condition; groupBy?: readonly string[] }
  /** Resolves with the rows as they are then. `onConflict`: those columns are unique; the row there is changed. */
  | { insert: string; rows: readonly Readonly<Record<string, unknown>>[]; onConflict?: readonly string[] }
  | { update: string; where: Condition; set: Readonly<Record<string, unknown>> }
  | { delete: string; where: Condition }
  | { transaction: readonly Exclude<StorageOperation, { transaction: unknown }>[] };

export interface HttpRequest {
  url: string;
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

export interface HttpResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface PluginProcessOptions<Scope> {
  /** Unpacked, with `plugin.json`. The process may read it and nothing else. */
  folder: string;
  manifest: Manifest;
  /** Those of the manifest's capabilities that an administrator granted. */
  grants: readonly string[];
  services: HostServices<Scope>;
  /** Gets the plugin's own lines, bounded. */
  log: Logger;
  limits?: Partial<PluginLimits>;
  /** The process ended or was ended, and a new one is tried, or no more (`isOver`). */
  onFailure?: (failure: { reason: string; isOver: boolean }) => void;
}

export interface PluginLimits {
  /** Resident memory of the process. Default 256. */
  memoryMegabytes: number;
  /** Of one call. Default 5,000; actions and handlers have their own. */
  callMs: number;
  /** Until it has described itself. Default 10,000. */
  startMs: number;
  /** Calls under way at once; more wait, and beyond ten times as many are refused. Default 50. */
  concurrency: number;
}

export interface PluginCallOptions {
  timeoutMs?: number;
  signal?: AbortSignal;
  /** Gets what the plugin logs during the call. Default: that of the process. */
  log?: Logger;
}

/** A plugin's process, started again when it ends by itself, until it has failed too often. */
export interface PluginProcess<Scope> {
  contribution: Contribution;
  /** Rejects with `PluginFailed`, or with `PluginRefusal` for what the plugin itself refused. */
  call: (call: PluginCall, scope: Scope, options?: PluginCallOptions) => Promise<unknown>;
  /** Takes no more calls, waits a moment for those under way, then ends the process. */
  stop: () => Promise<void>;
}

/** The process ended, took too long, or threw what is no refusal. The message is for administrators. */
export class PluginFailed extends Error {
  override readonly name = 'PluginFailed';
}

/** The plugin refused by `refuse(code, message, fields)`: shown to the caller as an error of the graph. */
export class PluginRefusal extends Error {
  override readonly name = 'PluginRefusal';
  constructor(
    message: string,
    readonly code: 'BAD_USER_INPUT' | 'NOT_FOUND' | 'FORBIDDEN' | 'CONFLICT',
    readonly fields: readonly { path: readonly string[]; message: string }[],
  ) {
    super(message);
  }
}
