import type { PageInfo } from '../../kernel/connection.js';
import type { ComputedField } from './computed.js';
import { encodeCursor } from './cursor.js';
import type { Page } from './page.js';
import type { ConnectionPlan, Level, ToManyStep } from './plan.js';
import type { Cell } from './sql.js';

/** A row as PostgreSQL sent it: a level's cells, then the sort value of its cursor where one is asked for. */
export type ResultRow = readonly Cell[];

/** The rows of one list with all that lies below them. */
export interface LevelResult {
  rows: readonly ResultRow[];
  /** Results of the steps by their parents' keys; shared by all results of a level. */
  below: ReadonlyMap<ToManyStep, ReadonlyMap<string, LevelResult>>;
  /** Values of the level's computed fields by their rows' keys, once their resolvers were asked. */
  computed?: ReadonlyMap<ComputedField, ReadonlyMap<string, unknown>>;
  /** The rows as they were read, where all that is answered is made of them and others get the same ones. */
  shared?: readonly ResultRow[];
  /** Of a connection. */
  page?: PageResult;
}

export const nothingBelow: LevelResult['below'] = new Map();

/** What is known of a page once it was read. */
export interface PageResult extends Pick<Page, 'orderBy'> {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  totalCount: number;
  /** Of the count. */
  isEstimated: boolean;
  /** What a row's cursor is made of. Without `sortCell` no cursor was asked for. */
  keyCell: number;
  sortCell: number | undefined;
}

/** `rowCount`: how many rows were read: one more than the page holds where it was asked whether there are more. */
export const pageResult = (
  level: Level,
  page: Page,
  connection: ConnectionPlan | undefined,
  { rowCount, totalCount, isEstimated = false }: { rowCount: number; totalCount: number; isEstimated?: boolean },
): PageResult => ({
  orderBy: page.orderBy,
  // A cursor was a row's, so that something lies beyond it; which way the page is read, the rows have told.
  hasNextPage: page.isBackward ? page.before !== undefined : rowCount > page.size || page.before !== undefined,
  hasPreviousPage: page.isBackward
    ? rowCount > page.size || page.after !== undefined
    : page.offset > 0 || page.after !== undefined,
  totalCount,
  isEstimated,
  keyCell: level.projections[0]?.keyCell ?? 0,
  sortCell: connection?.needsCursors ? level.columns.length : undefined,
});

/** What a computed field's resolver answered for a row. */
export const computedOf = (
  field: ComputedField,
  row: ResultRow,
  { computed }: Pick<LevelResult, 'computed'>,
): unknown => computed?.get(field)?.get(row[field.keyCell] as string);

/** null where no cursor was asked for. */
export function cursorOf({ page }: LevelResult, row: ResultRow): string | null {
  if (page?.sortCell === undefined) return null;
  return encodeCursor(page.orderBy, row[page.sortCell] as string, row[page.keyCell] as string);
}

export function pageInfoOf(result: LevelResult): PageInfo {
  const { rows, page } = result;
  const [first, last] = [rows[0], rows.at(-1)];
  return {
    hasNextPage: page?.hasNextPage ?? false,
    hasPreviousPage: page?.hasPreviousPage ?? false,
    startCursor: first ? cursorOf(result, first) : null,
    endCursor: last ? cursorOf(result, last) : null,
  };
}
