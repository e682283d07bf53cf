import { maxPageSize, type Connection, type ListArgs, type PageInfo } from '../../domain/connection.js';
import { type Bind, everyRow, type ListDefinition, type Predicate, type SortKey } from '../../domain/read-model.js';
import type { Viewer } from '../../domain/viewer.js';
import { badInput, type FieldProblem } from '../../errors.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import type { EntityShape, ToMany } from './metadata.js';
import type { ConnectionPlan, Level, ManyPlan, Plan, RowPlan } from './plan.js';
import { allOf, type Cell, Parameters, type ReadStatement } from './sql.js';

/** Where a row keeps its relations, by response key: two aliases of one field may hold different rows. */
export const relations = Symbol('relations');

export type Row = Record<string, unknown> & { [relations]: Record<string, unknown> };

/** What a plan is bound to when it runs. */
export interface Binding {
  viewer: Viewer;
  variables: Readonly<Record<string, unknown>>;
  read: ReadStatement;
}

interface Page {
  first: number;
  offset: number;
  sort: SortKey;
  descending: boolean;
  orderBy: string;
  after: { sort: string; id: string } | undefined;
  filter: Readonly<Record<string, unknown>>;
}

/** The rows with these ids that the viewer may see, in no particular order. */
export async function readByIds({ level }: Plan, ids: readonly (number | string)[], only: Predicate | undefined, binding: Binding): Promise<Row[]> {
  const { shape } = level.row;
  const parameters = new Parameters();
  const { bind } = parameters;
  const { cells, joins } = bound(level, binding.viewer, bind);
  const own = ids.length === 1 ? `t.id = ${bind(ids[0])}::${shape.keyType}` : `t.id = any(${bind(ids)}::${shape.keyType}[])`;
  const where = allOf([own, (only ?? everyRow)('t', bind), shape.model.visibleTo(binding.viewer)('t', bind)]);
  const lines = await binding.read(`select ${cells} from ${shape.table} t${joins} where ${where}`, parameters.values);
  return rowsOf(level, lines, binding);
}

/** One page of the whole list. */
export async function readList(plan: Plan, args: ListArgs, binding: Binding): Promise<Connection<Row>> {
  const { level } = plan;
  const connection = plan.connection as ConnectionPlan;
  const { shape } = level.row;
  const list = listOf(shape);
  const page = pageOf(args, list, shape.keyType);

  const readRows = async (): Promise<Connection<Row>> => {
    const parameters = new Parameters();
    const { bind } = parameters;
    const { cells, joins } = bound(level, binding.viewer, bind);
    const where = allOf([...conditions(shape, list, page, 't', binding.viewer, bind), ...afterCursor(page, 't', shape.keyType, bind)]);
    const cursor = connection.cursors ? `, (${page.sort.sql('t')})::text` : '';
    // The inner select pages before anything is joined; its order does not carry outwards, hence the second one.
    const lines = await binding.read(
      `select ${cells}${cursor} from (select * from ${shape.table} t where ${where}${orderOf(page, 't')}${limitOf(page, connection)}) t${joins}${orderOf(page, 't')}`,
      parameters.values,
    );
    return pageFrom(level, lines, page, connection, binding);
  };
  const count = async (): Promise<number> => {
    const parameters = new Parameters();
    const where = allOf(conditions(shape, list, page, 't', binding.viewer, parameters.bind));
    const [line] = await binding.read(`select count(*) from ${shape.table} t where ${where}`, parameters.values);
    return Number(line?.[0]);
  };
  const [rows, totalCount] = await Promise.all([
    connection.rows ? readRows() : emptyPage(page),
    connection.totalCount ? count() : 0,
  ]);
  return { ...rows, totalCount };
}

/** All levels below `parents` that hang on `many`, for all of them at once: the results by parent key. */
async function readMany(many: ManyPlan, parents: readonly string[], binding: Binding): Promise<Map<string, unknown>> {
  return many.connection
    ? readConnections(many, many.connection, parents, binding)
    : readPlainLists(many, parents, binding);
}

async function readPlainLists({ relation, level }: ManyPlan, parents: readonly string[], binding: Binding): Promise<Map<string, Row[]>> {
  const { shape } = level.row;
  const parameters = new Parameters();
  const { bind } = parameters;
  const { cells, joins } = bound(level, binding.viewer, bind);
  const { from, parentColumn } = sourceOf(relation, shape);
  const where = allOf([`${parentColumn} = any(${bind(parents)}::int[])`, shape.model.visibleTo(binding.viewer)('t', bind)]);
  const lines = await binding.read(
    `select ${cells}, ${parentColumn} from ${from}${joins} where ${where} order by ${relation.order('t')}`,
    parameters.values,
  );
  const rows = await rowsOf(level, lines, binding);
  const byParent = new Map<string, Row[]>(parents.map((id) => [id, []]));
  lines.forEach((line, i) => byParent.get(line.at(-1) as string)?.push(rows[i] as Row));
  return byParent;
}

