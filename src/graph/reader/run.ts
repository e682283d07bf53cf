import type { ListArgs } from '../../kernel/connection.js';
import type { Predicate } from '../../kernel/read-model.js';
import type { Viewer } from '../../kernel/viewer.js';
import { canInline, inlineSteps, type InlinedSteps, resultsOfInlined } from './inline.js';
import { countSql, listSql, rowsSql, selectList, type StatementContext, stepCountSql, stepSql } from './level-sql.js';
import { isSlow, needsRows, type Page, pageOf, shownRows } from './page.js';
import type { ConnectionPlan, Level, Plan, ToManyStep } from './plan.js';
import { type LevelResult, nothingBelow, pageResult, type ResultRow } from './result.js';
import { type Cell, Parameters, type ReadStatement } from './sql.js';
import type { PreparedStatement } from './statement-cache.js';

/** What a plan runs with. Made for every read: its statements are methods, which need not be made with it. */
export interface RunContext {
  readonly viewer: Viewer;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Reads by the source for statements of that kind. */
  read: (kind: ReadKind, text: string, values: readonly unknown[]) => ReturnType<ReadStatement>;
  /** Is told of cells of rows that came inside of another row's cell. */
  countCells: (cells: number) => void;
}

/**
 * `short`: others wait behind it; `slow`: what may take long, nothing waits behind it; `long`: rows with texts of
 * megabytes, a few statements at a time; `count`: may be a moment old in a query; `shared`: lists of `isShared` models.
 */
export type ReadKind = 'short' | 'slow' | 'long' | 'count' | 'shared';

/** The rows with these ids that the viewer may see and for which `where` holds, in no particular order. */
export async function readByIds(
  { level }: Plan,
  ids: readonly (number | string)[],
  where: Predicate | undefined,
  run: RunContext,
): Promise<LevelResult> {
  const isSingle = ids.length === 1;
  const given = new Parameters();
  const byId = isSingle
    ? `${level.alias}.id = ${given.bind(ids[0])}::${level.shape.keyType}`
    : `${level.alias}.id = any(${given.bind(ids)}::${level.shape.keyType}[])`;
  const conditions = where ? [byId, where(level.alias, given.bind)] : [byId];
  const cacheKey =
    where || level.variables.length
      ? JSON.stringify([conditions, level.variables.map((name) => run.variables[name])])
      : byId;
  const prepared = level.statements.for(run.viewer, cacheKey, () =>
    prepareByIds(level, conditions, { run, offset: given.values.length, isSingle }),
  );
  const { inlined } = prepared;
  const rows = await readPrepared(prepared, [...given.values, ...prepared.values], run);
  if (!inlined) return { rows, below: await readBelow(level, rows, run) };
  const below = resultsOfInlined(inlined, rows, level.columns.length);
  run.countCells(cellsOf(below));
  return { rows, below };
}

/** How many cells all rows below have. */
function cellsOf(results: LevelResult['below']): number {
  let cells = 0;
  for (const [{ level }, byParent] of results) {
    for (const { rows } of byParent.values()) cells += rows.length * level.columns.length;
    // What lies below is shared by all results of a level.
    const [first] = byParent.values();
    if (first) cells += cellsOf(first.below);
  }
  return cells;
}

interface PreparedByIds extends PreparedStatement {
  inlined: InlinedSteps['steps'] | undefined;
  hasLongTexts: boolean;
  /** For one row with long texts: without those that are long in fact, and whether there are any as the last cell. */
  shortText: string | undefined;
}

/** A text that may be long is read like any other while it is not. */
const shortBytes = 16 * 1024;

function readPrepared(
  { text, shortText, hasLongTexts }: PreparedByIds,
  values: readonly unknown[],
  run: RunContext,
): Promise<Cell[][]> {
  if (!hasLongTexts) return run.read('short', text, values);
  const readLong = (): Promise<Cell[][]> => run.read('long', text, values);
  return shortText
    ? run.read('short', shortText, values).then((rows) => (rows[0]?.at(-1) === 'true' ? readLong() : rows))
    : readLong();
}

function prepareByIds(
  level: Level,
  conditions: readonly string[],
  { run, offset, isSingle }: { run: RunContext; offset: number; isSingle: boolean },
): PreparedByIds {
  const parameters = new Parameters(offset);
  const context: StatementContext = { viewer: run.viewer, variables: run.variables, bind: parameters.bind };
  const columns = selectList(level, run.viewer, parameters.bind);
  const inlined = isSingle && canInline(level) ? inlineSteps(level, columns.length, context) : undefined;
  const rows = rowsSql(level, conditions, context);
  const textOf = (own: readonly string[], last: readonly string[] = []): string =>
    level.statements.intern(`select ${[...own, ...(inlined?.columns ?? []), ...last].join(', ')} ${rows}`);
  const isLong = (cell: number): string => `coalesce(octet_length(${columns[cell]}) > ${shortBytes}, false)`;
  const areLong = [...level.longCells].map(isLong);
  const unlessLong = columns.map((column, cell) =>
    level.longCells.has(cell) ? `case when not ${isLong(cell)} then ${column} end` : column,
  );
  return {
    text: textOf(columns),
    values: parameters.values,
    inlined: inlined?.steps,
    hasLongTexts: inlined ? hasLongTextsBelow(level) : level.longCells.size > 0,
    shortText:
      isSingle && areLong.length && !(inlined && level.steps.some((step) => hasLongTextsBelow(step.level)))
        ? textOf(unlessLong, [`(${areLong.join(' or ')})::text`])
        : undefined,
  };
}

