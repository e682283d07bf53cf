import DataLoader from 'dataloader';
import {
  getNamedType,
  GraphQLError,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  isListType,
  isNonNullType,
} from 'graphql';
import type { StoredEvent } from '../../events/catalog.js';
import type { Context } from '../../kernel/context.js';
import { EventSubscription, type MayHear } from '../../kernel/event-subscription.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { badInput, DomainError } from '../../lib/errors.js';
import type { EntityShape, EntityShapes } from '../reader/metadata.js';
import { isRecord, jsonOf, resultOf, WrongResult } from './plugin-values.js';
import type { GraphCall, SchemaPart } from './schema-part.js';

type Field = GraphQLField<unknown, Context>;
type Resolve = GraphQLFieldResolver<unknown, Context>;

/** Of the arguments of one field, as JSON. */
const maxArgumentBytes = 256 * 1024;

/** What is batched for one operation: calls by field and arguments, and rows by the field that shows them. */
interface Batches {
  calls: Map<string, DataLoader<unknown, unknown>>;
  rows: WeakMap<object, DataLoader<string, object | undefined>>;
}

const batches = new WeakMap<Context, Batches>();

function batchesOf(context: Context): Batches {
  const known = batches.get(context) ?? { calls: new Map(), rows: new WeakMap() };
  batches.set(context, known);
  return known;
}

/** Resolves a field by the plugin's process: one call for all parents that ask at once with the same arguments. */
export function byCall(part: SchemaPart, type: string, field: Field, shapes: EntityShapes): Resolve {
  const parentOf = shapes.has(type) ? ({ id }: { id: unknown }): unknown => ({ id }) : (parent: unknown) => parent;
  const isRoot = type === 'Query' || type === 'Mutation';
  return async (parent, args, context, info) => {
    // Nobody who is not signed in reaches a plugin by a root field.
    if (isRoot) requireSignedIn(context.viewer, type === 'Mutation' ? 'write' : 'read');
    const given = argumentsOf(field, args);
    const key = `${part.id} ${type}.${field.name} ${JSON.stringify(given)}`;
    const { calls } = batchesOf(context);
    const loader =
      calls.get(key) ??
      new DataLoader<unknown, unknown>(
        (parents) => resolveAll(part, { kind: 'resolve', type, field: field.name, parents, args: given }, context),
        { cache: false },
      );
    calls.set(key, loader);
    const value = await loader.load(isRoot ? [null] : [parentOf(parent as { id: unknown })]);
    return shown(part, { type, field, shapes }, { value, context, info });
  };
}

/** Parents come wrapped, since a loader takes no null as a key. */
async function resolveAll(
  part: SchemaPart,
  call: Extract<GraphCall, { kind: 'resolve' }>,
  context: Context,
): Promise<unknown[]> {
  const parents = call.parents.map((wrapped) => (wrapped as [unknown])[0]);
  const results = await part.call({ ...call, parents }, context);
  if (Array.isArray(results) && results.length === parents.length) return results as unknown[];
  throw new WrongResult(`Plugin ${part.id}: ${call.type}.${call.field} did not resolve to one result for each parent`);
}

/** Resolves a field of a plugin's own object without a resolver: a property of what the plugin resolved before. */
export const byProperty =
  (part: SchemaPart, type: string, field: Field, shapes: EntityShapes): Resolve =>
  (parent, _args, context, info) => {
    const value = isRecord(parent) && Object.hasOwn(parent, field.name) ? parent[field.name] : null;
    return shown(part, { type, field, shapes }, { value, context, info });
  };

interface Answering {
  value: unknown;
  context: Context;
  info: GraphQLResolveInfo;
}

/** The plugin's value, checked; rows of the core are read as the viewer, of what the plugin says only their ids. */
function shown(
  part: SchemaPart,
  { type, field, shapes }: { type: string; field: Field; shapes: EntityShapes },
  { value, context, info }: Answering,
): unknown {
  try {
    const shape = shapes.get(getNamedType(field.type).name);
    return shape ? rowsOf(field.type, value, (id) => rowOf(shape, id, context, info)) : resultOf(field.type, value);
  } catch (error) {
    if (!(error instanceof WrongResult)) throw error;
    throw new WrongResult(`Plugin ${part.id}: ${type}.${field.name} resolved to ${error.message}`);
  }
}

