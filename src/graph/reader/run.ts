import type { ListArgs } from '../../kernel/connection.js';
import type { Predicate } from '../../kernel/read-model.js';
import type { Viewer } from '../../kernel/viewer.js';
import { type Folded, fold, isFoldable, unfoldLines } from './inline.js';
import { cellsOf, countSql, listSql, manyCountSql, manySql, rowsSql, type Writing } from './level-sql.js';
import { isSlow, type PageFacts, pageFacts, pageOf } from './page.js';
import type { ConnectionPlan, Level, ManyPlan, Plan } from './plan.js';
import { type Cell, Parameters, type ReadStatement } from './sql.js';

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

export const nothingBelow: Fetched['below'] = new Map();

/** The rows with these ids that the viewer may see, in no particular order. */
export async function readByIds(
  { level }: Plan,
  ids: readonly (number | string)[],
  only: Predicate | undefined,
  binding: Binding,
): Promise<Fetched> {
  const isSingle = ids.length === 1;
  const given = new Parameters();
  const own = isSingle
    ? `${level.alias}.id = ${given.bind(ids[0])}::${level.shape.keyType}`
    : `${level.alias}.id = any(${given.bind(ids)}::${level.shape.keyType}[])`;
  const conditions = only ? [own, only(level.alias, given.bind)] : [own];
  const question =
    only || level.variables.length
      ? JSON.stringify([conditions, level.variables.map((name) => binding.variables[name])])
      : own;
  const { text, values, folded } = remembered(level, binding.viewer, question, () => {
    const parameters = new Parameters(given.values.length);
    const writing: Writing = { ...binding, bind: parameters.bind };
    const cells = cellsOf(level, binding.viewer, parameters.bind);
    const below: Folded | undefined = isSingle && isFoldable(level) ? fold(level, cells.length, writing) : undefined;
    return {
      text: kept(level, rowsSql(level, [...cells, ...(below?.cells ?? [])], conditions, writing)),
      values: parameters.values,
      folded: below?.manys,
    };
  });
  const lines = await binding.read(text, [...given.values, ...values]);
  return {
    lines,
    below: folded ? unfoldLines(folded, lines, level.cells.length) : await fetchBelow(level, lines, binding),
  };
}

/** One page of the whole list. */
export async function readList(
  { level, connection: planned }: Plan,
  args: ListArgs,
  binding: Binding,
): Promise<Fetched> {
  const connection = planned as ConnectionPlan;
  const { page, rows, count } = remembered(level, binding.viewer, JSON.stringify(args), () => {
    const page = pageOf(args, level.shape);
    return {
      page,
      rows: connection.rows
        ? written(level, binding, (writing) => listSql(level, connection, page, writing))
        : undefined,
      count: connection.totalCount ? written(level, binding, (writing) => countSql(level, page, writing)) : undefined,
    };
  });
  const readRows = async (): Promise<Fetched> => {
    const lines = rows
      ? await (isSlow(level.shape, page) ? binding.readSlow : binding.read)(rows.text, rows.values)
      : [];
    const shown = lines.slice(0, page.first);
    return {
      lines: shown,
      below: await fetchBelow(level, shown, binding),
      page: pageFacts(level, page, connection, lines.length),
    };
  };
  const [fetched, counted] = await Promise.all([readRows(), count && binding.count(count.text, count.values)]);
  return { ...fetched, page: { ...(fetched.page as PageFacts), totalCount: Number(counted?.[0]?.[0] ?? 0) } };
}

/** All lists below a level's lines, one statement for each relation, whatever the number of lines. */
async function fetchBelow(level: Level, lines: readonly Line[], binding: Binding): Promise<Fetched['below']> {
  if (!level.manys.length) return nothingBelow;
  const fetched = await Promise.all(
    level.manys.map(async (many) => {
      const parents = [...new Set(lines.map((line) => line[many.parent.key]))].filter(
        (key) => key !== null,
      ) as string[];
      return [many, parents.length ? await readMany(many, parents, binding) : new Map<string, Fetched>()] as const;
    }),
  );
  return new Map(fetched);
}

async function readMany(many: ManyPlan, parents: readonly string[], binding: Binding): Promise<Map<string, Fetched>> {
  const { level, connection } = many;
  const args = connection && many.argumentsOf(binding.variables);
  const { page, rows, count } = remembered(level, binding.viewer, args ? JSON.stringify(args) : '', () => {
    const page = args && pageOf(args, level.shape);
    const keys = `$1::${many.parent.keyType}[]`;
    return {
      page,
      rows:
        !connection || connection.rows
          ? written(level, binding, (writing) => manySql(many, page, keys, writing), 1)
          : undefined,
      count: connection?.totalCount
        ? written(level, binding, (writing) => manyCountSql(many, page, keys, writing), 1)
        : undefined,
    };
  });
  // Keys are numbers or UUIDs, of which an array needs no quotes.
  const given = `{${parents.join(',')}}`;
  const [lines, counted] = await Promise.all([
    rows ? binding.read(rows.text, [given, ...rows.values]) : [],
    count && binding.count(count.text, [given, ...count.values]),
  ]);
  const counts = new Map(counted?.map(([key, n]) => [key, Number(n)]));
  const byParent = Map.groupBy(lines, (line) => line.at(-1) as string);
  const shown = new Map(
    parents.map((key) => [key, (page ? byParent.get(key)?.slice(0, page.first) : byParent.get(key)) ?? []]),
  );
  const below = await fetchBelow(level, [...shown.values()].flat(), binding);
  return new Map(
    parents.map((key) => [
      key,
      {
        lines: shown.get(key) ?? [],
        below,
        ...(page && {
          page: {
            ...pageFacts(level, page, connection, byParent.get(key)?.length ?? 0),
            totalCount: counts.get(key) ?? 0,
          },
        }),
      },
    ]),
  );
}

/** `given`: how many parameters come before those that are written in. */
function written(
  level: Level,
  { viewer, variables }: Binding,
  write: (writing: Writing) => string,
  given = 0,
): { text: string; values: readonly unknown[] } {
  const parameters = new Parameters(given);
  return { text: kept(level, write({ viewer, variables, bind: parameters.bind })), values: parameters.values };
}

const mostTexts = 200;

/** The same string for equal texts: most viewers' differ in their parameters only. */
function kept({ texts }: Level, text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size >= mostTexts) texts.clear();
  texts.set(text, text);
  return text;
}

const mostQuestions = 50;
const longestQuestion = 2_000;

/** What was made for the same question of the same viewer, whose policies and values are all in it. A question has one kind of answer in a level. */
function remembered<T>({ remembers }: Level, viewer: Viewer, question: string, make: () => T): T {
  const ofViewer = remembers.get(viewer) ?? new Map<string, unknown>();
  remembers.set(viewer, ofViewer);
  const known = ofViewer.get(question);
  if (known !== undefined) return known as T;
  const made = make();
  if (ofViewer.size >= mostQuestions) ofViewer.clear();
  if (question.length <= longestQuestion) ofViewer.set(question, made);
  return made;
}
