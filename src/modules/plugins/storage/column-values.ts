import { type Sql, sql, raw } from '../../../db/sql.js';
import type { Column } from '../../../plugin-host/contribution.js';

/** What a plugin asked of its tables cannot be done; it may see the message. */
export class StorageProblem extends Error {
  override readonly name = 'StorageProblem';
}

const sqlTypes: Readonly<Record<Column['type'], string>> = {
  integer: 'int',
  bigint: 'bigint',
  numeric: 'numeric',
  boolean: 'boolean',
  text: 'text',
  date: 'date',
  timestamp: 'timestamptz',
  uuid: 'uuid',
  json: 'jsonb',
};

export const typeOf = ({ type, precision, scale }: Column): string =>
  type === 'numeric' && precision !== undefined ? `numeric(${precision}, ${scale ?? 0})` : sqlTypes[type];

/**
 * An identifier as PostgreSQL reads it. Only what a checked contribution declares gets here; anything else would be a
 * defect, and throws.
 */
export function quoted(name: string): Sql {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) throw new Error(`No identifier: ${JSON.stringify(name)}`);
  return raw(`"${name}"`);
}

const textual: Readonly<Partial<Record<Column['type'], RegExp>>> = {
  integer: /^-?\d{1,10}$/,
  bigint: /^-?\d{1,19}$/,
  numeric: /^-?\d{1,200}(\.\d{1,200})?$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  timestamp: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
};

/** A value as the parameter of a statement, in the column's type. Throws StorageProblem for one of another type. */
export function valueOf(name: string, column: Column, value: unknown): Sql {
  const text = value === null ? null : textOf(name, column, value);
  return sql`${text}::${raw(sqlTypes[column.type])}`;
}

export function textOf(name: string, { type }: Column, value: unknown): string {
  const refuse = (): StorageProblem =>
    new StorageProblem(`${name}: ${JSON.stringify(value)?.slice(0, 100)} is no ${type}`);
  if (type === 'json') {
    const text = JSON.stringify(value) as string | undefined;
    // PostgreSQL keeps no NUL, not even in JSON.
    if (text === undefined || text.includes('\\u0000')) throw refuse();
    return text;
  }
  if (type === 'boolean') {
    if (typeof value !== 'boolean') throw refuse();
    return String(value);
  }
  if (type === 'text') {
    if (typeof value !== 'string' || value.includes('\0')) throw refuse();
    return value;
  }
  const isNumeric = type === 'integer' || type === 'bigint' || type === 'numeric';
  const text = isNumeric && typeof value === 'number' && Number.isFinite(value) ? plain(value) : value;
  if (typeof text !== 'string' || !textual[type]?.test(text)) throw refuse();
  return text;
}

/** Without an exponent. */
const plain = (value: number): string =>
  /e/i.test(String(value)) ? value.toFixed(Math.abs(value) < 1 ? 20 : 0) : String(value);

/** The column as text of one form, whatever the database's settings. */
export const selected = (name: string, { type }: Column): Sql =>
  type === 'timestamp'
    ? sql`to_char(${quoted(name)} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${quoted(name)}`
    : sql`${quoted(name)}::text as ${quoted(name)}`;

/** A cell as the plugin gets it: integers as numbers, what JavaScript may not have exactly (`id` too) as text. */
export function decoded({ type }: Column, cell: string | null): unknown {
  if (cell === null) return null;
  if (type === 'integer') return Number(cell);
  if (type === 'boolean') return cell === 'true' || cell === 't';
  if (type === 'json') return JSON.parse(cell) as unknown;
  return cell;
}