/** One page of the whole list. */
export async function readList(plan: Plan, args: ListArgs, run: RunContext): Promise<LevelResult> {
  const { level } = plan;
  const connection = plan.connection as ConnectionPlan;
  const { page, rows, count } = level.statements.for(run.viewer, JSON.stringify(args), () => {
    const page = pageOf(args, level.shape);
    return {
      page,
      rows: needsRows(page, connection)
        ? prepare(level, run, (context) => listSql(level, connection, page, context))
        : undefined,
      count: connection.needsTotalCount ? prepare(level, run, (context) => countSql(level, page, context)) : undefined,
    };
  });
  const readRows = async () => {
    const found = rows ? await run.read(kindOf(level, page), rows.text, rows.values) : [];
    const shown = shownRows(found, page);
    return { found, shown, below: await readBelow(level, shown, run) };
  };
  const [{ found, shown, below }, counted] = await Promise.all([
    readRows(),
    count && run.read('count', count.text, count.values),
  ]);
  const totalCount = Number(counted?.[0]?.[0] ?? 0);
  return {
    rows: shown,
    below,
    page: pageResult(level, page, connection, { rowCount: found.length, totalCount }),
    ...(isShared(level, page) && !count && isFlat(level) && { shared: found }),
  };
}

function kindOf(level: Level, page: Page): ReadKind {
  const { shape, longCells } = level;
  if (isShared(level, page)) return 'shared';
  if (longCells.size) return 'long';
  return isSlow(shape, page) ? 'slow' : 'short';
}

/** Whether others may get the rows: of the whole list, as far as a page reaches. */
const isShared = (level: Level, { filter, after, before }: Page): boolean =>
  level.isShared &&
  !level.longCells.size &&
  !after &&
  !before &&
  Object.values(filter).every((value) => value === undefined);

/** Whether the rows are all that the answer is made of. */
const isFlat = ({ steps, hasComputed }: Level): boolean => !steps.length && !hasComputed;

/** Of a statement into which all levels below are inlined. */
const hasLongTextsBelow = ({ longCells, steps }: Level): boolean =>
  longCells.size > 0 || steps.some(({ level }) => hasLongTextsBelow(level));

/** All steps below a level's rows, one statement each, whatever the number of rows. */
export async function readBelow(
  level: Level,
  rows: readonly ResultRow[],
  run: RunContext,
): Promise<LevelResult['below']> {
  if (!level.steps.length) return nothingBelow;
  const results = await Promise.all(
    level.steps.map(async (step) => {
      const keys = [...new Set(rows.map((row) => row[step.parent.keyCell]))].filter((key) => key !== null) as string[];
      return [step, keys.length ? await readStep(step, keys, run) : new Map<string, LevelResult>()] as const;
    }),
  );
  return new Map(results);
}

async function readStep(
  step: ToManyStep,
  parents: readonly string[],
  run: RunContext,
): Promise<Map<string, LevelResult>> {
  const { level, connection } = step;
  const { page, rows, count } = prepareStep(step, run);
  // Keys are numbers or UUIDs, of which an array needs no quotes.
  const keys = `{${parents.join(',')}}`;
  const [found, counted] = await Promise.all([
    rows ? run.read(level.longCells.size ? 'long' : 'short', rows.text, [keys, ...rows.values]) : [],
    count && run.read('count', count.text, [keys, ...count.values]),
  ]);
  const counts = new Map(counted?.map(([key, n]) => [key, Number(n)]));
  const byParent = Map.groupBy(found, (row) => row.at(-1) as string);
  const shown = new Map(
    parents.map((key) => {
      const own = byParent.get(key) ?? [];
      return [key, page ? shownRows(own, page) : own];
    }),
  );
  const below = await readBelow(level, [...shown.values()].flat(), run);
  const pageOfParent = (key: string) =>
    page && {
      page: pageResult(level, page, connection, {
        rowCount: byParent.get(key)?.length ?? 0,
        totalCount: counts.get(key) ?? 0,
      }),
    };
  return new Map(parents.map((key) => [key, { rows: shown.get(key) ?? [], below, ...pageOfParent(key) }]));
}

function prepareStep(step: ToManyStep, run: RunContext) {
  const { level, connection } = step;
  const args = connection && step.argumentsOf(run.variables);
  return level.statements.for(run.viewer, args ? JSON.stringify(args) : '', () => {
    const page = args && pageOf(args, level.shape);
    const keys = `$1::${step.parent.keyType}[]`;
    return {
      page,
      rows:
        !page || needsRows(page, connection)
          ? prepare(level, run, (context) => stepSql(step, page, keys, context), 1)
          : undefined,
      count: connection?.needsTotalCount
        ? prepare(level, run, (context) => stepCountSql(step, page, keys, context), 1)
        : undefined,
    };
  });
}

/** `offset`: how many parameters come before those of `write`. */
export function prepare(
  level: Level,
  { viewer, variables }: RunContext,
  write: (context: StatementContext) => string,
  offset = 0,
): PreparedStatement {
  const parameters = new Parameters(offset);
  const text = level.statements.intern(write({ viewer, variables, bind: parameters.bind }));
  return { text, values: parameters.values };
}
