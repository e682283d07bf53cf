import { randomUUID } from 'node:crypto';
import {
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
  parse,
  print,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { StoredEvent } from '../events/catalog.js';
import { asksForSchema, assertFewTokens, assertWithinLimits, costOf } from '../graph/limits.js';
import type { EventPayloads, QueryPayload } from '../kernel/event-payloads.js';
import { holds, type Viewer } from '../kernel/viewer.js';
import { memoized } from '../lib/memoized.js';
import { documentedLines, type PreparedLine, readDocumented } from '../rest/engine/documented-events.js';
import type { Dialect } from '../rest/engine/route.js';
import type { Graph } from './graph.js';
import type { AppServices } from './services.js';

/** A payload's query is run for every event, without anybody's quota: it may cost a tenth of an operation. */
const maxPayloadCost = 2_500;
const longestQuery = 10_000;

/** What the variables of a payload's query may be, by their names. */
const variableTypes: Readonly<Record<string, string>> = { id: 'ID!', event: 'Position!' };

/** Everything that is read for webhooks, through the graph that is served. */
export class GraphPayloads implements EventPayloads {
  readonly documented: ReadonlyMap<string, string>;
  readonly #lines: ReadonlyMap<string, PreparedLine>;
  readonly #judgedOn = memoized((_schema: GraphQLSchema) => new LRUCache<string, Judged>({ max: 500 }));
  #served: { graph: Graph; contextFor: AppServices['makeContext']['forViewer'] } | undefined;

  /** Throws when two dialects document one event. */
  constructor(dialects: readonly Dialect[]) {
    const lines = dialects.flatMap(documentedLines);
    this.#lines = new Map(lines.map((line) => [line.event, line]));
    if (this.#lines.size < lines.length) throw new Error('An event is documented twice');
    this.documented = new Map(lines.map(({ event, type }) => [event, type]));
  }

  /** Nothing can be read before. */
  serve(graph: Graph, contextFor: AppServices['makeContext']['forViewer']): void {
    this.#served = { graph, contextFor };
  }

  async document(event: StoredEvent, viewer: Viewer): ReturnType<EventPayloads['document']> {
    const line = this.#lines.get(event.type);
    if (!line) return { missing: 'refused' };
    const { live, execute } = this.#graph;
    const context = this.#contextOf(viewer);
    return readDocumented(line, event, {
      schema: live.current,
      execute: ({ operation: document }, operationName, variables) =>
        execute.values({ schema: live.current, document, operationName, variables, context }),
      mayUse: (permission) => holds(viewer, permission),
    });
  }

  async query(text: string, { subjectId, position }: StoredEvent, viewer: Viewer): Promise<QueryPayload> {
    const { live, execute } = this.#graph;
    // The schema may be another one than when the query was given.
    const judged = this.#judge(text);
    if ('message' in judged) return { data: null, errors: [{ message: judged.message }] };
    const { document, given } = judged;
    const variables = {
      ...(given.has('id') && { id: subjectId }),
      ...(given.has('event') && { event: position }),
    };
    const context = this.#contextOf(viewer);
    const { data = null, errors } = await execute.values({ schema: live.current, document, variables, context });
    return { data, ...(errors?.length && { errors: errors.map(({ message, path }) => ({ message, path })) }) };
  }

  queryProblem(text: string): ReturnType<EventPayloads['queryProblem']> {
    const judged = this.#judge(text);
    return 'message' in judged ? judged : undefined;
  }

  #judge(text: string): Judged {
    const { current } = this.#graph.live;
    const known = this.#judgedOn(current);
    const judged = known.get(text) ?? judge(text, current);
    known.set(text, judged);
    return judged;
  }

  get #graph(): Graph {
    if (!this.#served) throw new Error('Payloads are read before the graph is served');
    return this.#served.graph;
  }

  #contextOf(viewer: Viewer): ReturnType<AppServices['makeContext']['forViewer']> {
    if (!this.#served) throw new Error('Payloads are read before the graph is served');
    const requestId = `webhook_${randomUUID().replaceAll('-', '')}`;
    return this.#served.contextFor(viewer, { credential: undefined, requestId, ip: undefined, userAgent: undefined });
  }
}

/** A query that may be run, with the names of the variables that it takes, or why it may not. */
type Judged =
  | { document: DocumentNode; given: ReadonlySet<string> }
  | NonNullable<ReturnType<EventPayloads['queryProblem']>>;

function judge(text: string, schema: GraphQLSchema): Judged {
  if (text.length > longestQuery) return { code: 'too_long', message: `must have at most ${longestQuery} characters` };
  try {
    assertFewTokens(text);
    const document = parse(text);
    const [invalid] = validate(schema, document);
    if (invalid) throw invalid;
    assertWithinLimits(schema, document);
    const cost = costOf(schema, document, { id: '1', event: '1' });
    const message = shapeProblem(document) ?? (cost > maxPayloadCost ? tooExpensive(cost) : undefined);
    if (message !== undefined) return { code: 'not_allowed', message };
    const defined = getOperationAST(document)?.variableDefinitions ?? [];
    return { document, given: new Set(defined.map(({ variable }) => variable.name.value)) };
  } catch (error) {
    if (error instanceof GraphQLError) return { code: 'invalid', message: error.message };
    throw error;
  }
}

const tooExpensive = (cost: number): string =>
  `would cost ${cost} for each event, and may cost ${maxPayloadCost}: ask for fewer rows or fields`;

/** Why a valid document is no payload's query. */
function shapeProblem(document: DocumentNode): string | undefined {
  const operations = document.definitions.filter(({ kind }) => kind === 'OperationDefinition');
  const [operation] = operations;
  if (operations.length !== 1 || operation?.kind !== 'OperationDefinition') return 'must hold one operation';
  if (operation.operation !== OperationTypeNode.QUERY) return 'must be a query';
  if (asksForSchema(document)) return 'must not ask for the schema';
  for (const { variable, type } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    if (!Object.hasOwn(variableTypes, name)) return `must have no variables but $id: ID! and $event: Position!`;
    if (print(type) !== variableTypes[name]) return `must declare $${name} as ${variableTypes[name]}`;
  }
  return undefined;
}
