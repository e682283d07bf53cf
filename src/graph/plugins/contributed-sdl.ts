/**
 * What the SDL of a plugin may say: types of its own, and fields on the roots and on the entities of the core. Nothing
 * of the core changes by it, and what it names is the core's, its own, or of a plugin that it depends on.
 */
import {
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  parse,
  print,
  Source,
  type TypeDefinitionNode,
  type TypeExtensionNode,
  visit,
} from 'graphql';
import type { EntityShapes } from '../reader/metadata.js';
import { NotComposable, type SchemaPart } from './schema-part.js';

const maxSdlBytes = 200 * 1024;
const maxTypes = 500;
const maxSdlTokens = 100_000;

const core = 'the core';
const noFields: ReadonlySet<string> = new Set();
const roots = ['Query', 'Mutation', 'Subscription'] as const;
const isRoot = (name: string): boolean => (roots as readonly string[]).includes(name);

/** Who has which type, and which field beyond a type's own: `Document.rating`. */
interface Owners {
  types: Map<string, string>;
  fields: Map<string, string>;
}

export function ownersOfCore(schema: GraphQLSchema): Owners {
  return { types: new Map(Object.keys(schema.getTypeMap()).map((name) => [name, core])), fields: new Map() };
}

export interface ReadSdl {
  part: SchemaPart;
  document: DocumentNode;
}

interface SdlScope {
  schema: GraphQLSchema;
  shapes: EntityShapes;
  owners: Owners;
}

/** Parses and judges the SDL of one plugin after those before it, and enters what it has into `owners`. */
export function readSdl(part: SchemaPart, scope: SdlScope): ReadSdl {
  const document = parsed(part);
  const clashes: string[] = [];
  const mistakes: string[] = [];
  const judge = new Judge(part, scope, clashes, mistakes);
  for (const definition of document.definitions) judge.definition(definition);
  for (const definition of document.definitions) if (isTypeExtensionNode(definition)) judge.extension(definition);
  if (!clashes.length) judge.references(document);
  if (!clashes.length && !mistakes.length) judge.functions(document);
  if (clashes.length) throw new NotComposable(part.id, 'clash', clashes);
  if (mistakes.length) throw new NotComposable(part.id, 'invalid', mistakes);
  return { part, document };
}

function parsed({ id, contribution: { sdl } }: SchemaPart): DocumentNode {
  if (Buffer.byteLength(sdl) > maxSdlBytes)
    throw new NotComposable(id, 'invalid', [`the SDL has more than ${maxSdlBytes} bytes`]);
  if (sdl.trim() === '') return { kind: Kind.DOCUMENT, definitions: [] };
  try {
    return parse(new Source(sdl, id), { maxTokens: maxSdlTokens });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const [at] = error.locations ?? [];
    throw new NotComposable(id, 'invalid', [`line ${at?.line ?? 1} of the SDL: ${error.message}`]);
  }
}

class Judge {
  readonly #allowed: ReadonlySet<string>;
  #typeCount = 0;

  constructor(
    readonly part: SchemaPart,
    readonly scope: SdlScope,
    readonly clashes: string[],
    readonly mistakes: string[],
  ) {
    this.#allowed = new Set([core, part.id, ...part.dependencies]);
  }

  definition(definition: DefinitionNode): void {
    if (isTypeDefinitionNode(definition)) return this.#type(definition);
    if (isTypeExtensionNode(definition)) return;
    const what = definition.kind === Kind.DIRECTIVE_DEFINITION ? `directive @${definition.name.value}` : 'schema';
    this.mistakes.push(
      definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION
        ? 'an SDL holds types, no operations'
        : `${what}: a plugin brings types and fields alone`,
    );
  }

  #type(definition: TypeDefinitionNode): void {
    const { types } = this.scope.owners;
    const name = definition.name.value;
    const owner = types.get(name);
    if (name.startsWith('__')) this.mistakes.push(`${name}: names that begin with __ are GraphQL's own`);
    else if (isRoot(name)) this.clashes.push(`type ${name} is the core's: write extend type ${name}`);
    else if (owner === this.part.id) this.mistakes.push(`type ${name} is defined twice`);
    else if (owner !== undefined) this.clashes.push(`type ${name} is there already, of ${named(owner)}`);
    else {
      types.set(name, this.part.id);
      if (definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION)
        for (const field of definition.fields ?? []) this.#field(name, field.name.value, noFields);
    }
    this.#typeCount += 1;
    if (this.#typeCount === maxTypes + 1) this.mistakes.push(`there are more than ${maxTypes} types`);
  }

  extension(extension: TypeExtensionNode): void {
    const { name, kind } = extension;
    const type = name.value;
    const { schema, shapes, owners } = this.scope;
    const owner = owners.types.get(type);
    if (owner === undefined && !isRoot(type)) return; // Told by `references`, or defined further down.
    const isOfCore = owner === core || isRoot(type);
    if (!isOfCore && owner !== undefined && !this.#allowed.has(owner))
      return void this.mistakes.push(dependencyMissing(type, owner));
    if (isOfCore && kind !== Kind.OBJECT_TYPE_EXTENSION)
      return void this.mistakes.push(`${type} is the core's: only fields of its objects can be added`);
    if (kind !== Kind.OBJECT_TYPE_EXTENSION && kind !== Kind.INTERFACE_TYPE_EXTENSION) return;
    const { fields = [], interfaces = [], directives = [] } = extension;
    if (isOfCore && (interfaces.length || directives.length))
      this.mistakes.push(`extend type ${type}: a plugin adds fields to it, no interfaces and directives`);
    if (isOfCore && !isRoot(type) && !shapes.has(type))
      return void this.mistakes.push(
        `extend type ${type}: fields are added to the roots and to what has an id of its own`,
      );
    const known = isOfCore ? fieldsOfCore(schema, type) : noFields;
    for (const field of fields) this.#field(type, field.name.value, known);
  }

