import type { EntityClass } from '@mikro-orm/core';
import type { BindParameter as Bind } from '../db/sql.js';
import { isRowId } from '../lib/row-id.js';
import { isSlug } from '../lib/slug.js';
import { isUuid } from '../lib/uuid.js';
import { isReader, type Viewer } from './viewer.js';

export type { Bind };

/** A condition in SQL on the row called `alias`. `everyRow` and `noRow` are recognised by identity. */
export interface Predicate {
  (alias: string, bind: Bind): string;
  /** The same condition in parts that exclude each other: a page is read from each by the index that fits it. */
  parts?: readonly Predicate[];
}

export const everyRow: Predicate = () => 'true';
export const noRow: Predicate = () => 'false';

/** The rows whose column holds the viewer's number; none for whoever is not signed in or may not read. */
export const ownRows = (viewer: Viewer, column = 'user_id'): Predicate =>
  isReader(viewer) ? (alias, bind) => `${alias}.${column} = ${bind(viewer.userId)}::int` : noRow;

/** The rows whose `column` holds the id of a visible row of `table`; `parents` is the condition on those. */
export function rowsOfParent(table: string, column: string, parents: Predicate): Predicate {
  if (parents === everyRow || parents === noRow) return parents;
  const parent = `visible_${table}`;
  return (alias, bind) =>
    `exists (select 1 from ${table} ${parent} where ${parent}.id = ${alias}.${column} and (${parents(parent, bind)}))`;
}

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

/** A field of a list's filter input as a condition in SQL. */
export interface Filter<V = never> {
  (value: V, alias: string, bind: Bind): string;
  /** True: null asks for rows without a value. Otherwise null does not filter. */
  acceptsNull?: boolean;
  /**
   * True: how long the statement takes hangs on the value. It runs on a connection where no other waits behind it, and
   * is planned with its values.
   */
  isSlow?: boolean;
}

/** Marks a filter that searches in texts, or in what has common values and rare ones. */
export const slow = <F extends Filter>(filter: F): F => Object.assign(filter, { isSlow: true });

/** The value itself; what no key of the type can be finds nothing. */
export const equals =
  (name: string, type: 'int' | 'text' | 'uuid'): Filter<unknown> =>
  (value, alias, bind) =>
    type !== 'text' && !isKey(String(value), type) ? 'false' : `${alias}.${name} = ${bind(value)}::${type}`;

/**
 * Rows with one of these keys, of this SQL type: what every list has as `ids`. What no key can be finds nothing.
 */
export const keyedBy =
  (type: string, name = 'id'): Filter<readonly unknown[]> =>
  (ids, alias, bind) => {
    const possible = ids.map(String).filter((id) => isKey(id, type));
    return possible.length ? `${alias}.${name} = any(${bind(possible)}::${type}[])` : 'false';
  };

/** Whether text can be a key of this SQL type; PostgreSQL would refuse any other. */
export function isKey(text: string, type: string): boolean {
  switch (type) {
    case 'uuid':
      return isUuid(text);
    case 'text':
      return isSlug(text);
    case 'bigint':
      return /^\d{1,18}$/.test(text);
    default:
      return isRowId(text);
  }
}

/** Like `equals`, and null asks for the rows without a value. */
export const equalsOrNone = (name: string, type: 'int' | 'text'): Filter<unknown> => {
  const same = equals(name, type);
  return Object.assign<Filter<unknown>, { acceptsNull: true }>(
    (value, alias, bind) => (value === null ? `${alias}.${name} is null` : same(value, alias, bind)),
    { acceptsNull: true },
  );
};

/** Part of a text, in any case. `text` is the SQL expression to search, the one that a trigram index holds. */
export const contains =
  (text: (alias: string) => string): Filter<string> =>
  (value, alias, bind) =>
    `${text(alias)} ilike ${bind(containing(value))}`;

/** Part of a text, in any case, in a column that holds it in lower case. */
export const inLowerCase = (name: string): Filter<string> =>
  slow((value: string, alias: string, bind: Bind) => `${alias}.${name} like ${bind(containing(value.toLowerCase()))}`);

/** At this moment or later. */
export const notBefore =
  (name: string): Filter<Date> =>
  (value, alias, bind) =>
    `${alias}.${name} >= ${bind(value.toISOString())}::timestamptz`;

/** Before this moment. */
export const before =
  (name: string): Filter<Date> =>
  (value, alias, bind) =>
    `${alias}.${name} < ${bind(value.toISOString())}::timestamptz`;

/** An `ilike` pattern for "contains"; `%` and `_` in the text stand for themselves. */
export const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

/** PostgreSQL refuses NUL in a text, and no stored text has one: its replacement finds nothing either. */
const withoutNul = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(withoutNul) : typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value;

/** The filter of a list without what no stored text has; null may be a value to ask for. */
export const storableFilter = (filter: object | null | undefined): object =>
  Object.fromEntries(Object.entries(filter ?? {}).map(([name, value]) => [name, withoutNul(value)]));

/** The filter of a list in which null means "any", as absence does: without its nulls. */
export const givenFilter = (filter: object | null | undefined): object =>
  Object.fromEntries(Object.entries(storableFilter(filter)).filter(([, value]) => value != null));

/** The rows that a list's filter finds, beside what the list always asks for. */
export const foundBy =
  ({ filters }: Pick<ListDefinition, 'filters'>, keyType: string, given: object): Predicate =>
  (alias, bind) =>
    Object.entries(given)
      .flatMap(([name, value]) => {
        const filter = filters[name] ?? (name === 'ids' ? keyedBy(keyType) : undefined);
        const applies = filter && value !== undefined && (value !== null || filter.acceptsNull);
        return applies ? `(${filter(value as never, alias, bind)})` : [];
      })
      .join(' and ') || 'true';

export interface ListDefinition {
  /** Keys of the order enum, without `_ASC` and `_DESC`. */
  orders: Record<string, SortKey>;
  defaultOrder: string;
  /** Largest page, where it is not the usual one: for lists of which clients need the whole. */
  largestPage?: number;
  /** Fields of the filter input, `ids` aside. A field that is absent or undefined does not filter. */
  filters: Record<string, Filter<never>>;
  /** Conditions that hold unless the filter says otherwise, such as "not in the trash". */
  always?: (filter: Readonly<Record<string, unknown>>, alias: string, bind: Bind) => string;
}

/**
 * What the reader must know of an entity beyond its columns. An entity without a read model cannot be read through the
 * graph at all: access is denied by default. One with a read model is a Node of the graph, by nothing else.
 */
export interface ReadModel<T extends object = object> {
  entity: EntityClass<T>;
  /** Row visibility, said once: reads compile it in, writes check it. */
  visibleTo: (viewer: Viewer) => Predicate;
  /** Columns and lists, by property name, that only some see in a visible row; null or empty for the others. */
  guarded?: { properties: readonly string[]; visibleTo: (viewer: Viewer) => Predicate };
  list?: ListDefinition;
  /**
   * True: a short list that everybody asks for with everything else, and that seldom changes. What was read of it
   * answers others too, until a trigger says that it has changed (`db/shared-rows.ts`).
   */
  isShared?: boolean;
}

/** A read model whose rows are offered as lists. */
export type ListedReadModel<T extends object = object> = ReadModel<T> & Required<Pick<ReadModel, 'list'>>;
