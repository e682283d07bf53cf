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
import { BigInteger, CalendarDate, DateTime, Decimal, Degrees } from '../../../kernel/scalars.js';
import { isoSecondsOf } from '../../../lib/postgres-text.js';
import type { ScalarColumn } from '../metadata.js';

/** Thrown where a serializer can't write what graphql-js would answer: graphql-js runs the operation then. */
export class NotSerializable extends Error {}

/**
 * Writes a cell that is not null as graphql-js would serialize its column. Throws NotSerializable for a value that
 * graphql-js would refuse.
 */
export interface CellSerializer {
  json: (cell: string) => string;
  value: (cell: string) => unknown;
}

/**
 * For a field of this type over that column. The usual pairs of types are written from the text as it came; any other
 * by way of the column's decoder and the type's own `serialize`.
 */
export function cellSerializer(type: GraphQLOutputType, column: ScalarColumn): CellSerializer | undefined {
  const nullable = isNonNullType(type) ? type.ofType : type;
  if (isListType(nullable))
    return ofList(isNonNullType(nullable.ofType) ? nullable.ofType.ofType : nullable.ofType, column);
  return isLeafType(nullable) ? (fromText(nullable, column.sqlType) ?? ofDecoded(nullable, column)) : undefined;
}

const same = (cell: string): string => cell;
const number: CellSerializer = { json: same, value: Number };
const safeText: CellSerializer = { json: (cell) => `"${cell}"`, value: same };
const anyText: CellSerializer = { json: (cell) => JSON.stringify(cell), value: same };
const boolean: CellSerializer = { json: (cell) => (isTrue(cell) ? 'true' : 'false'), value: (cell) => isTrue(cell) };
const moment: CellSerializer = { json: (cell) => `"${isoSecondsOf(cell)}"`, value: isoSecondsOf };
const decimal: CellSerializer = { json: (cell) => JSON.stringify(Number(cell)), value: (cell) => finite(Number(cell)) };

/** `t` comes over the wire, `true` out of a cast. */
const isTrue = (cell: string): boolean => cell === 't' || cell === 'true';
/** JSON has no other numbers. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

function fromText(type: GraphQLLeafType, sqlType: string): CellSerializer | undefined {
  const isNumbered = /^(int|integer|smallint|serial)/.test(sqlType);
  switch (type) {
    case GraphQLID:
      return isNumbered || /^(bigint|uuid)/.test(sqlType) ? safeText : isText(sqlType) ? anyText : undefined;
    case GraphQLString:
      return isText(sqlType) ? anyText : undefined;
    case GraphQLInt:
    case GraphQLFloat:
      return isNumbered ? number : undefined;
    case BigInteger:
      return isNumbered || sqlType.startsWith('bigint') ? number : undefined;
    case GraphQLBoolean:
      return sqlType.startsWith('bool') ? boolean : undefined;
    case Decimal:
    case Degrees:
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
  return { json: (cell) => `"${value(cell)}"`, value };
}

const isText = (sqlType: string): boolean =>
  /^(text|varchar|character varying|char)/.test(sqlType) && !sqlType.endsWith(']');

function ofDecoded(type: GraphQLLeafType, { decode }: ScalarColumn): CellSerializer {
  return byJson((cell) => {
    const value = decode(cell);
    return value === null ? refuse() : jsonOf(type, value);
  });
}

function ofList(item: GraphQLOutputType, { decode }: ScalarColumn): CellSerializer | undefined {
  if (!isLeafType(item)) return undefined;
  return byJson((cell) => {
    const values = decode(cell);
    if (!Array.isArray(values)) refuse();
    return `[${(values as unknown[]).map((value) => (value === null ? refuse() : jsonOf(item, value))).join(',')}]`;
  });
}

const byJson = (json: CellSerializer['json']): CellSerializer => ({
  json,
  value: (cell) => JSON.parse(json(cell)) as unknown,
});

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
  throw new NotSerializable();
}