async function readConnections(
  many: ManyPlan,
  connection: ConnectionPlan,
  parents: readonly string[],
  binding: Binding,
): Promise<Map<string, Connection<Row>>> {
  const { relation, level } = many;
  const { shape } = level.row;
  const list = listOf(shape);
  const page = pageOf(many.argumentsOf(binding.variables), list, shape.keyType);

  const readPages = async (): Promise<Map<string, Connection<Row>>> => {
    const parameters = new Parameters();
    const { bind } = parameters;
    const { cells, joins } = bound(level, binding.viewer, bind);
    const { from, parentColumn } = sourceOf(relation, shape);
    const where = allOf([`${parentColumn} = p.id`, ...conditions(shape, list, page, 't', binding.viewer, bind), ...afterCursor(page, 't', shape.keyType, bind)]);
    const cursor = connection.cursors ? `, (${page.sort.sql('t')})::text` : '';
    const lines = await binding.read(
      `select ${cells}${cursor}, p.id from unnest(${bind(parents)}::int[]) p (id) cross join lateral (select t.* from ${from} where ${where}${orderOf(page, 't')}${limitOf(page, connection)}) t${joins}${orderOf(page, 't')}`,
      parameters.values,
    );
    const byParent = Map.groupBy(lines, (line) => line.at(-1) as string);
    const pages = await Promise.all(
      parents.map(async (id) => [id, pageFrom(level, byParent.get(id) ?? [], page, connection, binding)] as const),
    );
    return new Map(await Promise.all(pages.map(async ([id, p]) => [id, await p] as const)));
  };
  const count = async (): Promise<Map<string, number>> => {
    const parameters = new Parameters();
    const { bind } = parameters;
    const { from, parentColumn } = sourceOf(relation, shape);
    const where = allOf([`${parentColumn} = any(${bind(parents)}::int[])`, ...conditions(shape, list, page, 't', binding.viewer, bind)]);
    const lines = await binding.read(`select ${parentColumn}, count(*) from ${from} where ${where} group by 1`, parameters.values);
    return new Map(lines.map(([id, n]) => [id as string, Number(n)]));
  };
  const [pages, counts] = await Promise.all([
    connection.rows ? readPages() : new Map<string, Connection<Row>>(),
    connection.totalCount ? count() : new Map<string, number>(),
  ]);
  return new Map(parents.map((id) => [id, { ...(pages.get(id) ?? emptyPage(page)), totalCount: counts.get(id) ?? 0 }]));
}

const emptyPage = (page: Page): Connection<Row> => ({
  nodes: [],
  edges: [],
  pageInfo: { hasNextPage: false, hasPreviousPage: page.offset > 0 || page.after !== undefined, startCursor: null, endCursor: null },
  totalCount: 0,
});

async function pageFrom(level: Level, all: readonly Cell[][], page: Page, connection: ConnectionPlan, binding: Binding): Promise<Connection<Row>> {
  const lines = all.slice(0, page.first);
  const nodes = await rowsOf(level, lines, binding);
  const cursorOf = (line: readonly Cell[] | undefined): string | null =>
    line && connection.cursors ? encodeCursor(page.orderBy, line[level.cells.length] as string, line[level.row.key] as string) : null;
  const pageInfo: PageInfo = {
    ...emptyPage(page).pageInfo,
    hasNextPage: all.length > page.first,
    startCursor: cursorOf(lines[0]),
    endCursor: cursorOf(lines.at(-1)),
  };
  const edges = nodes.map((node, i) => ({ node, cursor: cursorOf(lines[i]) as string }));
  return { nodes, edges, pageInfo, totalCount: 0 };
}

/** The objects of a level's lines, with everything below them. */
async function rowsOf(level: Level, lines: readonly (readonly Cell[])[], binding: Binding): Promise<Row[]> {
  const objects = new Map<RowPlan, { row: Row; key: string }[]>();
  const rows = lines.map((line) => objectOf(level.row, line, objects) as Row);
  const below = [...objects].flatMap(([plan, found]) => plan.manys.map((m) => ({ ...m, found })));
  await Promise.all(
    below.map(async ({ responseKey, many, found }) => {
      const keys = [...new Set(found.map((f) => f.key))];
      const results = await readMany(many, keys, binding);
      for (const { row, key } of found) row[relations][responseKey] = results.get(key);
    }),
  );
  return rows;
}

