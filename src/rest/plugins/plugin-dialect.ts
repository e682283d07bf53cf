import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { GraphQLError, parse } from 'graphql';
import { z } from 'zod';
import type {
  ContributedDialect,
  ContributedDialectRoute,
  ContributedRoute,
  Contribution,
} from '../../plugin-host/contribution.js';
import type { Manifest } from '../../plugin-host/manifest.js';
import type { PluginRequest } from '../../plugin-host/plugin-process.js';
import type {
  AnswerRoute,
  Dialect,
  Method,
  OperationRoute,
  Problem,
  Quota,
  Reply,
  Route,
  RouteInput,
} from '../engine/route.js';
import { english, french } from '../engine/words.js';
import { envelope, ErrorEnvelope } from '../xcore/envelope.js';
import { BadShape, shapeOf, textShapeOf } from './json-shapes.js';

/** What its routes ask of a plugin's process, for whom the graph's context says; an empty one is nobody's. */
export type CallRoute = (
  call:
    | { kind: 'route' | 'variables'; index: number; request: PluginRequest }
    | { kind: 'response'; index: number; request: PluginRequest; data: unknown },
  context: object,
) => Promise<unknown>;

interface PluginDialectOptions {
  manifest: Manifest;
  contribution: Pick<Contribution, 'routes' | 'dialect'>;
  call: CallRoute;
}

const maxRoutes = 500;

const quota = (requests: number, per: Quota['per']): Quota => ({ name: 'minute', requests, seconds: 60, per });

/** What the dialects of all plugins share. */
const common = ({ id, version }: Manifest) => ({
  version,
  habits: { unknownKeys: 'ignored' as const },
  quotas: ({ userId }: { userId?: number }) => [userId === undefined ? quota(60, 'address') : quota(600, 'account')],
  authenticationQuota: { name: 'authentication', requests: 30, seconds: 60, per: 'address' as const },
  limits: ['600 requests a minute and person', '60 requests a minute and address without a credential'],
  securitySchemes: {
    bearer: { type: 'http' as const, scheme: 'bearer' as const },
    apiToken: {
      type: 'apiKey' as const,
      in: 'header' as const,
      name: 'Authorization',
      description: '`ApiToken <token>`',
    },
    apiKey: { type: 'apiKey' as const, in: 'header' as const, name: 'X-API-Key' },
  },
  sampleValues: { plugin: id },
});

/** The dialects that a plugin brings: its routes in xcore's envelope, and one of its own. Throws BadShape. */
export function pluginDialects({ manifest, contribution, call }: PluginDialectOptions): Dialect[] {
  const { routes, dialect } = contribution;
  if (routes.length + (dialect?.routes.length ?? 0) > maxRoutes) throw new BadShape(`More than ${maxRoutes} routes`);
  const made: Dialect[] = [];
  if (routes.length > 0) {
    if (manifest.api_prefix === undefined) throw new BadShape('Routes need an `api_prefix` in plugin.json');
    made.push({
      ...common(manifest),
      name: dialect ? `${manifest.id}-routes` : manifest.id,
      title: manifest.name,
      prefix: manifest.api_prefix,
      description: descriptionOf(manifest, manifest.description),
      errorSchema: ErrorEnvelope,
      toError: envelope,
      statusOf: { BAD_USER_INPUT: 422 },
      words: french(),
      routes: routes.map((route, index) => answering(route, index, call)),
    });
  }
  if (dialect) made.push(ownDialect(manifest, dialect, call));
  return made;
}

const descriptionOf = ({ id, version, author }: Manifest, text: string): string =>
  [text, `Brought by the plugin \`${id}\` ${version}${author && `, of ${author}`}.`].filter(Boolean).join('\n\n');

const openShape = z.looseObject({});

/** Params are texts, whatever the plugin makes of them. */
const paramsOf = (path: string): z.ZodObject | undefined => {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name as string);
  return names.length ? z.object(Object.fromEntries(names.map((name) => [name, z.string().max(500)]))) : undefined;
};

const frameOf = (
  route: ContributedRoute,
  section: string,
): Pick<Route, 'method' | 'path' | 'section' | 'summary' | 'credential' | 'mayBeUnavailable'> => ({
  method: route.method.toLowerCase() as Method,
  path: checkedPath(route.path),
  section,
  summary: route.summary || `${route.method} ${route.path}`,
  credential: route.credential,
  mayBeUnavailable: true,
});

