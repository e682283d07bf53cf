import {
  coerceInputValue,
  getOperationAST,
  GraphQLError,
  isInputType,
  typeFromAST,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { DomainError, errorCodes, type ErrorCode, type FieldProblem } from '../../lib/errors.js';
import type { Dialect, FieldIssue, OperationRoute, Problem, ProblemCode } from './route.js';

export interface RefusalOptions {
  fields?: readonly FieldIssue[];
  subject?: string;
  reason?: string;
  details?: Record<string, unknown>;
}

/** A request that the REST layer or the graph turns down, not yet in a dialect's words. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: ProblemCode,
    message: string,
    readonly options: RefusalOptions = {},
  ) {
    super(message);
  }
}

const statuses: Record<ProblemCode, number> = {
  MALFORMED_JSON: 400,
  MALFORMED_REQUEST: 400,
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RANGE_NOT_SATISFIABLE: 416,
  RATE_LIMITED: 429,
  INTERNAL_SERVER_ERROR: 500,
};

export const statusOf = (dialect: Dialect, code: ProblemCode): number => dialect.statusOf?.[code] ?? statuses[code];

export const invalid = (fields: readonly FieldIssue[], options: Omit<RefusalOptions, 'fields'> = {}): Refusal =>
  new Refusal('BAD_USER_INPUT', 'Validation failed', { ...options, fields });

/** Puts a refusal into the dialect's words and numbers. */
export function problemOf(refusal: Refusal, dialect: Dialect, requestId: string): Problem {
  const { fields = [], subject, reason, details } = refusal.options;
  const { code, message } = refusal;
  return {
    status: statusOf(dialect, code),
    code,
    message:
      dialect.words.problem({ code, message, ...(subject && { subject }), ...(reason && { reason }) }) ?? message,
    fields,
    ...(subject && { subject }),
    ...(reason && { reason }),
    ...(details && { details }),
    requestId,
    timestamp: `${new Date().toISOString().slice(0, 19)}Z`,
  };
}

/** The refusal that an error stands for; undefined means a defect of ours. */
export function refusalOfError(
  error: unknown,
  dialect: Dialect,
  fields: OperationRoute['fields'] = {},
): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (!(error instanceof DomainError) || error.code === 'INTERNAL_SERVER_ERROR') return undefined;
  return refusalOfDomain(error.code, error.message, error.options, { dialect, fields });
}

/** What body-parser's errors mean, by their HTTP status. */
export function refusalOfBody(error: unknown): unknown {
  switch ((error as { status?: unknown }).status) {
    case 400:
      return new Refusal('MALFORMED_REQUEST', 'The request body is malformed');
    case 413:
      return new Refusal('PAYLOAD_TOO_LARGE', 'The request body is too large');
    case 415:
      return new Refusal('UNSUPPORTED_MEDIA_TYPE', 'The encoding of the request body is not supported');
    default:
      return error;
  }
}

interface ExecutionFailure {
  dialect: Dialect;
  route: OperationRoute;
  schema: GraphQLSchema;
  variables: Record<string, unknown>;
}

/**
 * Merges the errors of one execution: the gravest code speaks (a defect before all others), the fields of all are kept.
 * Undefined means that one of them is a defect of ours.
 */
export function refusalOfResult(result: ExecutionResult, failure: ExecutionFailure): Refusal | undefined {
  const { dialect, route, schema, variables } = failure;
  const fields = route.fields ?? {};
  if (result.data === undefined) {
    const unfit = unfitVariables(schema, route, variables);
    if (unfit.length > 0) return invalid(unfit.map((problem) => issueOf(problem, { dialect, fields })));
  }

  const errors = (result.errors ?? []).map((error) => ({ error, code: domainCodeOf(error) }));
  if (errors.some(({ code }) => code === undefined)) return undefined;
  const [gravest] = errors.toSorted((one, other) => gravity(one.code) - gravity(other.code));
  if (!gravest?.code) return undefined;

  const problems = errors.flatMap(({ error }) => fieldProblemsOf(error));
  const { subject, reason, details } = gravest.error.extensions;
  return refusalOfDomain(
    gravest.code,
    gravest.error.message,
    {
      fields: problems,
      ...(typeof subject === 'string' && { subject }),
      ...(typeof reason === 'string' && { reason }),
      ...(isRecord(details) && { details }),
    },
    { dialect, fields },
  );
}

