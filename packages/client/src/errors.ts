/** The graph's codes; `schema/errors.md` of the server says what each means. */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BAD_USER_INPUT'
  | 'CONFLICT'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'RATE_LIMITED'
  | 'INTERNAL_SERVER_ERROR'
  | (string & {});

/** What is wrong with one field of the input. */
export interface FieldProblem {
  /** From the argument on: `['input', 'items', 0, 'quantity']`. */
  path: (string | number)[];
  code: string;
  message: string;
}

/** An error as GraphQL writes it. */
export interface GraphError {
  message: string;
  path?: (string | number)[];
  extensions?: {
    code?: string;
    reason?: string;
    requestId?: string;
    fields?: FieldProblem[];
    details?: Record<string, unknown>;
    [more: string]: unknown;
  };
}

/** What the server refused, or failed at. Of several errors it is the first; `errors` has all of them. */
export class PasserelleError extends Error {
  override readonly name: string = 'PasserelleError';
  readonly code: ErrorCode;
  /** Finer than the code, such as `position_expired`. */
  readonly reason: string | undefined;
  /** Everything that is wrong in the input. */
  readonly fields: readonly FieldProblem[];
  readonly details: Record<string, unknown>;
  /** The server's log has the rest by it. */
  readonly requestId: string | undefined;
  readonly errors: readonly GraphError[];
  /** What was done or read all the same. */
  readonly data: unknown;

  constructor(errors: readonly GraphError[], data: unknown = null) {
    const [first = { message: 'The server answered with an error that it does not name' }] = errors;
    super(first.message);
    const { code, reason, fields, details, requestId } = first.extensions ?? {};
    this.code = code ?? 'INTERNAL_SERVER_ERROR';
    this.reason = reason;
    this.fields = fields ?? [];
    this.details = details ?? {};
    this.requestId = requestId;
    this.errors = errors;
    this.data = data;
  }
}

/** The log no longer reaches back to where a subscription would go on: read what there is, and begin anew. */
export class PositionExpiredError extends PasserelleError {
  override readonly name = 'PositionExpiredError';

  /** The oldest event that is kept. */
  get oldest(): string | undefined {
    const { oldest } = this.details;
    return oldest === undefined ? undefined : String(oldest);
  }
}

/** The server could not be reached, or what answered was not the server; after all attempts. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  /** HTTP status, or code of the socket's end, where there was one. */
  readonly status: number | undefined;

  constructor(message: string, options: { status?: number | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.status = options.status;
  }
}

export function errorOf(errors: readonly GraphError[], data?: unknown): PasserelleError {
  const isExpired = errors[0]?.extensions?.reason === 'position_expired';
  return isExpired ? new PositionExpiredError(errors, data) : new PasserelleError(errors, data);
}
