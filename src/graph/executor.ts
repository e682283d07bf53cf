import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
} from 'graphql';
import type { Logger } from 'pino';
import type { Context } from '../kernel/context.js';
import { answerTooLarge, lengthOf, maxAnswerBytes } from '../lib/answer-size.js';
import { DomainError, type FieldProblem } from '../lib/errors.js';
import { callerOf } from '../lib/trace-context.js';
import { isTracing, traced, workUnderWay } from '../lib/tracing.js';
import { shownName } from './counters.js';
import type { PassThrough } from './reader/pass-through.js';

export interface Execution {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
  context: Context;
  rootValue?: unknown;
}

/** What an operation before this one has read was for another answer. */
const beginAnswer = ({ context }: Execution): void => context.notes.answer?.restart();

/** Notes the operation's name for the log. */
function noteOperation({ document, operationName, context }: Execution): void {
  context.notes.operation = shownName(operationName ?? getOperationAST(document)?.name?.value);
}

/**
 * Runs a validated operation, whose name whoever admitted it has noted for the log. Unexpected errors are logged here,
 * once, and their message is not sent.
 */
export function run(execution: Execution): Promise<ExecutionResult> {
  beginAnswer(execution);
  return asSpan(execution, async () => bounded(execution, await perform(execution)));
}

async function perform({
  schema,
  document,
  operationName,
  variables,
  context,
  rootValue,
}: Execution): Promise<ExecutionResult> {
  const result = await execute({
    schema,
    document,
    rootValue,
    operationName: operationName ?? null,
    variableValues: variables ?? null,
    contextValue: context,
  });
  const isMutation = getOperationAST(document, operationName)?.operation === OperationTypeNode.MUTATION;
  if (isMutation) await context.noteChange();
  if (!result.errors) return result;
  const errors = result.errors.map((error) => {
    const sent = presentable(error, context.log, context.requestId);
    return error.originalError instanceof DomainError ? withArgumentPaths(sent, isMutation) : sent;
  });
  const hasDefect = errors.some(({ extensions }) => extensions['code'] === 'INTERNAL_SERVER_ERROR');
  context.notes.outcome = hasDefect ? 'failed' : 'refused';
  // What was read of an answer that was refused is not sent; of a change, what was done is told.
  const isRefused = !isMutation && context.notes.answer?.isExceeded === true;
  return { ...result, errors, ...(isRefused && { data: null }) };
}

/** Runs an operation, as a span when traces are recorded. What begins a trace is noted for the log. */
function asSpan<T>({ document, operationName, context }: Execution, work: () => Promise<T>): Promise<T> {
  if (!isTracing()) return work();
  const { notes } = context;
  const isPart = workUnderWay.getStore() !== undefined;
  const type = getOperationAST(document, operationName)?.operation ?? 'query';
  return traced(
    () => ({
      name: `${type} ${notes.operation ?? ''}`.trimEnd(),
      kind: isPart ? 'internal' : 'server',
      parent: isPart ? undefined : callerOf(notes.trace),
      attributes: { 'graphql.operation.type': type, 'graphql.operation.name': notes.operation },
    }),
    async (span) => {
      if (!isPart) notes.trace = span?.trace;
      const result = await work();
      if (span && notes.outcome === 'failed') span.failure = 'INTERNAL_SERVER_ERROR';
      return result;
    },
  );
}

/**
 * Writes the paths of an error's fields as GraphQL writes paths: from the field's argument on, with numbers for
 * indexes. A command knows its input only, which is the argument `input` of its mutation.
 */
function withArgumentPaths(error: GraphQLError, isMutation: boolean): GraphQLError {
  const { fields } = error.extensions;
  if (!Array.isArray(fields)) return error;
  const start = isMutation && error.path?.length === 1 ? ['input'] : [];
  const written = (fields as FieldProblem[]).map(({ path, ...problem }) => ({
    path: [...start, ...path].map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment)),
    ...problem,
  }));
  return withExtensions(error, { ...error.extensions, fields: written });
}

/** The answer's data as JSON, or what graphql-js made of the operation. */
export type JsonResult = { dataJson: string } | { result: ExecutionResult };

