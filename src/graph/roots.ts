import {
  defaultFieldResolver,
  getNamedType,
  getNullableType,
  type GraphQLField,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLObjectTypeConfig,
  type GraphQLOutputType,
  GraphQLSchema,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Context } from '../kernel/context.js';
import { requireScope, type Viewer } from '../kernel/viewer.js';
import { upperFirst } from '../lib/letter-case.js';
import { signInFields } from './sign-in.js';

type RootConfig = GraphQLObjectTypeConfig<unknown, unknown>;

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
 * Refuses a change whose payload shows an object to whom the credential does not let read: before it is done, since
 * afterwards the refusal would be untrue. What signs in or up shows its person as that person.
 */
export function bindChanges(schema: GraphQLSchema): GraphQLSchema {
  for (const [name, field] of Object.entries(schema.getMutationType()?.getFields() ?? {})) {
    const { resolve = defaultFieldResolver } = field as GraphQLField<unknown, Context>;
    if (signInFields.has(name) || !showsObject(field.type)) continue;
    field.resolve = (root, args, context: Context, info) => {
      requireReader(context.viewer);
      return resolve(root, args, context, info);
    };
  }
  return schema;
}

/** Nobody's changes are for the command to refuse. */
function requireReader(viewer: Viewer): void {
  if (viewer.userId !== undefined) requireScope(viewer, 'read');
}

/** Whether a field of the payload is a Node, and never null. */
function showsObject(type: GraphQLOutputType): boolean {
  const payload = getNamedType(type);
  return (
    isObjectType(payload) &&
    Object.values(payload.getFields()).some(({ type: shown }) => {
      const object = getNullableType(shown);
      return isNonNullType(shown) && isObjectType(object) && object.getInterfaces().some(({ name }) => name === 'Node');
    })
  );
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
