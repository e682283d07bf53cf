/**
 * The REST layer in three words:
 *
 *   Dialect   a table of routes with one prefix, one error envelope and one language
 *   Route     one method and path: a GraphQL operation with a zod shape on each side
 *   Problem   what went wrong, before the dialect's envelope
 *
 * Pure types, apart from `route()`. `router.ts` and `serve.ts` serve the tables, `openapi.ts` documents them.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { z } from 'zod';
import type { LinkName } from '../../kernel/links.js';
import type { ErrorCode, ErrorReason, FieldCode } from '../../lib/error-catalog.js';
import type { Principal } from '../../quota/principal.js';
import type { DocumentedLine } from './documented-events.js';
import type { Habits } from './habits.js';
import type { Words } from './words.js';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
export type BodyType = 'json' | 'form' | 'multipart';

/**
 * `none`: a credential isn't looked at (a login with a stale token works). `optional`: it is looked at when there is
 * one, and a wrong one is 401, except the cookie of a session that has ended. `required`: without a good one it is 401.
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
 * Which quotas a route counts against beside the dialect's ordinary ones. `authentication`: its `authenticationQuota`
 * as well. `authentication_failures`: that one only when the request is refused. `exempt`: none at all; for probes. A
 * quota of its own, whose name no other of the dialect has: that one as well or, with `instead`, in their place (an API
 * key's own limits aside): for what pages load by the dozen.
 */
export type QuotaRule = 'authentication' | 'authentication_failures' | 'exempt' | (Quota & { instead?: true });

/** Which parts of a `multipart/form-data` request are files; the other parts form the body. */
export interface FilesRule {
  /**
   * The accepted part names, such as `['files', 'files[]', 'file']`. The first one is documented and named in problems.
   */
  readonly parts: readonly string[];
  /** More files are a validation error. */
  readonly max: number;
  /** Whether at least one file must come. */
  readonly required: boolean;
  /** Per file, inclusive; more is 413. */
  readonly limitBytes: number;
}

/** A file of the request, whole in the spool folder. Removed after the answer unless the operation moved it away. */
export interface ReceivedFile {
  /** The part's name as sent. */
  part: string;
  /** The client's name for it, without folders and control characters: for display only. */
  filename: string;
  sizeBytes: number;
  /** The value for a variable of the scalar `Upload`. */
  upload: unknown;
}

