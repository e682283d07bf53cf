import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { type GraphAdmission, ValidOperation } from '../graph/admission.js';
import { formatted } from '../graph/apollo.js';
import { countErrors, countOperation, shownName } from '../graph/counters.js';
import type { Executor } from '../graph/executor.js';
import { authorityOf } from '../graph/principal.js';
import { begin, fingerprintOf, idempotencyKey, type KeyStore } from '../idempotency/once.js';
import type { Context, Services } from '../kernel/context.js';
import type { ToolErrorCode } from '../lib/error-catalog.js';
import { badInput, DomainError, forbidden } from '../lib/errors.js';
import { boundedResult } from './bounded-result.js';
import { idempotencyArgument, mayChange, type Tool } from './tools.js';

export interface Calling {
  execute: Executor;
  admission: GraphAdmission;
  idempotencyKeys: KeyStore;
  count: Services['count'];
  log: Logger;
  /** How long a tool may take. */
  timeoutMs: number;
}

export interface ToolCall {
  tool: Tool;
  arguments: Record<string, unknown>;
  context: Context;
  /** `Idempotency-Key` of the request, where the client sends one. */
  idempotencyHeader: string | string[] | undefined;
  /** Aborted when nobody waits for the answer any more. */
  signal: AbortSignal;
  /** Default: what a model can be given to read. */
  maxResultBytes?: number;
}

/** What a tool answers, as the protocol has it. */
export interface ToolResult {
  [key: string]: unknown;
  content: { type: 'text'; text: string }[];
  structuredContent: Record<string, unknown>;
  isError?: true;
}

/**
 * Runs a tool as its person. Everything that the graph refuses, and what goes wrong within, is an answer with `isError`
 * that has the graph's code and fields, so that the model can mend its call.
 */
export async function callTool(call: ToolCall, calling: Calling): Promise<ToolResult> {
  const { tool, context } = call;
  try {
    if (!tool.isReadOnly && !mayChange(context.viewer)) {
      throw forbidden('Tools that change something need an API token or key with the scope write', 'scope');
    }
    const { variables, key } = readArguments(call);
    const operation = new ValidOperation(tool.schema, tool.document, variables, tool.operationName);
    context.notes.operation = shownName(tool.operationName);
    const admitted = await calling.admission.admitOperation(context, operation);
    if ('error' in admitted) throw admitted.error;
    countOperation(context, tool.operation);
    const result = await inTime(runOnce(call, variables, key, calling), call.signal, calling.timeoutMs);
    if (result === 'timed out') return timedOut(tool, context, calling);
    return resultOf(result, call.maxResultBytes, calling);
  } catch (error) {
    return refused(error, context, calling);
  }
}

/** Throws BAD_USER_INPUT for arguments that the tool does not have, which GraphQL would not mind. */
function readArguments({ tool, arguments: given, idempotencyHeader }: ToolCall): {
  variables: Record<string, unknown>;
  key: string | undefined;
} {
  const { [idempotencyArgument]: ownKey, ...variables } = tool.isReadOnly ? { ...given } : given;
  const known = Object.keys(tool.inputSchema.properties);
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown.length) {
    const message = `is no argument of ${tool.name}; there are: ${known.join(', ') || 'none'}`;
    throw badInput(unknown.map((name) => ({ path: [name], code: 'not_allowed', message, known })));
  }
  if (tool.isReadOnly) return { variables, key: undefined };
  if (ownKey === undefined || ownKey === null) return { variables, key: idempotencyKey(idempotencyHeader) };
  // What is no text is no header either, and is refused like one.
  return { variables, key: idempotencyKey(typeof ownKey === 'string' ? ownKey : '') };
}

