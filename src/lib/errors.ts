import type { ErrorCode, ErrorReason, FieldCode, ReasonOf } from './error-catalog.js';

/** Most problems that one answer tells, so that it stays in proportion to the request; it says how many there were. */
export const mostProblems = 100;
/** Characters of a field's name or problem, and of an error's message, that are told: clients choose parts of them. */
const longestProblem = 5_000;
const longestMessage = 10_000;

const shortened = (text: string, longest: number): string =>
  text.length > longest ? `${text.slice(0, longest).toWellFormed()}…` : text;

export const shortProblem = (text: string): string => shortened(text, longestProblem);
export const shortMessage = (text: string): string => shortened(text, longestMessage);

/** The first problems, which are told, and how many there were when that is not all of them. */
export function toldOf<P extends { message: string }>(
  problems: readonly P[],
  count = problems.length,
): { fields: readonly P[]; problemCount?: number } {
  const fields = problems.slice(0, mostProblems).map((each) => ({ ...each, message: shortProblem(each.message) }));
  return { fields, ...(count > fields.length && { problemCount: count }) };
}

export interface FieldProblem {
  /**
   * Path in the input of a command, `['items', '0', 'quantity']`, or from the argument on. The graph answers it as
   * GraphQL writes paths, from the argument on and with numbers: `['input', 'items', 0, 'quantity']`.
   */
  path: readonly string[];
  code: FieldCode;
  /** English sentence; a dialect may replace it by its own words for the code. */
  message: string;
  /** The values that there are, where they are few enough to be named. */
  known?: readonly string[];
}

export interface DomainErrorOptions {
  fields?: readonly FieldProblem[];
  /** How many problems there were, when `fields` has only the first of them. */
  problemCount?: number;
  /** The graph type that the error is about (`Document`), so that a dialect can name it in its own language. */
  subject?: string;
  /** A stable name for the reason (`invoice.issued`), finer than the code: one of the catalog. */
  reason?: ErrorReason;
  /** Extra facts for the client, such as the id that a duplicate already has. */
  details?: Record<string, unknown>;
}

/** With a reason that may come with the code. */
type OptionsOf<C extends ErrorCode> = Omit<DomainErrorOptions, 'reason'> & { reason?: ReasonOf<C> };

export class DomainError extends Error {
  override readonly name = 'DomainError';

  readonly options: DomainErrorOptions;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: DomainErrorOptions = {},
  ) {
    super(message);
    const { fields, problemCount, ...rest } = options;
    this.options = fields ? { ...rest, ...toldOf(fields, problemCount) } : rest;
  }

  /** Read by graphql-js: becomes `extensions` of the GraphQL error. */
  get extensions(): Record<string, unknown> {
    const { fields, problemCount, subject, reason, details } = this.options;
    return {
      code: this.code,
      ...(fields?.length && { fields }),
      ...(problemCount !== undefined && { problemCount }),
      ...(subject && { subject }),
      ...(reason && { reason }),
      ...(details && { details }),
    };
  }
}

export const unauthenticated = (message = 'Sign in first', reason?: ReasonOf<'UNAUTHENTICATED'>): DomainError =>
  new DomainError('UNAUTHENTICATED', message, reason ? { reason } : {});

/** Whether the credential does not hold, or there is none. */
export const isUnauthenticated = (error: unknown): boolean =>
  error instanceof DomainError && error.code === 'UNAUTHENTICATED';

export const forbidden = (message: string, reason?: ReasonOf<'FORBIDDEN'>): DomainError =>
  new DomainError('FORBIDDEN', message, reason ? { reason } : {});

export const notFound = (subject: string): DomainError =>
  new DomainError('NOT_FOUND', `${subject} not found`, { subject });

export const conflict = (message: string, options: OptionsOf<'CONFLICT'> = {}): DomainError =>
  new DomainError('CONFLICT', message, options);

/** All problems at once, as far as they are told; the message joins them for clients that show only the message. */
export const badInput = (
  problems: readonly FieldProblem[],
  options: Omit<OptionsOf<'BAD_USER_INPUT'>, 'fields'> = {},
): DomainError => {
  const { fields, problemCount } = toldOf(problems);
  const told = fields.map((f) => `${f.path.join('.')}: ${f.message}`);
  if (problemCount !== undefined) told.push(`and ${problemCount - fields.length} more`);
  return new DomainError('BAD_USER_INPUT', told.join('; '), { ...options, fields: problems });
};

export const badField = (path: string, code: FieldCode, message: string): DomainError =>
  badInput([{ path: path.split('.'), code, message }]);

/** CONFLICT: another object has this value already. */
export const duplicateField = (subject: string, path: string, message: string): DomainError =>
  conflict(`${path}: ${message}`, {
    fields: [{ path: [path], code: 'duplicate', message }],
    subject,
    reason: 'duplicate',
  });

/** CONFLICT: there are `limit` of them already, which is as many as there may be. */
export const tooMany = (subject: string, limit: number): DomainError =>
  conflict(`There are ${limit} already, which is the most`, { subject, reason: 'too_many', details: { limit } });
