import {
  getNamedType,
  type GraphQLInputObjectType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** Returns what breaks the convention, by its name in the schema. */
type Breaches = (schema: GraphQLSchema) => string[];

const upperFirst = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
const mutationsOf = (schema: GraphQLSchema) => Object.values(schema.getMutationType()?.getFields() ?? {});

/** Without an id: what they change is named otherwise. */
const namedOtherwise: ReadonlySet<string> = new Set([
  // The viewer, against a proof.
  'deleteOwnAccount',
  // The viewer's own, by a required type.
  'updateNotificationPreference',
]);
const changes =
  /^(activate|deactivate|delete|disable|purge|regenerateApi|remove|replace|restore|revoke|trash|un|update)/;

/** What holds for the whole graph, so that a new field cannot break it: each by what it says of a schema. */
export const conventions: Readonly<Record<string, Breaches>> = {
  'an error at a root field costs that field only: none is non-null': (schema) =>
    [schema.getQueryType(), schema.getMutationType()].flatMap((root) =>
      Object.values(root?.getFields() ?? {})
        .filter(({ type }) => isNonNullType(type))
        .map(({ name }) => `${root?.name}.${name}`),
    ),

  'a mutation takes one `input: <Name>Input!`, or nothing, and returns its own `<Name>Payload`': (schema) =>
    mutationsOf(schema)
      .filter(({ name, args, type }) => {
        const takes = args.map((arg) => `${arg.name}: ${arg.type}`).join(', ');
        const isOwn = takes === '' || takes === `input: ${upperFirst(name)}Input!`;
        return !isOwn || String(type) !== `${upperFirst(name)}Payload`;
      })
      .map(({ name }) => name),

  'a mutation that changes or deletes takes the id of what, and no id of it can be left out': (schema) =>
    mutationsOf(schema)
      .filter(({ name, args }) => {
        const input = args[0] && (getNamedType(args[0].type) as GraphQLInputObjectType);
        const ids = Object.values(input?.getFields() ?? {}).filter((field) => /^ids?$|Id$/.test(field.name));
        const canBeLeftOut = ids.some((field) => /^ids?$/.test(field.name) && !isNonNullType(field.type));
        const isUnnamed = changes.test(name) && args.length > 0 && !ids.some(({ type }) => isNonNullType(type));
        return canBeLeftOut || (isUnnamed && !namedOtherwise.has(name));
      })
      .map(({ name }) => name),

  'a mutation that deletes says what is gone, to people and to caches': (schema) =>
    mutationsOf(schema)
      .map(({ type }) => getNamedType(type) as GraphQLObjectType)
      .filter((payload) => {
        const { deletedId, deletedNodeId, deletedIds, deletedNodeIds } = payload.getFields();
        const isDeletion = /^(Delete|Purge)/.test(payload.name);
        return (isDeletion && !deletedId) || !deletedId !== !deletedNodeId || !deletedIds !== !deletedNodeIds;
      })
      .map(({ name }) => name),

  'people are users: an account is a bank account': (schema) =>
    typesOf(schema)
      .flatMap((type) => [type.name, ...fieldsOf(type).map(({ name }) => `${type.name}.${name}`)])
      .filter((name) => /account/i.test(name.replaceAll(/bankAccount|deleteOwnAccount/gi, ''))),
};

const typesOf = (schema: GraphQLSchema): GraphQLNamedType[] =>
  Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));

const fieldsOf = (type: GraphQLNamedType) =>
  isObjectType(type) || isInterfaceType(type) || isInputObjectType(type) ? Object.values(type.getFields()) : [];
