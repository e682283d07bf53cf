import type { Credentials } from './credentials.js';
import { ConnectionError, errorOf, type GraphError } from './errors.js';
import { bodyOf } from './upload.js';
import { backoffMs, randomKey, wait } from './waiting.js';

export interface RequestOptions {
  /** Gives up when aborted: the call rejects with its reason. */
  signal?: AbortSignal;
  /** Of a change; by default each call has one of its own, so that its attempts make the change once. */
  idempotencyKey?: string;
  headers?: Record<string, string>;
}

export interface RequestsOptions {
  /** `https://…/graphql`. */
  url: string;
  fetch: typeof globalThis.fetch;
  /** How often a request is tried again. */
  retries: number;
  headers: Record<string, string>;
}

export interface Operation {
  query: string;
  variables: Record<string, unknown>;
}

interface Answer {
  data?: unknown;
  errors?: GraphError[];
}

/** Longer waits are the caller's to decide. */
const longestWaitMs = 30_000;
const passingStatuses = new Set([429, 502, 503, 504]);

/**
 * Sends one operation, again where that can help: no answer, one of a proxy, too many requests, a token that has ended.
 * Resolves to the data; rejects with PasserelleError, ConnectionError, or the signal's reason.
 */
export async function request(
  operation: Operation,
  credentials: Pick<Credentials, 'current' | 'renew'>,
  options: RequestsOptions,
  { signal, idempotencyKey, headers = {} }: RequestOptions = {},
): Promise<unknown> {
  const isChange = /^\s*(?:#.*\n\s*)*mutation\b/.test(operation.query);
  const key = idempotencyKey ?? (isChange ? randomKey() : undefined);
  let isRenewed = false;
  for (let attempt = 0; ; attempt += 1) {
    const token = await credentials.current();
    const outcome = await send(operation, {
      ...options,
      signal,
      headers: {
        ...options.headers,
        ...headers,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(key !== undefined && { 'idempotency-key': key }),
      },
    });
    if ('data' in outcome) return outcome.data;
    const { error, code, retryAfterMs } = outcome;
    if (code === 'UNAUTHENTICATED' && !isRenewed && (await credentials.renew(token))) {
      isRenewed = true;
      continue;
    }
    if (retryAfterMs === undefined || retryAfterMs > longestWaitMs || attempt >= options.retries) throw error;
    await wait(Math.max(retryAfterMs, backoffMs(attempt)), signal);
  }
}

/** `retryAfterMs`: the request may be sent again then. */
type Outcome = { data: unknown } | { error: Error; code?: string | undefined; retryAfterMs?: number | undefined };

async function send(
  operation: Operation,
  { url, fetch, headers, signal }: RequestsOptions & { signal: AbortSignal | undefined },
): Promise<Outcome> {
  const { body, contentType } = bodyOf(operation);
  let response: Response;
  let answer: Answer | undefined;
  try {
    response = await fetch(url, {
      method: 'POST',
      body,
      headers: { accept: 'application/json', 'apollo-require-preflight': '1', ...contentType, ...headers },
      ...(signal && { signal }),
    });
    answer = parsed(await response.text());
  } catch (cause) {
    if (signal?.aborted) throw cause;
    return { error: new ConnectionError(`${url} could not be reached`, { cause }), retryAfterMs: 0 };
  }
  const { status } = response;
  const isPassing = passingStatuses.has(status);
  const waitMs = Number(response.headers.get('retry-after') ?? 0) * 1000;
  if (!answer) {
    const error = new ConnectionError(`${url} answered ${status}, and not as the graph does`, { status });
    return { error, ...(isPassing && { retryAfterMs: waitMs }) };
  }
  const { data = null, errors } = answer;
  if (!errors?.length) return { data };
  const error = errorOf(errors, data);
  const retryAfterSeconds = error.details['retryAfterSeconds'];
  const mayRepeat = isPassing || error.code === 'RATE_LIMITED' || error.reason === 'idempotency.in_progress';
  // What was done or read beside the error must not be done again.
  const isWhole = data === null || Object.values(data as object).every((each) => each === null);
  return {
    error,
    ...(isWhole && { code: error.code }),
    ...(mayRepeat && isWhole && { retryAfterMs: waitMs || Number(retryAfterSeconds ?? 0) * 1000 }),
  };
}

/** Undefined for what is no answer of GraphQL. */
function parsed(text: string): Answer | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === 'object' && answer !== null && ('data' in answer || 'errors' in answer)
      ? (answer as Answer)
      : undefined;
  } catch {
    return undefined;
  }
}
