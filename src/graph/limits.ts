import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import {
  type DocumentNode,
  getNamedType,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  isListType,
  isNonNullType,
  type ValidationContext,
  type ValidationRule,
  visit,
} from 'graphql';
import { fieldExtensionsEstimator, getComplexity, type ComplexityEstimator } from 'graphql-query-complexity';

export const maxTokens = 2_000;
export const maxDepth = 14;
export const maxAliases = 30;
export const maxDirectives = 50;
/** How many fields an operation may touch, counting each list with its page size. */
export const maxCost = 25_000;

/** By default these rules throw, which is a 500 in Apollo and a closed socket in graphql-ws. */
const report = {
  propagateOnRejection: false,
  onReject: [(context: ValidationContext | null, error: GraphQLError) => context?.reportError(error)],
} as const;

export const limitRules = [
  maxDepthRule({ n: maxDepth, ignoreIntrospection: true, ...report } as never),
  maxAliasesRule({ n: maxAliases, ...report } as never),
  maxDirectivesRule({ n: maxDirectives, ...report } as never),
] as unknown as ValidationRule[];

/** A connection costs its page; a plain list is taken as ten rows, since its relation has no page size. */
const listSize: ComplexityEstimator = ({ args, childComplexity, field }) => {
  // The schema is finite, and graphql-js limits how deep introspection goes.
  if (isIntrospection(field.name)) return 0;
  if (getNamedType(field.type).name.endsWith('Connection')) {
    return (typeof args['first'] === 'number' ? Math.max(args['first'], 1) : 20) * Math.max(childComplexity, 1);
  }
  const type = isNonNullType(field.type) ? field.type.ofType : field.type;
  // Inside a connection the page was counted already.
  if (isListType(type) && field.name !== 'nodes' && field.name !== 'edges') return 10 * Math.max(childComplexity, 1);
  return 1 + childComplexity;
};

const isIntrospection = (field: string): boolean => field === '__schema' || field === '__type';

/** Whether the document selects `__schema` or `__type` anywhere. */
export function asksForSchema(document: DocumentNode): boolean {
  let asks = false;
  visit(document, { Field: ({ name }) => void (asks ||= isIntrospection(name.value)) });
  return asks;
}

/**
 * What an operation costs; 0 when there is none of that name or its variables do not fit, since nothing runs then.
 * Throws BAD_USER_INPUT when a variable is null where its argument must not be.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Record<string, unknown>,
  operationName?: string | null,
): number {
  const asked = getOperationAST(document, operationName);
  // Reported by the executor, field by field.
  if (!asked || getVariableValues(schema, asked.variableDefinitions ?? [], variables).errors) return 0;
  try {
    return getComplexity({
      schema,
      query: document,
      variables,
      ...(operationName && { operationName }),
      estimators: [fieldExtensionsEstimator(), listSize],
    });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw new GraphQLError(error.message, { nodes: error.nodes, extensions: { code: 'BAD_USER_INPUT' } });
  }
}