/** What a route may use of the request besides its parsed parts. */
export interface RequestFacts {
  method: string;
  /** Path and query as the client sent them. */
  originalUrl: string;
  headers: IncomingHttpHeaders;
  ip: string | undefined;
  /** Whether the client uses https, possibly to a trusted proxy: cookies are then `Secure`. */
  secure: boolean;
  requestId: string;
  /** Whether the request has a valid credential; always false on a route with `credential: 'none'`. */
  signedIn: boolean;
  /** Number of the person who is signed in: for operations that name whom they change, also oneself. */
  userId: number | undefined;
  /** Undefined without a body. */
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

/** The request as it came, for `onProblem`: nothing in it is checked. Keys are in NFC. */
export interface RawInput {
  params: unknown;
  query: unknown;
  body: unknown;
  request: RequestFacts;
}

/** An answer that is more than JSON with the route's status. At most one part that is content. */
export interface Reply {
  /** Default: the route's status. Ignored with `file` (200, 206, 304 or 416) with `archive` and with `stream` (200). */
  status?: number;
  headers?: Record<string, string | string[]>;
  json?: unknown;
  html?: string;
  /** `text/plain` unless `headers` names another `Content-Type`. */
  text?: string;
  file?: FileReply;
  archive?: ArchiveReply;
  stream?: StreamReply;
}

/** A file that is made while it is sent. */
export interface StreamReply {
  name: string;
  mimeType: string;
  /** Each is asked for when those before it are on their way. */
  parts: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;
}

/** A zip that is created while it is sent. */
export interface ArchiveReply {
  /** The name for saving it, any Unicode. */
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
  /** The name for saving it, any Unicode. */
  name: string;
  mimeType: string;
  /**
   * `inline` holds only for types that can't run scripts in a browser: PDF, images but SVG, audio, video, plain text.
   */
  disposition: 'attachment' | 'inline';
  /** Without quotes; printable ASCII. Default: derived from the key, whose content never changes. */
  etag?: string;
  /**
   * Runs before the first byte of content is sent: not for HEAD, 304 and 416. What it rejects with is answered instead.
   */
  beforeContent?: () => Promise<unknown>;
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

/** What went wrong; nothing internal is in it. The dialect's `toError` makes the body from it. */
export interface Problem {
  /** As the dialect's `statusOf` has it. */
  status: number;
  code: ProblemCode;
  /** In the dialect's language. */
  message: string;
  /** The fields that were refused, as many as are told, by the dialect's names; empty when it isn't about fields. */
  fields: readonly FieldIssue[];
  /** The graph type that it is about, such as `Document`. */
  subject?: string;
  /** More specific than the code, such as `invoice.issued`; `unknown_path` when no route has the path. */
  reason?: ErrorReason;
  /** More for the client, such as the id that a duplicate already has. `retryAfterSeconds` sets `Retry-After`. */
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

/** For the OpenAPI document; tests check them against the route's shapes. */
export interface Examples {
  body?: unknown;
  response?: unknown;
}

/** What routes with and without an operation share. */
interface RouteFrame<P, Q, B, F> {
  method: Method;
  /** Below the dialect's prefix, parameters with a colon: `/documents/:id`. Fixed segments win over parameters. */
  path: string;
  /** The section of the contract that it implements, such as `kdocs.md#liste-des-documents`. */
  section: string;
  /** One line in the language of the dialect's documents. */
  summary: string;
  /** The name of its function in generated clients. Default: that of its operation without the dialect's name. */
  operationId?: string;
  /** Default: the first segment of the path that isn't a parameter. */
  tag?: string;
  credential: CredentialRule;
  /** With `optional`: nothing but the cookie of a session is looked at, so that nobody is refused. */
  onlyCookie?: true;
  /**
   * What a role of the caller must allow, whatever the operation needs: for routes that are the administrators' by
   * contract. Else 403, before the request is parsed. Needs `credential: 'required'`.
   */
  permission?: `${string}:${string}`;
  /**
   * True: the request itself counts as the proof that a destructive operation asks for. Only where the contract has no
   * place for a password. Default: false.
   */
  confirms?: boolean;
  /** Default: against the dialect's quotas. */
  quota?: QuotaRule;
  /** Object shape of the path's parameters, which come as strings. */
  params?: P;
  /**
   * Object shape of the query string, whose values come as strings. A field whose shape is an array
   * (`'tag_ids[]': z.array(…)`) collects every occurrence; a second occurrence of any other field is refused.
   */
  query?: Q;
  /**
   * Shape of the body; the dialect's habits say what becomes of unknown keys, so `z.object`, not `z.strictObject`. A
   * missing body is parsed as `{}`.
   */
  body?: B;
  files?: F;
  /** Default `['json']`, with `files` `['multipart']`. Other types are 415. */
  bodyTypes?: readonly BodyType[];
  deprecated?: Deprecation;
  /** The link of the graph that leads here: the graph makes it from this route's path. */
  link?: LinkName;
  examples?: Examples;
  /** Other statuses with the same shape of answer, for the document. */
  alsoWithStatus?: Readonly<Record<number, { description: string; example: unknown }>>;
  /** For the document: 503 while a search, rules or a plugin take too long. Routes with files say so themselves. */
  mayBeUnavailable?: true;
  /** Media types of the success answer when it isn't JSON, for the document: `['application/pdf']`. */
  produces?: readonly string[];
  /**
   * Answers a problem of this route other than by the dialect's envelope, such as with the login form again. The input
   * is unchecked. Returns undefined for the envelope; throwing counts as a defect of the server.
   */
  onProblem?: (problem: Problem, input: RawInput) => Reply | undefined;
}

type Shape = z.ZodType;
type Parsed<S> = S extends Shape ? z.output<S> : undefined;
type Answered<S> = S extends Shape ? z.input<S> : never;
type Received<F> = F extends FilesRule ? readonly ReceivedFile[] : undefined;
type InputOf<P, Q, B, F> = RouteInput<Parsed<P>, Parsed<Q>, Parsed<B>, Received<F>>;

/** A route as it is written in a resource's file; `route()` infers the type parameters. */
export interface OperationRouteDefinition<P, Q, B, F, D, V, S> extends RouteFrame<P, Q, B, F> {
  /** A generated document of `operations.gen.ts`. Checked against the schema when the router is built. */
  operation: TypedDocumentNode<D, V>;
  toVariables: (input: InputOf<P, Q, B, F>) => NoInfer<V>;
  /** Rules across fields. Called before the operation when the shapes accept the input; all its issues are reported. */
  check?: (input: InputOf<P, Q, B, F>) => readonly FieldIssue[];
  /** The shape of the JSON answer; needs `toResponse`, or documents the JSON of `reply`. */
  response?: S;
  /** The JSON answer, in the dialect's own names. Without it and without `reply` the answer has no content. */
  toResponse?: (data: D, input: InputOf<P, Q, B, F>) => Answered<S>;
  /** Of success. Default: 200 with content, else 204. A function is documented as 2XX. */
  status?: number | ((data: D, input: InputOf<P, Q, B, F>) => number);
  /**
   * Instead of `toResponse`: downloads, redirects, cookies. `again` runs the operation once more with some variables
   * changed, for the pages of a stream.
   */
  reply?: (data: D, input: InputOf<P, Q, B, F>, again: (changes: Partial<NoInfer<V>>) => Promise<D>) => Reply;
  /**
   * The dialect's names for the graph's arguments, for problems that the graph finds: from a path in the arguments
   * (without a leading `input`) to a field. `*` stands for an index: `'items.*.unitPrice': 'items.*.price'`. The
   * longest listed beginning of a path is replaced, so `items: 'lignes'` suffices when only the list's name differs; a
   * path that isn't listed keeps its name.
   */
  fields?: Readonly<Record<string, string>>;
  /**
   * The route that reads what this one changes, with the same parameters. When the graph refuses a change because its
   * version is old (`stale_version`), what that route answers stands in the problem's details as `current`.
   */
  current?: Route;
}

/** A route without operation: for health and metrics only. */
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

/** `context` is the graph's, for routes that are not written here: those of plugins, whose functions run elsewhere. */
export type OperationRoute = Erased & {
  operation: TypedDocumentNode<unknown, Record<string, unknown>>;
  toVariables: (input: RouteInput, context?: object) => Record<string, unknown> | Promise<Record<string, unknown>>;
  toResponse?: (data: unknown, input: RouteInput, context?: object) => unknown;
  status?: number | ((data: unknown, input: RouteInput) => number);
  reply?: (data: unknown, input: RouteInput, again: (changes: Record<string, unknown>) => Promise<unknown>) => Reply;
  fields?: Readonly<Record<string, string>>;
  current?: Route;
};
export type AnswerRoute = Erased & {
  answer: (input: RouteInput, context?: object) => Reply | Promise<Reply>;
  status?: number;
};

/** A route in a dialect's table. Its functions are typed by `route()`; here their parameters are erased. */
export type Route = OperationRoute | AnswerRoute;

/**
 * Types a route's parts against each other and returns it for the table: variables against the operation, the answer
 * against `response`; a part of the request without a shape is undefined.
 */
export function route<
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends Shape | undefined = undefined,
  F extends FilesRule | undefined = undefined,
  S extends Shape | undefined = undefined,
>(definition: AnswerRouteDefinition<P, Q, B, F, S>): Route;
// Last, since TypeScript reports a mistake against the last signature.
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
  /** Markdown, for the head of the OpenAPI document. */
  description: string;
  /** The shape of the envelope that `toError` makes. */
  errorSchema: z.ZodType;
  toError: (problem: Problem) => unknown;
  /** The statuses that differ from the usual ones (`problem.ts`), by reason, else by code. */
  statusOf?: Partial<Record<ProblemCode | ErrorReason, number>>;
  words: Words;
  habits: Habits;
  /** The quotas that hold for a principal; a request counts against each. */
  quotas: (principal: Principal) => readonly Quota[];
  /** For the routes that check credentials (`QuotaRule`); counted per address. */
  authenticationQuota: Quota;
  /** The quotas in sentences, for the OpenAPI document: `100 requests a minute and address`. */
  limits: readonly string[];
  securitySchemes: Readonly<Record<string, SecurityScheme>>;
  /** What the routes under a tag are about, for the OpenAPI document. */
  tags?: Readonly<Record<string, string>>;
  /** Examples for properties of these names, where a route has no example of its own: from the contract. */
  sampleValues?: Readonly<Record<string, unknown>>;
  /** The events that it sends to subscribers in the form of its document. */
  documentedEvents?: readonly DocumentedLine[];
  routes: readonly Route[];
}
