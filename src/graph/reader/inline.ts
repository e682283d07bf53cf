/**
 * Below a single row everything stands in the row's own statement: of each relation the lines as JSON, each an array of the
 * same cells that a statement of the relation's own would give, and the count.
 */
import { cellsOf, joinsOf, manyConditions, pageSql, sortCell, sourceOf, type Writing } from './level-sql.js';
import { orderOf, type Page, pageFacts, pageOf } from './page.js';
import type { Level, ManyPlan } from './plan.js';
import { type Fetched, type Line, nothingBelow } from './run.js';
import { allOf } from './sql.js';

/** Where the lists of a relation lie in the lines above them. */
interface FoldedMany {
  many: ManyPlan;
  page: Page | undefined;
  lines: number | undefined;
  count: number | undefined;
  below: readonly FoldedMany[];
}

export interface Folded {
  /** SQL of the cells that follow those of the level itself. */
  cells: string[];
  manys: readonly FoldedMany[];
}

/** PostgreSQL takes a hundred arguments. */
const maxFoldedCells = 100;

/** Whether all that is below a row can stand in its statement. */
export const isFoldable = ({ manys }: Level): boolean =>
  manys.every(({ level }) => level.cells.length + 1 + 2 * level.manys.length <= maxFoldedCells && isFoldable(level));

/** `width`: how many cells there are before. Throws BAD_USER_INPUT for arguments out of range. */
export function fold(level: Level, width: number, writing: Writing): Folded {
  const cells: string[] = [];
  const place = (sql: string): number => width + cells.push(sql) - 1;
  const manys = level.manys.map((many): FoldedMany => {
    const { connection, level: own } = many;
    const page = connection && pageOf(many.argumentsOf(writing.variables), own.shape);
    const below = fold(own, own.cells.length + (connection?.cursors ? 1 : 0), writing);
    const { from, parentColumn } = sourceOf(many);
    const wanted = (): string[] => [
      `${parentColumn} = ${many.parent.alias}.id`,
      ...manyConditions(many, page, writing.viewer, writing.bind),
    ];
    return {
      many,
      page,
      lines: !connection || connection.rows ? place(linesSql(many, page, wanted(), below.cells, writing)) : undefined,
      count: connection?.totalCount ? place(`(select count(*) from ${from} where ${allOf(wanted())})`) : undefined,
      below: below.manys,
    };
  });
  return { cells, manys };
}

function linesSql(
  many: ManyPlan,
  page: Page | undefined,
  wanted: string[],
  below: readonly string[],
  { viewer, bind }: Writing,
): string {
  const { level, connection } = many;
  const { alias } = level;
  const texts = [...cellsOf(level, viewer, bind), ...(page ? sortCell(page, connection, alias) : [])].map(
    (cell) => `(${cell})::text`,
  );
  const joins = joinsOf(level, viewer, bind);
  const { from } = sourceOf(many);
  const rows = page
    ? `(${pageSql(`select ${alias}.* from ${from}`, wanted, { page, connection, alias, bind })}) ${alias}${joins}`
    : `${from}${joins} where ${allOf(wanted)}`;
  const order = page ? orderOf(page, alias) : ` order by ${many.relation.order(alias)}`;
  return `(select coalesce(json_agg(json_build_array(${[...texts, ...below].join(', ')})${order}), '[]') from ${rows})`;
}

/** Reads back what lies below the lines of a single row's statement. `width` as for `fold`. */
export const unfoldLines = (manys: readonly FoldedMany[], lines: readonly Line[], width: number): Fetched['below'] =>
  manys.length
    ? unfold(
        manys,
        lines.map((line) => line.map((cell, i) => (i < width || cell === null ? cell : (JSON.parse(cell) as unknown)))),
      )
    : nothingBelow;

function unfold(manys: readonly FoldedMany[], lines: readonly (readonly unknown[])[]): Fetched['below'] {
  if (!manys.length) return nothingBelow;
  return new Map(
    manys.map(({ many, page, below, ...place }) => {
      const found = lines.map((line) => (place.lines === undefined ? [] : (line[place.lines] as unknown[][])));
      const kept = page ? found.map((all) => all.slice(0, page.first)) : found;
      const belowAll = unfold(below, kept.flat());
      const byParent = new Map<string, Fetched>();
      for (const [i, line] of lines.entries()) {
        const key = line[many.parent.key] as string | null;
        if (key === null) continue;
        const facts = page && {
          ...pageFacts(many.level, page, many.connection, found[i]?.length ?? 0),
          totalCount: place.count === undefined ? 0 : Number(line[place.count]),
        };
        byParent.set(key, { lines: kept[i] as unknown as Line[], below: belowAll, ...(facts && { page: facts }) });
      }
      return [many, byParent];
    }),
  );
}
