import {
  coerceInputValue,
  getOperationAST,
  GraphQLError,
  isInputType,
  typeFromAST,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { type ErrorCode, errorCodes, type ErrorReason, isReason } from '../../lib/error-catalog.js';
import { DomainError, type FieldProblem, mostProblems, shortProblem, toldOf } from '../../lib/errors.js';
import type { Dialect, FieldIssue, OperationRoute, Problem, ProblemCode } from './route.js';

export interface RefusalOptions {
  fields?: readonly FieldIssue[];
  /** How many there were, when `fields` has only the first of them. */
  problemCount?: number;
  subject?: string;
  reason?: ErrorReason;
  details?: Record<string, unknown>;
}

/** A request that the REST layer or the graph refuses, not yet in the dialect's words. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly options: RefusalOptions;

  constructor(
    readonly code: ProblemCode,
    message: string,
    options: RefusalOptions = {},
  ) {
    super(message);
    const { fields, problemCount, ...rest } = options;
    this.options = fields ? { ...rest, ...toldOf(fields, problemCount) } : rest;
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
  UNAVAILABLE: 503,
};

/** Those that HTTP has a status of its own for. */
const statusesOfReasons: Partial<Record<ErrorReason, number>> = { 'files.no_space': 507 };

export const statusOf = ({ statusOf: own = {} }: Dialect, code: ProblemCode, reason?: ErrorReason): number =>
  (reason && (own[reason] ?? statusesOfReasons[reason])) ?? own[code] ?? statuses[code];

export const invalid = (fields: readonly FieldIssue[], options: Omit<RefusalOptions, 'fields'> = {}): Refusal =>
  new Refusal('BAD_USER_INPUT', 'Validation failed', { ...options, fields });

/** The problem that a refusal is in a dialect: with its status and message. */
export function problemOf(refusal: Refusal, dialect: Dialect, requestId: string): Problem {
  const { fields = [], problemCount, subject, reason, details } = refusal.options;
  const { code, message } = refusal;
  const { words } = dialect;
  const sentence =
    words.problem({
      code,
      message,
      ...(subject && { subject }),
      ...(reason && { reason }),
      ...(details && { details }),
    }) ?? message;
  return {
    status: statusOf(dialect, code, reason),
    code,
    // No envelope has a place of its own for it.
    message: problemCount === undefined ? sentence : `${sentence} (${words.someOf(fields.length, problemCount)})`,
    fields: fields.map((issue) => ({ ...issue, name: shortProblem(issue.name) })),
    ...(subject && { subject }),
    ...(reason && { reason }),
    ...(details && { details }),
    requestId,
    timestamp: `${new Date().toISOString().slice(0, 19)}Z`,
  };
}

/** The refusal that an error stands for; undefined when the error is a defect of the server. */
export function refusalOfError(
  error: unknown,
  dialect: Dialect,
  fields: OperationRoute['fields'] = {},
): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (!(error instanceof DomainError) || error.code === 'INTERNAL_SERVER_ERROR') return undefined;
  return refusalOfDomain(error.code, error.message, error.options, { dialect, fields });
}

interface ExecutionFailure {
  dialect: Dialect;
  route: OperationRoute;
  schema: GraphQLSchema;
  variables: Record<string, unknown>;
}

/**
 * Merges the errors of one execution into one refusal: that of the most severe code, with the fields of all. Undefined
 * when one of the errors is a defect of the server.
 */
export function refusalOfResult(result: ExecutionResult, failure: ExecutionFailure): Refusal | undefined {
  const { dialect, route, schema, variables } = failure;
  const fields = route.fields ?? {};
  if (result.data === undefined) {
    const refused = refusedVariables(schema, route, variables);
    if (refused.length > 0) return invalid(refused.map((problem) => issueOf(problem, { dialect, fields })));
  }

  const errors = (result.errors ?? []).map((error) => ({ error, code: domainCodeOf(error) }));
  if (errors.some(({ code }) => code === undefined)) return undefined;
  const [mostSevere] = errors.toSorted((one, other) => severity(one.code) - severity(other.code));
  if (!mostSevere?.code) return undefined;

  const problems = errors.flatMap(({ error }) => fieldProblemsOf(error));
  const untold = errors.map(({ error: { extensions } }) =>
    typeof extensions['problemCount'] === 'number' ? extensions['problemCount'] - mostProblems : 0,
  );
  const { subject, reason, details } = mostSevere.error.extensions;
  return refusalOfDomain(
    mostSevere.code,
    mostSevere.error.message,
    {
      fields: problems,
      problemCount: problems.length + untold.reduce((sum, count) => sum + count, 0),
      ...(typeof subject === 'string' && { subject }),
      ...(isReason(reason) && { reason }),
      ...(isRecord(details) && { details }),
    },
    { dialect, fields },
  );
}

/** What was thrown, without the error that graphql-js wraps around it: for the log. */
export const causeOf = (error: unknown): unknown =>
  error instanceof GraphQLError && error.originalError ? error.originalError : error;

const severityOrder: readonly ErrorCode[] = ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'RATE_LIMITED', 'CONFLICT'];
function severity(code: ErrorCode | undefined): number {
  const index = severityOrder.indexOf(code as ErrorCode);
  return index < 0 ? severityOrder.length : index;
}

function domainCodeOf(error: GraphQLError): ErrorCode | undefined {
  const code = errorCodes.find((code) => code === error.extensions.code);
  return code === 'INTERNAL_SERVER_ERROR' ? undefined : code;
}

function fieldProblemsOf(error: GraphQLError): FieldProblem[] {
  const { fields } = error.extensions;
  // In the graph's answer indexes are numbers.
  return Array.isArray(fields)
    ? (fields as FieldProblem[]).map((field) => ({ ...field, path: field.path.map(String) }))
    : [];
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
  options: { fields?: readonly FieldProblem[] } & Omit<RefusalOptions, 'fields'>,
  naming: Naming,
): Refusal {
  const { fields = [], ...rest } = options;
  const issues = fields.map((problem) => issueOf(problem, naming));
  // The domain's message lists the fields by their names in the graph, which mean nothing here.
  if (code === 'BAD_USER_INPUT' && issues.length > 0) return invalid(issues, rest);
  return new Refusal(code, message, { ...rest, fields: issues });
}

function issueOf({ path, code, message, known }: FieldProblem, { dialect, fields }: Naming): FieldIssue {
  const name = dialectField(path, fields);
  return { name, code, message: dialect.words.field(code, name, known) ?? message };
}

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
 * What graphql-js refused before it ran the operation: values that the route's shape accepts and the graph's scalars do
 * not, such as a number beyond 32 bits. Absent variables are left out: those are a mistake of the route.
 */
function refusedVariables(
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