function objectOf(plan: RowPlan, line: readonly Cell[], objects: Map<RowPlan, { row: Row; key: string }[]>): Row | null {
  const key = line[plan.key];
  if (key === null || key === undefined) return null;
  const row: Row = { [relations]: {} };
  for (const { column, cell } of plan.scalars) row[column.property] = column.decode(line[cell] as Cell);
  row['id'] ??= key;
  for (const one of plan.ones) row[relations][one.responseKey] = objectOf(one.row, line, objects);
  if (plan.manys.length) {
    const found = objects.get(plan);
    if (found) found.push({ row, key });
    else objects.set(plan, [{ row, key }]);
  }
  return row;
}

function bound(level: Level, viewer: Viewer, bind: Bind): { cells: string; joins: string } {
  return {
    cells: level.cells.map((cell) => cell(viewer, bind)).join(', '),
    joins: level.joins.map((join) => join(viewer, bind)).join(''),
  };
}

function sourceOf(relation: ToMany, target: EntityShape): { from: string; parentColumn: string } {
  return 'column' in relation.via
    ? { from: `${target.table} t`, parentColumn: `t.${relation.via.column}` }
    : { from: `${relation.via.table} x join ${target.table} t on t.id = x.${relation.via.to}`, parentColumn: `x.${relation.via.from}` };
}

function conditions(shape: EntityShape, list: ListDefinition, page: Page, alias: string, viewer: Viewer, bind: Bind): string[] {
  const filters = Object.entries(page.filter).map(([name, value]) => {
    const filter = list.filters[name];
    const asks = filter && value !== undefined && (value !== null || filter.acceptsNull);
    return asks ? filter(value as never, alias, bind) : 'true';
  });
  return [shape.model.visibleTo(viewer)(alias, bind), list.always?.(page.filter, alias, bind) ?? 'true', ...filters];
}

function afterCursor({ after, sort, descending }: Page, alias: string, keyType: string, bind: Bind): string[] {
  if (!after) return [];
  return [`(${sort.sql(alias)}, ${alias}.id) ${descending ? '<' : '>'} (${bind(after.sort)}::${sort.type}, ${bind(after.id)}::${keyType})`];
}

function orderOf({ sort, descending }: Page, alias: string): string {
  const direction = descending ? 'desc' : 'asc';
  const key = sort.sql(alias);
  return ` order by ${key === `${alias}.id` ? '' : `${key} ${direction}, `}${alias}.id ${direction}`;
}

/** The number is checked and written into the text: as a parameter it would cost the planner its estimate. */
const limitOf = (page: Page, connection: ConnectionPlan): string =>
  ` limit ${page.first + (connection.hasNextPage ? 1 : 0)}${page.offset ? ` offset ${page.offset}` : ''}`;

function listOf(shape: EntityShape): ListDefinition {
  if (!shape.model.list) throw new Error(`${shape.name} has no list definition`);
  return shape.model.list;
}

function pageOf(args: ListArgs, list: ListDefinition, keyType: string): Page {
  const problems: FieldProblem[] = [];
  const first = args.first ?? 20;
  const offset = args.offset ?? 0;
  if (!Number.isInteger(first) || first < 0 || first > maxPageSize) {
    problems.push({ path: ['first'], code: first > maxPageSize ? 'too_large' : 'too_small', message: `must be between 0 and ${maxPageSize}` });
  }
  if (!Number.isInteger(offset) || offset < 0) problems.push({ path: ['offset'], code: 'too_small', message: 'must be 0 or more' });
  const orderBy = args.orderBy ?? list.defaultOrder;
  const [, key = '', direction] = /^(.+)_(ASC|DESC)$/.exec(orderBy) ?? [];
  const sort = list.orders[key];
  if (!sort) problems.push({ path: ['orderBy'], code: 'invalid', message: 'is no order of this list' });
  const after = args.after ? decodeCursor(args.after, orderBy, sort?.type, keyType) : undefined;
  if (args.after && !after) problems.push({ path: ['after'], code: 'invalid', message: 'is no cursor of this list and order' });
  if (problems.length) throw badInput(problems);
  return {
    first,
    offset,
    sort: sort as SortKey,
    descending: direction === 'DESC',
    orderBy,
    after,
    filter: (args.filter ?? {}) as Readonly<Record<string, unknown>>,
  };
}
