/**
 * What a plugin brings, as its process describes it: data alone. Its functions stay in the process and are called by
 * name (`PluginCall`). Every shape here is checked when it comes in: a plugin may say anything.
 */
export interface Contribution {
  /** Types and fields, also `extend type Document { … }`; '' without any. */
  sdl: string;
  /** Names of the fields that have a resolver, by type. Others are properties of what their parent resolved to. */
  resolvers: Readonly<Record<string, readonly string[]>>;
  /** By the name of a field of Subscription: the event types that it delivers, the plugin's own or the core's. */
  subscriptions: Readonly<Record<string, { events: readonly string[] }>>;
  /** Served below the manifest's `api_prefix`. */
  routes: readonly ContributedRoute[];
  dialect: ContributedDialect | undefined;
  tasks: readonly ContributedTask[];
  /** Names of what tasks may run, without the plugin's id. */
  actions: readonly string[];
  /** Names of its own events, `<what_happened>`; in the log `<plugin>.<what_happened>`, `-` of the id being `_`. */
  events: readonly string[];
  /** Event types that its handlers want; `*` for all that the plugin's person may hear. */
  handles: readonly string[];
  /** In the order in which they run; one that ran is never changed. */
  migrations: readonly ContributedMigration[];
  pages: readonly ContributedPage[];
}

export interface ContributedRoute {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the prefix, parameters with a colon: `/customers/:id`. */
  path: string;
  /** `none`: for everybody. Default `required`. */
  credential: 'none' | 'optional' | 'required';
  summary: string;
}

/** A REST contract of its own: a prefix, an envelope, and a table of routes on operations of the graph. */
export interface ContributedDialect {
  prefix: string;
  title: string;
  description: string;
  /**
   * The body of an error, in which the texts `{{status}}`, `{{code}}`, `{{message}}`, `{{request_id}}`, `{{timestamp}}`
   * and `{{fields}}` (a list of `{ field, message }`) stand for what they name.
   */
  envelope: unknown;
  /** Statuses that differ from the usual ones, by code: `{ "BAD_USER_INPUT": 400 }`. */
  statuses: Readonly<Record<string, number>>;
  routes: readonly ContributedDialectRoute[];
}

export interface ContributedDialectRoute extends ContributedRoute {
  /** JSON Schemas of objects. */
  params: object | undefined;
  query: object | undefined;
  body: object | undefined;
  response: object | undefined;
  /** One operation of the graph, core or plugin's. */
  operation: string;
  /** Of success. */
  status: number;
  /** From the path of an argument to the dialect's field, as in the routes of the core's dialects. */
  fields: Readonly<Record<string, string>>;
  /** Whether it has a function of its own for variables; without it they are params, query and body joined. */
  hasVariables: boolean;
  /** Whether it has a function of its own for the answer; without it the operation's data is the answer. */
  hasResponse: boolean;
}

export interface ContributedTask {
  /** Without the plugin's id. */
  id: string;
  name: string;
  /** One of `actions`. */
  action: string;
  /** Exactly one of the two. */
  interval: { seconds?: number; minutes?: number; hours?: number; days?: number } | undefined;
  schedule: { cron: string; timezone?: string } | undefined;
  params: Readonly<Record<string, unknown>>;
}

export interface ContributedMigration {
  name: string;
  steps: readonly MigrationStep[];
}

export type ColumnType = 'integer' | 'bigint' | 'numeric' | 'boolean' | 'text' | 'date' | 'timestamp' | 'uuid' | 'json';

export interface Column {
  type: ColumnType;
  /** Default false. */
  nullable?: boolean;
  default?: string | number | boolean;
  /** `numeric` alone. */
  precision?: number;
  scale?: number;
}

/** Tables of the plugin's own schema. Each has a key `id` (bigint, counted by the database) beside its columns. */
export type MigrationStep =
  | {
      createTable: string;
      columns: Readonly<Record<string, Column>>;
      unique?: readonly (readonly string[])[];
      indexes?: readonly (readonly string[])[];
    }
  | { addColumn: string; table: string; column: Column }
  | { dropColumn: string; table: string }
  | { createIndex: readonly string[]; table: string; unique?: boolean }
  | { dropTable: string };

/** A page of the console: an HTML file of the plugin's folder `pages/`, which may load what stands beside it. */
export interface ContributedPage {
  /** The file's name without `.html`. */
  path: string;
  title: string;
}
