import type { ExecutionResult } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import type { EventCatalog, EventType, StoredEvent } from '../../events/catalog.js';
import type { Documented } from '../../kernel/event-payloads.js';
import { operationName } from './prepare.js';
import { causeOf, Refusal, refusalOfResult } from './problem.js';
import type { Dialect, OperationRoute, RouteInput } from './route.js';

/** An event that a dialect's document shows to subscribers: a line of its table. */
export interface DocumentedLine {
  /** Its name in the log. */
  event: EventType;
  /** Its name in the document. */
  type: string;
  /** The route whose GET answers the thing that it is about: `/clients/:id`, with the event's subject as the id. */
  path: string;
  /** What the event itself says, in the row's keys: it rules over the row, which may have moved on. */
  facts?: (data: never) => Readonly<Record<string, unknown>>;
}

/** Types a line: `documented('client.created', 'client_created', '/clients/:id')`. */
export const documented = <T extends EventType>(
  event: T,
  type: string,
  path: string,
  facts?: (data: EventCatalog[T]) => Readonly<Record<string, unknown>>,
): DocumentedLine => ({ event, type, path, ...(facts && { facts }) });

/** A line with the route that it names. */
export interface PreparedLine extends DocumentedLine {
  dialect: Dialect;
  route: OperationRoute;
}

/** Throws for a line whose route there is not, or answers something else than JSON of an operation. */
export function documentedLines(dialect: Dialect): PreparedLine[] {
  return (dialect.documentedEvents ?? []).map((line) => {
    const route = dialect.routes.find(({ method, path }) => method === 'get' && path === line.path);
    if (!route || !('operation' in route) || !route.toResponse)
      throw new Error(`${dialect.name}: ${line.event} is documented by GET ${line.path}, which answers no row`);
    return { ...line, dialect, route };
  });
}

export interface ReadOptions {
  schema: GraphQLSchema;
  execute: (route: OperationRoute, name: string, variables: Record<string, unknown>) => Promise<ExecutionResult>;
  mayUse: (permission: `${string}:${string}`) => boolean;
}

/** Asks the route as its GET is asked, and puts the row into the documented event. Throws when that fails. */
export async function readDocumented(
  { dialect, route, type, facts }: PreparedLine,
  { subjectId, occurredAt, data }: StoredEvent,
  { schema, execute, mayUse }: ReadOptions,
): Promise<Documented> {
  if (route.permission && !mayUse(route.permission)) return { missing: 'refused' };
  const input = inputOf(dialect, route, subjectId);
  try {
    const variables = await route.toVariables(input);
    const result = await execute(route, operationName(route), variables);
    if (result.errors?.length) {
      const refusal = refusalOfResult(result, { dialect, route, schema, variables });
      throw refusal ?? new AggregateError(result.errors.map(causeOf), `${operationName(route)} failed`);
    }
    const row = (await route.toResponse?.(result.data, input)) as Readonly<Record<string, unknown>>;
    const shown = { ...row, ...facts?.(data as never) };
    return { message: { type, timestamp: occurredAt, data: shown, resource_id: String(row['id']) } };
  } catch (error) {
    if (error instanceof Refusal && error.code === 'NOT_FOUND') return { missing: 'gone' };
    if (error instanceof Refusal && (error.code === 'FORBIDDEN' || error.code === 'UNAUTHENTICATED'))
      return { missing: 'refused' };
    throw error;
  }
}

const inputOf = ({ prefix }: Dialect, { path, query }: OperationRoute, id: string): RouteInput => ({
  params: { id },
  query: query?.parse({}),
  body: undefined,
  files: undefined,
  request: {
    method: 'GET',
    originalUrl: `${prefix}${path.replace(':id', encodeURIComponent(id))}`,
    headers: {},
    ip: undefined,
    secure: false,
    requestId: '',
    signedIn: true,
    userId: undefined,
    bodyType: undefined,
  },
});