/** Runs the operation, and a change with a key once only. A change whose answer nobody waits for is finished too. */
async function runOnce(
  { tool, context }: ToolCall,
  variables: Record<string, unknown>,
  key: string | undefined,
  { execute, idempotencyKeys }: Calling,
): Promise<ExecutionResult> {
  const { schema, document, operationName } = tool;
  const run = (): Promise<ExecutionResult> => execute.values({ schema, document, operationName, variables, context });
  if (key === undefined) return run();
  const { viewer, requestId, log } = context;
  const begun = await begin<Pick<ExecutionResult, 'data'> & { errors?: SentError[] }>(
    idempotencyKeys,
    {
      owner: `u${viewer.userId}`,
      key,
      fingerprint: fingerprintOf(['mcp', operationName, variables, authorityOf(viewer)]),
      requestId,
    },
    log,
  );
  if ('replay' in begun) {
    const { errors, ...rest } = begun.replay;
    return {
      ...rest,
      ...(errors && { errors: errors.map(({ message, ...more }) => new GraphQLError(message, more)) }),
    };
  }
  let result: ExecutionResult;
  try {
    result = await run();
  } catch (error) {
    await begun.finish(500, {});
    throw error;
  }
  const errors = result.errors?.map((error) => error.toJSON() as SentError);
  await begun.finish(isPassing(errors) ? 500 : 200, { data: result.data ?? null, ...(errors && { errors }) });
  return result;
}

interface SentError {
  message: string;
  path?: (string | number)[];
  extensions?: Record<string, unknown>;
}

/** After which the log of events decides whether the change was made. */
const isPassing = (errors: readonly SentError[] | undefined): boolean =>
  errors?.some(({ extensions }) =>
    ['INTERNAL_SERVER_ERROR', 'UNAUTHENTICATED', 'RATE_LIMITED'].includes(String(extensions?.['code'])),
  ) ?? false;

/** What comes first: the work's end, or the end of patience. Work that nobody waits for may still fail quietly. */
async function inTime<T>(work: Promise<T>, signal: AbortSignal, timeoutMs: number): Promise<T | 'timed out'> {
  work.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  let leave = (): void => {};
  const patience = new Promise<'timed out'>((resolve) => {
    timer = setTimeout(() => resolve('timed out'), timeoutMs);
    leave = () => resolve('timed out');
    signal.addEventListener('abort', leave);
  });
  try {
    return await Promise.race([work, patience]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  }
}

function timedOut(tool: Tool, { requestId }: Context, { count, timeoutMs }: Calling): ToolResult {
  const more = tool.isReadOnly ? 'ask for less' : 'the change may be made all the same, so look before you repeat it';
  const extensions = { code: 'TIMED_OUT' satisfies ToolErrorCode, requestId };
  countErrors(count, [{ extensions }]);
  return failure([{ message: `${tool.name} took longer than ${timeoutMs / 1000} s: ${more}`, ...extensions }], null);
}

/** `data` beside errors is what was done or read all the same. */
function resultOf(
  { data, errors }: ExecutionResult,
  maxBytes: number | undefined,
  { count, log }: Calling,
): ToolResult {
  if (errors?.length) {
    const shown = formatted(errors, log);
    countErrors(count, shown);
    const flat = shown.map(({ message, path, extensions }) => ({ message, ...(path && { path }), ...extensions }));
    return failure(flat, data);
  }
  const { json, note } = boundedResult(data ?? {}, maxBytes);
  return {
    content: [...textOf(note), ...textOf(json)],
    structuredContent: { ...(JSON.parse(json) as object), ...(note !== undefined && { truncated: note }) },
  };
}

function refused(error: unknown, { requestId, log: requestLog, notes }: Context, { count, log }: Calling): ToolResult {
  if (!(error instanceof DomainError) && !(error instanceof GraphQLError)) {
    requestLog.error({ err: error }, 'a tool failed');
    notes.outcome = 'failed';
  } else notes.outcome = 'refused';
  const known =
    error instanceof DomainError || error instanceof GraphQLError
      ? new GraphQLError(error.message, { extensions: { ...error.extensions, requestId } })
      : new GraphQLError('Internal server error', { extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } });
  const shown = formatted([known], log);
  countErrors(count, shown);
  return failure(
    shown.map(({ message, extensions }) => ({ message, ...extensions })),
    null,
  );
}

function failure(errors: Record<string, unknown>[], data: ExecutionResult['data']): ToolResult {
  const hasData = data != null && Object.values(data).some((each) => each !== null);
  const { json } = boundedResult({ errors, ...(hasData && { data }) });
  return { content: textOf(json), structuredContent: JSON.parse(json) as Record<string, unknown>, isError: true };
}

const textOf = (text: string | undefined): ToolResult['content'] =>
  text === undefined ? [] : [{ type: 'text', text }];
