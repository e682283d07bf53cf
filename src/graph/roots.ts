import {
  getNamedType,
  getNullableType,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLObjectTypeConfig,
  GraphQLSchema,
  isNonNullType,
  isObjectType,
} from 'graphql';

type RootConfig = GraphQLObjectTypeConfig<unknown, unknown>;

const upperFirst = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/**
 * Gives every mutation a payload type of its own, `<Name>Payload`, so that one can gain a field without the others:
 * where the code has one class for several mutations, its type is copied.
 */
export function withOwnPayloads(schema: GraphQLSchema): GraphQLSchema {
  const mutation = schema.getMutationType();
  if (!mutation) return schema;
  const config: RootConfig = mutation.toConfig();
  const replaced = new Set<string>();
  for (const [name, field] of Object.entries(config.fields)) {
    const payload = getNamedType(field.type);
    const ownName = `${upperFirst(name)}Payload`;
    if (!isObjectType(payload) || payload.name === ownName) continue;
    replaced.add(payload.name);
    const own = new GraphQLObjectType({ ...payload.toConfig(), name: ownName });
    field.type = isNonNullType(field.type) ? new GraphQLNonNull(own) : own;
  }
  const { types, ...rest } = schema.toConfig();
  return new GraphQLSchema({
    ...rest,
    // What is used elsewhere too is found from there.
    types: types.filter((type) => type !== mutation && !replaced.has(type.name)),
    mutation: new GraphQLObjectType(config),
  });
}

/**
 * Makes every field of Query and Mutation nullable, so that an error costs its own field only and not what was read or
 * done beside it. What a resolver declares as non-null is null only beside an error.
 */
export function withNullableRoots(schema: GraphQLSchema): GraphQLSchema {
  for (const root of [schema.getQueryType(), schema.getMutationType()])
    for (const field of Object.values(root?.getFields() ?? {})) field.type = getNullableType(field.type);
  return schema;
}