/** The errors that graphql-js wrapped around what was thrown, for the log. */
export const causeOf = (error: unknown): unknown =>
  error instanceof GraphQLError && error.originalError ? error.originalError : error;

const gravityOrder: readonly ErrorCode[] = ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'RATE_LIMITED', 'CONFLICT'];
function gravity(code: ErrorCode | undefined): number {
  const index = gravityOrder.indexOf(code as ErrorCode);
  return index < 0 ? gravityOrder.length : index;
}

function domainCodeOf(error: GraphQLError): ErrorCode | undefined {
  const code = errorCodes.find((code) => code === error.extensions.code);
  return code === 'INTERNAL_SERVER_ERROR' ? undefined : code;
}

function fieldProblemsOf(error: GraphQLError): FieldProblem[] {
  const { fields } = error.extensions;
  return Array.isArray(fields) ? (fields as FieldProblem[]) : [];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Naming {
  dialect: Dialect;
  fields: Readonly<Record<string, string>>;
}

function refusalOfDomain(
  code: ErrorCode,
  message: string,
  options: { fields?: readonly FieldProblem[]; subject?: string; reason?: string; details?: Record<string, unknown> },
  naming: Naming,
): Refusal {
  const { fields = [], ...rest } = options;
  const issues = fields.map((problem) => issueOf(problem, naming));
  // The domain's message lists the fields by their names in the graph, which mean nothing here.
  if (code === 'BAD_USER_INPUT' && issues.length > 0) return invalid(issues, rest);
  return new Refusal(code, message, { ...rest, fields: issues });
}

const issueOf = ({ path, code, message }: FieldProblem, { dialect, fields }: Naming): FieldIssue => ({
  name: dialectField(path, fields),
  code,
  message: dialect.words.field(code) ?? message,
});

/**
 * The dialect's name for a path in the graph's arguments, by the longest beginning of it that `fields` names. `*` in
 * `fields` stands for an index, which is kept.
 */
function dialectField(path: readonly string[], fields: Readonly<Record<string, string>>): string {
  const inner = path[0] === 'input' && path.length > 1 ? path.slice(1) : path;
  for (let length = inner.length; length > 0; length -= 1) {
    const head = inner.slice(0, length);
    const indexes = head.filter(isIndex);
    const pattern = head.map((segment) => (isIndex(segment) ? '*' : segment)).join('.');
    const named = Object.hasOwn(fields, head.join('.')) ? fields[head.join('.')] : undefined;
    const matched = named ?? (Object.hasOwn(fields, pattern) ? fields[pattern] : undefined);
    if (matched === undefined) continue;
    const filled = matched.replaceAll('*', () => indexes.shift() ?? '*');
    return [filled, ...inner.slice(length)].join('.');
  }
  return inner.join('.');
}

const isIndex = (segment: string): boolean => /^\d+$/.test(segment);

/**
 * What graphql-js refused before running the operation: values that pass the route's shape and not the graph's scalars,
 * such as a number beyond 32 bits. An absent variable isn't among them: that is the route's own mistake.
 */
function unfitVariables(
  schema: GraphQLSchema,
  route: OperationRoute,
  variables: Record<string, unknown>,
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const definition of getOperationAST(route.operation)?.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type);
    if (!isInputType(type) || variables[name] === undefined) continue;
    coerceInputValue(variables[name], type, (path, _value, error) => {
      problems.push({ path: [name, ...path.map(String)], code: 'invalid', message: error.message });
    });
  }
  return problems;
}
