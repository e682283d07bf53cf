import type { IncomingHttpHeaders } from 'node:http';
/**
 * The REST layer in three words:
 *
 *   Dialect   a table of routes with one prefix, one envelope of errors and one language
 *   Route     one method and path: a GraphQL operation with a zod shape on each side
 *   Problem   what went wrong, before a dialect puts it into its own envelope
 *
 * Pure types, apart from `route()`. `mount.ts` serves the tables, `openapi.ts` documents them.
 */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { z } from 'zod';
import type { ErrorCode, FieldCode } from '../../lib/errors.js';
import type { Principal } from '../../quota/principal.js';
import type { Words } from './words.js';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
export type BodyType = 'json' | 'form' | 'multipart';

/**
 * `none`: a presented credential isn't looked at (a login with a stale token works). `optional`: looked at when there is
 * one, and a wrong one is 401, but for the cookie of a session that has ended. `required`: nobody is 401.
 */
export type CredentialRule = 'none' | 'optional' | 'required';

/** So many requests in a window of time. */
export interface Quota {
  /** Names the counter within its dialect, such as `minute`. */
  name: string;
  requests: number;
  seconds: number;
  /** Whose requests are counted together. `account` falls back to the address when nobody is signed in. */
  per: 'account' | 'address' | 'credential';
}

/**
 * How a route counts. `authentication`: against the dialect's stricter quota as well. `authentication_failures`: against
 * it only when it is refused. `exempt`: not at all; for probes.
 */
export type QuotaRule = 'authentication' | 'authentication_failures' | 'exempt';

/** What a client sends as files in `multipart/form-data`; the other parts form the body. */
export interface FilesRule {
  /** The accepted part names, such as `['files', 'files[]', 'file']`; the first one is documented and names problems. */
  readonly parts: readonly string[];
  /** More files are a validation error. */
  readonly max: number;
  /** Whether at least one file must come. */
  readonly required: boolean;
  /** Per file, inclusive; more is 413. */
  readonly limitBytes: number;
}

/** A file that lies whole in the spool folder. It is removed after the answer unless the operation has taken it over. */
export interface ReceivedFile {
  /** The part's name as sent. */
  part: string;
  /** As the client named it, without folders and control characters: for display only. */
  filename: string;
  sizeBytes: number;
  /** The value for a variable of the scalar `Upload`. */
  upload: unknown;
}

/** What a route may know of the request besides its parsed parts. */
export interface RequestFacts {
  method: string;
  /** Path and query as the client sent them. */
  originalUrl: string;
  headers: IncomingHttpHeaders;
  ip: string | undefined;
  /** Whether the client speaks https, through a trusted proxy as well: cookies are then `Secure`. */
  secure: boolean;
  requestId: string;
  /** Whether the request carries a good credential; always false on a route with `credential: 'none'`. */
  signedIn: boolean;
  /** How the body came; undefined when there was none. */
  bodyType: BodyType | undefined;
}

/** The parsed request: `params`, `query` and `body` are the output of the route's shapes, undefined without a shape. */
export interface RouteInput<P = unknown, Q = unknown, B = unknown, F = readonly ReceivedFile[] | undefined> {
  params: P;
  query: Q;
  body: B;
  files: F;
  request: RequestFacts;
}

/** The request as it came, for `onProblem`: nothing in it has been checked. Keys are in NFC. */
export interface RawInput {
  params: unknown;
  query: unknown;
  body: unknown;
  request: RequestFacts;
}

/** An answer that is more than JSON with the route's status. At most one of `json`, `html`, `text`, `file` and `archive`. */
export interface Reply {
  /** Default: the route's status. With `file`: 200, 206, 304 or 416, with `archive`: 200, whatever is said here. */
  status?: number;
  headers?: Record<string, string | string[]>;
  json?: unknown;
  html?: string;
  /** `text/plain` unless `headers` names another `Content-Type`. */
  text?: string;
  file?: FileReply;
  archive?: ArchiveReply;
}

/** A zip that is made while it is sent. */
export interface ArchiveReply {
  /** The name that the client saves it under, any Unicode. */
  name: string;
  /** Date of the entries. */
  modifiedAt: Date;
  /** In this order; the names are relative paths with `/`. */
  entries: readonly ({ name: string; text: string } | { name: string; key: string; sizeBytes: number })[];
}

