import { maxPageSize, type ListArgs, type PageInfo } from '../../domain/connection.js';
import { type Bind, everyRow, type ListDefinition, type Predicate, type SortKey } from '../../domain/read-model.js';
import type { Viewer } from '../../domain/viewer.js';
import { badInput, type FieldProblem } from '../../errors.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import type { EntityShape } from './metadata.js';
import type { ConnectionPlan, Level, ManyPlan, Plan } from './plan.js';
import { allOf, type Cell, Parameters, type ReadStatement } from './sql.js';

/** What a plan is bound to when it runs. */
export interface Binding {
  viewer: Viewer;
  variables: Readonly<Record<string, unknown>>;
  read: ReadStatement;
  /** For what may take long: nothing waits behind it. */
  readSlow: ReadStatement;
  /** For counts, which may be a moment old in a query. */
  count: ReadStatement;
}

interface Page {
  first: number;
  offset: number;
  sort: SortKey;
  descending: boolean;
  orderBy: string;
  /** SQL type of the rows' key. */
  keyType: string;
  after: { sort: string; id: string } | undefined;
  filter: Readonly<Record<string, unknown>>;
}

/** A row as PostgreSQL gave it: the level's cells, then the cursor's value where one is asked for. */
export type Line = readonly Cell[];

/** The lines of one list with all that lies below them. */
export interface Fetched {
  lines: readonly Line[];
  /** The lists below, by the keys of the rows that they hang on; shared by all lists of a level. */
  below: ReadonlyMap<ManyPlan, ReadonlyMap<string, Fetched>>;
  /** Of a connection. */
  page?: PageFacts;
}

interface PageFacts extends Pick<Page, 'orderBy'> {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  totalCount: number;
  /** Where a line keeps the key and the sort value that its cursor is made of. */
  cells: { key: number; sort: number | undefined };
}

const nothingBelow: Fetched['below'] = new Map();

/** The rows with these ids that the viewer may see, in no particular order. */
export async function readByIds({ level }: Plan, ids: readonly (number | string)[], only: Predicate | undefined, binding: Binding): Promise<Fetched> {
  const { shape, alias } = level;
  const parameters = new Parameters();
  const { bind } = parameters;
  const isFolded = ids.length === 1 && level.manys.every(isFoldable);
  const { cells, joins } = bound(level, binding.viewer, bind);
  const folded = isFolded ? foldedBelow(level, binding, bind) : [];
  const own = ids.length === 1 ? `${alias}.id = ${bind(ids[0])}::${shape.keyType}` : `${alias}.id = any(${bind(ids)}::${shape.keyType}[])`;
  const where = allOf([own, (only ?? everyRow)(alias, bind), shape.model.visibleTo(binding.viewer)(alias, bind)]);
  const lines = await binding.read(`select ${[...cells, ...folded].join(', ')} from ${shape.table} ${alias}${joins} where ${where}`, parameters.values);
  if (!isFolded) return { lines, below: await fetchBelow(level, lines, binding) };
  const values = lines.map((line) => line.map((cell, i) => (i < cells.length || cell === null ? cell : (JSON.parse(cell) as unknown))));
  return { lines, below: unfold(level, values, cells.length, binding) };
}

/** One page of the whole list. */
export async function readList(plan: Plan, args: ListArgs, binding: Binding): Promise<Fetched> {
  const { level } = plan;
  const connection = plan.connection as ConnectionPlan;
  const { shape, alias } = level;
  const page = pageOf(args, shape);

  const visible = shape.model.visibleTo(binding.viewer);
  const readRows = async (): Promise<Fetched> => {
    const parameters = new Parameters();
    const { bind } = parameters;
    const { cells, joins } = bound(level, binding.viewer, bind);
    const wanted = conditions(shape, page, alias, bind);
    const rowsOf = (part: Predicate, of: Page): string => pageSql(`select * from ${shape.table} ${alias}`, [part(alias, bind), ...wanted], { page: of, connection, alias, bind });
    const from = visible.parts ? pageOfParts(visible.parts, rowsOf, page, connection, alias) : rowsOf(visible, page);
    const read = isSlow(shape, page) ? binding.readSlow : binding.read;
    const lines = await read(`select ${cellsWithSort(cells, page, connection, alias)} from (${from}) ${alias}${joins}${orderOf(page, alias)}`, parameters.values);
    const kept = lines.slice(0, page.first);
    return { lines: kept, below: await fetchBelow(level, kept, binding), page: pageFacts(level, page, connection, lines.length) };
  };
  const count = async (): Promise<number> => {
    const parameters = new Parameters();
    const where = allOf([visible(alias, parameters.bind), ...conditions(shape, page, alias, parameters.bind)]);
    const [line] = await binding.count(`select count(*) from ${shape.table} ${alias} where ${where}`, parameters.values);
    return Number(line?.[0]);
  };
  const [fetched, totalCount] = await Promise.all([
    connection.rows ? readRows() : { lines: [], below: nothingBelow, page: pageFacts(level, page, connection, 0) },
    connection.totalCount ? count() : 0,
  ]);
  return { ...fetched, page: { ...(fetched.page as PageFacts), totalCount } };
}

