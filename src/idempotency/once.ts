/**
 * One change for one `Idempotency-Key`, in four words:
 *
 *   Attempt   a request with a key, and what it asked for as a fingerprint
 *   Claim     what the store says to an attempt: it is yours, or somebody had the key before
 *   Lease     for how long the first attempt is taken to be under way; renewed while it is
 *   Answer    what the first attempt answered, for those that follow
 *
 * A process may die between the change and the answer. Whoever comes next finds a lease that has run out; the log of
 * events then tells whether the change was made (`lost`: it must not be made again) or not (the claim is theirs).
 */
import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { badField, badInput, conflict } from '../lib/errors.js';

export interface Attempt {
  /** Keys are each caller's own: `u12` for a person, `a192.0.2.1` for an address that nobody has signed in from. */
  owner: string;
  key: string;
  /** Of everything that makes it the same request. */
  fingerprint: string;
  requestId: string;
}

export type Claim =
  | { state: 'mine'; lease: Lease }
  /** `isSame`: whether the key came with this request before; also where that cannot be told any more. */
  | { state: 'answered'; isSame: boolean; answer: string }
  | { state: 'running' | 'lost'; isSame: boolean };

/** Each call does nothing when the lease has passed to another attempt. */
export interface Lease {
  renew: () => Promise<void>;
  keep: (status: number, answer: string) => Promise<void>;
  /** Frees the key. */
  forget: () => Promise<void>;
  /** Frees the key unless a change was made. */
  release: () => Promise<void>;
}

/** Where keys are kept, for `keptHours`. `claim` is atomic: of any number of attempts at once one gets the claim. */
export interface KeyStore {
  claim: (attempt: Attempt) => Promise<Claim>;
}

export const keptHours = 24;
export const leaseSeconds = 30;

export type Begun<Answer> =
  | { replay: Answer }
  /**
   * Call it once with the answer, before the answer is sent. Never rejects: when the key cannot be stored, the answer
   * is sent all the same.
   */
  | { finish: (status: number, answer: Answer) => Promise<void> };

/**
 * The answer to give again, or leave to go on. Throws BAD_USER_INPUT when the key came with another request, CONFLICT
 * when the first one is under way (with the seconds to wait) or its answer is lost.
 */
export async function begin<Answer>(store: KeyStore, attempt: Attempt, log: Logger): Promise<Begun<Answer>> {
  const claim = await store.claim(attempt);
  if (claim.state === 'mine') return { finish: finisher(claim.lease, log) };
  if (!claim.isSame) {
    throw badInput(
      [{ path: ['Idempotency-Key'], code: 'not_allowed', message: 'was used with another request; take a new key' }],
      { reason: 'idempotency.mismatch' },
    );
  }
  switch (claim.state) {
    case 'answered':
      return { replay: JSON.parse(claim.answer) as Answer };
    case 'running':
      throw conflict('The first request with this Idempotency-Key is still under way', {
        reason: 'idempotency.in_progress',
        details: { retryAfterSeconds: 1 },
      });
    case 'lost':
      throw conflict(
        'The first request with this Idempotency-Key made its change, and its answer was lost: look at what is there',
        { reason: 'idempotency.answer_lost' },
      );
  }
}

/** The refusals that say nothing of the request itself: the next attempt may fare otherwise. */
const passing = new Set([401, 408, 429]);

function finisher<Answer>(lease: Lease, log: Logger): (status: number, answer: Answer) => Promise<void> {
  const note = (err: unknown): void => log.error({ err }, 'an idempotency key could not be kept');
  const renewal = setInterval(() => void lease.renew().catch(note), (leaseSeconds * 1000) / 3);
  renewal.unref();
  return async (status, answer) => {
    clearInterval(renewal);
    try {
      if (passing.has(status)) await lease.forget();
      else if (status >= 500) await lease.release();
      else await lease.keep(status, JSON.stringify(answer));
    } catch (error) {
      note(error);
    }
  };
}

/** The header's value. Throws BAD_USER_INPUT for anything but 1 to 255 visible ASCII characters. */
export function idempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && /^[\x21-\x7e]{1,255}$/.test(header)) return header;
  throw badField('Idempotency-Key', 'invalid_format', 'is 1 to 255 visible ASCII characters');
}

/** The same for values that differ only in the order of their keys. */
export const fingerprintOf = (request: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted(request)) ?? '')
    .digest('hex');

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  // Entries, since an object would put keys that look like indexes first and drop `__proto__`.
  return {
    entries: Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  };
}
