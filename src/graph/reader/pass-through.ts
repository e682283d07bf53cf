/**
 * The pass-through: a query whose every field is planned is answered as a whole, straight from the rows. Its root
 * resolvers run as they always do, so that what they check is checked; only what they return is the answer itself
 * instead of objects.
 *
 * It answers what is certain and nothing else. Everything other (a field whose resolver reads objects, a condition on a
 * root field, an error, a null where none may be) is left to graphql-js, from the start, so that errors and nulls are
 * graphql-js's own.
 */
import {
  BREAK,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  getNullableType,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { Context, Reader } from '../../kernel/context.js';
import type { Viewer } from '../../kernel/viewer.js';
import { memoized } from '../../lib/memoized.js';
import { maxConditions, type PlanCompiler } from './compile.js';
import { NotSerializable } from './output/cell-serializer.js';
import { Serialized, type SerializerFormat } from './output/serializers.js';
import type { PlannedReader } from './reader.js';
import { conditionsIn } from './selection.js';

export interface PassThroughRequest {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName?: string | null | undefined;
  variables?: Readonly<Record<string, unknown>> | null | undefined;
  context: Context;
  rootValue?: unknown;
}

/** A root field with what does not change between requests. */
interface RootField {
  key: string;
  /** The key in JSON with its colon, and with a comma before it unless the field is the first. */
  jsonKey: string;
  field: GraphQLField<unknown, unknown>;
  node: FieldNode;
  info: Omit<GraphQLResolveInfo, 'variableValues' | 'rootValue'>;
}

/** An operation that the pass-through can answer. */
interface PlannedOperation {
  fields: readonly RootField[];
  /** Whether a response key is `__proto__`, under which an object would keep its prototype. */
  namesProto: boolean;
}

/** Each resolves to the operation's `data`, or to undefined for what graphql-js has to answer. */
export interface PassThrough {
  json: (request: PassThroughRequest) => Promise<string | undefined>;
  values: (request: PassThroughRequest) => Promise<Record<string, unknown> | undefined>;
}

/** What is known of an operation before its variables. */
interface KnownOperation {
  operation: OperationDefinitionNode;
  /** Names of the variables that `@include` and `@skip` ask for. */
  conditions: readonly string[];
  /** By the values of these. */
  planned: Map<string, PlannedOperation | undefined>;
}

type OperationsByName = Map<string | null, KnownOperation | undefined>;
type Values = Readonly<Record<string, unknown>>;

export function passThrough(compiler: PlanCompiler): PassThrough {
  const operationsOf = memoized((_schema: GraphQLSchema) =>
    memoized((_document: DocumentNode): OperationsByName => new Map()),
  );
  const find = ({ schema, document, operationName }: PassThroughRequest): KnownOperation | undefined => {
    const operations = operationsOf(schema)(document);
    const name = operationName ?? null; // '' names no operation
    if (!operations.has(name)) operations.set(name, knownOperation(document, operationName));
    return operations.get(name);
  };
  /** With the variables as the operation's types have them. */
  const plannedFor = (request: PassThroughRequest): { planned: PlannedOperation; variables: Values } | undefined => {
    const known = find(request);
    if (!known) return undefined;
    const { schema, document, variables: given } = request;
    const { coerced: variables } = getVariableValues(schema, known.operation.variableDefinitions ?? [], given ?? {});
    if (!variables) return undefined;
    // What stands for a condition and is none is graphql-js's to refuse.
    if (known.conditions.some((name) => typeof variables[name] !== 'boolean')) return undefined;
    const chosen = known.conditions.map((name) => String(variables[name])).join(' ');
    if (!known.planned.has(chosen))
      known.planned.set(chosen, plannedOperation(compiler, schema, document, known.operation, variables));
    const planned = known.planned.get(chosen);
    return planned && { planned, variables };
  };
  return {
    json: async (request) => {
      const found = plannedFor(request);
      const contents = found && (await answer(found.planned, found.variables, request, 'json'));
      return contents && `{${found.planned.fields.map(({ jsonKey }, i) => jsonKey + String(contents[i])).join('')}}`;
    },
    values: async (request) => {
      const found = plannedFor(request);
      const contents =
        found && !found.planned.namesProto && (await answer(found.planned, found.variables, request, 'values'));
      return contents ? Object.fromEntries(found.planned.fields.map(({ key }, i) => [key, contents[i]])) : undefined;
    },
  };
}

/** The content of each root field. */
async function answer(
  { fields }: PlannedOperation,
  variables: Values,
  { context, rootValue }: PassThroughRequest,
  format: SerializerFormat,
): Promise<unknown[] | undefined> {
  const read = (context.read as Partial<PlannedReader>).serializing?.(format, context);
  if (!read) return undefined;
  const serializing = new SerializingContext(context, read);
  const answerField = async ({ field, node, info }: RootField): Promise<unknown> => {
    const args = getArgumentValues(field, node, variables);
    const fullInfo = { ...info, variableValues: variables, rootValue };
    const result: unknown = await field.resolve?.(rootValue, args, serializing, fullInfo);
    return contentOf(result, field.type, format);
  };
  try {
    return fields.length === 1
      ? [await answerField(fields[0] as RootField)]
      : await Promise.all(fields.map(answerField));
  } catch {
    return undefined;
  }
}

function contentOf(result: unknown, type: GraphQLOutputType, format: SerializerFormat): unknown {
  if (result instanceof Serialized) return result.content;
  const nullable = getNullableType(type);
  if (Array.isArray(result) && isListType(nullable)) {
    const contents = result.map((item) => contentOf(item, nullable.ofType, format));
    return format === 'json' ? `[${contents.join(',')}]` : contents;
  }
  if (result != null || isNonNullType(type)) throw new NotSerializable();
  return format === 'json' ? 'null' : null;
}

/** A context with another reader; the rest of it may be made on demand, and is not copied. */
class SerializingContext implements Context {
  readonly signal?: AbortSignal;

  constructor(
    private readonly base: Context,
    readonly read: Reader,
  ) {
    if (base.signal) this.signal = base.signal;
  }

  get viewer() {
    return this.base.viewer;
  }
  get db() {
    return this.base.db;
  }
  get load() {
    return this.base.load;
  }
  get requestId() {
    return this.base.requestId;
  }
  get ip() {
    return this.base.ip;
  }
  get userAgent() {
    return this.base.userAgent;
  }
  get isConfirmed() {
    return this.base.isConfirmed;
  }
  get notes() {
    return this.base.notes;
  }
  get log() {
    return this.base.log;
  }
  get services() {
    return this.base.services;
  }
  get refresh() {
    return this.base.refresh;
  }
  readAs(viewer: Viewer): Reader {
    return this.base.readAs(viewer);
  }
  noteChange(): Promise<void> {
    return this.base.noteChange();
  }
}

/** undefined for what graphql-js has to answer, whatever the variables. */
function knownOperation(document: DocumentNode, operationName: string | null | undefined): KnownOperation | undefined {
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== OperationTypeNode.QUERY) return undefined;
  const ownVariables = new Set(operation.variableDefinitions?.map(({ variable }) => variable.name.value));
  const conditions = conditionsIn([document]).filter((name) => ownVariables.has(name));
  return conditions.length > maxConditions ? undefined : { operation, conditions, planned: new Map() };
}

