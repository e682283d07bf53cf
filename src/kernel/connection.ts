import { ArgsType, type ClassType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { FieldProblem } from '../lib/errors.js';
import type { ListDefinition } from './read-model.js';

/** Largest page of a list that names no other (`largestPage`); it also bounds the cost of a query. */
export const maxPageSize = 100;

/** `largestPage` of lists that clients show whole, such as those that fill menus. */
export const wholeList = 10_000;

/** Page of a list for which neither `first` nor `last` is given. */
export const defaultPageSize = 20;

/** Which page of a list. null is as good as absent. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    description:
      `How many from the start, at most: 0 to ${maxPageSize}, unless the list allows more; ${defaultPageSize} by ` +
      'default.',
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the same order: what comes after it.' })
  after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: `How many from the end, at most, in the order of the list: 0 to ${maxPageSize}. Instead of \`first\`.`,
  })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the same order: what comes before it.' })
  before?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many to skip from the start; for programs that count pages. Not with `last`.',
  })
  offset?: number | null;
}

/** What the filter input of every list has: it extends this class. The reader answers `ids`. */
@InputType()
@ObjectType()
export abstract class ListFilter {
  @Field(() => [ID], {
    nullable: true,
    description: `Only these, by \`id\`: at most ${maxPageSize}. One that there is not finds nothing.`,
  })
  ids?: string[] | null;
}

/** The arguments of a connection that has one order. */
export interface ConnectionArgs extends PageArgs {
  filter?: ListFilter | null;
}

/**
 * Makes the arguments of a connection that has one order, for `@Args(() => …)`: a page and `filter`, an input
 * `<Name>Filter` of its own, so that it can gain conditions without another's. Call it once a list.
 */
export function connectionArgs(name: string): ClassType<ConnectionArgs> {
  @InputType(`${name}Filter`, {
    description: 'Conditions on a list whose other conditions are given by where it stands.',
  })
  class OwnFilter extends ListFilter {}

  @ArgsType()
  class OwnArgs extends PageArgs {
    @Field(() => OwnFilter, { nullable: true, description: 'Conditions.' })
    filter?: OwnFilter | null;
  }
  return OwnArgs;
}

/** The arguments of a list: what its resolver passes on to the reader. `F` is the list's filter input. */
export interface ListArgs<F extends object = object> extends PageArgs {
  /** A value of the list's order enum. */
  orderBy?: string | null;
  filter?: F | null;
}

/** What is wrong with the size of a page, where it starts and how many ids it asks for; its cursors aside. */
export function listProblems({ first, last, offset, filter }: ListArgs, largest = maxPageSize): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const [name, size] of Object.entries({ first, last })) {
    if (size == null || (Number.isInteger(size) && size >= 0 && size <= largest)) continue;
    problems.push({
      path: [name],
      code: size > largest ? 'too_large' : 'too_small',
      message: `must be between 0 and ${largest}`,
    });
  }
  if (first != null && last != null)
    problems.push({ path: ['last'], code: 'not_allowed', message: 'must not be given beside first' });
  if (offset != null && (!Number.isInteger(offset) || offset < 0))
    problems.push({ path: ['offset'], code: 'too_small', message: 'must be 0 or more' });
  if (offset && last != null)
    problems.push({ path: ['offset'], code: 'not_allowed', message: 'counts from the start: not with last' });
  const { ids } = (filter ?? {}) as ListFilter;
  if (ids && ids.length > maxPageSize)
    problems.push({ path: ['filter', 'ids'], code: 'too_long', message: `At most ${maxPageSize} ids` });
  return problems;
}

@ObjectType({ simpleResolvers: true, description: 'Where a page stands in its list.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'True when more rows follow.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'True when rows come before.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first row.' })
  startCursor?: string | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the last row: pass it as `after`.' })
  endCursor?: string | null;
}

export interface Connection<T> {
  nodes: T[];
  edges: { node: T; cursor: string }[];
  pageInfo: PageInfo;
  totalCount: number;
  /** Of those that may tell an estimate for a count. */
  isEstimated?: boolean;
}

/**
 * Makes `<Name>Connection` and `<Name>Edge` for a node type. Call it once a type: GraphQL names are unique.
 * `estimated`: what the description of `isEstimated` says, for a list of which more may be found than are counted.
 */
export function connectionType<T extends object>(
  name: string,
  node: () => ClassType<T>,
  { estimated }: { estimated?: string } = {},
): ClassType<Connection<T>> {
  @ObjectType(`${name}Edge`, {
    simpleResolvers: true,
    description: `${/^[AEIOU]/.test(name) ? 'An' : 'A'} ${name} in a list, with its cursor.`,
  })
  class EdgeType {
    @Field(node, { description: 'The row.' })
    node!: T;

    @Field(() => String, { description: 'Place of the row in this order.' })
    cursor!: string;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: `A page of ${name} rows.` })
  class ConnectionType {
    @Field(() => [node()], { description: 'The rows.' })
    nodes!: T[];

    @Field(() => [EdgeType], { description: 'The rows with their cursors.' })
    edges!: EdgeType[];

    @Field(() => PageInfo, { description: 'Where the page stands.' })
    pageInfo!: PageInfo;

    @Field(() => Int, { description: 'Rows in the whole list. Counted only when asked for.' })
    totalCount!: number;
  }
  if (estimated !== undefined)
    Field(() => Boolean, { description: estimated })(ConnectionType.prototype, 'isEstimated');
  return ConnectionType;
}

/** Registers an order enum, called `name`, with `<KEY>_ASC` and `<KEY>_DESC` for each order of a list. */
export function orderEnum(name: string, list: ListDefinition): object {
  const keys = Object.keys(list.orders);
  const values = keys.flatMap((key) => [orderValue(key, 'ASC'), orderValue(key, 'DESC')]);
  const enumeration = Object.fromEntries(values.map(({ value }) => [value, value]));
  registerEnumType(enumeration, {
    name,
    description: 'Order of a list; ties by id in the same direction.',
    valuesConfig: Object.fromEntries(values.map(({ value, description }) => [value, { description }])),
  });
  return enumeration;
}

function orderValue(key: string, direction: 'ASC' | 'DESC'): { value: string; description: string } {
  const words = key.toLowerCase().replaceAll('_', ' ');
  return {
    value: `${key}_${direction}`,
    description: `By ${words}, ${direction === 'ASC' ? 'ascending' : 'descending'}.`,
  };
}

/**
 * Makes the arguments of a list, for `@Args(() => …)`: a page, `orderBy` and `filter`. Call it once a list. `order` is
 * the list's order enum; by default `<Name>Order` is registered for it.
 */
export function listArgs<F extends ListFilter>(
  name: string,
  list: ListDefinition,
  filter: ClassType<F>,
  order: object = orderEnum(`${name}Order`, list),
): ClassType<ListArgs<F>> {
  @ArgsType()
  class OrderedArgs extends PageArgs {
    @Field(() => order, { nullable: true, defaultValue: list.defaultOrder, description: 'Order of the rows.' })
    orderBy?: string | null;

    @Field(() => filter, { nullable: true, description: 'Conditions.' })
    filter?: F | null;
  }
  return OrderedArgs;
}

/** The body of a field that only declares the arguments of a relation: `bindEntities` of the graph answers it. */
export function answeredByReader(): never {
  throw new Error('This field is answered by the reader, never by its resolver');
}
