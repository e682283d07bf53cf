import type { FieldNode, GraphQLFieldResolver } from 'graphql';
import type { Connection } from '../../../kernel/connection.js';
import { cursorOf, pageInfoOf } from '../page.js';
import type { RowPlan } from '../plan.js';
import type { Fetched, Line } from '../run.js';
import type { Cell } from '../sql.js';

/** Where a row keeps its relations, by the field that asks: two aliases of one field may hold different rows. */
const relations = Symbol('relations');

/** A row as resolvers get it. */
export type Row = Record<string, unknown> & { [relations]?: Map<FieldNode, unknown> };

/** Resolves a relation: what the plan fetched for this field of the document. */
export const fromPlan: GraphQLFieldResolver<Row, unknown> = (row, _args, _context, { fieldNodes }) =>
  row[relations]?.get(fieldNodes[0] as FieldNode);

export const rowsOf = (plans: readonly RowPlan[], { lines, below }: Fetched): Row[] =>
  lines.map((line) => rowOf(plans, line, below) as Row);

/** The rows of a page and what is known of it. */
export function connectionOf(plans: readonly RowPlan[], fetched: Fetched): Connection<Row> {
  const nodes = rowsOf(plans, fetched);
  const edges = nodes.map((node, i) => ({ node, cursor: cursorOf(fetched, fetched.lines[i] as Line) as string }));
  return { nodes, edges, pageInfo: pageInfoOf(fetched), totalCount: fetched.page?.totalCount ?? 0 };
}

/** One object with all that several places ask of it; null when the joined row is absent. */
function rowOf(plans: readonly RowPlan[], line: Line, below: Fetched['below']): Row | null {
  const key = line[plans[0]?.key as number] as Cell;
  if (key === null) return null;
  const row: Row = {};
  for (const { scalars, ones, manys } of plans) {
    for (const { column, cell } of scalars) row[column.property] ??= column.decode(line[cell] as Cell);
    if (!ones.length && !manys.length) continue;
    const related = (row[relations] ??= new Map<FieldNode, unknown>());
    for (const one of ones) related.set(one.node, rowOf([one.row], line, below));
    for (const { node, many } of manys) {
      const fetched = below.get(many)?.get(key) as Fetched;
      related.set(node, many.connection ? connectionOf(many.level.rows, fetched) : rowsOf(many.level.rows, fetched));
    }
  }
  row['id'] ??= key;
  return row;
}
