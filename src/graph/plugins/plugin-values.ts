import {
  type GraphQLInputType,
  type GraphQLLeafType,
  type GraphQLOutputType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';

/** What a plugin resolved to is not of the field's type: a defect of the plugin, of which clients hear nothing. */
export class WrongResult extends Error {
  override readonly name = 'WrongResult';
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * JSON of a plugin as graphql-js takes it for a field of this type: enums by their inner values, scalars parsed as if a
 * client had sent them, so that no scalar writes what it would not read. Objects are looked into field by field, when
 * somebody asks. Throws WrongResult.
 */
export function resultOf(type: GraphQLOutputType, value: unknown): unknown {
  if (isNonNullType(type)) {
    if (value == null) throw new WrongResult(`null for ${String(type)}`);
    return resultOf(type.ofType, value);
  }
  if (value == null) return null;
  if (isListType(type)) {
    if (!Array.isArray(value)) throw new WrongResult(`${kindOf(value)} for ${String(type)}`);
    return value.map((item) => resultOf(type.ofType, item));
  }
  if (isLeafType(type)) return leafOf(type, value);
  if (!isRecord(value)) throw new WrongResult(`${kindOf(value)} for ${String(type)}`);
  return value;
}

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'a list' : `a ${typeof value}`);

function leafOf(type: GraphQLLeafType, value: unknown): unknown {
  try {
    const inner: unknown = type.parseValue(value);
    type.serialize(inner);
    return inner;
  } catch {
    throw new WrongResult(`a ${typeof value} that is no ${type.name}`);
  }
}

/** A value that graphql-js has read, as JSON again: what the client wrote. */
export function jsonOf(type: GraphQLInputType, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (isNonNullType(type)) return jsonOf(type.ofType, value);
  if (isListType(type)) return Array.isArray(value) ? value.map((item) => jsonOf(type.ofType, item)) : [];
  if (isEnumType(type)) return type.serialize(value);
  if (!isInputObjectType(type)) return type.serialize(value);
  const fields = type.getFields();
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([name, inner]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      return field ? [[name, jsonOf(field.type, inner)]] : [];
    }),
  );
}
