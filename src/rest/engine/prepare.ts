import { type DocumentNode, getOperationAST, print, validate, type GraphQLSchema } from 'graphql';
import { memoized } from '../../lib/memoized.js';
import { keysIn, readerOf, type ReadValue } from './read-values.js';
import type { Dialect, OperationRoute, Route } from './route.js';

/** A route with what is computed once, when the router is built. */
export interface PreparedRoute {
  route: Route;
  /** Prefix and path. */
  path: string;
  /** Undefined for a route without operation. */
  execution: { operationName: string; key: string } | undefined;
  /** Reads query and body as the dialect's consumers mean them. */
  readonly readers: Readers;
}

export interface Readers {
  query?: (value: unknown) => ReadValue;
  json?: (value: unknown) => ReadValue;
  /** Of forms, multipart ones too. */
  form?: (value: unknown) => ReadValue;
  /** Whether a key of a JSON body that no shape names is refused. */
  refuses: (key: string) => boolean;
}

/** Checks a dialect's table against itself and the schema. Throws one Error that names every mistake. */
export function checkRoutes(dialect: Dialect, schema: GraphQLSchema): void {
  const mistakes: string[] = [];
  const seen = new Set<string>();
  for (const route of dialect.routes) {
    const name = `${dialect.name} ${route.method.toUpperCase()} ${dialect.prefix}${route.path}`;
    const found = [...mistakesOf(route), ...('operation' in route ? mistakesOfOperation(route, schema) : [])];
    const identity = `${route.method} ${route.path.replace(/:\w+/g, ':')}`;
    if (seen.has(identity)) found.push('another route has the same method and path');
    seen.add(identity);
    mistakes.push(...found.map((mistake) => `${name}: ${mistake}`));
  }
  if (mistakes.length > 0) throw new Error(`Routes that can't be served:\n  ${mistakes.join('\n  ')}`);
}

/** Those of a checked dialect, fixed segments before parameters, so that `/users/me` never matches `/users/:id`. */
export const prepareRoutes = (dialect: Dialect): PreparedRoute[] =>
  dialect.routes
    .map((route) => prepared(route, dialect))
    .toSorted((one, other) => compareSpecificity(one.path, other.path));

function prepared(route: Route, dialect: Dialect): PreparedRoute {
  let readers: Readers | undefined;
  return {
    route,
    path: dialect.prefix + route.path,
    execution: executionOf(route),
    // Made for the first request: hundreds of routes would hold up the start.
    get readers() {
      return (readers ??= readersOf(route, dialect));
    },
  };
}

/** The names of a path's parameters, in order. */
const parameterNames = (path: string): string[] => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name as string);

function readersOf(route: Route, { habits, routes }: Dialect): Readers {
  const { looseValues = false, unaccentedEnums = false, unknownKeys } = habits;
  const { query, body } = route;
  const isBeyond = route.section.startsWith('DECISIONS.md');
  const isStrict = (unknownKeys === 'refused' || isBeyond) && route.credential !== 'none';
  const answered = new Set<string>();
  for (const { method, path, response } of isStrict ? routes : [])
    if (path === route.path && (method === route.method || method === 'get')) keysIn(response, answered);
  return {
    ...(query && { query: readerOf(query, { unaccentedEnums }) }),
    ...(body && {
      json: readerOf(body, { looseValues, unaccentedEnums }),
      form: readerOf(body, { looseValues, unaccentedEnums, isText: true }),
    }),
    refuses: (key) => isStrict && !answered.has(key.slice(key.lastIndexOf('.') + 1)),
  };
}

export function executionOf(route: Route): PreparedRoute['execution'] {
  if (!('operation' in route)) return undefined;
  return { operationName: operationName(route), key: print(route.operation) };
}

/** Empty for an operation without a name, which `checkRoutes` refuses. */
export const operationName = (route: OperationRoute): string => getOperationAST(route.operation)?.name?.value ?? '';

function mistakesOf(route: Route): string[] {
  const mistakes: string[] = [];
  if (!route.path.startsWith('/')) mistakes.push('the path must start with /');
  const inPath = parameterNames(route.path).toSorted().join(', ');
  const inShape = Object.keys(route.params?.shape ?? {})
    .toSorted()
    .join(', ');
  if (inPath !== inShape) mistakes.push(`the path has the parameters (${inPath}), its shape has (${inShape})`);
  if (route.permission && route.credential !== 'required') mistakes.push('`permission` needs a required credential');
  if (route.method === 'get' && (route.body || route.files)) mistakes.push('a GET takes no body');
  if ('operation' in route && route.toResponse && !route.response) mistakes.push('`toResponse` needs `response`');
  if ('operation' in route && route.response && !route.toResponse && !route.reply) {
    mistakes.push('`response` needs `toResponse` or `reply`');
  }
  if ('operation' in route && route.toResponse && route.reply)
    mistakes.push('`toResponse` and `reply` exclude each other');
  return mistakes;
}

const mistakesOnSchema = memoized((schema: GraphQLSchema) =>
  memoized((operation: DocumentNode) => validate(schema, operation).map(({ message }) => message)),
);

function mistakesOfOperation(route: OperationRoute, schema: GraphQLSchema): string[] {
  const mistakes = [...mistakesOnSchema(schema)(route.operation)];
  if (operationName(route) === '') mistakes.push('the document must hold one operation with a name');
  if (route.current && (!('operation' in route.current) || !route.current.toResponse))
    mistakes.push('`current` must be a route with an operation and `toResponse`');
  return mistakes;
}

function compareSpecificity(one: string, other: string): number {
  const segments = one.split('/');
  const others = other.split('/');
  for (const [index, segment] of segments.entries()) {
    const rank = Number(segment.startsWith(':')) - Number(others[index]?.startsWith(':') ?? false);
    if (rank !== 0) return rank;
  }
  return 0;
}
