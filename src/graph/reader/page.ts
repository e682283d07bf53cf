import { maxPageSize, type ListArgs, type PageInfo } from '../../kernel/connection.js';
import type { Bind, ListDefinition, SortKey } from '../../kernel/read-model.js';
import { badInput, type FieldProblem } from '../../lib/errors.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import type { EntityShape } from './metadata.js';
import type { ConnectionPlan, Level } from './plan.js';
import type { Fetched, Line } from './run.js';

/** Which rows of a list are asked for. */
export interface Page {
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

/** What is known of a page that was read. */
export interface PageFacts extends Pick<Page, 'orderBy'> {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  totalCount: number;
  /** Where a line keeps the key and the sort value that its cursor is made of. */
  cells: { key: number; sort: number | undefined };
}

export const pageFacts = (
  level: Level,
  page: Page,
  connection: ConnectionPlan | undefined,
  found: number,
): PageFacts => ({
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

/** What a list's arguments ask for. */
export function conditions(shape: EntityShape, page: Page, alias: string, bind: Bind): string[] {
  const list = listOf(shape);
  const filters = Object.entries(page.filter).map(([name, value]) => {
    const filter = list.filters[name];
    const asks = filter && value !== undefined && (value !== null || filter.acceptsNull);
    return asks ? filter(value as never, alias, bind) : 'true';
  });
  return [list.always?.(page.filter, alias, bind) ?? 'true', ...filters];
}

/** Whether one of its filters looks through texts. */
export const isSlow = (shape: EntityShape, { filter }: Page): boolean =>
  Object.keys(filter).some((name) => listOf(shape).filters[name]?.isSlow);

export function afterCursor({ after, sort, descending, keyType }: Page, alias: string, bind: Bind): string[] {
  if (!after) return [];
  return [
    `(${sort.sql(alias)}, ${alias}.id) ${descending ? '<' : '>'} (${bind(after.sort)}::${sort.type}, ${bind(after.id)}::${keyType})`,
  ];
}

export function orderOf({ sort, descending }: Page, alias: string): string {
  const direction = descending ? 'desc' : 'asc';
  const key = sort.sql(alias);
  return ` order by ${key === `${alias}.id` ? '' : `${key} ${direction}, `}${alias}.id ${direction}`;
}

/** The number is checked and written into the text: as a parameter it would cost the planner its estimate. */
export const limitOf = (page: Page, connection: ConnectionPlan | undefined): string =>
  ` limit ${page.first + (connection?.hasNextPage ? 1 : 0)}${page.offset ? ` offset ${page.offset}` : ''}`;

function listOf(shape: EntityShape): ListDefinition {
  if (!shape.model.list) throw new Error(`${shape.name} has no list definition`);
  return shape.model.list;
}

/** Throws BAD_USER_INPUT with everything that is out of range. */
export function pageOf(args: ListArgs, shape: EntityShape): Page {
  const list = listOf(shape);
  const { keyType } = shape;
  const problems: FieldProblem[] = [];
  const first = args.first ?? 20;
  const offset = args.offset ?? 0;
  if (!Number.isInteger(first) || first < 0 || first > maxPageSize) {
    problems.push({
      path: ['first'],
      code: first > maxPageSize ? 'too_large' : 'too_small',
      message: `must be between 0 and ${maxPageSize}`,
    });
  }
  if (!Number.isInteger(offset) || offset < 0)
    problems.push({ path: ['offset'], code: 'too_small', message: 'must be 0 or more' });
  const orderBy = args.orderBy ?? list.defaultOrder;
  const [, key = '', direction] = /^(.+)_(ASC|DESC)$/.exec(orderBy) ?? [];
  const sort = list.orders[key];
  if (!sort) problems.push({ path: ['orderBy'], code: 'invalid', message: 'is no order of this list' });
  const after = args.after ? decodeCursor(args.after, orderBy, sort?.type, keyType) : undefined;
  if (args.after && !after)
    problems.push({ path: ['after'], code: 'invalid', message: 'is no cursor of this list and order' });
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
