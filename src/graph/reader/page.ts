import { maxPageSize, type ListArgs } from '../../kernel/connection.js';
import type { Bind, ListDefinition, SortKey } from '../../kernel/read-model.js';
import { badInput, type FieldProblem } from '../../lib/errors.js';
import { decodeCursor } from './cursor.js';
import type { EntityShape } from './metadata.js';
import type { ConnectionPlan } from './plan.js';

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

/** Throws BAD_USER_INPUT with everything that is out of range. */
export function pageOf(args: ListArgs, shape: EntityShape): Page {
  const list = listOf(shape);
  const { keyType } = shape;
  const first = args.first ?? 20;
  const offset = args.offset ?? 0;
  const problems = rangeProblems(first, offset);
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

function rangeProblems(first: number, offset: number): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (!Number.isInteger(first) || first < 0 || first > maxPageSize) {
    problems.push({
      path: ['first'],
      code: first > maxPageSize ? 'too_large' : 'too_small',
      message: `must be between 0 and ${maxPageSize}`,
    });
  }
  if (!Number.isInteger(offset) || offset < 0)
    problems.push({ path: ['offset'], code: 'too_small', message: 'must be 0 or more' });
  return problems;
}

/** The predicates of the list's filters. */
export function filterSql(shape: EntityShape, page: Page, alias: string, bind: Bind): string[] {
  const list = listOf(shape);
  const filters = Object.entries(page.filter).map(([name, value]) => {
    const filter = list.filters[name];
    const applies = filter && value !== undefined && (value !== null || filter.acceptsNull);
    return applies ? filter(value as never, alias, bind) : 'true';
  });
  return [list.always?.(page.filter, alias, bind) ?? 'true', ...filters];
}

/** Whether one of the filters that are given looks through texts. */
export const isSlow = (shape: EntityShape, { filter }: Page): boolean =>
  Object.keys(filter).some((name) => listOf(shape).filters[name]?.isSlow);

/** That a row comes after the page's cursor. */
export function afterCursorSql({ after, sort, descending, keyType }: Page, alias: string, bind: Bind): string[] {
  if (!after) return [];
  const place = `${bind(after.sort)}::${sort.type}, ${bind(after.id)}::${keyType}`;
  return [`(${sort.sql(alias)}, ${alias}.id) ${descending ? '<' : '>'} (${place})`];
}

export function orderSql({ sort, descending }: Page, alias: string): string {
  const direction = descending ? 'desc' : 'asc';
  const key = sort.sql(alias);
  return ` order by ${key === `${alias}.id` ? '' : `${key} ${direction}, `}${alias}.id ${direction}`;
}

/** The number is checked and written into the text: as a parameter it would cost the planner its estimate. */
export const limitSql = (page: Page, connection: ConnectionPlan | undefined): string =>
  ` limit ${page.first + (connection?.needsNextPage ? 1 : 0)}${page.offset ? ` offset ${page.offset}` : ''}`;

function listOf(shape: EntityShape): ListDefinition {
  if (!shape.model.list) throw new Error(`${shape.name} has no list definition`);
  return shape.model.list;
}
