import { getOperationAST, Kind, print } from 'graphql';
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { lowerFirst, upperFirst } from '../../lib/letter-case.js';
import { type AnswersOf, answersOf } from './openapi-answers.js';
import { exampleOf, type JsonSchema } from './openapi-examples.js';
import { rendering } from './openapi-schemas.js';
import { operationName } from './prepare.js';
import { bodyTypesOf, mediaTypes } from './request-body.js';
import type { Dialect, FilesRule, Route } from './route.js';

export interface OpenApiOptions {
  /** Without a trailing slash; `''` makes the servers relative to wherever the document is read. */
  publicUrl: string;
}

type ZodOpenApiContentObject = NonNullable<ZodOpenApiOperationObject['requestBody']>['content'];

/**
 * A dialect's table as an OpenAPI 3.1 document, ready for JSON. `x-graphql` of an operation is the GraphQL that it
 * stands for; the fragments that it uses are those of the document's `x-graphql-fragments`.
 */
export function openApiOf(dialect: Dialect, { publicUrl }: OpenApiOptions): object {
  const paths: ZodOpenApiPathsObject = {};
  const operationIds = operationIdsOf(dialect);
  const answers = answersOf(dialect);
  for (const route of dialect.routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    const operation = operationOf(route, dialect, { operationId: operationIds.get(route) ?? '', answers });
    paths[path] = { ...paths[path], [route.method]: operation };
  }
  const tags = [...new Set(dialect.routes.map(tagOf))];
  const document = createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: dialect.title,
        version: dialect.version,
        description: descriptionOf(dialect),
        contact: { name: 'Passerelle', ...(publicUrl !== '' && { url: `${publicUrl}/core-docs` }) },
        license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' },
      },
      servers: [{ url: `${publicUrl}${dialect.prefix}` || '/' }],
      tags: tags.map((name) => ({ name, description: dialect.tags?.[name] ?? `${dialect.title}: ${name}` })),
      paths,
      components: { securitySchemes: { ...dialect.securitySchemes } },
      'x-graphql-fragments': fragmentsOf(dialect.routes),
    },
    rendering,
  ) as unknown as OpenApiDocument;
  return withExamples(withNamedSchemas(withShortNames(withoutRepetition(document), dialect)), dialect);
}

/** What of the finished document is worked on. */
interface OpenApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas?: Record<string, JsonSchema>; parameters?: Record<string, Parameter> };
}
interface Operation {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, MediaType> };
  responses: Record<string, { content?: Record<string, MediaType> }>;
}
interface Parameter {
  description?: string;
  schema?: JsonSchema;
}
interface MediaType {
  schema?: JsonSchema;
  example?: unknown;
}

const operationsOf = ({ paths }: OpenApiDocument): Operation[] =>
  Object.values(paths).flatMap((path) => Object.values(path));

/** zod-openapi describes a parameter and its schema with the same words. */
function withoutRepetition(document: OpenApiDocument): OpenApiDocument {
  const parameters = operationsOf(document).flatMap((operation) => operation.parameters ?? []);
  for (const { description, schema } of [...parameters, ...Object.values(document.components.parameters ?? {})])
    if (schema?.description === description) delete schema?.description;
  return document;
}

/** Bodies and answers get names, which types in generated clients have: `CreateTagRequest`, `CreateTagResponse`. */
function withNamedSchemas(document: OpenApiDocument): OpenApiDocument {
  const schemas = (document.components.schemas ??= {});
  const name = (contents: MediaType[], title: string): void => {
    const inline = contents.filter(({ schema }) => schema?.properties !== undefined);
    const texts = inline.map(({ schema }) => JSON.stringify(schema));
    for (const [index, content] of inline.entries()) {
      const first = texts.indexOf(texts[index] as string);
      const own = first === 0 ? title : `${title}${first + 1}`;
      schemas[own] = JSON.parse(texts[index] as string) as JsonSchema;
      content.schema = { $ref: `#/components/schemas/${own}` };
    }
  };
  for (const { operationId, requestBody, responses } of operationsOf(document)) {
    const title = upperFirst(operationId);
    if (requestBody) name(Object.values(requestBody.content), `${title}Request`);
    for (const { content = {} } of Object.values(responses)) name(Object.values(content), `${title}Response`);
  }
  return document;
}

/** Gives each JSON answer of success an example that it has not. */
function withExamples(document: OpenApiDocument, { sampleValues: values = {} }: Dialect): OpenApiDocument {
  const { schemas = {} } = document.components;
  for (const { responses } of operationsOf(document))
    for (const { content = {} } of Object.values(responses))
      for (const answer of Object.values(content))
        if (answer.schema && answer.example === undefined)
          answer.example = exampleOf(answer.schema, { schemas, values });
  return document;
}

