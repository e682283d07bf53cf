import type { EntityClass } from '@mikro-orm/core';
import { isRowId } from '../lib/row-id.js';
import type { Viewer } from './viewer.js';

/** Puts a value among the statement's parameters and answers its placeholder. */
export type Bind = (value: unknown) => string;

/** A condition in SQL on the row called `alias`; `true` and `false` stand for themselves. */
export interface Predicate {
  (alias: string, bind: Bind): string;
  /** The same condition in parts that exclude each other: a page is looked for in each part by the index that fits it. */
  parts?: readonly Predicate[];
}

export const everyRow: Predicate = () => 'true';
export const noRow: Predicate = () => 'false';

/** What a list may be sorted by. The expression is never null, so that cursors compare as rows do. */
export interface SortKey {
  /** SQL expression over the row; it must be the one that an index holds. */
  sql: (alias: string) => string;
  /** SQL type of the expression, to which a cursor's text is cast. */
  type: string;
}

export const column = (name: string, type: string): SortKey => ({ sql: (a) => `${a}.${name}`, type });

/** A nullable column: rows without a value come last when descending, first when ascending. */
export const nullableColumn = (name: string, type: 'date' | 'timestamptz' | 'numeric'): SortKey => ({
  sql: (a) => `coalesce(${a}.${name}, '-infinity'${type === 'timestamptz' ? '' : `::${type}`})`,
  type,
});

export interface Filter<V = never> {
  (value: V, alias: string, bind: Bind): string;
  /** True: null asks for rows without a value. Otherwise null does not filter. */
  acceptsNull?: boolean;
  /** True: may take long, and is run where nothing waits behind it. */
  isSlow?: boolean;
}

/** Marks a filter that looks through texts. */
export const slow = <F extends Filter>(filter: F): F => Object.assign(filter, { isSlow: true });

export const equals =
  (name: string, type: 'int' | 'text'): Filter<unknown> =>
  (value, alias, bind) =>
    type === 'int' && !isRowId(value) ? 'false' : `${alias}.${name} = ${bind(value)}::${type}`;

/** Like `equals`, and null asks for the rows without a value. */
export const equalsOrNone = (name: string, type: 'int' | 'text'): Filter<unknown> => {
  const same = equals(name, type);
  return Object.assign<Filter<unknown>, { acceptsNull: true }>(
    (value, alias, bind) => (value === null ? `${alias}.${name} is null` : same(value, alias, bind)),
    { acceptsNull: true },
  );
};

/** An `ilike` pattern for "contains"; `%` and `_` in what a person typed stand for themselves. */
export const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

/** NUL never occurs in what is filtered, and PostgreSQL refuses it. */
const withoutNul = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(withoutNul) : typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value;

/** A filter for lists in which null means "any", as absence does. */
export const givenFilter = (filter: object | null | undefined): object =>
  Object.fromEntries(
    Object.entries(filter ?? {}).flatMap(([name, value]) => (value == null ? [] : [[name, withoutNul(value)]])),
  );

export interface ListDefinition {
  /** Keys of the order enum, without `_ASC` and `_DESC`. */
  orders: Record<string, SortKey>;
  defaultOrder: string;
  /** Fields of the filter input. A field that is absent or undefined does not filter. */
  filters: Record<string, Filter<never>>;
  /** Conditions that hold unless the filter says otherwise, such as "not in the trash". */
  always?: (filter: Readonly<Record<string, unknown>>, alias: string, bind: Bind) => string;
}

/**
 * All that the reader must know of an entity beyond its columns. An entity without a read model cannot be read through
 * the graph at all: access is denied by default.
 */
export interface ReadModel<T extends object = object> {
  entity: EntityClass<T>;
  /** Row visibility, said once: reads compile it in, writes check it. */
  visibleTo: (viewer: Viewer) => Predicate;
  /** Columns and lists by property name that only some may see in a visible row; null or empty for the others. */
  guarded?: { properties: readonly string[]; visibleTo: (viewer: Viewer) => Predicate };
  list?: ListDefinition;
}

/** A read model whose rows are offered as lists. */
export type ListedReadModel<T extends object = object> = ReadModel<T> & Required<Pick<ReadModel, 'list'>>;
