/**
 * Below a single row all steps are inlined into the row's own statement, which saves a round trip a level: each step
 * adds a column with its rows as a JSON array of arrays (the cells that a statement of the step's own would give), and
 * one with the count where it is asked for.
 */
import {
  joinsSql,
  pageSql,
  selectList,
  sortColumn,
  sourceOf,
  type StatementContext,
  stepConditions,
} from './level-sql.js';
import { needsRows, orderSql, type Page, pageOf, shownRows } from './page.js';
import type { Level, ToManyStep } from './plan.js';
import { type LevelResult, nothingBelow, pageResult, type ResultRow } from './result.js';
import { allOf } from './sql.js';

/** A step with the cells of the rows above it that hold its rows and its count. */
interface InlinedStep {
  step: ToManyStep;
  page: Page | undefined;
  rowsCell: number | undefined;
  countCell: number | undefined;
  below: readonly InlinedStep[];
}

export interface InlinedSteps {
  /** SQL of the columns that follow those of the level itself. */
  columns: string[];
  steps: readonly InlinedStep[];
}

/** PostgreSQL's functions take a hundred arguments. */
const maxInlinedCells = 100;

/** Whether all steps below a level can be inlined. */
export const canInline = ({ steps }: Level): boolean =>
  steps.every(({ level }) => level.columns.length + 1 + 2 * level.steps.length <= maxInlinedCells && canInline(level));

/** `width`: how many columns come before. Throws BAD_USER_INPUT for arguments out of range. */
export function inlineSteps(level: Level, width: number, context: StatementContext): InlinedSteps {
  const columns: string[] = [];
  const addColumn = (sql: string): number => width + columns.push(sql) - 1;
  const steps = level.steps.map((step): InlinedStep => {
    const { connection } = step;
    const page = connection && pageOf(step.argumentsOf(context.variables), step.level.shape);
    const ownWidth = step.level.columns.length + (connection?.needsCursors ? 1 : 0);
    const below = inlineSteps(step.level, ownWidth, context);
    const { from, parentColumn } = sourceOf(step);
    const conditions = (): string[] => [
      `${parentColumn} = ${step.parent.alias}.id`,
      ...stepConditions(step, page, context.viewer, context.bind),
    ];
    return {
      step,
      page,
      rowsCell:
        !page || needsRows(page, connection)
          ? addColumn(jsonRowsSql(step, page, conditions(), below.columns, context))
          : undefined,
      countCell: connection?.needsTotalCount
        ? addColumn(`(select count(*) from ${from} where ${allOf(conditions())})`)
        : undefined,
      below: below.steps,
    };
  });
  return { columns, steps };
}

function jsonRowsSql(
  step: ToManyStep,
  page: Page | undefined,
  conditions: string[],
  columnsBelow: readonly string[],
  { viewer, bind }: StatementContext,
): string {
  const { level, connection, relation } = step;
  const { alias } = level;
  const own = [...selectList(level, viewer, bind), ...(page ? sortColumn(page, connection, alias) : [])];
  const cells = [...own.map((column) => `(${column})::text`), ...columnsBelow].join(', ');
  const joins = joinsSql(level, viewer, bind);
  const { from } = sourceOf(step);
  const rows = page
    ? `(${pageSql(`select ${alias}.* from ${from}`, conditions, { page, connection, alias, bind })}) ${alias}${joins}`
    : `${from}${joins} where ${allOf(conditions)}`;
  const order = page ? orderSql(page, alias) : ` order by ${relation.order(alias)}`;
  return `(select coalesce(json_agg(json_build_array(${cells})${order}), '[]') from ${rows})`;
}

/** Reads back what was inlined into `rows`. `width` as for `inlineSteps`. */
export function resultsOfInlined(
  steps: readonly InlinedStep[],
  rows: readonly ResultRow[],
  width: number,
): LevelResult['below'] {
  if (!steps.length) return nothingBelow;
  const parsed = rows.map((row) =>
    row.map((cell, i) => (i < width || cell === null ? cell : (JSON.parse(cell) as unknown))),
  );
  return resultsBelow(steps, parsed);
}

function resultsBelow(steps: readonly InlinedStep[], parents: readonly (readonly unknown[])[]): LevelResult['below'] {
  if (!steps.length) return nothingBelow;
  return new Map(
    steps.map(({ step, page, rowsCell, countCell, below }) => {
      const read = parents.map((parent) => (rowsCell === undefined ? [] : (parent[rowsCell] as unknown[][])));
      const shown = page ? read.map((rows) => shownRows(rows, page)) : read;
      const belowShown = resultsBelow(below, shown.flat());
      const byParent = new Map<string, LevelResult>();
      for (const [i, parent] of parents.entries()) {
        const key = parent[step.parent.keyCell] as string | null;
        if (key === null) continue;
        const counts = {
          rowCount: read[i]?.length ?? 0,
          totalCount: countCell === undefined ? 0 : Number(parent[countCell]),
        };
        byParent.set(key, {
          rows: shown[i] as unknown as ResultRow[],
          below: belowShown,
          ...(page && { page: pageResult(step.level, page, step.connection, counts) }),
        });
      }
      return [step, byParent];
    }),
  );
}