/** Streamed from the content store, with ranges and validators. */
export interface FileReply {
  /** In the content store. */
  key: string;
  /** The name that the client saves it under, any Unicode. */
  name: string;
  mimeType: string;
  /** `inline` is honoured for what cannot run in a browser (PDF, pictures but SVG, sound, film, plain text). */
  disposition: 'attachment' | 'inline';
  /** Without quotes; printable ASCII. Default: made from the key, whose content never changes. */
  etag?: string;
}

/** Something wrong with one field, in the dialect's own field name (`items.0.quantity`). */
export interface FieldIssue {
  name: string;
  code: FieldCode;
  message: string;
}

export type ProblemCode =
  | ErrorCode
  /** 400: the body isn't JSON, or not UTF-8. */
  | 'MALFORMED_JSON'
  /** 400: the URL, the multipart body or the compression is broken. */
  | 'MALFORMED_REQUEST'
  /** 405: the path exists; the header `Allow` is set. */
  | 'METHOD_NOT_ALLOWED'
  /** 416 */
  | 'RANGE_NOT_SATISFIABLE';

/** What went wrong. `toError` of the dialect makes the body from it; nothing internal is in it. */
export interface Problem {
  /** After the dialect's `statusOf`. */
  status: number;
  code: ProblemCode;
  /** In the dialect's language. */
  message: string;
  /** Every field at once, in the dialect's names; empty for problems that aren't about fields. */
  fields: readonly FieldIssue[];
  /** The graph type that it is about, such as `Document`. */
  subject?: string;
  /** Finer than the code, such as `invoice.issued`; `unknown_path` when no route has the path. */
  reason?: string;
  /** Extra facts for the client, such as the id that a duplicate already has. `retryAfterSeconds` sets `Retry-After`. */
  details?: Record<string, unknown>;
  /** Equals the header `X-Request-Id`. */
  requestId: string;
  /** `2026-02-03T10:00:00Z` */
  timestamp: string;
}

export interface Deprecation {
  /** Days, such as `2026-02-03`. */
  since: string;
  sunset: string;
}

/** For the OpenAPI document; tests check that they satisfy the route's shapes. */
export interface Examples {
  body?: unknown;
  response?: unknown;
}

/** What routes with and without an operation share. */
interface RouteFrame<P, Q, B, F> {
  method: Method;
  /** Express style below the dialect's prefix: `/documents/:id`. Fixed segments win over parameters in any order. */
  path: string;
  /** The section of the contract that it serves, such as `kdocs.md#liste-des-documents`. */
  section: string;
  /** One line in the language of the dialect's documents. */
  summary: string;
  /** Default: the first segment of the path that isn't a parameter. */
  tag?: string;
  credential: CredentialRule;
  /** Default: against the dialect's quotas. */
  quota?: QuotaRule;
  /** An object shape of the path's parameters. They come as strings. */
  params?: P;
  /**
   * An object shape of the query. Values come as strings; a field whose shape is an array (`'tag_ids[]': z.array(…)`)
   * collects every occurrence, any other one refuses a second.
   */
  query?: Q;
  /** Of the body; unknown keys are ignored, so `z.object`, not `z.strictObject`. Without a body it sees `{}`. */
  body?: B;
  files?: F;
  /** Default `['json']`, with `files` `['multipart']`. Other types are 415. */
  bodyTypes?: readonly BodyType[];
  deprecated?: Deprecation;
  examples?: Examples;
  /** Media types of the success answer when it isn't JSON, for the document: `['application/pdf']`. */
  produces?: readonly string[];
  /**
   * Another answer than the envelope for a problem of this route, such as the login form again. It sees what the client
   * sent, unchecked. Undefined leaves the envelope; throwing counts as a defect.
   */
  onProblem?: (problem: Problem, input: RawInput) => Reply | undefined;
}

type Shape = z.ZodType;
type Parsed<S> = S extends Shape ? z.output<S> : undefined;
type Answered<S> = S extends Shape ? z.input<S> : never;
type Received<F> = F extends FilesRule ? readonly ReceivedFile[] : undefined;
type InputOf<P, Q, B, F> = RouteInput<Parsed<P>, Parsed<Q>, Parsed<B>, Received<F>>;

