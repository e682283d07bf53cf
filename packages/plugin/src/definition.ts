import type { PluginApi, PluginEvent, PluginRequest } from './api.js';

type MaybePromise<Value> = Value | Promise<Value>;

/** All that a plugin brings. Every part may be left out. */
export interface PluginDefinition {
  /** Types and fields in GraphQL's schema language, also `extend type Document { … }`. Describe each. */
  sdl?: string;
  /** By type and field. Fields without one are properties of what their parent resolved to. */
  resolvers?: Readonly<Record<string, Readonly<Record<string, Resolver | BatchedResolver>>>>;
  /** By the name of a field of Subscription. */
  subscriptions?: Readonly<Record<string, Subscription>>;
  /** Served below the manifest's `api_prefix`. */
  routes?: readonly Route[];
  dialect?: Dialect;
  tasks?: readonly Task[];
  /** What tasks run, by name. */
  actions?: Readonly<Record<string, Action>>;
  /** Names of events of its own: `star_given` is `<plugin>.star_given` in the log, `-` of the id being `_`. */
  events?: readonly string[];
  /** By event type as in the log; `*` for all. At least once each, in order. */
  handlers?: Readonly<Record<string, Handler>>;
  /** In the order in which they run. Never change one that was released: add another. */
  migrations?: readonly Migration[];
  /** Pages of the console: HTML files of the folder `pages/`. */
  pages?: readonly Page[];
}

/** `parent` is null for root fields, and `{ id }` for types of the core. */
export type Resolver = (parent: any, args: any, api: PluginApi) => unknown;

/** One call for all parents of a list: resolves with one result for each, in their order. Made by `batch`. */
export interface BatchedResolver {
  isBatched: true;
  resolve: (parents: readonly any[], args: any, api: PluginApi) => MaybePromise<readonly unknown[]>;
}

export interface Subscription {
  /** The types of the events that it delivers, as in the log: `<plugin>.star_given`, `document.created`. */
  events: readonly string[];
  /** Makes the payload of an event for one subscriber. Default: the event's data. */
  resolve?: (event: PluginEvent, args: any, api: PluginApi) => unknown;
}

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the prefix, parameters with a colon: `/customers/:id`. */
  path: string;
  /** `none`: for everybody, without a viewer. Default `required`. */
  credential?: 'none' | 'optional' | 'required';
  summary?: string;
  /** What it returns is the JSON of the answer; `reply` gives a status and headers. */
  handler: (request: PluginRequest, api: PluginApi) => unknown;
}

/** A REST contract of its own: a table of routes on operations of the graph, the core's and the plugin's. */
export interface Dialect {
  prefix: string;
  title: string;
  description?: string;
  /**
   * The body of an error. In it `{{status}}`, `{{code}}`, `{{message}}`, `{{request_id}}`, `{{timestamp}}` and
   * `{{fields}}` stand for what they name.
   */
  envelope: unknown;
  /** Statuses that differ from the usual ones, by code: `{ BAD_USER_INPUT: 400 }`. */
  statuses?: Readonly<Record<string, number>>;
  routes: readonly DialectRoute[];
}

export interface DialectRoute {
  method: Route['method'];
  path: string;
  credential?: Route['credential'];
  summary?: string;
  /** JSON Schemas of objects: what does not fit is refused before anything runs, by the names of its fields. */
  params?: object;
  query?: object;
  body?: object;
  /** Of the answer, for the documentation. */
  response?: object;
  /** One operation of the graph. */
  operation: string;
  /** Of success. Default 200. */
  status?: number;
  /** From the path of an argument to the dialect's field: `{ 'input.name': 'nom' }`. */
  fields?: Readonly<Record<string, string>>;
  /** Makes the operation's variables. Default: params, query and body joined. */
  toVariables?: (request: PluginRequest, api: PluginApi) => MaybePromise<Readonly<Record<string, unknown>>>;
  /** Makes the answer of the operation's data. Default: the data. */
  toResponse?: (data: any, request: PluginRequest, api: PluginApi) => unknown;
}

/** A task that is there when the plugin is installed; an administrator may change it. */
export interface Task {
  id: string;
  name: string;
  /** One of `actions`. */
  action: string;
  /** This or `schedule`. */
  interval?: { seconds?: number; minutes?: number; hours?: number; days?: number };
  schedule?: { cron: string; timezone?: string };
  params?: Readonly<Record<string, unknown>>;
}

export type Action = (params: any, api: PluginApi) => unknown;
export type Handler = (event: PluginEvent, api: PluginApi) => unknown;

export interface Migration {
  /** As `2026-11-stars`: unique within the plugin. */
  name: string;
  steps: readonly MigrationStep[];
}

export type ColumnType = 'integer' | 'bigint' | 'numeric' | 'boolean' | 'text' | 'date' | 'timestamp' | 'uuid' | 'json';

export interface Column {
  type: ColumnType;
  /** Default false. */
  nullable?: boolean;
  default?: string | number | boolean;
  /** Of `numeric`. */
  precision?: number;
  scale?: number;
}

/** Tables have a key `id`, counted by the database, beside their columns. */
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

export interface Page {
  /** The file's name without `.html`. */
  path: string;
  title: string;
}

/** Says what a plugin is: the default export of its `main`. */
export const definePlugin = (definition: PluginDefinition): PluginDefinition => definition;

/** A resolver that is called once for all parents of a list instead of once for each. */
export const batch = (resolve: BatchedResolver['resolve']): BatchedResolver => ({ isBatched: true, resolve });

/** An answer of a route with a status and headers of its own. */
export class Reply {
  readonly status: number;
  readonly json: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, json: unknown, headers: Readonly<Record<string, string>>) {
    this.status = status;
    this.json = json;
    this.headers = headers;
  }
}

/** Answers with a status of its own: `return reply(201, { id })`. */
export const reply = (status: number, json: unknown, headers: Readonly<Record<string, string>> = {}): Reply =>
  new Reply(status, json, headers);
