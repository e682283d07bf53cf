import { joined, json, raw, type Sql, sql } from '../../../db/sql.js';
import type { Column } from '../../../plugin-host/contribution.js';
import type { StorageOperation } from '../../../plugin-host/plugin-process.js';
import { quoted, selected, StorageProblem, textOf, valueOf } from './column-values.js';
import { keyColumn, type PluginTables, schemaOf } from './plugin-tables.js';

export type SingleOperation = Exclude<StorageOperation, { transaction: unknown }>;

/** Of one operation: rows that it reads, writes, changes or deletes. */
export const mostRows = 1_000;
const mostValues = 1_000;

/** A statement, and the columns of the rows that it answers; `count` answers beside them a number. */
export interface StorageStatement {
  statement: Sql;
  columns: ReadonlyMap<string, Column>;
  kind: 'rows' | 'count' | 'groups';
}

interface Table {
  /** With its schema. */
  name: Sql;
  columns: ReadonlyMap<string, Column>;
}

/** Makes the statement of an operation. Throws StorageProblem for what the plugin did not declare. */
export function statementOf(pluginId: string, tables: PluginTables, operation: SingleOperation): StorageStatement {
  const kinds = ['find', 'count', 'insert', 'update', 'delete'].filter((kind) => kind in operation);
  if (kinds.length !== 1) throw new StorageProblem('It is one of find, count, insert, update and delete');
  const tableOf = (name: unknown): Table => {
    const columns = typeof name === 'string' ? tables.get(name) : undefined;
    if (!columns) throw new StorageProblem(`There is no table ${shown(name)}`);
    return { name: sql`${quoted(schemaOf(pluginId))}.${quoted(name as string)}`, columns };
  };
  if ('find' in operation) return find(tableOf(operation.find), operation);
  if ('count' in operation) return count(tableOf(operation.count), operation);
  if ('insert' in operation) return insert(tableOf(operation.insert), operation);
  if ('update' in operation) return update(tableOf(operation.update), operation);
  return remove(tableOf(operation.delete), operation);
}

type Of<K extends string> = Extract<SingleOperation, Record<K, unknown>>;

function find(
  table: Table,
  { where = {}, orderBy = {}, limit = 100, offset = 0, columns }: Of<'find'>,
): StorageStatement {
  const wanted = columns === undefined ? table.columns : picked(table, columns);
  const orders = Object.entries(record(orderBy, 'orderBy')).map(([name, direction]) => {
    columnOf(table, name);
    if (direction !== 'asc' && direction !== 'desc') throw new StorageProblem(`orderBy.${name} is asc or desc`);
    return sql`${quoted(name)} ${raw(direction)}`;
  });
  return {
    statement: sql`
      select ${selection(wanted)} from ${table.name} where ${condition(table, where)}
       order by ${joined([...orders, quoted(keyColumn)])}
       limit ${whole('limit', limit, mostRows)}::int offset ${whole('offset', offset, 1_000_000)}::int`,
    columns: wanted,
    kind: 'rows',
  };
}

function count(table: Table, { where = {}, groupBy }: Of<'count'>): StorageStatement {
  if (groupBy === undefined)
    return {
      statement: sql`select count(*)::text as count from ${table.name} where ${condition(table, where)}`,
      columns: new Map(),
      kind: 'count',
    };
  const groups = picked(table, groupBy);
  const names = joined([...groups.keys()].map(quoted));
  return {
    statement: sql`
      select ${selection(groups)}, count(*)::text as ":count" from ${table.name} where ${condition(table, where)}
       group by ${names} order by count(*) desc, ${names} limit ${mostRows + 1}::int`,
    columns: groups,
    kind: 'groups',
  };
}

function insert(table: Table, { rows, onConflict }: Of<'insert'>): StorageStatement {
  if (!Array.isArray(rows) || rows.length === 0 || rows.length > mostRows)
    throw new StorageProblem(`rows is a list of 1 to ${mostRows}`);
  const given = rows.map((row: unknown) => record(row, 'rows'));
  const names = Object.keys(given[0] ?? {});
  const columns = names.map((name) => ({ name, column: writable(table, name) }));
  if (!names.length) throw new StorageProblem('A row names no column');
  if (given.some((row) => Object.keys(row).length !== names.length || names.some((name) => row[name] === undefined)))
    throw new StorageProblem('All rows name the same columns');
  const values = given.map((row) =>
    Object.fromEntries(columns.map(({ name, column }) => [name, jsonOf(name, column, row[name])])),
  );
  // One text for any number of rows.
  const types = columns.map(({ name, column }) => sql`${quoted(name)} ${valueType(column)}`);
  const selected = joined(names.map(quoted));
  return {
    statement: sql`
      insert into ${table.name} (${selected})
      select ${selected} from jsonb_to_recordset(${json(values)}::jsonb) as given (${joined(types)})
      ${onConflictOf(table, names, onConflict)}
      returning ${selection(table.columns)}`,
    columns: table.columns,
    kind: 'rows',
  };
}

