import { STATUS_CODES } from 'node:http';
import { getOperationAST, print } from 'graphql';
import { z } from 'zod';
import {
  createDocument,
  type CreateDocumentOptions,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { operationName } from './prepare.js';
import { statusOf } from './problem.js';
import { bodyTypesOf, mediaTypes } from './request-body.js';
import type { Dialect, FilesRule, ProblemCode, Route } from './route.js';

export interface OpenApiOptions {
  /** Without a trailing slash; `''` makes the servers relative to wherever the document is read. */
  publicUrl: string;
}

type ZodOpenApiContentObject = NonNullable<ZodOpenApiOperationObject['requestBody']>['content'];

/** A dialect's table as an OpenAPI 3.1 document, ready for JSON. */
export function openApiOf(dialect: Dialect, { publicUrl }: OpenApiOptions): object {
  const paths: ZodOpenApiPathsObject = {};
  const operationIds = uniqueOperationIds(dialect.routes);
  for (const route of dialect.routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operationOf(route, dialect, operationIds.get(route) ?? '') };
  }
  const tags = [...new Set(dialect.routes.map(tagOf))];
  return createDocument(
    {
      openapi: '3.1.0',
      info: { title: dialect.title, version: dialect.version, description: descriptionOf(dialect) },
      servers: [{ url: `${publicUrl}${dialect.prefix}` || '/' }],
      tags: tags.map((name) => ({ name })),
      paths,
      components: { securitySchemes: { ...dialect.securitySchemes } },
    },
    rendering,
  );
}

const rendering: CreateDocumentOptions = {
  // Shapes that zod can't describe become the empty schema.
  allowEmptySchema: { any: true, unknown: true, custom: true, transform: true },
  override: ({ jsonSchema }) => {
    // zod bounds every integer by what a double holds.
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    // zod adds its regular expression to named formats.
    if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
  },
};

const descriptionOf = ({ description, limits }: Dialect): string =>
  [description, ...(limits.length > 0 ? [limits.map((limit) => `- ${limit}`).join('\n')] : [])].join('\n\n');

/** The operation's name; a second route with the same operation gets its method and path. */
function uniqueOperationIds(routes: readonly Route[]): Map<Route, string> {
  const ids = new Map<Route, string>();
  const used = new Set<string>();
  for (const route of routes) {
    const name = 'operation' in route ? operationName(route) : '';
    const id = name !== '' && !used.has(name) ? name : `${route.method}${route.path.replace(/[^A-Za-z0-9]+/g, '_')}`;
    used.add(id);
    ids.set(route, id);
  }
  return ids;
}

/** `documents` for `/api/documents/:id`: a leading `api` says nothing. */
function tagOf({ tag, path }: Route): string {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== 'api' && !segment.startsWith(':'));
  return tag ?? segments[0] ?? 'root';
}

function operationOf(route: Route, dialect: Dialect, operationId: string): ZodOpenApiOperationObject {
  const graphql = 'operation' in route ? print(route.operation) : undefined;
  const requestBody = requestBodyOf(route);
  return {
    operationId,
    tags: [tagOf(route)],
    summary: route.summary,
    description: [`\`${route.section}\``, ...deprecationNote(route), ...(graphql ? [graphqlBlock(graphql)] : [])].join(
      '\n\n',
    ),
    ...(graphql && { 'x-graphql': graphql }),
    ...(route.deprecated && { deprecated: true }),
    security: securityOf(route, dialect),
    ...requestParamsOf(route),
    ...(requestBody && { requestBody }),
    responses: { ...successOf(route), ...failuresOf(route, dialect) },
  };
}

const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/)
  .optional()
  .meta({
    description:
      'For 24 hours, the same key with the same request gives the first answer again ' +
      '(with `Idempotency-Replayed: true`); with another request it is refused.',
    examples: ['5b0e8f0c-6d1f-4a6e-9a3b-7f1f4e0c2d11'],
  });

function requestParamsOf({ method, params, query }: Route): Pick<ZodOpenApiOperationObject, 'requestParams'> {
  const header = method === 'post' ? z.object({ 'Idempotency-Key': IdempotencyKey }) : undefined;
  if (!params && !query && !header) return {};
  return { requestParams: { ...(params && { path: params }), ...(query && { query }), ...(header && { header }) } };
}

