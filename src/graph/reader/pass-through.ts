/**
 * The pass-through: a query whose every field is planned is answered as JSON text, straight from the rows. Its root
 * resolvers run as ever, so that what they check is checked; only what they hand on is text instead of objects.
 *
 * It answers what is certain and nothing else. Whatever else there is (a computed field, `@include`, an error, a null
 * where none may be) is left to graphql-js, from the start: errors and nulls are then its own.
 */
import {
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
import type { Context } from '../../domain/context.js';
import { type PlanCompiler } from './plan.js';
import { JsonText, type PlannedReader } from './reader.js';
import { Unwritable } from './write-cell.js';

export interface Passing {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName?: string | null | undefined;
  variables?: Readonly<Record<string, unknown>> | null | undefined;
  context: Context;
  rootValue?: unknown;
}

/** A root field: its name in JSON with the comma before it, and its resolver with what does not change between requests. */
interface RootField {
  name: string;
  field: GraphQLField<unknown, unknown>;
  node: FieldNode;
  info: Omit<GraphQLResolveInfo, 'variableValues' | 'rootValue'>;
}

interface Passable {
  operation: OperationDefinitionNode;
  fields: readonly RootField[];
}

/** Answers JSON text of the operation's `data`, or undefined for what graphql-js has to answer. */
export type PassThrough = (passing: Passing) => Promise<string | undefined>;

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
  return async (passing) => {
    const passable = passableOf(passing);
    const read = (passing.context.read as Partial<PlannedReader>).asText?.();
    if (!passable || !read) return undefined;
    const { coerced } = getVariableValues(passing.schema, passable.operation.variableDefinitions ?? [], passing.variables ?? {});
    if (!coerced) return undefined;
    const context = Object.create(passing.context, { read: { value: read } }) as Context;
    try {
      const texts = await Promise.all(passable.fields.map((root) => rootText(root, context, coerced, passing.rootValue)));
      return `{${passable.fields.map(({ name }, i) => name + texts[i]).join('')}}`;
    } catch {
      return undefined;
    }
  };
}

async function rootText({ field, node, info }: RootField, context: Context, variableValues: Record<string, unknown>, rootValue: unknown): Promise<string> {
  const args = getArgumentValues(field, node, variableValues);
  return textOf(await field.resolve?.(rootValue, args, context, { ...info, variableValues, rootValue }), isNonNullType(field.type));
}

function textOf(result: unknown, required: boolean): string {
  if (result instanceof JsonText) return result.text;
  if (Array.isArray(result)) return `[${result.map((item) => textOf(item, true)).join(',')}]`;
  if (result != null || required) throw new Unwritable();
  return 'null';
}

function findPassable(compiler: PlanCompiler, schema: GraphQLSchema, document: DocumentNode, operationName: string | null | undefined): Passable | undefined {
  const operation = getOperationAST(document, operationName);
  const type = schema.getQueryType();
  if (operation?.operation !== OperationTypeNode.QUERY || !type || hasDirectives(document)) return undefined;
  const fragments = Object.fromEntries(document.definitions.flatMap((d) => (d.kind === Kind.FRAGMENT_DEFINITION ? [[d.name.value, d]] : [])));
  const nodes = rootFields(operation.selectionSet, fragments);
  if (!nodes) return undefined;
  const fields: RootField[] = [];
  for (const [key, node] of nodes) {
    const field = type.getFields()[node.name.value];
    if (!field?.extensions['planned']) return undefined;
    const info = {
      fieldName: node.name.value, fieldNodes: [node], returnType: field.type, parentType: type, path: { prev: undefined, key, typename: type.name },
      schema, fragments, operation,
    };
    if (!compiler.textPlanFor({ ...info, variableValues: {} })) return undefined;
    fields.push({ name: `${fields.length ? ',' : ''}"${key}":`, field, node, info });
  }
  return fields.length ? { operation, fields } : undefined;
}

/** A plan is compiled here without variables, which `@include(if: $x)` would ask for. */
function hasDirectives(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Directive: () => {
      found = true;
      return BREAK;
    },
  });
  return found;
}

/** The fields of the root by response key; undefined for fields that merge. */
function rootFields(set: SelectionSetNode, fragments: Record<string, FragmentDefinitionNode>, found = new Map<string, FieldNode>()): Map<string, FieldNode> | undefined {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      if (found.has(key)) return undefined;
      found.set(key, selection);
      continue;
    }
    const below = selection.kind === Kind.INLINE_FRAGMENT ? selection.selectionSet : fragments[selection.name.value]?.selectionSet;
    if (!below || !rootFields(below, fragments, found)) return undefined;
  }
  return found;
}
