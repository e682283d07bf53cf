import { DomainError } from '../errors.js';
import type { CounterStore, Reading } from './counter-store.js';

/** A quota as it holds for one caller, and what a request takes of it. */
export interface Charge {
  /** Of the counter. */
  key: string;
  limit: number;
  seconds: number;
  /** Default 1. */
  points?: number;
  /** Whose own limit it is. */
  apiKeyId?: string;
}

/** How a caller stands with the tightest of their quotas. */
export interface Standing {
  limit: number;
  remaining: number;
  /** When the window ends, in seconds since 1970. */
  resetAt: number;
}

export interface Verdict {
  /** Undefined when no quota holds. */
  standing?: Standing;
  /** Set when the request is refused. */
  retryAfterSeconds?: number;
}

export interface QuotaGate {
  /** Takes every charge, or none of them when one would go beyond its limit: a refused request uses nothing up. */
  spend: (door: string, charges: readonly Charge[]) => Promise<Verdict>;
  /** How the caller stands; never a refusal. */
  look: (charges: readonly Charge[]) => Promise<Verdict>;
  giveBack: (charges: readonly Charge[]) => Promise<void>;
}

export interface QuotaGateOptions {
  /** Called for each refusal, with the dialect's name or `graphql`. */
  onRefused?: (door: string) => void;
  /** Called when an API key is refused by a quota, its own or another. Must not throw. */
  onApiKeyRefused?: (apiKeyId: string) => void;
}

export function quotaGate(store: CounterStore, { onRefused, onApiKeyRefused }: QuotaGateOptions = {}): QuotaGate {
  const add = (charge: Charge, sign: 1 | -1): Promise<Reading> => store.add(charge.key, sign * pointsOf(charge), charge.seconds);
  const giveBack = async (charges: readonly Charge[]): Promise<void> => void (await Promise.all(charges.map((charge) => add(charge, -1))));
  return {
    giveBack,
    look: async (charges) => {
      const seen = await Promise.all(charges.map(async (charge) => reached(charge, await store.read(charge.key))));
      return standingIn(seen.toSorted(byTightness)[0]);
    },
    spend: async (door, charges) => {
      const seen = await Promise.all(charges.map(async (charge) => reached(charge, await add(charge, 1))));
      // Of several that refuse, the one that does so longest: no sooner is there a use in trying again.
      const [refusing] = seen.filter(({ left }) => left < 0).toSorted((one, other) => other.msLeft - one.msLeft);
      if (!refusing) return standingIn(seen.toSorted(byTightness)[0]);
      await giveBack(charges);
      onRefused?.(door);
      const apiKeyId = charges.find((charge) => charge.apiKeyId !== undefined)?.apiKeyId;
      if (apiKeyId !== undefined) onApiKeyRefused?.(apiKeyId);
      return { ...standingIn({ ...refusing, left: refusing.left + pointsOf(refusing.charge) }), retryAfterSeconds: Math.max(1, Math.ceil(refusing.msLeft / 1000)) };
    },
  };
}

/** A charge against what its counter holds; `left` is negative beyond the limit. */
interface Reached {
  charge: Charge;
  left: number;
  msLeft: number;
}

const pointsOf = ({ points = 1 }: Charge): number => points;

const reached = (charge: Charge, reading: Reading | undefined): Reached => ({
  charge,
  left: charge.limit - (reading?.used ?? 0),
  msLeft: reading?.msLeft ?? charge.seconds * 1000,
});

/** The fewest remaining first; of equals the shortest window. */
const byTightness = (one: Reached, other: Reached): number => one.left - other.left || one.charge.seconds - other.charge.seconds;

const standingIn = (tightest: Reached | undefined): Verdict =>
  tightest
    ? { standing: { limit: tightest.charge.limit, remaining: Math.max(0, tightest.left), resetAt: Math.ceil((Date.now() + tightest.msLeft) / 1000) } }
    : {};

/** Under the names that all contracts document. */
export const rateLimitHeaders = ({ standing }: Verdict): Record<string, string> =>
  standing
    ? { 'X-RateLimit-Limit': String(standing.limit), 'X-RateLimit-Remaining': String(standing.remaining), 'X-RateLimit-Reset': String(standing.resetAt) }
    : {};

export const rateLimited = (retryAfterSeconds: number): DomainError =>
  new DomainError('RATE_LIMITED', `Rate limit exceeded. Try again in ${retryAfterSeconds} seconds.`, { details: { retryAfterSeconds } });
