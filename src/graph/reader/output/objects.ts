import type { FieldNode, GraphQLFieldResolver } from 'graphql';
import type { Connection } from '../../../kernel/connection.js';
import type { Projection } from '../plan.js';
import { cursorOf, type LevelResult, pageInfoOf, type ResultRow } from '../result.js';
import type { Cell } from '../sql.js';

/** Where an object keeps its relations, by the field that asks: two aliases of one field may hold different rows. */
const relations = Symbol('relations');

/** A row as resolvers get it. */
export type RowObject = Record<string, unknown> & { [relations]?: Map<FieldNode, unknown> };

/** Resolves a relation to what the plan read for this field of the document. */
export const resolveRelation: GraphQLFieldResolver<RowObject, unknown> = (object, _args, _context, { fieldNodes }) =>
  object[relations]?.get(fieldNodes[0] as FieldNode);

export const objectsOf = (projections: readonly Projection[], { rows, below }: LevelResult): RowObject[] =>
  rows.map((row) => objectOf(projections, row, below) as RowObject);

export function connectionOf(projections: readonly Projection[], result: LevelResult): Connection<RowObject> {
  const nodes = objectsOf(projections, result);
  const edges = nodes.map((node, i) => ({ node, cursor: cursorOf(result, result.rows[i] as ResultRow) as string }));
  const { totalCount = 0, isEstimated = false } = result.page ?? {};
  return { nodes, edges, pageInfo: pageInfoOf(result), totalCount, isEstimated };
}

/** One object with all that several projections ask of it; null when the joined row is absent. */
function objectOf(projections: readonly Projection[], row: ResultRow, below: LevelResult['below']): RowObject | null {
  const key = row[projections[0]?.keyCell as number] as Cell;
  if (key === null) return null;
  const object: RowObject = {};
  for (const { scalars, toOne, toMany } of projections) {
    for (const { column, cell } of scalars) object[column.property] ??= column.decode(row[cell] as Cell);
    if (!toOne.length && !toMany.length) continue;
    const related = (object[relations] ??= new Map<FieldNode, unknown>());
    for (const { node, projection } of toOne) related.set(node, objectOf([projection], row, below));
    for (const { node, step } of toMany) {
      const result = below.get(step)?.get(key) as LevelResult;
      const { projections: own } = step.level;
      related.set(node, step.connection ? connectionOf(own, result) : objectsOf(own, result));
    }
  }
  object['id'] ??= key;
  return object;
}
