import {
  type GraphQLLeafType,
  type GraphQLOutputType,
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLString,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import { CalendarDate, DateTime, Decimal } from '../../../kernel/scalars.js';
import { isoSecondsOf } from '../../../lib/postgres-text.js';
import type { ScalarColumn } from '../metadata.js';

/** Thrown where a plan can't write what graphql-js would answer: the operation is run by graphql-js then. */
export class Unwritable extends Error {}

/** What graphql-js would serialize a column's text to, which is not null. Throws Unwritable for a value that it would refuse. */
export interface CellWriter {
  /** As JSON. */
  text: (cell: string) => string;
  value: (cell: string) => unknown;
}

/**
 * How a field of this type writes its column. The usual pairs of types are written from the text as it came; any other by
 * way of the column's decoder and the type's own `serialize`.
 */
export function cellWriter(type: GraphQLOutputType, column: ScalarColumn): CellWriter | undefined {
  const nullable = isNonNullType(type) ? type.ofType : type;
  if (isListType(nullable))
    return listWriter(isNonNullType(nullable.ofType) ? nullable.ofType.ofType : nullable.ofType, column);
  return isLeafType(nullable) ? (plainWriter(nullable, column.sqlType) ?? serialized(nullable, column)) : undefined;
}

const same = (cell: string): string => cell;
const number: CellWriter = { text: same, value: Number };
const safeText: CellWriter = { text: (cell) => `"${cell}"`, value: same };
const anyText: CellWriter = { text: (cell) => JSON.stringify(cell), value: same };
const boolean: CellWriter = { text: (cell) => (isTrue(cell) ? 'true' : 'false'), value: (cell) => isTrue(cell) };
const moment: CellWriter = { text: (cell) => `"${isoSecondsOf(cell)}"`, value: isoSecondsOf };
const decimal: CellWriter = { text: (cell) => JSON.stringify(Number(cell)), value: (cell) => finite(Number(cell)) };

/** `t` comes over the wire, `true` out of a cast. */
const isTrue = (cell: string): boolean => cell === 't' || cell === 'true';
/** JSON has no other numbers. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

function plainWriter(type: GraphQLLeafType, sqlType: string): CellWriter | undefined {
  const isNumbered = /^(int|integer|smallint|serial)/.test(sqlType);
  switch (type) {
    case GraphQLID:
      return isNumbered || /^(bigint|uuid)/.test(sqlType) ? safeText : isText(sqlType) ? anyText : undefined;
    case GraphQLString:
      return isText(sqlType) ? anyText : undefined;
    case GraphQLInt:
    case GraphQLFloat:
      return isNumbered ? number : undefined;
    case GraphQLBoolean:
      return sqlType.startsWith('bool') ? boolean : undefined;
    case Decimal:
      return /^(numeric|decimal)/.test(sqlType) ? decimal : undefined;
    case DateTime:
      return sqlType.startsWith('timestamp') ? moment : undefined;
    case CalendarDate:
      return sqlType === 'date' ? safeText : undefined;
    default:
  }
  if (!isEnumType(type) || !isText(sqlType)) return undefined;
  const names = new Map(type.getValues().map(({ name, value }) => [value as unknown, name]));
  const value = (cell: string): string => names.get(cell) ?? refuse();
  return { text: (cell) => `"${value(cell)}"`, value };
}

const isText = (sqlType: string): boolean =>
  /^(text|varchar|character varying|char)/.test(sqlType) && !sqlType.endsWith(']');

function serialized(type: GraphQLLeafType, { decode }: ScalarColumn): CellWriter {
  return byText((cell) => {
    const value = decode(cell);
    return value === null ? refuse() : jsonOf(type, value);
  });
}

function listWriter(item: GraphQLOutputType, { decode }: ScalarColumn): CellWriter | undefined {
  if (!isLeafType(item)) return undefined;
  return byText((cell) => {
    const values = decode(cell);
    if (!Array.isArray(values)) refuse();
    return `[${(values as unknown[]).map((value) => (value === null ? refuse() : jsonOf(item, value))).join(',')}]`;
  });
}

const byText = (text: CellWriter['text']): CellWriter => ({ text, value: (cell) => JSON.parse(text(cell)) as unknown });

function jsonOf(type: GraphQLLeafType, value: unknown): string {
  let serializedValue: unknown;
  try {
    serializedValue = type.serialize(value);
  } catch {
    return refuse();
  }
  return JSON.stringify(serializedValue) ?? refuse();
}

function refuse(): never {
  throw new Unwritable();
}
