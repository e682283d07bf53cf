/**
 * The pass-through: a query whose every field is planned is answered as a whole, straight from the rows. Its root
 * resolvers run as they always do, so that what they check is checked; only what they return is the answer itself
 * instead of objects.
 *
 * It answers what is certain and nothing else. Everything other (a field whose resolver reads objects, `@include`, an
 * error, a null where none may be) is left to graphql-js, from the start, so that errors and nulls are graphql-js's own.
 */
import {
  type ASTNode,
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
import type { PlanCompiler } from './compile.js';
import { NotSerializable } from './output/cell-serializer.js';
import { Serialized, type SerializerFormat } from './output/serializers.js';
import type { PlannedReader } from './reader.js';

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
  operation: OperationDefinitionNode;
  fields: readonly RootField[];
  /** Whether a response key is `__proto__`, under which an object would keep its prototype. */
  namesProto: boolean;
}

/** Each resolves to the operation's `data`, or to undefined for what graphql-js has to answer. */
export interface PassThrough {
  json: (request: PassThroughRequest) => Promise<string | undefined>;
  values: (request: PassThroughRequest) => Promise<Record<string, unknown> | undefined>;
}

type OperationsByName = Map<string | null, PlannedOperation | undefined>;

export function passThrough(compiler: PlanCompiler): PassThrough {
  const bySchema = new WeakMap<GraphQLSchema, WeakMap<DocumentNode, OperationsByName>>();
  const find = ({ schema, document, operationName }: PassThroughRequest): PlannedOperation | undefined => {
    const byDocument = bySchema.get(schema) ?? new WeakMap<DocumentNode, OperationsByName>();
    bySchema.set(schema, byDocument);
    const operations: OperationsByName = byDocument.get(document) ?? new Map();
    byDocument.set(document, operations);
    const name = operationName ?? null; // '' names no operation
    if (!operations.has(name)) operations.set(name, plannedOperation(compiler, schema, document, operationName));
    return operations.get(name);
  };
  return {
    json: async (request) => {
      const planned = find(request);
      const contents = planned && (await answer(planned, request, 'json'));
      return contents && `{${planned.fields.map(({ jsonKey }, i) => jsonKey + String(contents[i])).join('')}}`;
    },
    values: async (request) => {
      const planned = find(request);
      const contents = planned && !planned.namesProto && (await answer(planned, request, 'values'));
      return contents ? Object.fromEntries(planned.fields.map(({ key }, i) => [key, contents[i]])) : undefined;
    },
  };
}

/** The content of each root field. */
async function answer(
  { operation, fields }: PlannedOperation,
  { schema, variables, context, rootValue }: PassThroughRequest,
  format: SerializerFormat,
): Promise<unknown[] | undefined> {
  const read = (context.read as Partial<PlannedReader>).serializing?.(format, context);
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {});
  if (!read || !coerced) return undefined;
  const serializing = new SerializingContext(context, read);
  const answerField = async ({ field, node, info }: RootField): Promise<unknown> => {
    const args = getArgumentValues(field, node, coerced);
    const fullInfo = { ...info, variableValues: coerced, rootValue };
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

/** undefined for what graphql-js has to answer. */
function plannedOperation(
  compiler: PlanCompiler,
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
): PlannedOperation | undefined {
  const operation = getOperationAST(document, operationName);
  const type = schema.getQueryType();
  if (operation?.operation !== OperationTypeNode.QUERY || !type) return undefined;
  // A plan is compiled here without variables, which `@include(if: $x)` would ask for.
  if (has(document, Kind.DIRECTIVE, () => true)) return undefined;
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
    if (!compiler.canSerialize({ ...info, variableValues: {} })) return undefined;
    fields.push({ key, jsonKey: `${fields.length ? ',' : ''}"${key}":`, field, node, info });
  }
  if (!fields.length) return undefined;
  return { operation, fields, namesProto: has(document, Kind.FIELD, ({ alias }) => alias?.value === '__proto__') };
}

function has<K extends Kind.DIRECTIVE | Kind.FIELD>(
  document: DocumentNode,
  kind: K,
  test: (node: Extract<ASTNode, { kind: K }>) => boolean,
): boolean {
  let found = false;
  visit(document, {
    [kind]: (node: Extract<ASTNode, { kind: K }>) => {
      found = test(node);
      return found ? BREAK : undefined;
    },
  });
  return found;
}

/** The fields of the root by response key; undefined when some merge. */
function rootFields(
  set: SelectionSetNode,
  fragments: Record<string, FragmentDefinitionNode>,
  found = new Map<string, FieldNode>(),
): Map<string, FieldNode> | undefined {
  for (const selection of set.selections) {
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
