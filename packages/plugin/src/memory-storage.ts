/** The tables of a plugin in memory, for its tests: what its migrations make, and what the database would refuse. */
import type { Condition, Row, StorageOperation } from './api.js';
import type { Column, Migration, MigrationStep } from './definition.js';

interface Table {
  columns: Map<string, Column>;
  unique: (readonly string[])[];
  rows: Row[];
  lastId: number;
}

type Values = Readonly<Record<string, unknown>>;

const mostRows = 1_000;

/** Runs the migrations, and then one operation after the other. Rejects where the server would. */
export function memoryStorage(
  migrations: readonly Migration[],
): (operation: StorageOperation | { transaction: readonly StorageOperation[] }) => Promise<unknown> {
  const tables = new Map<string, Table>();
  for (const { steps } of migrations) for (const step of steps) migrate(tables, step);

  return async (operation) => {
    if (!('transaction' in operation)) return run(tables, operation);
    const before = structuredClone(tables);
    try {
      return operation.transaction.map((each) => run(tables, each));
    } catch (error) {
      for (const [name, table] of before) tables.set(name, table);
      throw error;
    }
  };
}

function migrate(tables: Map<string, Table>, step: MigrationStep): void {
  if ('createTable' in step) {
    if (tables.has(step.createTable)) throw new Error(`The table ${step.createTable} is there already`);
    const columns = new Map(Object.entries(step.columns));
    tables.set(step.createTable, { columns, unique: [...(step.unique ?? [])], rows: [], lastId: 0 });
  } else if ('addColumn' in step) {
    const { columns, rows } = tableOf(tables, step.table);
    columns.set(step.addColumn, step.column);
    for (const row of rows) row[step.addColumn] = step.column.default ?? null;
  } else if ('dropColumn' in step) {
    const { columns, rows } = tableOf(tables, step.table);
    columns.delete(step.dropColumn);
    for (const row of rows) delete row[step.dropColumn];
  } else if ('createIndex' in step) {
    if (step.unique) tableOf(tables, step.table).unique.push(step.createIndex);
  } else {
    tableOf(tables, step.dropTable);
    tables.delete(step.dropTable);
  }
}

function run(tables: Map<string, Table>, operation: StorageOperation): unknown {
  if ('find' in operation) return find(tableOf(tables, operation.find), operation);
  if ('count' in operation) return count(tableOf(tables, operation.count), operation);
  if ('insert' in operation) return insert(tableOf(tables, operation.insert), operation);
  if ('update' in operation) {
    const table = tableOf(tables, operation.update);
    const changed = matching(table, operation.where).map((row) => ({ ...row, ...valuesOf(table, operation.set) }));
    const ids = new Map(changed.map((row) => [row.id, row]));
    keep(
      table,
      table.rows.map((row) => ids.get(row.id) ?? row),
    );
    return copies(changed);
  }
  const table = tableOf(tables, operation.delete);
  const gone = new Set(matching(table, operation.where));
  table.rows = table.rows.filter((row) => !gone.has(row));
  return copies([...gone]);
}

function find(
  table: Table,
  { where = {}, orderBy = {}, limit = mostRows, offset = 0, columns }: Extract<StorageOperation, { find: string }>,
): Row[] {
  for (const column of [...Object.keys(orderBy), ...(columns ?? [])]) known(table, column);
  const orders = [...Object.entries(orderBy), ['id', 'asc'] as const];
  const rows = matching(table, where)
    .toSorted((a, b) => {
      for (const [column, direction] of orders) {
        const order = compared(a[column], b[column]);
        if (order !== 0) return direction === 'asc' ? order : -order;
      }
      return 0;
    })
    .slice(offset, offset + Math.min(limit, mostRows));
  if (!columns) return copies(rows);
  return copies(
    rows.map((row) => Object.fromEntries(['id', ...columns].map((column) => [column, row[column]])) as Row),
  );
}

function count(
  table: Table,
  { where = {}, groupBy }: Extract<StorageOperation, { count: string }>,
): number | (Values & { count: number })[] {
  const rows = matching(table, where);
  if (!groupBy) return rows.length;
  for (const column of groupBy) known(table, column);
  const groups = Map.groupBy(rows, (row) => JSON.stringify(groupBy.map((column) => row[column])));
  return [...groups.values()].map((group) => ({
    ...Object.fromEntries(groupBy.map((column) => [column, (group[0] as Row)[column]])),
    count: group.length,
  }));
}

