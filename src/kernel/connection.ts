import { ArgsType, type ClassType, Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ListDefinition } from './read-model.js';

/** Largest page of a list, which also bounds the cost of a query. */
export const maxPageSize = 100;

/** The arguments of a connection that has one order and no filter. */
@ArgsType()
export class ConnectionArgs {
  @Field(() => Int, { defaultValue: 20, description: `How many at most: 0 to ${maxPageSize}.` })
  first!: number;

  @Field(() => String, { nullable: true, description: 'Cursor after which to start, of the same order.' })
  after?: string | null;

  @Field(() => Int, { nullable: true, description: 'How many to skip; for programs that count pages.' })
  offset?: number | null;
}

/** The arguments of a list: what its resolver passes on to the reader. `F` is the list's filter input. */
export interface ListArgs<F extends object = object> extends ConnectionArgs {
  /** A value of the list's order enum. */
  orderBy?: string | null;
  filter?: F | null;
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
}

/** Makes `<Name>Connection` and `<Name>Edge` for a node type. Call it once a type: GraphQL names are unique. */
export function connectionType<T extends object>(name: string, node: () => ClassType<T>): ClassType<Connection<T>> {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: `A ${name} in a list, with its cursor.` })
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
 * Makes the arguments of a list, for `@Args(() => …)`: a page, `orderBy` and, when the list has a filter input,
 * `filter`. Call it once a list. `order` is the list's order enum; by default `<Name>Order` is registered for it.
 */
export function listArgs<F extends object>(
  name: string,
  list: ListDefinition,
  filter?: ClassType<F>,
  order: object = orderEnum(`${name}Order`, list),
): ClassType<ListArgs<F>> {
  @ArgsType()
  class OrderedArgs extends ConnectionArgs {
    @Field(() => order, { defaultValue: list.defaultOrder, description: 'Order of the rows.' })
    orderBy!: string;
  }
  if (!filter) return OrderedArgs;

  @ArgsType()
  class FilteredArgs extends OrderedArgs {
    @Field(() => filter as ClassType<F>, { nullable: true, description: 'Conditions.' })
    filter?: F | null;
  }
  return FilteredArgs;
}

/** The body of a field that only declares the arguments of a relation: `bindEntities` of the graph answers it. */
export function answeredByReader(): never {
  throw new Error('This field is answered by the reader, never by its resolver');
}