/** All lists below a level's lines, one statement for each relation, whatever the number of lines. */
async function fetchBelow(level: Level, lines: readonly Line[], binding: Binding): Promise<Fetched['below']> {
  if (!level.manys.length) return nothingBelow;
  const fetched = await Promise.all(
    level.manys.map(async (many) => {
      const parents = [...new Set(lines.map((line) => line[many.parent.key]))].filter((key) => key !== null) as string[];
      return [many, parents.length ? await readMany(many, parents, binding) : new Map<string, Fetched>()] as const;
    }),
  );
  return new Map(fetched);
}

async function readMany(many: ManyPlan, parents: readonly string[], binding: Binding): Promise<Map<string, Fetched>> {
  const { level, connection } = many;
  const { alias } = level;
  const page = connection && pageOf(many.argumentsOf(binding.variables), level.shape);
  const readRows = async (): Promise<readonly Line[]> => {
    const parameters = new Parameters();
    const { bind } = parameters;
    const { cells, joins } = bound(level, binding.viewer, bind);
    const { from, parentColumn } = sourceOf(many);
    const keys = `${bind(parents)}::${many.parent.keyType}[]`;
    if (!page) {
      const where = allOf([`${parentColumn} = any(${keys})`, ...manyConditions(many, undefined, parentColumn, binding, bind)]);
      return binding.read(
        `select ${[...cells, parentColumn].join(', ')} from ${from}${joins} where ${where} order by ${many.relation.order(alias)}`,
        parameters.values,
      );
    }
    const wanted = [`${parentColumn} = p.id`, ...manyConditions(many, page, parentColumn, binding, bind)];
    const rows = pageSql(`select ${alias}.* from ${from}`, wanted, { page, connection, alias, bind });
    return binding.read(
      `select ${cellsWithSort(cells, page, connection, alias)}, p.id from unnest(${keys}) p (id) cross join lateral (${rows}) ${alias}${joins}${orderOf(page, alias)}`,
      parameters.values,
    );
  };
  const count = async (): Promise<Map<string, number>> => {
    const parameters = new Parameters();
    const { bind } = parameters;
    const { from, parentColumn } = sourceOf(many);
    const where = allOf([`${parentColumn} = any(${bind(parents)}::${many.parent.keyType}[])`, ...manyConditions(many, page, parentColumn, binding, bind)]);
    const lines = await binding.count(`select ${parentColumn}, count(*) from ${from} where ${where} group by 1`, parameters.values);
    return new Map(lines.map(([id, n]) => [id as string, Number(n)]));
  };
  const [lines, counts] = await Promise.all([
    !connection || connection.rows ? readRows() : [],
    connection?.totalCount ? count() : new Map<string, number>(),
  ]);
  const byParent = Map.groupBy(lines, (line) => line.at(-1) as string);
  const kept = new Map(parents.map((key) => [key, byParent.get(key)?.slice(0, page?.first) ?? []]));
  const below = await fetchBelow(level, [...kept.values()].flat(), binding);
  return new Map(
    parents.map((key) => [
      key,
      {
        lines: kept.get(key) ?? [],
        below,
        ...(page && { page: { ...pageFacts(level, page, connection, byParent.get(key)?.length ?? 0), totalCount: counts.get(key) ?? 0 } }),
      },
    ]),
  );
}

/** PostgreSQL takes a hundred arguments. */
const maxFoldedCells = 100;

/** Whether a level can stand as JSON inside the statement of a single row above it. */
const isFoldable = ({ level }: ManyPlan): boolean => level.cells.length + 1 + 2 * level.manys.length <= maxFoldedCells && level.manys.every(isFoldable);

