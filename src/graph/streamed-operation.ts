import {
  type DocumentNode,
  type ExecutionArgs,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Context } from '../kernel/context.js';
import { deepestJson, isDeeperThan } from '../lib/json-depth.js';
import { type GraphAdmission, ValidOperation } from './admission.js';
import { countOperation, shownName } from './counters.js';
import { assertFewTokens, maxTokens } from './limits.js';
import type { LiveSchema } from './live-schema.js';

export interface OperationText {
  query: string;
  operationName?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
}

/** An operation that came over a socket or to the stream, and may run. */
export interface StreamedOperation extends ExecutionArgs {
  contextValue: Context;
  /** Its text, which stands for the document. */
  query: string;
}

/**
 * The operation that a client asks for, once it is admitted; otherwise what is wrong with it. Its request has been
 * charged before.
 */
export async function streamedOperation(
  contextValue: Context,
  { query, operationName, variables: variableValues }: OperationText,
  { live, admission }: { live: LiveSchema; admission: GraphAdmission },
): Promise<{ operation: StreamedOperation; asked: OperationDefinitionNode } | { errors: readonly GraphQLError[] }> {
  const schema = live.current;
  try {
    assertShallow(variableValues);
    assertFewTokens(query);
    const { document, problems } = checkedDocument(schema, query);
    if (problems.length) return { errors: problems };
    const asked = getOperationAST(document, operationName);
    if (!asked)
      return { errors: [withCode(new GraphQLError('There is no such operation'), 'OPERATION_RESOLUTION_FAILURE')] };
    const operation = new ValidOperation(schema, document, variableValues ?? {}, operationName);
    const admitted = await admission.admitOperation(contextValue, operation);
    if ('error' in admitted) return { errors: [admitted.error] };
    contextValue.notes.operation = shownName(asked.name?.value);
    countOperation(contextValue, asked);
    return { operation: { schema, document, operationName, variableValues, contextValue, query }, asked };
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [withCode(error, 'GRAPHQL_PARSE_FAILED')] };
    throw error;
  }
}

interface CheckedDocument {
  document: DocumentNode;
  problems: readonly GraphQLError[];
}

const longestKept = 8 * 1024;
/** Clients ask for the same again and again, wrong things too. A schema that is swapped takes them with it. */
const checkedBySchema = new WeakMap<GraphQLSchema, LRUCache<string, CheckedDocument>>();

function checkedDocument(schema: GraphQLSchema, query: string): CheckedDocument {
  const known =
    checkedBySchema.get(schema) ??
    new LRUCache<string, CheckedDocument>({
      max: 100,
      maxSize: 8 * longestKept,
      maxEntrySize: longestKept,
      sizeCalculation: (_checked, text) => text.length + 1,
    });
  checkedBySchema.set(schema, known);
  const found = known.get(query);
  if (found) return found;
  const document = parse(query, { maxTokens });
  const problems = validate(schema, document).map((problem) => withCode(problem, 'GRAPHQL_VALIDATION_FAILED'));
  const checked = { document, problems };
  known.set(query, checked);
  return checked;
}

/** As of a body over HTTP. Throws BAD_USER_INPUT: whatever recurses over them later must not run out of stack. */
function assertShallow(variables: unknown): void {
  if (isDeeperThan(variables, deepestJson - 1))
    throw withCode(new GraphQLError(`Variables nest at most ${deepestJson - 1} levels`), 'BAD_USER_INPUT');
}

const withCode = (error: GraphQLError, code: string): GraphQLError => {
  error.extensions['code'] ??= code;
  return error;
};