function checkedPath(path: string): string {
  if (!/^(\/|(\/:?[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+)$/.test(path) || path.length > 300)
    throw new BadShape(`${path.slice(0, 100)} is no path of a route: /customers/:id`);
  return path;
}

/** A route that the plugin answers by itself. */
function answering(route: ContributedRoute, index: number, call: CallRoute): AnswerRoute {
  const params = paramsOf(route.path);
  const takesBody = route.method !== 'GET' && route.method !== 'DELETE';
  return {
    ...frameOf(route, 'plugin'),
    ...(params && { params }),
    query: openShape,
    ...(takesBody && { body: z.union([openShape, z.array(z.unknown())]) }),
    response: z.unknown(),
    answer: async (input, context = {}) =>
      replyOf(await call({ kind: 'route', index, request: requestOf(input) }, context)),
  };
}

const requestOf = ({ params, query, body }: RouteInput): PluginRequest => ({
  params: (params ?? {}) as Record<string, string>,
  query: (query ?? {}) as Record<string, unknown>,
  body: body ?? null,
});

/** Headers that say something of the content; everything else of an answer is the server's. */
const allowedHeader =
  /^(content-language|cache-control|etag|last-modified|link|location|retry-after|warning|x-total-count)$/;

function replyOf(answer: unknown): Reply {
  const {
    status,
    headers = {},
    json,
  } = (typeof answer === 'object' && answer ? answer : {}) as Record<string, unknown>;
  const isStatus = typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599;
  const own = Object.entries(headers as Record<string, unknown>).filter(
    ([name, value]) =>
      allowedHeader.test(name.toLowerCase()) && typeof value === 'string' && /^[\t\x20-\x7e]*$/.test(value),
  );
  return {
    ...(isStatus && { status }),
    headers: Object.fromEntries(own) as Record<string, string>,
    ...(json !== undefined && status !== 204 && { json }),
  };
}

function ownDialect(manifest: Manifest, dialect: ContributedDialect, call: CallRoute): Dialect {
  const template = JSON.stringify(dialect.envelope ?? null);
  if (template.length > 10_000) throw new BadShape('The envelope has more than 10000 bytes');
  return {
    ...common(manifest),
    name: manifest.id,
    title: dialect.title,
    prefix: dialect.prefix,
    description: descriptionOf(manifest, dialect.description),
    errorSchema: z.unknown(),
    toError: (problem) => filled(dialect.envelope, problem),
    statusOf: statusesOf(dialect.statuses),
    words: english,
    routes: dialect.routes.map((route, index) => operating(route, index, call)),
  };
}

function statusesOf(given: ContributedDialect['statuses']): Partial<Record<Problem['code'], number>> {
  const wrong = Object.entries(given).find(([, status]) => !Number.isInteger(status) || status < 400 || status > 599);
  if (wrong) throw new BadShape(`The status of ${wrong[0]} must be one of 400 to 599`);
  return given as Partial<Record<Problem['code'], number>>;
}

/** The template with what stands for the problem's parts; a text that is one part alone becomes the part. */
function filled(template: unknown, problem: Problem): unknown {
  const parts: Record<string, unknown> = {
    status: problem.status,
    code: problem.code,
    message: problem.message,
    request_id: problem.requestId,
    timestamp: problem.timestamp,
    fields: problem.fields.map(({ name, message }) => ({ field: name, message })),
  };
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') {
      const [, whole] = /^\{\{(\w+)\}\}$/.exec(value) ?? [];
      if (whole !== undefined && Object.hasOwn(parts, whole)) return parts[whole];
      return value.replace(/\{\{(\w+)\}\}/g, (text, name: string) =>
        Object.hasOwn(parts, name) ? textOf(parts[name]) : text,
      );
    }
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]));
  };
  return fill(template);
}

const textOf = (part: unknown): string => (typeof part === 'object' ? JSON.stringify(part) : String(part));

/** A route on an operation of the graph, as those of the core's dialects. */
function operating(route: ContributedDialectRoute, index: number, call: CallRoute): OperationRoute {
  const name = `${route.method} ${route.path}`;
  const takesBody = route.method !== 'GET';
  const params = route.params ? textShapeOf(route.params, `${name}: params`) : paramsOf(route.path);
  return {
    ...frameOf(route, 'plugin'),
    ...(params && { params }),
    ...(route.query && { query: textShapeOf(route.query, `${name}: query`) }),
    ...(route.body && takesBody && { body: shapeOf(route.body, `${name}: body`) }),
    operation: operationOf(route.operation, name),
    toVariables: async (input, context = {}) =>
      route.hasVariables
        ? recordOf(await call({ kind: 'variables', index, request: requestOf(input) }, context))
        : joined(input),
    response: route.response ? shapeOf(route.response, `${name}: response`) : z.unknown(),
    toResponse: async (data, input, context = {}) =>
      route.hasResponse ? call({ kind: 'response', index, request: requestOf(input), data }, context) : data,
    status: route.status,
    // Problems come without the name of the argument that all mutations have.
    fields: Object.fromEntries(
      Object.entries(route.fields).map(([path, name]) => [path.replace(/^input\./, ''), name]),
    ),
  };
}

const joined = ({ params, query, body }: RouteInput): Record<string, unknown> => ({
  ...(body as object | undefined),
  ...(query as object | undefined),
  ...(params as object | undefined),
});

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

function operationOf(text: string, name: string): TypedDocumentNode<unknown, Record<string, unknown>> {
  try {
    return parse(text, { maxTokens: 2_000 }) as TypedDocumentNode<unknown, Record<string, unknown>>;
  } catch (error) {
    throw new BadShape(`${name}: ${error instanceof GraphQLError ? error.message : String(error)}`);
  }
}
