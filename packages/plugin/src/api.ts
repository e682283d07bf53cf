/** What a plugin reaches of the server during one call. What its manifest does not ask for is refused. */
export interface PluginApi {
  /** `graph:read` for queries, `graph:write` for mutations; with the rights of whoever the call is for. */
  graph: Graph;
  /** `storage`: the tables of its migrations. */
  storage: Storage;
  /** `http:<host>` */
  http: Http;
  /** `events:write`: one of the definition's `events`. Resolves when it is written. */
  emit: (type: string, event: EmittedEvent) => Promise<void>;
  /** As the administrator set them, with the defaults of their schema. */
  settings: <Settings = Readonly<Record<string, unknown>>>() => Promise<Settings>;
  log: Log;
  clock: { now: () => Date };
  viewer: Viewer;
  /** Aborted when nobody waits for the result any more: the time is up, or the caller left. */
  signal: AbortSignal;
}

/** Whom the call is for. `id` is null when nobody signed in, or for the server itself. */
export interface Viewer {
  id: number | null;
  permissions: readonly string[];
}

/** Runs one operation and resolves with its `data`. Rejects with an Error that has `errors` when there are any. */
export type Graph = <Data = any>(query: string, variables?: Readonly<Record<string, unknown>>) => Promise<Data>;

export type Row = Record<string, any> & { id: string };

/**
 * By column: the value itself, or an object of comparisons, all of which must hold: `{ stars: { gte: 3 } }`,
 * `{ document_id: { in: ids } }`. All columns must match.
 */
export type Condition = Readonly<Record<string, unknown>>;

/** Rows have a key `id`, a string of digits, beside their columns. At most 1,000 rows a statement. */
export interface Storage {
  find: (
    table: string,
    options?: {
      where?: Condition;
      orderBy?: Readonly<Record<string, 'asc' | 'desc'>>;
      limit?: number;
      offset?: number;
      columns?: readonly string[];
    },
  ) => Promise<Row[]>;
  /** The first row; undefined without one. */
  first: (
    table: string,
    options?: { where?: Condition; orderBy?: Readonly<Record<string, 'asc' | 'desc'>> },
  ) => Promise<Row | undefined>;
  count: (table: string, where?: Condition) => Promise<number>;
  /** How many rows there are of each: rows of these columns with `count`. */
  countBy: (
    table: string,
    columns: readonly string[],
    where?: Condition,
  ) => Promise<(Record<string, any> & { count: number })[]>;
  /** Resolves with the rows as they are then. `onConflict`: these columns are unique; the row there is changed. */
  insert: (
    table: string,
    rows: Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[],
    options?: { onConflict?: readonly string[] },
  ) => Promise<Row[]>;
  /** Resolves with the rows as they are then. */
  update: (table: string, where: Condition, set: Readonly<Record<string, unknown>>) => Promise<Row[]>;
  /** Resolves with the rows that are gone. */
  delete: (table: string, where: Condition) => Promise<Row[]>;
  /** All or none; resolves with the result of each. */
  transaction: (operations: readonly StorageOperation[]) => Promise<any[]>;
}

/** A statement of a transaction. */
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
  | { insert: string; rows: readonly Readonly<Record<string, unknown>>[]; onConflict?: readonly string[] }
  | { update: string; where: Condition; set: Readonly<Record<string, unknown>> }
  | { delete: string; where: Condition };

/** Over https to the hosts of the manifest. Redirects are answered, not followed. At most 1 MB each way, 10 s. */
export type Http = (url: string, request?: Omit<HttpRequest, 'url'>) => Promise<HttpAnswer>;

export interface HttpRequest {
  url: string;
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

export interface HttpAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface EmittedEvent {
  /** What it happened to: `Document` and its id, or the plugin's own. */
  subjectType: string;
  subjectId: string;
  data?: Readonly<Record<string, unknown>>;
}

/** Lines for the log of the server, at most 100 a second. */
export type Log = Readonly<
  Record<'debug' | 'info' | 'warn' | 'error', (message: string, details?: Readonly<Record<string, unknown>>) => void>
>;

/** Something that happened, of the core or of a plugin. Handlers get each at least once, in order. */
export interface PluginEvent {
  position: string;
  type: string;
  subjectType: string;
  subjectId: string;
  actorId: number | null;
  occurredAt: string;
  data: any;
}

export interface PluginRequest {
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, any>>;
  body: any;
}
