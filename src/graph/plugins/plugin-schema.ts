/**
 * The schema with what plugins add. The core stays as it is, word for word and as fast: what no plugin has a part in is
 * read by the same plans. What a plugin adds to the types of the core may be null, so that one which fails costs its
 * own field, and everything says whose it is (`extensions.plugin`).
 */
import {
  type DefinitionNode,
  extendSchema,
  getNullableType,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  parseType,
  validateSchema,
} from 'graphql';
import type { Context } from '../../kernel/context.js';
import type { MayHear } from '../../kernel/event-subscription.js';
import { checkSchema } from '../check-schema.js';
import type { EntityShapes } from '../reader/metadata.js';
import { withKnownEvents } from '../schema.js';
import { hasResolver, ownersOfCore, type ReadSdl, readSdl } from './contributed-sdl.js';
import { byCall, byProperty, subscribing } from './plugin-resolvers.js';
import { NotComposable, type SchemaPart } from './schema-part.js';

export interface ComposeOptions {
  shapes: EntityShapes;
  /** Who may be told an event that a plugin delivers. */
  mayHear: MayHear;
}

/**
 * The core with the parts of plugins, those that others depend on first. Returns the core itself when no part adds to
 * it. Throws NotComposable, which names the plugin that does not fit, and what it clashes with.
 */
export function composeSchema(
  core: GraphQLSchema,
  parts: readonly SchemaPart[],
  options: ComposeOptions,
): GraphQLSchema {
  const scope = { schema: core, shapes: options.shapes, owners: ownersOfCore(core) };
  const read = parts.map((part) => readSdl(part, scope));
  if (read.every(({ document }) => document.definitions.length === 0)) return core;
  const schema = withKnownEvents(extended(core, read));
  for (const each of read) bindPart(schema, core, each, options);
  const [invalid] = validateSchema(schema);
  if (invalid)
    throw new NotComposable(pluginIn(invalid) ?? (parts.at(-1) as SchemaPart).id, 'invalid', [invalid.message]);
  checkSchema(schema, options.shapes);
  return schema;
}

function extended(core: GraphQLSchema, read: readonly ReadSdl[]): GraphQLSchema {
  const withAll = (each: readonly ReadSdl[]): GraphQLSchema =>
    extendSchema(core, {
      kind: Kind.DOCUMENT,
      definitions: each.flatMap(({ document }) => document.definitions.map(resumable)),
    });
  try {
    return withAll(read);
  } catch (error) {
    // graphql-js does not say in whose text it found what.
    for (const [index, { part }] of read.entries()) {
      try {
        withAll(read.slice(0, index + 1));
      } catch (found) {
        throw new NotComposable(part.id, 'invalid', String((found as Error).message).split('\n\n'));
      }
    }
    throw error;
  }
}

/** Every subscription takes the position to resume from. */
function resumable(definition: DefinitionNode): DefinitionNode {
  if (definition.kind !== Kind.OBJECT_TYPE_EXTENSION || definition.name.value !== 'Subscription') return definition;
  const fields = definition.fields?.map((field) => {
    const { arguments: args = [] } = field;
    return args.some(({ name }) => name.value === 'after') ? field : { ...field, arguments: [...args, afterArgument] };
  });
  return { ...definition, ...(fields && { fields }) };
}

const afterArgument = {
  kind: Kind.INPUT_VALUE_DEFINITION,
  name: { kind: Kind.NAME, value: 'after' },
  type: parseType('Position'),
  description: { kind: Kind.STRING, value: 'Position of the last event received; absent: from now on.' },
} as const;

const pluginIn = ({ nodes }: GraphQLError): string | undefined =>
  nodes?.map(({ loc }) => loc?.source.name).find((name) => name !== undefined && !name.startsWith('GraphQL'));

/** Gives what the plugin added its resolvers, its descriptions, and its name. */
function bindPart(
  schema: GraphQLSchema,
  core: GraphQLSchema,
  { part, document }: ReadSdl,
  options: ComposeOptions,
): void {
  for (const definition of document.definitions) {
    if (!isTypeDefinitionNode(definition) && !isTypeExtensionNode(definition)) continue;
    const type = schema.getType(definition.name.value) as GraphQLNamedType;
    const isOwn = isTypeDefinitionNode(definition);
    if (isOwn) mark(part.id, type);
    if (isEnumType(type)) for (const value of type.getValues()) describe(part.id, value);
    if (isInputObjectType(type)) for (const field of Object.values(type.getFields())) describe(part.id, field);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    const added = 'fields' in definition ? (definition.fields ?? []) : [];
    for (const { name } of added) {
      const field = type.getFields()[name.value] as GraphQLField<unknown, Context>;
      mark(part.id, field);
      for (const arg of field.args) describe(part.id, arg);
      if (isObjectType(type))
        bindField(part, { type: type.name, field, isOfCore: core.getType(type.name) !== undefined }, options);
    }
  }
}

function bindField(
  part: SchemaPart,
  { type, field, isOfCore }: { type: string; field: GraphQLField<unknown, Context>; isOfCore: boolean },
  { shapes, mayHear }: ComposeOptions,
): void {
  if (isOfCore) field.type = getNullableType(field.type);
  if (type === 'Subscription') return void Object.assign(field, subscribing(part, field, mayHear));
  if (shapes.has(type)) field.extensions = { ...field.extensions, needs: ['id'] };
  field.resolve = hasResolver(part.contribution.resolvers, type, field.name)
    ? byCall(part, type, field, shapes)
    : byProperty(part, type, field, shapes);
}

interface Described {
  description: string | null | undefined;
}

function mark(id: string, thing: Described & { extensions: Readonly<Record<string, unknown>> }): void {
  thing.extensions = { ...thing.extensions, plugin: id };
  describe(id, thing);
}

function describe(id: string, thing: Described): void {
  thing.description ??= `Of the plugin ${id}.`;
}
