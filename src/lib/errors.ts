import type { ErrorCode, ErrorReason, FieldCode, ReasonOf } from './error-catalog.js';

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

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly options: DomainErrorOptions = {},
  ) {
    super(message);
  }

  /** Read by graphql-js: becomes `extensions` of the GraphQL error. */
  get extensions(): Record<string, unknown> {
    const { fields, subject, reason, details } = this.options;
    return {
      code: this.code,
      ...(fields?.length && { fields }),
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

/** All problems at once; the message joins them for clients that show only the message. */
export const badInput = (
  fields: readonly FieldProblem[],
  options: Omit<OptionsOf<'BAD_USER_INPUT'>, 'fields'> = {},
): DomainError =>
  new DomainError('BAD_USER_INPUT', fields.map((f) => `${f.path.join('.')}: ${f.message}`).join('; '), {
    ...options,
    fields,
  });

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
