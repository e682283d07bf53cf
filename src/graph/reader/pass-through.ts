/**
 * The pass-through: a query whose every field is planned is answered as a whole, straight from the rows. Its root
 * resolvers run as ever, so that what they check is checked; only what they hand on is the answer instead of objects.
 *
 * It answers what is certain and nothing else. Whatever else there is (a computed field, `@include`, an error, a null
 * where none may be) is left to graphql-js, from the start: errors and nulls are then its own.
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
  type GraphQLField,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { Context, Reader } from '../../kernel/context.js';
import type { Viewer } from '../../kernel/viewer.js';
import { Unwritable } from './output/cell-serializer.js';
import { type PlanCompiler } from './plan.js';
import { Answer, type AnswerForm, type PlannedReader } from './reader.js';

export interface Passing {
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
  /** The same in JSON, with the comma before it. */
  name: string;
  field: GraphQLField<unknown, unknown>;
  node: FieldNode;
  info: Omit<GraphQLResolveInfo, 'variableValues' | 'rootValue'>;
}

interface Passable {
  operation: OperationDefinitionNode;
  fields: readonly RootField[];
  /** Under this name an object would keep its prototype. */
  namesProto: boolean;
}

/** The operation's `data`, or undefined for what graphql-js has to answer. */
export interface PassThrough {
  /** As JSON. */
  text: (passing: Passing) => Promise<string | undefined>;
  values: (passing: Passing) => Promise<Record<string, unknown> | undefined>;
}

export function passThrough(compiler: PlanCompiler): PassThrough {
  const known = new WeakMap<GraphQLSchema, WeakMap<DocumentNode, Map<string | null, Passable | undefined>>>();
  const passableOf = ({ schema, document, operationName }: Passing): Passable | undefined => {
    const documents = known.get(schema) ?? new WeakMap<DocumentNode, Map<string | null, Passable | undefined>>();
    known.set(schema, documents);
    const operations = documents.get(document) ?? new Map<string | null, Passable | undefined>();
    documents.set(document, operations);
    const name = operationName ?? null; // '' names no operation
    if (!operations.has(name)) operations.set(name, findPassable(compiler, schema, document, operationName));
    return operations.get(name);
  };
  return {
    text: async (passing) => {
      const passable = passableOf(passing);
      const texts = passable && (await answersTo(passable, passing, 'text'));
      return texts && `{${passable.fields.map(({ name }, i) => name + String(texts[i])).join('')}}`;
    },
    values: async (passing) => {
      const passable = passableOf(passing);
      const values = passable && !passable.namesProto && (await answersTo(passable, passing, 'values'));
      return values ? Object.fromEntries(passable.fields.map(({ key }, i) => [key, values[i]])) : undefined;
    },
  };
}

/** Of each root field the content of its answer. */
async function answersTo(
  { operation, fields }: Passable,
  { schema, variables, context, rootValue }: Passing,
  form: AnswerForm,
): Promise<unknown[] | undefined> {
  const read = (context.read as Partial<PlannedReader>).answering?.(form);
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {});
  if (!read || !coerced) return undefined;
  const reading = new ReadingContext(context, read);
  const answer = async ({ field, node, info }: RootField): Promise<unknown> => {
    const args = getArgumentValues(field, node, coerced);
    return contentOf(
      await field.resolve?.(rootValue, args, reading, { ...info, variableValues: coerced, rootValue }),
      isNonNullType(field.type),
      form,
    );
  };
  try {
    return fields.length === 1 ? [await answer(fields[0] as RootField)] : await Promise.all(fields.map(answer));
  } catch {
    return undefined;
  }
}

function contentOf(result: unknown, required: boolean, form: AnswerForm): unknown {
  if (result instanceof Answer) return result.content;
  if (Array.isArray(result)) {
    const contents = result.map((item) => contentOf(item, true, form));
    return form === 'text' ? `[${contents.join(',')}]` : contents;
  }
  if (result != null || required) throw new Unwritable();
  return form === 'text' ? 'null' : null;
}

/** A context with another reader; what it holds otherwise may be made on demand, and is not copied. */
class ReadingContext implements Context {
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
  get em() {
    return this.base.em;
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
}

function findPassable(
  compiler: PlanCompiler,
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
): Passable | undefined {
  const operation = getOperationAST(document, operationName);
  const type = schema.getQueryType();
  if (operation?.operation !== OperationTypeNode.QUERY || !type) return undefined;
  // A plan is compiled here without variables, which `@include(if: $x)` would ask for.
  if (has(document, 'Directive', () => true)) return undefined;
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
    if (!compiler.canWrite({ ...info, variableValues: {} })) return undefined;
    fields.push({ key, name: `${fields.length ? ',' : ''}"${key}":`, field, node, info });
  }
  return fields.length
    ? { operation, fields, namesProto: has(document, 'Field', ({ alias }) => alias?.value === '__proto__') }
    : undefined;
}

function has<K extends 'Directive' | 'Field'>(
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

/** The fields of the root by response key; undefined for fields that merge. */
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