/** What is below a single row, as cells of its own statement: of each relation the lines as JSON arrays, and the count. */
function foldedBelow(level: Level, binding: Binding, bind: Bind): string[] {
  return level.manys.flatMap((many) => {
    const { connection } = many;
    const page = connection && pageOf(many.argumentsOf(binding.variables), many.level.shape);
    const { from, parentColumn } = sourceOf(many);
    const wanted = (): string[] => [`${parentColumn} = ${many.parent.alias}.id`, ...manyConditions(many, page, parentColumn, binding, bind)];
    return [
      ...(!connection || connection.rows ? [foldedLines(many, page, wanted(), binding, bind)] : []),
      ...(connection?.totalCount ? [`(select count(*) from ${from} where ${allOf(wanted())})`] : []),
    ];
  });
}

function foldedLines(many: ManyPlan, page: Page | undefined, wanted: string[], binding: Binding, bind: Bind): string {
  const { level, connection } = many;
  const { alias } = level;
  const { cells, joins } = bound(level, binding.viewer, bind);
  const texts = [...cells, ...(page && connection?.cursors ? [page.sort.sql(alias)] : [])].map((cell) => `(${cell})::text`);
  const line = `json_build_array(${[...texts, ...foldedBelow(level, binding, bind)].join(', ')})`;
  const { from } = sourceOf(many);
  const rows = page
    ? `(${pageSql(`select ${alias}.* from ${from}`, wanted, { page, connection, alias, bind })}) ${alias}${joins}`
    : `${from}${joins} where ${allOf(wanted)}`;
  const order = page ? orderOf(page, alias) : ` order by ${many.relation.order(alias)}`;
  return `(select coalesce(json_agg(${line}${order}), '[]') from ${rows})`;
}

/** Reads back what `foldedBelow` wrote: the values after the first `from` of each line, in the same order. */
function unfold(level: Level, lines: readonly (readonly unknown[])[], from: number, binding: Binding): Fetched['below'] {
  if (!level.manys.length) return nothingBelow;
  let next = from;
  return new Map(
    level.manys.map((many) => {
      const { connection } = many;
      const place = { lines: !connection || connection.rows ? next++ : undefined, count: connection?.totalCount ? next++ : undefined };
      const page = connection && pageOf(many.argumentsOf(binding.variables), many.level.shape);
      const width = many.level.cells.length + (connection?.cursors ? 1 : 0);
      const found = lines.map((line) => (place.lines === undefined ? [] : (line[place.lines] as unknown[][])));
      const kept = found.map((all) => all.slice(0, page?.first));
      const below = unfold(many.level, kept.flat(), width, binding);
      const byParent = lines.flatMap((line, i): [string, Fetched][] => {
        const key = line[many.parent.key] as string | null;
        const facts = page && { ...pageFacts(many.level, page, connection, found[i]?.length ?? 0), totalCount: place.count === undefined ? 0 : Number(line[place.count]) };
        return key === null ? [] : [[key, { lines: kept[i] as Cell[][], below, ...(facts && { page: facts }) }]];
      });
      return [many, new Map(byParent)];
    }),
  );
}

/** The rows of one page, before anything is joined; their order does not carry outwards. */
function pageSql(select: string, wanted: string[], { page, connection, alias, bind }: { page: Page; connection: ConnectionPlan | undefined; alias: string; bind: Bind }): string {
  return `${select} where ${allOf([...wanted, ...afterCursor(page, alias, bind)])}${orderOf(page, alias)}${limitOf(page, connection)}`;
}

/** The page out of the first rows of each part, which an index gives in order. */
function pageOfParts(parts: readonly Predicate[], rowsOf: (part: Predicate, of: Page) => string, page: Page, connection: ConnectionPlan, alias: string): string {
  const whole = { ...page, first: page.first + page.offset, offset: 0 };
  return `select * from (${parts.map((part) => `(${rowsOf(part, whole)})`).join(' union all ')}) ${alias}${orderOf(page, alias)}${limitOf(page, connection)}`;
}

const cellsWithSort = (cells: readonly string[], page: Page, connection: ConnectionPlan | undefined, alias: string): string =>
  [...cells, ...(connection?.cursors ? [`(${page.sort.sql(alias)})::text`] : [])].join(', ');