/** Runs validated operations; what plans answer whole does not pass through graphql-js. */
export interface Executor {
  /** For callers that send the answer as it is. */
  json: (execution: Execution) => Promise<JsonResult>;
  /** For callers that give the answer another shape, and bound it themselves. */
  values: (execution: Execution) => Promise<ExecutionResult>;
}

/** By graphql-js, which reads everything again, unless that is known to be too much. */
function performInstead(execution: Execution): Promise<ExecutionResult> {
  if (!execution.context.notes.answer?.isExceeded) beginAnswer(execution);
  return perform(execution);
}

/**
 * The result, unless it is too long, or too much with what else is under way: what was read keeps within the bounds,
 * but may stand in it by many names. Only for operations that clients write.
 */
export function bounded(execution: Execution, result: ExecutionResult): ExecutionResult {
  const maxBytes = execution.context.notes.answer?.maxBytes ?? maxAnswerBytes;
  return refusalOf(execution, lengthOf(result.data, maxBytes), maxBytes) ?? result;
}

/** What is sent in place of an answer of this length; undefined: nothing is, and it counts as under way. */
function refusalOf({ context }: Execution, length: number, maxBytes = maxAnswerBytes): ExecutionResult | undefined {
  const { answer } = context.notes;
  try {
    if (length > maxBytes) throw answerTooLarge(maxBytes);
    // What was refused already says so.
    if (answer?.isExceeded === false) answer.cover(context.viewer.userId ?? context.ip, length);
    return undefined;
  } catch (error) {
    const { message, extensions } = error as DomainError;
    const told = new GraphQLError(message, { extensions: { ...extensions, requestId: context.requestId } });
    return { data: null, errors: [told] };
  }
}

/** Without a pass-through graphql-js answers everything. */
export const executor = (pass: PassThrough | undefined): Executor => ({
  json: (execution) => {
    noteOperation(execution);
    beginAnswer(execution);
    return asSpan(execution, async () => {
      const dataJson = await pass?.json(execution);
      if (dataJson === undefined) return { result: bounded(execution, await performInstead(execution)) };
      const refusal = refusalOf(execution, dataJson.length);
      return refusal ? { result: refusal } : { dataJson };
    });
  },
  values: (execution) => {
    noteOperation(execution);
    beginAnswer(execution);
    return asSpan(execution, async () => {
      const data = await pass?.values(execution);
      return data === undefined ? performInstead(execution) : { data };
    });
  },
});

/** PostgreSQL's codes for a value that a type cannot hold: what the commands' own checks have missed. */
const unstorable = new Set(['22003', '22007', '22008', '22021', '22P02', '22P05']);

/** Codes of errors that GraphQL itself finds before anything is executed. */
const requestErrors = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'BAD_REQUEST']);

/** The error as it is sent: with a code and the request's id, and without internal messages. */
export function presentable(error: GraphQLError, log: Logger, requestId: string): GraphQLError {
  const original = error.originalError;
  const own = !original || original instanceof GraphQLError;
  const code = error.extensions['code'];
  // A scalar's refusal of a variable has neither a code nor an original error that is ours.
  if (own && (code === undefined || requestErrors.has(String(code)))) {
    return withExtensions(error, { ...error.extensions, code: code ?? 'BAD_USER_INPUT', requestId });
  }
  if (unstorable.has(String((original as { code?: unknown } | undefined)?.code))) {
    log.warn({ err: original, path: error.path }, 'a value reached the database that it cannot hold');
    return withExtensions(
      error,
      { code: 'BAD_USER_INPUT', requestId },
      'A value is out of the range that can be stored',
    );
  }
  if (own || original instanceof DomainError) return withExtensions(error, { ...error.extensions, requestId });
  log.error({ err: original, path: error.path }, 'a resolver failed');
  return withExtensions(error, { code: 'INTERNAL_SERVER_ERROR', requestId }, 'Internal server error');
}

const withExtensions = (
  error: GraphQLError,
  extensions: Record<string, unknown>,
  message = error.message,
): GraphQLError =>
  new GraphQLError(message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    path: error.path,
    extensions,
  });