/** In lists that take no null, rows that the viewer may not see are left out. */
function rowsOf(type: GraphQLOutputType, value: unknown, read: (id: string) => Promise<unknown>): unknown {
  const nullable = isNonNullType(type) ? type.ofType : type;
  if (value == null) return null;
  if (!isListType(nullable)) return read(idOf(value));
  if (!Array.isArray(value)) throw new WrongResult(`a ${typeof value} for ${String(type)}`);
  const item: GraphQLOutputType = nullable.ofType;
  return Promise.all(value.map((each) => rowsOf(item, each, read))).then((rows) =>
    isNonNullType(item) ? rows.filter((row) => row != null) : rows,
  );
}

function idOf(value: unknown): string {
  const id = isRecord(value) ? value['id'] : value;
  if (typeof id !== 'string' && typeof id !== 'number') throw new WrongResult('something without an id');
  return String(id);
}

/** One read for all rows that a field of the document shows, whatever the number of its parents. */
function rowOf(shape: EntityShape, id: string, context: Context, info: GraphQLResolveInfo): Promise<unknown> {
  const { rows } = batchesOf(context);
  const node = info.fieldNodes[0] as object;
  const loader =
    rows.get(node) ?? new DataLoader<string, object | undefined>((ids) => context.read.each(shape.model, ids, info));
  rows.set(node, loader);
  return loader.load(id);
}

function argumentsOf(field: Field, args: Record<string, unknown>): Record<string, unknown> {
  const given = Object.fromEntries(
    field.args.flatMap(({ name, type }) => (Object.hasOwn(args, name) ? [[name, jsonOf(type, args[name])]] : [])),
  );
  if (field.args.length && Buffer.byteLength(JSON.stringify(given)) > maxArgumentBytes)
    throw badInput([{ path: [], code: 'too_long', message: `At most ${maxArgumentBytes} bytes of arguments` }]);
  return given;
}

/** Delivers the events that a field of Subscription names, from where its argument `after` says. */
export function subscribing(
  part: SchemaPart,
  field: Field,
  mayHear: MayHear,
): { subscribe: Resolve; resolve: Resolve } {
  const events = new Set<string>(part.contribution.subscriptions[field.name]?.events);
  return {
    subscribe: (_root, { after }: { after?: string | null }, { viewer }) =>
      new EventSubscription({
        after,
        subscriber: viewer,
        concerns: ({ type }) => events.has(type),
        mayHear: (event, current) => {
          if (part.hasLeft()) throw hasChanged(part.id);
          return mayHear(event, current);
        },
      }),
    resolve: async (event, args, context, info) => {
      const { after: _, ...given } = argumentsOf(field, args);
      const call: GraphCall = { kind: 'deliver', field: field.name, event: told(event as StoredEvent), args: given };
      const value = await part.call(call, context);
      return shown(part, { type: 'Subscription', field, shapes: noShapes }, { value, context, info });
    },
  };
}

const noShapes: EntityShapes = new Map();

const hasChanged = (id: string): DomainError =>
  new DomainError('UNAVAILABLE', `The plugin ${id} was reloaded or has left: subscribe again`, {
    reason: 'plugin.failed',
  });

/** An event as a plugin gets it. */
export const told = ({ position, type, subjectType, subjectId, actorId, occurredAt, data }: StoredEvent) => ({
  position,
  type,
  subjectType,
  subjectId,
  actorId,
  occurredAt,
  data,
});

/** A refusal as the graph writes one: fields by their path from the argument on. */
export const refusal = (
  message: string,
  code: 'BAD_USER_INPUT' | 'NOT_FOUND' | 'FORBIDDEN' | 'CONFLICT',
  fields: readonly { path: readonly string[]; message: string }[],
): GraphQLError =>
  new GraphQLError(message, {
    extensions: {
      code,
      ...(fields.length && {
        fields: fields.map(({ path, message: problem }) => ({
          path: path.map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment)),
          code: 'invalid',
          message: problem,
        })),
      }),
    },
  });