/** Checked, and as the database reads it out of JSON. */
function jsonOf(name: string, column: Column, value: unknown): unknown {
  if (value === null) return null;
  const text = textOf(name, column, value);
  return column.type === 'json' ? (JSON.parse(text) as unknown) : text;
}

function onConflictOf(table: Table, names: readonly string[], onConflict: unknown): Sql {
  if (onConflict === undefined) return raw('');
  const keys = [...picked(table, onConflict).keys()];
  const changed = names.filter((name) => !keys.includes(name));
  // A row has to change to be returned.
  const set = (changed.length ? changed : keys).map((name) => sql`${quoted(name)} = excluded.${quoted(name)}`);
  return sql`on conflict (${joined(keys.map(quoted))}) do update set ${joined(set)}`;
}

function update(table: Table, { where, set }: Of<'update'>): StorageStatement {
  const changes = Object.entries(record(set, 'set')).map(([name, value]) => {
    writable(table, name);
    return sql`${quoted(name)} = ${valueOf(name, columnOf(table, name), value)}`;
  });
  if (!changes.length) throw new StorageProblem('set names no column');
  return {
    statement: sql`
      update ${table.name} set ${joined(changes)} where ${quoted(keyColumn)} in (${bounded(table, where)})
      returning ${selection(table.columns)}`,
    columns: table.columns,
    kind: 'rows',
  };
}

const remove = (table: Table, { where }: Of<'delete'>): StorageStatement => ({
  statement: sql`
    delete from ${table.name} where ${quoted(keyColumn)} in (${bounded(table, where)})
    returning ${selection(table.columns)}`,
  columns: table.columns,
  kind: 'rows',
});

/** One row more than may be changed tells that there are too many. */
const bounded = (table: Table, where: unknown): Sql => sql`
  select ${quoted(keyColumn)} from ${table.name} where ${condition(table, where)}
   order by ${quoted(keyColumn)} limit ${mostRows + 1}::int for update`;

const comparisons: Readonly<Record<string, string>> = { gt: '>', gte: '>=', lt: '<', lte: '<=' };

function condition(table: Table, where: unknown): Sql {
  const parts = Object.entries(record(where, 'where')).flatMap(([name, wanted]) => {
    const column = columnOf(table, name);
    if (wanted === undefined) return [];
    if (wanted === null) return [sql`${quoted(name)} is null`];
    const isComparison = typeof wanted === 'object' && !Array.isArray(wanted) && column.type !== 'json';
    return isComparison
      ? Object.entries(wanted).map(([word, value]) => comparison(name, column, word, value))
      : [sql`${quoted(name)} = ${valueOf(name, column, wanted)}`];
  });
  return parts.length ? joined(parts, ' and ') : raw('true');
}

function comparison(name: string, column: Column, word: string, value: unknown): Sql {
  if (word === 'in') {
    if (!Array.isArray(value) || value.length > mostValues)
      throw new StorageProblem(`${name}.in is a list of ${mostValues} at most`);
    const texts = value.map((one: unknown) => textOf(name, column, one));
    return sql`${quoted(name)} = any(${texts}::text[]::${valueType(column)}[])`;
  }
  if (word === 'not')
    return value === null
      ? sql`${quoted(name)} is not null`
      : sql`${quoted(name)} is distinct from ${valueOf(name, column, value)}`;
  const sign = Object.hasOwn(comparisons, word) ? comparisons[word] : undefined;
  if (sign === undefined) throw new StorageProblem(`${name}: ${shown(word)} is none of in, not, gt, gte, lt, lte`);
  if (value === null) throw new StorageProblem(`${name}.${word} is null`);
  return sql`${quoted(name)} ${raw(sign)} ${valueOf(name, column, value)}`;
}

const valueType = ({ type }: Column): Sql =>
  raw({ integer: 'int', timestamp: 'timestamptz', json: 'jsonb' }[type as string] ?? type);

const selection = (columns: ReadonlyMap<string, Column>): Sql =>
  joined([...columns].map(([name, column]) => selected(name, column)));

function columnOf(table: Table, name: string): Column {
  const column = table.columns.get(name);
  if (!column) throw new StorageProblem(`There is no column ${shown(name)}`);
  return column;
}

function writable(table: Table, name: string): Column {
  if (name === keyColumn) throw new StorageProblem(`${keyColumn} is counted by the database`);
  return columnOf(table, name);
}

function picked(table: Table, names: unknown): ReadonlyMap<string, Column> {
  if (!Array.isArray(names) || names.length === 0 || names.length > 100)
    throw new StorageProblem('A list of columns has 1 to 100');
  return new Map(names.map((name: unknown) => [String(name), columnOf(table, String(name))]));
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new StorageProblem(`${what} is an object of columns`);
  return value as Record<string, unknown>;
}

function whole(what: string, value: unknown, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most)
    throw new StorageProblem(`${what} is a whole number from 0 to ${most}`);
  return value;
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 100);
