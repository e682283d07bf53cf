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
  Lexer,
  Source,
  TokenKind,
  validate,
  type ValidationContext,
  type ValidationRule,
  visit,
} from 'graphql';
import { fieldExtensionsEstimator, getComplexity, type ComplexityEstimator } from 'graphql-query-complexity';
import { defaultPageSize } from '../kernel/connection.js';
import type { ReasonOf } from '../lib/error-catalog.js';
import { badInput } from '../lib/errors.js';
import { oversizedPart } from '../lib/input-size.js';
import { schemaPoints, typePoints } from '../quota/points.js';

export const maxTokens = 2_000;
export const maxDepth = 14;
export const maxAliases = 30;
export const maxDirectives = 50;
/** Of a document that reads the schema: all of it is more than a megabyte each time. */
export const maxSchemaAliases = 5;
/** How many fields an operation may touch, counting each list with its page size. */
export const maxCost = 25_000;

const tooLarge = (reason: ReasonOf<'BAD_USER_INPUT'>, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', reason } });

/** By default these rules throw, and call what they find a syntax error. */
const reporting = (reason: ReasonOf<'BAD_USER_INPUT'>, message: string) => ({
  propagateOnRejection: false,
  onReject: [(context: ValidationContext | null) => context?.reportError(tooLarge(reason, message))],
});

const limitRules = [
  maxDepthRule({
    n: maxDepth,
    ignoreIntrospection: true,
    ...reporting('too_deep', `The operation has a depth of more than ${maxDepth} levels`),
  } as never),
  maxAliasesRule({
    n: maxAliases,
    ...reporting('too_many_aliases', `The operation has more than ${maxAliases} aliases`),
  } as never),
  maxDirectivesRule({
    n: maxDirectives,
    ...reporting('too_many_directives', `The operation has more than ${maxDirectives} directives`),
  } as never),
] as unknown as ValidationRule[];

/** Throws BAD_USER_INPUT for a text of more than `maxTokens`, before it is parsed. What is no GraphQL passes. */
export function assertFewTokens(text: string): void {
  // A token has at least one character.
  if (text.length <= maxTokens) return;
  if (hasMoreTokens(text, maxTokens))
    throw tooLarge('too_many_tokens', `The document has more than ${maxTokens} tokens`);
}

function hasMoreTokens(text: string, count: number): boolean {
  const lexer = new Lexer(new Source(text));
  try {
    for (let left = count; lexer.advance().kind !== TokenKind.EOF; left -= 1) if (left === 0) return true;
  } catch {
    // The parser says what is wrong with it.
  }
  return false;
}

/** Throws BAD_USER_INPUT for a valid document beyond the limits of depth, aliases and directives. */
export function assertWithinLimits(schema: GraphQLSchema, document: DocumentNode): void {
  const [problem] = validate(schema, document, limitRules);
  if (problem) throw problem;
  if (asksForSchema(document) && aliasCount(document) > maxSchemaAliases)
    throw tooLarge('too_many_aliases', `An operation that reads the schema has at most ${maxSchemaAliases} aliases`);
}

function aliasCount(document: DocumentNode): number {
  let count = 0;
  visit(document, { Field: ({ alias }) => void (count += alias ? 1 : 0) });
  return count;
}

/** Throws BAD_USER_INPUT for variables with more entries of lists, or keys, than an input may have. */
export function assertFewValues(variables: Record<string, unknown>): void {
  const found = oversizedPart(variables);
  if (!found) return;
  const { path, message } = found;
  const { message: told, extensions } = badInput([{ path, code: 'too_long', message }], { reason: 'too_many_values' });
  throw new GraphQLError(told, { extensions });
}

/** Rows that a plain list is taken to have, since its relation has no page size, unless its field says `usualRows`. */
const usualRows = 10;

/**
 * A connection costs its page, a plain list the rows that it usually has. What is read beyond that is charged when it
 * is read: `answer-budget.ts`.
 */
const listSize: ComplexityEstimator = ({ args, childComplexity, field }) => {
  // Most lists within the schema are short, and graphql-js limits how deep introspection goes.
  const base = introspectionPoints.get(field.name);
  if (base !== undefined) return base + Math.ceil(childComplexity / 50);
  if (getNamedType(field.type).name.endsWith('Connection')) {
    const size = args['last'] ?? args['first'];
    return (typeof size === 'number' ? Math.max(size, 1) : defaultPageSize) * Math.max(childComplexity, 1);
  }
  const type = isNonNullType(field.type) ? field.type.ofType : field.type;
  // Inside a connection the page was counted already.
  if (isListType(type) && field.name !== 'nodes' && field.name !== 'edges') {
    const rows = field.extensions['usualRows'];
    return (typeof rows === 'number' ? rows : usualRows) * Math.max(childComplexity, 1);
  }
  return 1 + childComplexity;
};

const introspectionPoints: ReadonlyMap<string, number> = new Map([
  ['__schema', schemaPoints],
  ['__type', typePoints],
]);

/** Whether the document selects `__schema` or `__type` anywhere. */
export function asksForSchema(document: DocumentNode): boolean {
  let asks = false;
  visit(document, { Field: ({ name }) => void (asks ||= introspectionPoints.has(name.value)) });
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
  if (!asked || getVariableValues(schema, asked.variableDefinitions ?? [], variables, { maxErrors: 1 }).errors)
    return 0;
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
