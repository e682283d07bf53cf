import {
  type ExecutionArgs,
  getOperationAST,
  GraphQLError,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
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
    const document = parse(query, { maxTokens });
    const problems = validate(schema, document);
    if (problems.length) return { errors: problems.map((problem) => withCode(problem, 'GRAPHQL_VALIDATION_FAILED')) };
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

/** As of a body over HTTP. Throws BAD_USER_INPUT: whatever recurses over them later must not run out of stack. */
function assertShallow(variables: unknown): void {
  if (isDeeperThan(variables, deepestJson - 1))
    throw withCode(new GraphQLError(`Variables nest at most ${deepestJson - 1} levels`), 'BAD_USER_INPUT');
}

const withCode = (error: GraphQLError, code: string): GraphQLError => {
  error.extensions['code'] ??= code;
  return error;
};
