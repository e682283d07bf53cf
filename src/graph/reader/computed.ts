/**
 * Fields that resolvers of their own answer, in plans: what the resolver needs comes with the rows, it is asked for
 * each row, and its value becomes a part of the answer. So one such field no longer sends a whole operation to
 * graphql-js.
 *
 * Only where the value is made of scalars, lists and plain objects, which are written as graphql-js would. Everything
 * else (an error, a promise within the value, a null where none may be) throws NotSerializable or what the resolver
 * threw, and graphql-js runs the operation.
 */
import {
  defaultFieldResolver,
  type FieldNode,
  getArgumentValues,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Context } from '../../kernel/context.js';
import type { ScalarColumn } from './metadata.js';
import { NotSerializable } from './output/cell-serializer.js';
import type { Level } from './plan.js';
import type { LevelResult, ResultRow } from './result.js';

export interface ComputedField {
  field: GraphQLField<unknown, unknown>;
  node: FieldNode;
  info: Pick<GraphQLResolveInfo, 'fieldName' | 'fieldNodes' | 'returnType' | 'parentType' | 'schema' | 'fragments'>;
  keyCell: number;
  /** What the resolver gets of the row, beside its key. */
  needs: readonly { column: ScalarColumn; cell: number }[];
  complete: Completion;
}

/** From what a resolver returns to what the answer holds. */
export type Completion = (value: unknown) => unknown;

/** What an operation's resolvers are called with. */
export interface Asking {
  context: Context;
  info: Pick<GraphQLResolveInfo, 'operation' | 'rootValue' | 'variableValues'>;
}

/** The selected fields of a type, by response key; undefined for a type whose objects plans read. */
type FieldsOf = (
  nodes: readonly FieldNode[],
  type: GraphQLObjectType,
) => ReadonlyMap<string, readonly FieldNode[]> | undefined;

/** undefined: a value of this type may hold what only graphql-js can complete. */
export function completionOf(
  type: GraphQLOutputType,
  nodes: readonly FieldNode[],
  fieldsOf: FieldsOf,
): Completion | undefined {
  if (isNonNullType(type)) {
    const complete = completionOf(type.ofType, nodes, fieldsOf);
    return complete && ((value) => complete(value) ?? refuse());
  }
  const complete = completionOfPresent(type, nodes, fieldsOf);
  return complete && ((value) => (value == null ? null : complete(value)));
}

function completionOfPresent(
  type: GraphQLOutputType,
  nodes: readonly FieldNode[],
  fieldsOf: FieldsOf,
): Completion | undefined {
  if (isLeafType(type)) return (value) => type.serialize(isPlainValue(value) ? value : refuse()) ?? refuse();
  if (isListType(type)) {
    const complete = completionOf(type.ofType, nodes, fieldsOf);
    return complete && ((value) => (Array.isArray(value) ? value.map(complete) : refuse()));
  }
  return isObjectType(type) && !type.isTypeOf ? completionOfObject(type, nodes, fieldsOf) : undefined;
}

function completionOfObject(
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  fieldsOf: FieldsOf,
): Completion | undefined {
  const fields = fieldsOf(nodes, type);
  if (!fields) return undefined;
  const parts: [key: string, (value: Record<string, unknown>) => unknown][] = [];
  for (const [key, same] of fields) {
    const field = type.getFields()[same[0]?.name.value as string];
    if (!field) {
      parts.push([key, () => type.name]); // __typename
      continue;
    }
    if (key === '__proto__' || (field.resolve && field.resolve !== defaultFieldResolver)) return undefined;
    const complete = completionOf(field.type, same, fieldsOf);
    if (!complete) return undefined;
    parts.push([key, (value) => complete(value[field.name])]);
  }
  return (value) => {
    if (typeof value !== 'object' || !isPlainValue(value)) refuse();
    return Object.fromEntries(parts.map(([key, part]) => [key, part(value as Record<string, unknown>)]));
  };
}

/** Whether graphql-js would take it as it is: it calls functions, and waits for promises. */
const isPlainValue = (value: unknown): boolean =>
  typeof value !== 'function' && typeof (value as { then?: unknown } | null)?.then !== 'function';

function refuse(): never {
  throw new NotSerializable();
}

/** Asks the resolvers of all levels, and keeps their values in the results. */
export async function resolveComputed(level: Level, results: readonly LevelResult[], asking: Asking): Promise<void> {
  if (!level.hasComputed || !results.length) return;
  const rows = results.flatMap((result) => result.rows);
  const [values] = await Promise.all([
    Promise.all(level.computed.map(async (field) => [field, await valuesOf(field, rows, asking)] as const)),
    ...level.steps.map((step) =>
      // The results of a level share what lies below them.
      resolveComputed(step.level, [...(results[0]?.below.get(step)?.values() ?? [])], asking),
    ),
  ]);
  const computed = new Map(values);
  for (const result of results) result.computed = computed;
}

/** A resolver's values by the rows' keys. */
async function valuesOf(
  computed: ComputedField,
  rows: readonly ResultRow[],
  { context, info }: Asking,
): Promise<Map<string, unknown>> {
  const { field, node, keyCell, complete } = computed;
  const { operation, rootValue, variableValues } = info;
  const args = getArgumentValues(field, node, variableValues);
  const path = { prev: undefined, key: node.name.value, typename: computed.info.parentType.name };
  const fullInfo: GraphQLResolveInfo = { ...computed.info, operation, rootValue, variableValues, path };
  const byKey = new Map<string, Promise<unknown>>();
  for (const row of rows) {
    const key = row[keyCell];
    if (key == null || byKey.has(key)) continue;
    const asked = async (): Promise<unknown> =>
      complete(await field.resolve?.(objectOf(computed, row, key), args, context, fullInfo));
    byKey.set(key, asked());
  }
  const values = await Promise.all(byKey.values());
  return new Map([...byKey.keys()].map((key, i) => [key, values[i]]));
}

function objectOf({ needs }: ComputedField, row: ResultRow, key: string): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const { column, cell } of needs) object[column.property] = column.decode(row[cell] ?? null);
  object['id'] ??= key;
  return object;
}
