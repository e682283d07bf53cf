import type { Bind, Predicate } from '../../kernel/read-model.js';
import type { Viewer } from '../../kernel/viewer.js';
import { cursorSql, filterSql, limitSql, orderSql, type Page } from './page.js';
import type { ConnectionPlan, Level, ToManyStep } from './plan.js';
import { allOf } from './sql.js';

/** What a statement is prepared for. */
export interface StatementContext {
  viewer: Viewer;
  variables: Readonly<Record<string, unknown>>;
  bind: Bind;
}

/** The part of a statement from `from` on: the rows that the viewer may see, of those for which `conditions` hold. */
export function rowsSql(level: Level, conditions: readonly string[], { viewer, bind }: StatementContext): string {
  const { shape, alias } = level;
  const joins = joinsSql(level, viewer, bind);
  const where = allOf([...conditions, shape.model.visibleTo(viewer)(alias, bind)]);
  return `from ${shape.table} ${alias}${joins} where ${where}`;
}

/** A page of the whole list. */
export function listSql(
  level: Level,
  connection: ConnectionPlan,
  page: Page,
  { viewer, bind }: StatementContext,
): string {
  const { shape, alias } = level;
  const visible = shape.model.visibleTo(viewer);
  const parts = visible.parts ?? [visible];
  const pageOfPart = (seen: Predicate, of: Page): string => {
    const conditions = [seen(alias, bind), ...filterSql(shape, page, alias, bind)];
    return pageSql(`select * from ${shape.table} ${alias}`, conditions, { page: of, connection, alias, bind });
  };
  const [first] = parts;
  const from =
    parts.length === 1 && first ? pageOfPart(first, page) : pageOfParts(parts, pageOfPart, { page, connection, alias });
  const columns = [...selectList(level, viewer, bind), ...sortColumn(page, connection, alias)].join(', ');
  return `select ${columns} from (${from}) ${alias}${joinsSql(level, viewer, bind)}${orderSql(page, alias)}`;
}

export function countSql({ shape, alias }: Level, page: Page, { viewer, bind }: StatementContext): string {
  const where = allOf([shape.model.visibleTo(viewer)(alias, bind), ...filterSql(shape, page, alias, bind)]);
  return `select count(*) from ${shape.table} ${alias} where ${where}`;
}

/**
 * The rows of a step for all parents at once, each row with its parent's key at the end. `keys`: an array of those
 * keys, in SQL.
 */
export function stepSql(
  step: ToManyStep,
  page: Page | undefined,
  keys: string,
  { viewer, bind }: StatementContext,
): string {
  const { level, connection } = step;
  const { alias } = level;
  const columns = selectList(level, viewer, bind);
  const { from, parentColumn } = sourceOf(step);
  if (!page) {
    const where = allOf([`${parentColumn} = any(${keys})`, ...stepConditions(step, undefined, viewer, bind)]);
    const joined = `${from}${joinsSql(level, viewer, bind)}`;
    const order = step.relation.order(alias);
    return `select ${[...columns, parentColumn].join(', ')} from ${joined} where ${where} order by ${order}`;
  }
  const rows = pageSql(
    `select ${alias}.* from ${from}`,
    [`${parentColumn} = p.id`, ...stepConditions(step, page, viewer, bind)],
    { page, connection, alias, bind },
  );
  const all = [...columns, ...sortColumn(page, connection, alias), 'p.id'].join(', ');
  const joined = `unnest(${keys}) p (id) cross join lateral (${rows}) ${alias}${joinsSql(level, viewer, bind)}`;
  return `select ${all} from ${joined}${orderSql(page, alias)}`;
}

export function stepCountSql(
  step: ToManyStep,
  page: Page | undefined,
  keys: string,
  { viewer, bind }: StatementContext,
): string {
  const { from, parentColumn } = sourceOf(step);
  const where = allOf([`${parentColumn} = any(${keys})`, ...stepConditions(step, page, viewer, bind)]);
  return `select ${parentColumn}, count(*) from ${from} where ${where} group by 1`;
}

export const selectList = ({ columns }: Level, viewer: Viewer, bind: Bind): string[] =>
  columns.map((column) => column(viewer, bind));

export const joinsSql = ({ joins }: Level, viewer: Viewer, bind: Bind): string =>
  joins.map((join) => join(viewer, bind)).join('');

/** What a cursor is made of, beside the row's key. */
export const sortColumn = (page: Page, connection: ConnectionPlan | undefined, alias: string): string[] =>
  connection?.needsCursors ? [`(${page.sort.sql(alias)})::text`] : [];

interface PageOptions {
  page: Page;
  connection: ConnectionPlan | undefined;
  alias: string;
}

/** The rows of one page, before anything is joined; their order does not carry outwards. */
export function pageSql(
  select: string,
  conditions: string[],
  { page, connection, alias, bind }: PageOptions & { bind: Bind },
): string {
  const where = allOf([...conditions, ...cursorSql(page, alias, bind)]);
  return `${select} where ${where}${orderSql(page, alias)}${limitSql(page, connection)}`;
}

/** The page out of the first rows of each part, which an index gives in order. */
function pageOfParts(
  parts: readonly Predicate[],
  pageOfPart: (part: Predicate, of: Page) => string,
  { page, connection, alias }: PageOptions,
): string {
  const fromStart = { ...page, size: page.size + page.offset, offset: 0 };
  const rows = parts.map((part) => `(${pageOfPart(part, fromStart)})`).join(' union all ');
  return `select * from (${rows}) ${alias}${orderSql(page, alias)}${limitSql(page, connection)}`;
}

/** The tables of a step, and the column that holds the parent's key. */
export function sourceOf({ relation: { via }, level: { shape, alias } }: ToManyStep): {
  from: string;
  parentColumn: string;
} {
  const between = `x${alias}`;
  return 'column' in via
    ? { from: `${shape.table} ${alias}`, parentColumn: `${alias}.${via.column}` }
    : {
        from: `${via.table} ${between} join ${shape.table} ${alias} on ${alias}.id = ${between}.${via.to}`,
        parentColumn: `${between}.${via.from}`,
      };
}

/** That the rows are visible and match the filters, and that the relation of their parent is shown to the viewer. */
export function stepConditions(step: ToManyStep, page: Page | undefined, viewer: Viewer, bind: Bind): string[] {
  const {
    guard,
    level: { shape, alias },
  } = step;
  const shown = guard?.visibleTo(viewer)('o', bind) ?? 'true';
  const parent = `o.id = ${sourceOf(step).parentColumn}`;
  return [
    shown === 'true' ? shown : `exists (select 1 from ${guard?.table} o where ${parent} and (${shown}))`,
    shape.model.visibleTo(viewer)(alias, bind),
    ...(page ? filterSql(shape, page, alias, bind) : []),
  ];
}
