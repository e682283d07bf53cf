import { type GraphQLLeafType, type GraphQLOutputType, GraphQLBoolean, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLString, isEnumType, isLeafType, isListType, isNonNullType } from 'graphql';
import { CalendarDate, DateTime, Decimal } from '../../domain/scalars.js';
import { isoSecondsOf } from '../../lib/postgres-text.js';
import type { ScalarColumn } from './metadata.js';

/** Thrown where a plan can't write what graphql-js would answer: the operation is run by graphql-js then. */
export class Unwritable extends Error {}

/** JSON of a column's text, which is not null. Throws Unwritable for a value that graphql-js would refuse. */
export type CellWriter = (cell: string) => string;

/**
 * How a field of this type writes its column, exactly as graphql-js would serialize it. The usual pairs of types are
 * written from the text as it came; any other by way of the column's decoder and the type's own `serialize`.
 */
export function cellWriter(type: GraphQLOutputType, column: ScalarColumn): CellWriter | undefined {
  const nullable = isNonNullType(type) ? type.ofType : type;
  if (isListType(nullable)) return listWriter(isNonNullType(nullable.ofType) ? nullable.ofType.ofType : nullable.ofType, column);
  return isLeafType(nullable) ? (plainWriter(nullable, column.sqlType) ?? serialized(nullable, column)) : undefined;
}

const asIs: CellWriter = (cell) => cell;
const quoted: CellWriter = (cell) => `"${cell}"`;

function plainWriter(type: GraphQLLeafType, sqlType: string): CellWriter | undefined {
  const isNumbered = /^(int|integer|smallint|serial)/.test(sqlType);
  switch (type) {
    case GraphQLID:
      return isNumbered || /^(bigint|uuid)/.test(sqlType) ? quoted : isText(sqlType) ? JSON.stringify : undefined;
    case GraphQLString:
      return isText(sqlType) ? JSON.stringify : undefined;
    case GraphQLInt:
      return isNumbered ? asIs : undefined;
    case GraphQLFloat:
      return isNumbered ? asIs : undefined;
    case GraphQLBoolean:
      return sqlType.startsWith('bool') ? (cell) => (cell === 't' || cell === 'true' ? 'true' : 'false') : undefined;
    case Decimal:
      return /^(numeric|decimal)/.test(sqlType) ? (cell) => JSON.stringify(Number(cell)) : undefined;
    case DateTime:
      return sqlType.startsWith('timestamp') ? (cell) => `"${isoSecondsOf(cell)}"` : undefined;
    case CalendarDate:
      return sqlType === 'date' ? quoted : undefined;
    default:
  }
  if (!isEnumType(type) || !isText(sqlType)) return undefined;
  const names = new Map(type.getValues().map(({ name, value }) => [value as unknown, `"${name}"`]));
  return (cell) => names.get(cell) ?? refuse();
}

const isText = (sqlType: string): boolean => /^(text|varchar|character varying|char)/.test(sqlType) && !sqlType.endsWith(']');

function serialized(type: GraphQLLeafType, { decode }: ScalarColumn): CellWriter {
  return (cell) => {
    const value = decode(cell);
    return value === null ? refuse() : jsonOf(type, value);
  };
}

function listWriter(item: GraphQLOutputType, { decode }: ScalarColumn): CellWriter | undefined {
  if (!isLeafType(item)) return undefined;
  return (cell) => {
    const values = decode(cell);
    if (!Array.isArray(values)) refuse();
    return `[${(values as unknown[]).map((value) => (value === null ? refuse() : jsonOf(item, value))).join(',')}]`;
  };
}

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
