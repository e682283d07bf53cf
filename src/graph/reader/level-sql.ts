import type { Bind, Predicate } from '../../kernel/read-model.js';
import type { Viewer } from '../../kernel/viewer.js';
import { afterCursor, conditions, limitOf, orderOf, type Page } from './page.js';
import type { ConnectionPlan, Level, ManyPlan } from './plan.js';
import { allOf } from './sql.js';

/** What an SQL text is written for. */
export interface Writing {
  viewer: Viewer;
  variables: Readonly<Record<string, unknown>>;
  bind: Bind;
}

/** The rows that the viewer may see of those for which `own` holds. */
export function rowsSql(
  level: Level,
  cells: readonly string[],
  own: readonly string[],
  { viewer, bind }: Writing,
): string {
  const { shape, alias } = level;
  return `select ${cells.join(', ')} from ${shape.table} ${alias}${joinsOf(level, viewer, bind)} where ${allOf([...own, shape.model.visibleTo(viewer)(alias, bind)])}`;
}

/** A page of the whole list. */
export function listSql(level: Level, connection: ConnectionPlan, page: Page, { viewer, bind }: Writing): string {
  const { shape, alias } = level;
  const visible = shape.model.visibleTo(viewer);
  const wanted = conditions(shape, page, alias, bind);
  const rowsOf = (part: Predicate, of: Page): string =>
    pageSql(`select * from ${shape.table} ${alias}`, [part(alias, bind), ...wanted], {
      page: of,
      connection,
      alias,
      bind,
    });
  const from = visible.parts ? pageOfParts(visible.parts, rowsOf, page, connection, alias) : rowsOf(visible, page);
  return `select ${[...cellsOf(level, viewer, bind), ...sortCell(page, connection, alias)].join(', ')} from (${from}) ${alias}${joinsOf(level, viewer, bind)}${orderOf(page, alias)}`;
}

export function countSql({ shape, alias }: Level, page: Page, { viewer, bind }: Writing): string {
  return `select count(*) from ${shape.table} ${alias} where ${allOf([shape.model.visibleTo(viewer)(alias, bind), ...conditions(shape, page, alias, bind)])}`;
}

/** The rows of a relation for all parents at once, each line with its parent's key at the end. `keys`: an array of those keys, in SQL. */
export function manySql(many: ManyPlan, page: Page | undefined, keys: string, { viewer, bind }: Writing): string {
  const { level, connection } = many;
  const { alias } = level;
  const cells = cellsOf(level, viewer, bind);
  const { from, parentColumn } = sourceOf(many);
  if (!page) {
    const where = allOf([`${parentColumn} = any(${keys})`, ...manyConditions(many, undefined, viewer, bind)]);
    return `select ${[...cells, parentColumn].join(', ')} from ${from}${joinsOf(level, viewer, bind)} where ${where} order by ${many.relation.order(alias)}`;
  }
  const rows = pageSql(
    `select ${alias}.* from ${from}`,
    [`${parentColumn} = p.id`, ...manyConditions(many, page, viewer, bind)],
    { page, connection, alias, bind },
  );
  return `select ${[...cells, ...sortCell(page, connection, alias), 'p.id'].join(', ')} from unnest(${keys}) p (id) cross join lateral (${rows}) ${alias}${joinsOf(level, viewer, bind)}${orderOf(page, alias)}`;
}

export function manyCountSql(many: ManyPlan, page: Page | undefined, keys: string, { viewer, bind }: Writing): string {
  const { from, parentColumn } = sourceOf(many);
  const where = allOf([`${parentColumn} = any(${keys})`, ...manyConditions(many, page, viewer, bind)]);
  return `select ${parentColumn}, count(*) from ${from} where ${where} group by 1`;
}

export const cellsOf = ({ cells }: Level, viewer: Viewer, bind: Bind): string[] =>
  cells.map((cell) => cell(viewer, bind));

export const joinsOf = ({ joins }: Level, viewer: Viewer, bind: Bind): string =>
  joins.map((join) => join(viewer, bind)).join('');

/** What a cursor is made of, beside the row's key. */
export const sortCell = (page: Page, connection: ConnectionPlan | undefined, alias: string): string[] =>
  connection?.cursors ? [`(${page.sort.sql(alias)})::text`] : [];

/** The rows of one page, before anything is joined; their order does not carry outwards. */
export function pageSql(
  select: string,
  wanted: string[],
  { page, connection, alias, bind }: { page: Page; connection: ConnectionPlan | undefined; alias: string; bind: Bind },
): string {
  return `${select} where ${allOf([...wanted, ...afterCursor(page, alias, bind)])}${orderOf(page, alias)}${limitOf(page, connection)}`;
}

/** The page out of the first rows of each part, which an index gives in order. */
function pageOfParts(
  parts: readonly Predicate[],
  rowsOf: (part: Predicate, of: Page) => string,
  page: Page,
  connection: ConnectionPlan,
  alias: string,
): string {
  const whole = { ...page, first: page.first + page.offset, offset: 0 };
  return `select * from (${parts.map((part) => `(${rowsOf(part, whole)})`).join(' union all ')}) ${alias}${orderOf(page, alias)}${limitOf(page, connection)}`;
}

export function sourceOf({ relation: { via }, level: { shape, alias } }: ManyPlan): {
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

/** That the rows are visible and asked for, and that the relation of this parent is shown to the viewer. */
export function manyConditions(many: ManyPlan, page: Page | undefined, viewer: Viewer, bind: Bind): string[] {
  const {
    guard,
    level: { shape, alias },
  } = many;
  const shown = guard?.visibleTo(viewer)('o', bind) ?? 'true';
  return [
    shown === 'true'
      ? shown
      : `exists (select 1 from ${guard?.table} o where o.id = ${sourceOf(many).parentColumn} and (${shown}))`,
    shape.model.visibleTo(viewer)(alias, bind),
    ...(page ? conditions(shape, page, alias, bind) : []),
  ];
}