/** `Document` for `KdocsDocument`: in the document of one dialect its name says nothing. */
function withShortNames(document: OpenApiDocument, dialect: Dialect): OpenApiDocument {
  const prefix = prefixOf(dialect);
  const names = Object.keys(document.components.schemas ?? {});
  const short = (name: string): string => {
    const rest = name.startsWith(prefix) ? name.slice(prefix.length) : name;
    return rest === '' || (rest !== name && names.includes(rest)) ? name : rest;
  };
  const text = JSON.stringify(document).replaceAll(
    /"#\/components\/schemas\/(\w+)"/g,
    (_all, name: string) => `"#/components/schemas/${short(name)}"`,
  );
  const renamed = JSON.parse(text) as OpenApiDocument;
  const { schemas } = renamed.components;
  if (schemas)
    renamed.components.schemas = Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => [short(name), schema]),
    );
  return renamed;
}

/** With which its operations, fragments and shapes begin: `Kdocs`, for `kdocs-session` too. */
const prefixOf = ({ name }: Dialect): string => upperFirst(name.split('-')[0] ?? '');

const descriptionOf = ({ description, limits }: Dialect): string =>
  [description, ...(limits.length > 0 ? [limits.map((limit) => `- ${limit}`).join('\n')] : [])].join('\n\n');

/**
 * The names of functions in generated clients: the route's own, or that of its operation without the dialect's name
 * (`listDocuments`), or for a second route with the same operation its method and path.
 */
function operationIdsOf(dialect: Dialect): Map<Route, string> {
  const used = new Set(dialect.routes.map(({ operationId }) => operationId));
  const ids = new Map<Route, string>();
  for (const route of dialect.routes) {
    const name = 'operation' in route ? lowerFirst(operationName(route).replace(prefixOf(dialect), '')) : '';
    const id = route.operationId ?? (name === '' || used.has(name) ? methodAndPath(route) : name);
    used.add(id);
    ids.set(route, id);
  }
  return ids;
}

/** `getHealthLive` for `GET /health/live`, `putUsersById` for `PUT /users/:id`. */
function methodAndPath({ method, path }: Route): string {
  const words = path.replaceAll(/:(\w+)/g, 'by-$1').split(/[^A-Za-z0-9]+/);
  return [method, ...words.filter(Boolean).map(upperFirst)].join('');
}

/** `documents` for `/api/documents/:id`: a leading `api` says nothing. */
function tagOf({ tag, path }: Route): string {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== 'api' && !segment.startsWith(':'));
  return tag ?? segments[0] ?? 'root';
}

function operationOf(
  route: Route,
  dialect: Dialect,
  { operationId, answers }: { operationId: string; answers: AnswersOf },
): ZodOpenApiOperationObject {
  const graphql = 'operation' in route ? getOperationAST(route.operation) : undefined;
  const requestBody = requestBodyOf(route);
  return {
    operationId,
    tags: [tagOf(route)],
    summary: route.summary,
    description: [`\`${route.section}\``, ...deprecationNote(route)].join('\n\n'),
    ...(graphql && { 'x-graphql': print(graphql) }),
    ...(route.deprecated && { deprecated: true }),
    security: securityOf(route, dialect),
    ...requestParamsOf(route),
    ...(requestBody && { requestBody }),
    responses: answers(route),
  };
}

/** By name, each once. */
function fragmentsOf(routes: readonly Route[]): Record<string, string> {
  const fragments = routes
    .flatMap((route) => ('operation' in route ? route.operation.definitions : []))
    .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return Object.fromEntries(fragments.map((fragment) => [fragment.name.value, print(fragment)]));
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
    param: { id: 'IdempotencyKey' },
  });

function requestParamsOf({ method, params, query }: Route): Pick<ZodOpenApiOperationObject, 'requestParams'> {
  const header = method === 'post' ? z.object({ 'Idempotency-Key': IdempotencyKey }) : undefined;
  if (!params && !query && !header) return {};
  return { requestParams: { ...(params && { path: params }), ...(query && { query }), ...(header && { header }) } };
}

const deprecationNote = ({ deprecated }: Route): string[] =>
  deprecated ? [`Deprecated since ${deprecated.since}; gone on ${deprecated.sunset}.`] : [];

/** Bearer tokens first and nobody last: tools and generated clients take the first. */
function securityOf({ credential, onlyCookie }: Route, { securitySchemes }: Dialect): Record<string, string[]>[] {
  if (credential === 'none' || onlyCookie) return [];
  const names = Object.keys(securitySchemes).toSorted((one, other) => rank(one) - rank(other));
  const alternatives: Record<string, string[]>[] = names.map((name) => ({ [name]: [] }));
  return credential === 'optional' ? [...alternatives, {}] : alternatives;
}

const rank = (scheme: string): number => Number(scheme !== 'bearer');

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
