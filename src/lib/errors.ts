/**
 * The closed list of errors that the domain may raise. Everything else that is thrown is a defect: it is logged with
 * its stack and leaves as INTERNAL_SERVER_ERROR without its message.
 */
export const errorMeanings = {
  UNAUTHENTICATED: 'Nobody is signed in, or the credential does not hold.',
  FORBIDDEN: 'The person, or the credential, may not do this.',
  NOT_FOUND: 'There is no such thing, or the viewer may not see it.',
  BAD_USER_INPUT: 'Something in the input is wrong; `fields` names all of it.',
  CONFLICT: 'It does not go with what is there now.',
  PAYLOAD_TOO_LARGE: 'A file is larger than is taken.',
  UNSUPPORTED_MEDIA_TYPE: 'A file is of a type that is not taken.',
  RATE_LIMITED: 'Too many requests or attempts; `details.retryAfterSeconds` says how long to wait.',
  INTERNAL_SERVER_ERROR: 'A defect of the server. Its log has the rest, by the id of the request.',
} as const;
export type ErrorCode = keyof typeof errorMeanings;
export const errorCodes = Object.keys(errorMeanings) as ErrorCode[];

/** The closed list of what can be wrong with one field; dialects translate by it. */
export type FieldCode =
  | 'required'
  | 'invalid'
  | 'invalid_format'
  | 'too_short'
  | 'too_long'
  | 'too_small'
  | 'too_large'
  | 'unknown_reference'
  | 'duplicate'
  | 'not_allowed'
  | 'weak_password';

export interface FieldProblem {
  /** Path in the graph's argument, such as `['input', 'items', '0', 'quantity']` without the leading `input`. */
  path: readonly string[];
  code: FieldCode;
  /** English sentence; a dialect may replace it by its own words for the code. */
  message: string;
}

export interface DomainErrorOptions {
  fields?: readonly FieldProblem[];
  /** The graph type that the error is about (`Document`), so that a dialect can name it in its own language. */
  subject?: string;
  /** A stable name for the reason (`invoice.issued`), finer than the code. */
  reason?: string;
  /** Extra facts for the client, such as the id that a duplicate already has. */
  details?: Record<string, unknown>;
}

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

export const unauthenticated = (message = 'Sign in first', reason?: string): DomainError =>
  new DomainError('UNAUTHENTICATED', message, reason ? { reason } : {});

export const forbidden = (message: string, reason?: string): DomainError =>
  new DomainError('FORBIDDEN', message, reason ? { reason } : {});

export const notFound = (subject: string): DomainError =>
  new DomainError('NOT_FOUND', `${subject} not found`, { subject });

export const conflict = (message: string, options: DomainErrorOptions = {}): DomainError =>
  new DomainError('CONFLICT', message, options);

/** All problems at once; the message joins them for clients that show only the message. */
export const badInput = (
  fields: readonly FieldProblem[],
  options: Omit<DomainErrorOptions, 'fields'> = {},
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
