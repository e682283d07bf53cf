import { DomainError } from '../lib/errors.js';
import type { CounterStore, Reading } from './counter-store.js';

/** A quota as it holds for one principal, and what a request takes of it. */
export interface Charge {
  /** Of the counter. */
  key: string;
  limit: number;
  seconds: number;
  /** Default 1. */
  points?: number;
  /** The key that a refusal is told of. */
  apiKeyId?: string;
  /** A person set the limit; it holds as it is, whatever the factor of the documented ones. */
  isOwn?: true;
}

/** How a principal stands with the tightest of their quotas. */
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
  /** Takes every charge, also beyond its limit, for what was done already. */
  owe: (charges: readonly Charge[]) => Promise<void>;
  /** How the principal stands; never a refusal. */
  look: (charges: readonly Charge[]) => Promise<Verdict>;
  giveBack: (charges: readonly Charge[]) => Promise<void>;
}

export interface QuotaGateOptions {
  /** Multiplies every limit but those that a person set; at least 1, the default. */
  factor?: number;
  /** Called for each refusal, with the dialect's name or `graphql`. */
  onRefused?: (door: string) => void;
  /** Called when an API key is refused by a quota, its own or another. Must not throw. */
  onApiKeyRefused?: (apiKeyId: string) => void;
}

export function quotaGate(
  store: CounterStore,
  { factor = 1, onRefused, onApiKeyRefused }: QuotaGateOptions = {},
): QuotaGate {
  const limitOf = (charge: Charge): number => (charge.isOwn ? charge.limit : Math.floor(charge.limit * factor));
  const reached = (charge: Charge, reading: Reading | undefined): Reached => {
    const limit = limitOf(charge);
    return { charge, limit, left: limit - (reading?.used ?? 0), msLeft: reading?.msLeft ?? charge.seconds * 1000 };
  };
  const add = (charge: Charge, sign: 1 | -1): Promise<Reading> =>
    store.add(charge.key, sign * pointsOf(charge), charge.seconds);
  /** One charge is by far the most frequent: it needs no more promises than its own. */
  const each = async (
    charges: readonly Charge[],
    count: (charge: Charge) => Promise<Reading | undefined>,
  ): Promise<Reached[]> => {
    const [only] = charges;
    if (only && charges.length === 1) return [reached(only, await count(only))];
    const readings = await Promise.all(charges.map(count));
    return charges.map((charge, at) => reached(charge, readings[at]));
  };
  const takeOff = (charge: Charge): Promise<Reading> => add(charge, 1);
  const giveBack = async (charges: readonly Charge[]): Promise<void> =>
    void (await Promise.all(charges.map((charge) => add(charge, -1))));
  return {
    giveBack,
    owe: async (charges) => void (await each(charges, takeOff)),
    look: async (charges) => standingIn(tightestOf(await each(charges, ({ key }) => store.read(key)))),
    spend: async (door, charges) => {
      const seen = await each(charges, takeOff);
      let refusing: Reached | undefined;
      // Of several that refuse, the one that does so longest: no sooner is there a use in trying again.
      for (const one of seen) if (one.left < 0 && (!refusing || one.msLeft > refusing.msLeft)) refusing = one;
      if (!refusing) return standingIn(tightestOf(seen));
      await giveBack(charges);
      onRefused?.(door);
      const apiKeyId = charges.find((charge) => charge.apiKeyId !== undefined)?.apiKeyId;
      if (apiKeyId !== undefined) onApiKeyRefused?.(apiKeyId);
      return {
        ...standingIn({ ...refusing, left: refusing.left + pointsOf(refusing.charge) }),
        retryAfterSeconds: Math.max(1, Math.ceil(refusing.msLeft / 1000)),
      };
    },
  };
}

/** A charge against what its counter holds; `left` is negative beyond the limit. */
interface Reached {
  charge: Charge;
  limit: number;
  left: number;
  msLeft: number;
}

const pointsOf = ({ points = 1 }: Charge): number => points;

/** The fewest remaining; of equals the shortest window. */
function tightestOf(seen: readonly Reached[]): Reached | undefined {
  let tightest: Reached | undefined;
  for (const one of seen) {
    if (
      !tightest ||
      one.left < tightest.left ||
      (one.left === tightest.left && one.charge.seconds < tightest.charge.seconds)
    )
      tightest = one;
  }
  return tightest;
}

const standingIn = (tightest: Reached | undefined): Verdict =>
  tightest
    ? {
        standing: {
          limit: tightest.limit,
          remaining: Math.max(0, tightest.left),
          resetAt: Math.ceil((Date.now() + tightest.msLeft) / 1000),
        },
      }
    : {};

/** Under the names that all contracts document. */
export const rateLimitHeaders = ({ standing }: Verdict): Record<string, string> =>
  standing
    ? {
        'X-RateLimit-Limit': String(standing.limit),
        'X-RateLimit-Remaining': String(standing.remaining),
        'X-RateLimit-Reset': String(standing.resetAt),
      }
    : {};

export const rateLimited = (retryAfterSeconds: number): DomainError =>
  new DomainError('RATE_LIMITED', `Rate limit exceeded. Try again in ${retryAfterSeconds} seconds.`, {
    details: { retryAfterSeconds },
  });