const pageFacts = (level: Level, page: Page, connection: ConnectionPlan | undefined, found: number): PageFacts => ({
  orderBy: page.orderBy,
  hasNextPage: found > page.first,
  hasPreviousPage: page.offset > 0 || page.after !== undefined,
  totalCount: 0,
  cells: { key: level.rows[0]?.key ?? 0, sort: connection?.cursors ? level.cells.length : undefined },
});

/** null where no cursor was asked for. */
export function cursorOf({ page }: Fetched, line: Line): string | null {
  if (page?.cells.sort === undefined) return null;
  return encodeCursor(page.orderBy, line[page.cells.sort] as string, line[page.cells.key] as string);
}

export function pageInfoOf(fetched: Fetched): PageInfo {
  const { lines, page } = fetched;
  const [first, last] = [lines[0], lines.at(-1)];
  return {
    hasNextPage: page?.hasNextPage ?? false,
    hasPreviousPage: page?.hasPreviousPage ?? false,
    startCursor: first ? cursorOf(fetched, first) : null,
    endCursor: last ? cursorOf(fetched, last) : null,
  };
}

function bound(level: Level, viewer: Viewer, bind: Bind): { cells: string[]; joins: string } {
  return {
    cells: level.cells.map((cell) => cell(viewer, bind)),
    joins: level.joins.map((join) => join(viewer, bind)).join(''),
  };
}

function sourceOf({ relation: { via }, level: { shape, alias } }: ManyPlan): { from: string; parentColumn: string } {
  const between = `x${alias}`;
  return 'column' in via
    ? { from: `${shape.table} ${alias}`, parentColumn: `${alias}.${via.column}` }
    : { from: `${via.table} ${between} join ${shape.table} ${alias} on ${alias}.id = ${between}.${via.to}`, parentColumn: `${between}.${via.from}` };
}

/** That the rows are visible and asked for, and that the relation of this parent is shown to the viewer. */
function manyConditions({ guard, level: { shape, alias } }: ManyPlan, page: Page | undefined, parentColumn: string, { viewer }: Binding, bind: Bind): string[] {
  const shown = guard?.visibleTo(viewer)('o', bind) ?? 'true';
  return [
    shown === 'true' ? shown : `exists (select 1 from ${guard?.table} o where o.id = ${parentColumn} and (${shown}))`,
    shape.model.visibleTo(viewer)(alias, bind),
    ...(page ? conditions(shape, page, alias, bind) : []),
  ];
}

/** What a list's arguments ask for. */
function conditions(shape: EntityShape, page: Page, alias: string, bind: Bind): string[] {
  const list = listOf(shape);
  const filters = Object.entries(page.filter).map(([name, value]) => {
    const filter = list.filters[name];
    const asks = filter && value !== undefined && (value !== null || filter.acceptsNull);
    return asks ? filter(value as never, alias, bind) : 'true';
  });
  return [list.always?.(page.filter, alias, bind) ?? 'true', ...filters];
}

const isSlow = (shape: EntityShape, { filter }: Page): boolean => Object.keys(filter).some((name) => listOf(shape).filters[name]?.isSlow);

function afterCursor({ after, sort, descending, keyType }: Page, alias: string, bind: Bind): string[] {
  if (!after) return [];
  return [`(${sort.sql(alias)}, ${alias}.id) ${descending ? '<' : '>'} (${bind(after.sort)}::${sort.type}, ${bind(after.id)}::${keyType})`];
}

function orderOf({ sort, descending }: Page, alias: string): string {
  const direction = descending ? 'desc' : 'asc';
  const key = sort.sql(alias);
  return ` order by ${key === `${alias}.id` ? '' : `${key} ${direction}, `}${alias}.id ${direction}`;
}

/** The number is checked and written into the text: as a parameter it would cost the planner its estimate. */
const limitOf = (page: Page, connection: ConnectionPlan | undefined): string =>
  ` limit ${page.first + (connection?.hasNextPage ? 1 : 0)}${page.offset ? ` offset ${page.offset}` : ''}`;

function listOf(shape: EntityShape): ListDefinition {
  if (!shape.model.list) throw new Error(`${shape.name} has no list definition`);
  return shape.model.list;
}

function pageOf(args: ListArgs, shape: EntityShape): Page {
  const list = listOf(shape);
  const { keyType } = shape;
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
    keyType,
    after,
    filter: (args.filter ?? {}) as Readonly<Record<string, unknown>>,
  };
}