function insert(table: Table, { rows, onConflict }: Extract<StorageOperation, { insert: string }>): Row[] {
  if (rows.length > mostRows) throw new Error(`An insert has ${mostRows} rows at most`);
  const result: Row[] = [];
  let all = [...table.rows];
  for (const given of rows) {
    const values = valuesOf(table, given);
    const there = onConflict && all.find((row) => onConflict.every((column) => equal(row[column], values[column])));
    const defaults = Object.fromEntries(
      [...table.columns].map(([name, column]) => [name, textual(column, column.default ?? null)]),
    );
    const row = there ? { ...there, ...values } : ({ id: String(++table.lastId), ...defaults, ...values } as Row);
    all = there ? all.map((each) => (each === there ? row : each)) : [...all, row];
    result.push(row);
  }
  keep(table, all);
  return copies(result);
}

/** Takes the rows when no constraint forbids it. */
function keep(table: Table, rows: Row[]): void {
  for (const row of rows)
    for (const [name, { nullable }] of table.columns)
      if (!nullable && row[name] == null) throw new Error(`${name} must not be null`);
  for (const columns of table.unique) {
    const keys = rows
      .filter((row) => columns.every((column) => row[column] != null))
      .map((row) => JSON.stringify(columns.map((column) => row[column])));
    if (new Set(keys).size < keys.length) throw new Error(`There is a row with this ${columns.join(', ')} already`);
  }
  table.rows = rows;
}

const matching = (table: Table, where: Condition): Row[] =>
  table.rows.filter((row) => Object.entries(where).every(([column, wanted]) => matches(table, row, column, wanted)));

function matches(table: Table, row: Row, column: string, wanted: unknown): boolean {
  const value = row[known(table, column)];
  if (typeof wanted !== 'object' || wanted === null) return equal(value, wanted);
  return Object.entries(wanted as Values).every(([comparison, operand]) => {
    switch (comparison) {
      case 'in':
        return (operand as unknown[]).some((each) => equal(value, each));
      case 'not':
        return !equal(value, operand);
      case 'gt':
        return value != null && compared(value, operand) > 0;
      case 'gte':
        return value != null && compared(value, operand) >= 0;
      case 'lt':
        return value != null && compared(value, operand) < 0;
      case 'lte':
        return value != null && compared(value, operand) <= 0;
      default:
        throw new Error(`There is no comparison ${comparison}`);
    }
  });
}

function valuesOf(table: Table, given: Values): Values {
  return Object.fromEntries(
    Object.entries(given).flatMap(([column, value]) => {
      if (column === 'id') throw new Error('The database counts the key');
      known(table, column);
      return value === undefined ? [] : [[column, textual(table.columns.get(column) as Column, value)]];
    }),
  );
}

/** As the database answers it: large and exact numbers are texts, dates their ISO texts. */
function textual({ type }: Column, value: unknown): unknown {
  if (value === null) return null;
  if (type === 'bigint' || type === 'numeric') return String(value as number);
  if (type === 'integer' && !Number.isInteger(Number(value))) throw new Error(`${String(value)} is no integer`);
  if (type === 'integer') return Number(value);
  if (type === 'timestamp') return new Date(value as string).toISOString();
  return structuredClone(value);
}

const isNumber = (value: unknown): boolean => /^-?\d+(\.\d+)?$/.test(String(value));

function compared(a: unknown, b: unknown): number {
  if (a == null || b == null) return Number(a == null) - Number(b == null);
  if (isNumber(a) && isNumber(b)) return Number(a) - Number(b);
  return String(a) < String(b) ? -1 : Number(String(a) > String(b));
}

const equal = (a: unknown, b: unknown): boolean =>
  (a ?? null) === null || (b ?? null) === null ? (a ?? b ?? null) === null : String(a) === String(b);

const copies = (rows: readonly Row[]): Row[] => structuredClone([...rows]);

function tableOf(tables: ReadonlyMap<string, Table>, name: string): Table {
  const table = tables.get(name);
  if (!table) throw new Error(`There is no table ${name}`);
  return table;
}

function known({ columns }: Table, column: string): string {
  if (column !== 'id' && !columns.has(column)) throw new Error(`There is no column ${column}`);
  return column;
}