const figure = (description: string) => ({ description, schema: { type: 'integer' as const } });
/** On every answer while quotas are counted. */
const rateLimitHeaders = {
  'X-RateLimit-Limit': figure('Of the quota with the fewest requests left'),
  'X-RateLimit-Remaining': figure('Requests left in its window'),
  'X-RateLimit-Reset': figure('When its window ends, in seconds since 1970'),
};
const retryHeader = { 'Retry-After': figure('Seconds to wait') };

const graphqlBlock = (operation: string): string =>
  `<details><summary>GraphQL</summary>\n\n\`\`\`graphql\n${operation}\n\`\`\`\n\n</details>`;

const deprecationNote = ({ deprecated }: Route): string[] =>
  deprecated ? [`Deprecated since ${deprecated.since}; gone on ${deprecated.sunset}.`] : [];

function securityOf({ credential }: Route, { securitySchemes }: Dialect): Record<string, string[]>[] {
  if (credential === 'none') return [];
  const alternatives = Object.keys(securitySchemes).map((name) => ({ [name]: [] }));
  return credential === 'optional' ? [{}, ...alternatives] : alternatives;
}

function requestBodyOf(route: Route): ZodOpenApiOperationObject['requestBody'] {
  const types = bodyTypesOf(route);
  if (types.length === 0) return undefined;
  const example = route.examples?.body;
  const contents = types.map((type) => [
    mediaTypes[type],
    {
      schema: type === 'multipart' ? multipartShape(route) : (route.body ?? z.object({})),
      ...(example !== undefined && { example }),
    },
  ]);
  const accepted = route.body?.safeParse({});
  const isOptional = !route.files?.required && (accepted?.success ?? true);
  return { required: !isOptional, content: Object.fromEntries(contents) as ZodOpenApiContentObject };
}

function multipartShape({ body, files }: Route): z.ZodType {
  const fields = body instanceof z.ZodObject ? body : z.object({});
  return files ? fields.safeExtend({ [files.parts[0] ?? 'file']: fileShape(files) }) : fields;
}

function fileShape({ max, required }: FilesRule): z.ZodType {
  const binary = { type: 'string' as const, format: 'binary' };
  const shape = z.unknown().meta({ override: max > 1 ? { type: 'array', items: binary, maxItems: max } : binary });
  return required ? shape : shape.optional();
}

function successOf(route: Route): ZodOpenApiResponsesObject {
  const isEmpty = 'operation' in route && !route.response && !route.reply;
  const status = typeof route.status === 'function' ? '2XX' : String(route.status ?? (isEmpty ? 204 : 200));
  const example = route.examples?.response;
  const content: Record<string, object> = {};
  if (route.response)
    content['application/json'] = { schema: route.response, ...(example !== undefined && { example }) };
  for (const mediaType of route.produces ?? []) {
    content[mediaType] = { schema: { type: 'string', ...(mediaType.startsWith('text/') ? {} : { format: 'binary' }) } };
  }
  const hasContent = Object.keys(content).length > 0;
  const description = STATUS_CODES[status] ?? 'Success';
  return {
    [status]: { description, headers: rateLimitHeaders, ...(hasContent && { content }) },
  } as ZodOpenApiResponsesObject;
}

/** Every status that the dialect may refuse this route with. */
function failuresOf(route: Route, dialect: Dialect): ZodOpenApiResponsesObject {
  const statuses = new Set(problemCodesOf(route).map((code) => statusOf(dialect, code)));
  const responses = [...statuses].map((status) => [
    String(status),
    {
      description: STATUS_CODES[status] ?? 'Failure',
      headers: { ...rateLimitHeaders, ...(status === 429 && retryHeader) },
      content: { 'application/json': { schema: dialect.errorSchema } },
    },
  ]);
  return Object.fromEntries(responses) as ZodOpenApiResponsesObject;
}

function problemCodesOf(route: Route): ProblemCode[] {
  const operation = 'operation' in route ? getOperationAST(route.operation)?.operation : undefined;
  const codes: ProblemCode[] = ['MALFORMED_REQUEST'];
  const when = (condition: unknown, ...added: ProblemCode[]): void => void (condition && codes.push(...added));
  when(route.params || route.query || route.body || route.files, 'BAD_USER_INPUT');
  when(route.credential !== 'none' || operation === 'mutation', 'UNAUTHENTICATED');
  when(route.credential === 'required', 'FORBIDDEN');
  when(route.params, 'NOT_FOUND');
  when(operation === 'mutation' || route.method === 'post', 'CONFLICT');
  when(bodyTypesOf(route).length > 0, 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE');
  when(route.quota !== 'exempt', 'RATE_LIMITED');
  when(true, 'INTERNAL_SERVER_ERROR');
  return codes;
}