  #field(type: string, field: string, ofCore: ReadonlySet<string>): void {
    const path = `${type}.${field}`;
    const { fields } = this.scope.owners;
    const owner = ofCore.has(field) ? core : fields.get(path);
    if (field.startsWith('__')) this.mistakes.push(`${path}: names that begin with __ are GraphQL's own`);
    else if (owner === this.part.id) this.mistakes.push(`${path} is defined twice`);
    else if (owner !== undefined) this.clashes.push(`field ${path} is there already, of ${named(owner)}`);
    else fields.set(path, this.part.id);
  }

  /** What the SDL names must be there and within the plugin's reach. */
  references(document: DocumentNode): void {
    const { types } = this.scope.owners;
    const seen = new Set<string>();
    const refer = (name: string, use: string): void => {
      const owner = types.get(name);
      const problem =
        owner === undefined
          ? isRoot(name)
            ? undefined
            : `${use} ${name}, which there is not`
          : this.#allowed.has(owner)
            ? this.#refusedUse(name, owner, use)
            : dependencyMissing(name, owner);
      if (problem && !seen.has(problem)) this.mistakes.push(problem);
      if (problem) seen.add(problem);
    };
    for (const definition of document.definitions) {
      if (isTypeExtensionNode(definition)) refer(definition.name.value, 'extends');
      if ('interfaces' in definition)
        for (const { name } of definition.interfaces ?? []) refer(name.value, 'implements');
      if (definition.kind === Kind.UNION_TYPE_DEFINITION || definition.kind === Kind.UNION_TYPE_EXTENSION)
        for (const { name } of definition.types ?? []) refer(name.value, 'joins');
      visit(definition, {
        FieldDefinition: ({ type }) => refer(namedIn(type), 'answers'),
        InputValueDefinition: ({ type }) => refer(namedIn(type), 'takes'),
      });
    }
  }

  /** What of the core a plugin cannot use in that way. */
  #refusedUse(name: string, owner: string, use: string): string | undefined {
    if (name === 'Upload') return 'Upload: a plugin gets no files';
    if (owner !== core || use === 'extends' || use === 'takes') return undefined;
    if (use === 'implements') return `implements ${name}, which only objects of the core can be`;
    if (use === 'joins') return `a union with ${name}: only types of plugins can be told apart`;
    const type = this.scope.schema.getType(name);
    const isObject = type !== undefined && 'getFields' in type;
    return isObject && !this.scope.shapes.has(name)
      ? `answers ${name}: of the core's objects a plugin can answer those that have an id of their own`
      : undefined;
  }

  /** Fields and functions must go together. */
  functions(document: DocumentNode): void {
    const { resolvers, subscriptions } = this.part.contribution;
    const { owners } = this.scope;
    const declared = new Set<string>();
    for (const definition of document.definitions) {
      if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.OBJECT_TYPE_EXTENSION) continue;
      const type = definition.name.value;
      for (const field of definition.fields ?? []) {
        const path = `${type}.${field.name.value}`;
        declared.add(path);
        if (type === 'Subscription') this.#subscription(field);
        else if (owners.types.get(type) !== this.part.id && !hasResolver(resolvers, type, field.name.value))
          this.mistakes.push(`${path} has no resolver`);
      }
    }
    for (const [type, names] of Object.entries(resolvers))
      for (const name of names)
        if (!declared.has(`${type}.${name}`))
          this.mistakes.push(`the resolver ${type}.${name} has no field in the SDL`);
    for (const name of Object.keys(subscriptions))
      if (!declared.has(`Subscription.${name}`)) this.mistakes.push(`the subscription ${name} has no field in the SDL`);
  }

  #subscription({ name: { value: name }, arguments: args = [] }: FieldDefinitionNode): void {
    const { subscriptions } = this.part.contribution;
    const after = args.find((arg) => arg.name.value === 'after');
    if (after && print(after.type) !== 'Position')
      this.mistakes.push(`Subscription.${name}: after is the Position to resume from`);
    const events = Object.hasOwn(subscriptions, name) ? subscriptions[name]?.events : undefined;
    if (!events?.length) return void this.mistakes.push(`Subscription.${name} names no event that it delivers`);
    for (const event of events)
      if (!this.part.mayDeliver(event)) this.mistakes.push(`Subscription.${name}: there is no event ${event}`);
  }
}

export const hasResolver = (
  resolvers: Readonly<Record<string, readonly string[]>>,
  type: string,
  field: string,
): boolean => Object.hasOwn(resolvers, type) && resolvers[type]?.includes(field) === true;

const named = (owner: string): string => (owner === core ? core : `the plugin ${owner}`);

const dependencyMissing = (type: string, owner: string): string =>
  `${type} is of the plugin ${owner}, which is none of its dependencies`;

function fieldsOfCore(schema: GraphQLSchema, name: string): ReadonlySet<string> {
  const type = schema.getType(name);
  return new Set(type && 'getFields' in type ? Object.keys(type.getFields()) : []);
}

const namedIn = (type: FieldDefinitionNode['type']): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : namedIn(type.type);