/** A route as it is written; `route()` infers every parameter. */
export interface OperationRouteDefinition<P, Q, B, F, D, V, S> extends RouteFrame<P, Q, B, F> {
  /** A generated document of `operations.gen.ts`. Checked against the schema when the router is built. */
  operation: TypedDocumentNode<D, V>;
  toVariables: (input: InputOf<P, Q, B, F>) => NoInfer<V>;
  /** Rules across fields. Runs when the shapes hold, before the operation; all its issues are reported together. */
  check?: (input: InputOf<P, Q, B, F>) => readonly FieldIssue[];
  /** The shape of the JSON answer; needs `toResponse`, or documents the JSON of `reply`. */
  response?: S;
  /** The JSON answer, in the dialect's own names. Without it (and without `reply`) the answer has no content. */
  toResponse?: (data: D, input: InputOf<P, Q, B, F>) => Answered<S>;
  /** Of success. Default: 200 with content, else 204. A function is documented as 2XX. */
  status?: number | ((data: D, input: InputOf<P, Q, B, F>) => number);
  /** Instead of `toResponse`: downloads, redirects, cookies. */
  reply?: (data: D, input: InputOf<P, Q, B, F>) => Reply;
  /**
   * From a path in the graph's arguments (without a leading `input`) to the dialect's field, for problems that the graph
   * finds. `*` stands for an index: `'items.*.unitPrice': 'items.*.price'`. A path that isn't named keeps its name; the
   * longest named beginning of it is replaced, so `items: 'lignes'` suffices when only the list's name differs.
   */
  fields?: Readonly<Record<string, string>>;
}

/** Health and metrics only: everything else goes through an operation. */
export interface AnswerRouteDefinition<P, Q, B, F, S> extends RouteFrame<P, Q, B, F> {
  answer: (input: InputOf<P, Q, B, F>) => Reply | Promise<Reply>;
  check?: (input: InputOf<P, Q, B, F>) => readonly FieldIssue[];
  /** Documents the JSON of the answer. */
  response?: S;
  status?: number;
}

type Erased = RouteFrame<z.ZodObject, z.ZodObject, Shape, FilesRule> & {
  check?: (input: RouteInput) => readonly FieldIssue[];
  response?: Shape;
};

export type OperationRoute = Erased & {
  operation: TypedDocumentNode<unknown, Record<string, unknown>>;
  toVariables: (input: RouteInput) => Record<string, unknown>;
  toResponse?: (data: unknown, input: RouteInput) => unknown;
  status?: number | ((data: unknown, input: RouteInput) => number);
  reply?: (data: unknown, input: RouteInput) => Reply;
  fields?: Readonly<Record<string, string>>;
};
export type AnswerRoute = Erased & { answer: (input: RouteInput) => Reply | Promise<Reply>; status?: number };

/** A route in a dialect's table. What its functions take and give was checked by `route()`. */
export type Route = OperationRoute | AnswerRoute;

/**
 * Checks a route's parts against each other and gives it back for the table: variables against the operation, the answer
 * against `response`, and no part of the request that has no shape.
 */
export function route<
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends Shape | undefined = undefined,
  F extends FilesRule | undefined = undefined,
  S extends Shape | undefined = undefined,
>(definition: AnswerRouteDefinition<P, Q, B, F, S>): Route;
// Last, since TypeScript explains a mistake by the last signature.
export function route<
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends Shape | undefined = undefined,
  F extends FilesRule | undefined = undefined,
  S extends Shape | undefined = undefined,
  D = unknown,
  V = unknown,
>(definition: OperationRouteDefinition<P, Q, B, F, D, V, S>): Route;
export function route(definition: unknown): Route {
  return definition as Route;
}

/** An OpenAPI security scheme. The names in use: `bearer`, `apiToken`, `apiKey`, `session`. */
export type SecurityScheme =
  | { type: 'http'; scheme: 'bearer'; bearerFormat?: string; description?: string }
  | { type: 'apiKey'; in: 'header' | 'cookie'; name: string; description?: string };

export interface Dialect {
  /** Lower case; the name of its folder and of its document, `kdocs`. */
  name: string;
  title: string;
  version: string;
  /** Without a trailing slash; `''` for the root. Nested prefixes are fine, the longest one wins. */
  prefix: string;
  /** Markdown, for the head of the document. */
  description: string;
  /** The shape of the envelope that `toError` makes. */
  errorSchema: z.ZodType;
  toError: (problem: Problem) => unknown;
  /** Where it departs from: 400 malformed and invalid, 401, 403, 404, 405, 409, 413, 415, 429, 500. */
  statusOf?: Partial<Record<ProblemCode, number>>;
  words: Words;
  /** The quotas that hold for a principal; every one is counted. */
  quotas: (principal: Principal) => readonly Quota[];
  /** For the routes that look at credentials; counted per address. */
  authenticationQuota: Quota;
  /** The same in sentences, for the document, such as `100 requests a minute and address`. */
  limits: readonly string[];
  securitySchemes: Readonly<Record<string, SecurityScheme>>;
  routes: readonly Route[];
}
