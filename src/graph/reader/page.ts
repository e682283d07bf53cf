import { defaultPageSize, type ListArgs, listProblems } from '../../kernel/connection.js';
import { type Bind, foundBy, type ListDefinition, type SortKey } from '../../kernel/read-model.js';
import type { Place } from '../../kernel/seek.js';
import { badInput } from '../../lib/errors.js';
import { decodeCursor } from './cursor.js';
import type { EntityShape } from './metadata.js';
import type { ConnectionPlan } from './plan.js';

/** Which rows of a list are asked for. */
export interface Page {
  /** How many rows at most. */
  size: number;
  /** Counted from the end of the list: the rows are read in reverse, and turned round. */
  isBackward: boolean;
  offset: number;
  sort: SortKey;
  /** Of the list, in whichever direction the page is read. */
  descending: boolean;
  orderBy: string;
  /** SQL type of the rows' key. */
  keyType: string;
  after: Place | undefined;
  before: Place | undefined;
  filter: Readonly<Record<string, unknown>>;
}

/** Throws BAD_USER_INPUT with everything that is out of range. */
export function pageOf(args: ListArgs, shape: EntityShape): Page {
  const list = listOf(shape);
  const { keyType } = shape;
  const filter = (args.filter ?? {}) as Page['filter'];
  const problems = listProblems(args, list.largestPage);
  const orderBy = args.orderBy ?? list.defaultOrder;
  const [, key = '', direction] = /^(.+)_(ASC|DESC)$/.exec(orderBy) ?? [];
  const sort = list.orders[key];
  if (!sort) problems.push({ path: ['orderBy'], code: 'invalid', message: 'is no order of this list' });
  const placeOf = (name: 'after' | 'before'): Place | undefined => {
    const cursor = args[name];
    const place = cursor ? decodeCursor(cursor, orderBy, sort?.type, keyType) : undefined;
    if (cursor && !place)
      problems.push({ path: [name], code: 'invalid', message: 'is no cursor of this list and order' });
    return place;
  };
  const [after, before] = [placeOf('after'), placeOf('before')];
  if (problems.length) throw badInput(problems);
  return {
    size: args.last ?? args.first ?? defaultPageSize,
    isBackward: args.last != null,
    offset: args.offset ?? 0,
    sort: sort as SortKey,
    descending: direction === 'DESC',
    orderBy,
    keyType,
    after,
    before,
    filter,
  };
}

/** The predicates of the list's filters. */
export function filterSql(shape: EntityShape, page: Page, alias: string, bind: Bind): string[] {
  const list = listOf(shape);
  return [alwaysSql(shape, page, alias, bind), foundBy(list, shape.keyType, page.filter)(alias, bind)];
}

/** What the list asks for beside its filters. */
export const alwaysSql = (shape: EntityShape, { filter }: Page, alias: string, bind: Bind): string =>
  listOf(shape).always?.(filter, alias, bind) ?? 'true';

/** Whether how long the list takes hangs on the value of a filter that is given. */
export const isSlow = (shape: EntityShape, { filter }: Page): boolean =>
  Object.entries(filter).some(([name, value]) => value != null && listOf(shape).filters[name]?.isSlow);

/** That a row lies between the page's cursors. */
export function cursorSql({ after, before, sort, descending, keyType }: Page, alias: string, bind: Bind): string[] {
  const beyond = (place: Place | undefined, isGreater: boolean): string[] => {
    if (!place) return [];
    const bound = `${bind(place.sort)}::${sort.type}, ${bind(place.id)}::${keyType}`;
    return [`(${sort.sql(alias)}, ${alias}.id) ${isGreater ? '>' : '<'} (${bound})`];
  };
  return [...beyond(after, !descending), ...beyond(before, descending)];
}

/** The order in which the page is read. */
export function orderSql({ sort, descending, isBackward }: Page, alias: string): string {
  const direction = descending === isBackward ? 'asc' : 'desc';
  const key = sort.sql(alias);
  return ` order by ${key === `${alias}.id` ? '' : `${key} ${direction}, `}${alias}.id ${direction}`;
}

/** How many rows are read for the page. */
export const readSize = (page: Page, connection: ConnectionPlan | undefined): number =>
  page.size + (needsOneMore(page, connection) ? 1 : 0);

/** The number is checked and written into the text: as a parameter it would cost the planner its estimate. */
export const limitSql = (page: Page, connection: ConnectionPlan | undefined): string =>
  ` limit ${readSize(page, connection)}${page.offset ? ` offset ${page.offset}` : ''}`;

/** Whether a row beyond the page is read, to know that there is one. */
const needsOneMore = ({ isBackward }: Page, connection: ConnectionPlan | undefined): boolean | undefined =>
  isBackward ? connection?.needsPreviousPage : connection?.needsNextPage;

/** Whether rows have to be read: there may be no more asked than whether some lie beyond the page. */
export const needsRows = (page: Page, connection: ConnectionPlan | undefined): boolean =>
  !connection || connection.needsRows || needsOneMore(page, connection) === true;

/** The rows of the page, in the order of the list, out of those that were read for it. */
export function shownRows<Row>(rows: readonly Row[], { size, isBackward }: Page): readonly Row[] {
  const shown = rows.slice(0, size);
  return isBackward ? shown.reverse() : shown;
}

function listOf(shape: EntityShape): ListDefinition {
  if (!shape.model.list) throw new Error(`${shape.name} has no list definition`);
  return shape.model.list;
}