/** undefined for what graphql-js has to answer. */
function plannedOperation(
  compiler: PlanCompiler,
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variableValues: Values,
): PlannedOperation | undefined {
  const type = schema.getQueryType();
  if (!type) return undefined;
  const fragments = Object.fromEntries(
    document.definitions.flatMap((d) => (d.kind === Kind.FRAGMENT_DEFINITION ? [[d.name.value, d]] : [])),
  );
  const nodes = rootFields(operation.selectionSet, fragments);
  if (!nodes) return undefined;
  const fields: RootField[] = [];
  for (const [key, node] of nodes) {
    const field = type.getFields()[node.name.value];
    if (!field?.extensions['planned']) return undefined;
    const info = {
      fieldName: node.name.value,
      fieldNodes: [node],
      returnType: field.type,
      parentType: type,
      path: { prev: undefined, key, typename: type.name },
      schema,
      fragments,
      operation,
    };
    if (!compiler.canSerialize({ ...info, variableValues })) return undefined;
    fields.push({ key, jsonKey: `${fields.length ? ',' : ''}"${key}":`, field, node, info });
  }
  if (!fields.length) return undefined;
  return { fields, namesProto: namesProtoIn(document) };
}

function namesProtoIn(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Field: ({ alias }) => {
      found = alias?.value === '__proto__';
      return found ? BREAK : undefined;
    },
  });
  return found;
}

/** The fields of the root by response key; undefined when some merge, or hang on a condition. */
function rootFields(
  set: SelectionSetNode,
  fragments: Record<string, FragmentDefinitionNode>,
  found = new Map<string, FieldNode>(),
): Map<string, FieldNode> | undefined {
  for (const selection of set.selections) {
    if (selection.directives?.length) return undefined;
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      if (found.has(key)) return undefined;
      found.set(key, selection);
      continue;
    }
    const below =
      selection.kind === Kind.INLINE_FRAGMENT ? selection.selectionSet : fragments[selection.name.value]?.selectionSet;
    if (!below || !rootFields(below, fragments, found)) return undefined;
  }
  return found;
}
