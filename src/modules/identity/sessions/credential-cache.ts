import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Listen } from '../../../db/database.js';
import type { ResolvedCredential, RequestCredential } from './resolve-viewer.js';

/** PostgreSQL channel that notifies of any change of credentials, people and rights: migration 0009. */
const changedChannel = 'passerelle_credentials';

/** A bound for changes that are not notified: the connection may be lost and nobody has noticed yet. */
const maxAgeMs = 10_000;
const maxEntries = 10_000;

/** The results of `resolveCredential` of the last seconds. */
export interface CredentialCache {
  /**
   * The cached result for the credential, or what `resolve` resolves to, which is then cached unless it is undefined.
   * The same object, with the same viewer, until it is resolved again.
   */
  find: (
    presented: RequestCredential,
    now: Date,
    resolve: () => Promise<ResolvedCredential | undefined>,
  ) => Promise<ResolvedCredential | undefined>;
  /** How many it holds. */
  count: () => number;
  stop: () => Promise<void>;
}

/**
 * Any change of a credential, a person or a right clears the whole cache: in this process before the change resolves,
 * in every other when PostgreSQL notifies it. While the connection for notifications is down, nothing is served from
 * it.
 */
export async function startCredentialCache(listenAtOnce: Listen, isListening: () => boolean): Promise<CredentialCache> {
  const cache = new LRUCache<string, { resolved: ResolvedCredential; foundAtMs: number }>({ max: maxEntries });
  let changes = 0;
  const stop = await listenAtOnce(changedChannel, () => {
    changes += 1;
    cache.clear();
  });
  return {
    find: async (presented, now, resolve) => {
      const key = keyOf(presented);
      const nowMs = now.valueOf();
      const found = isListening() ? cache.get(key) : undefined;
      // Neither after its time nor, where the clock was set back, before it.
      if (found && nowMs < found.resolved.endsAtMs && nowMs >= found.foundAtMs && nowMs - found.foundAtMs < maxAgeMs)
        return found.resolved;
      const changesBefore = changes;
      const resolved = await resolve();
      // A change during the look-up may be missing in its result.
      if (resolved && changes === changesBefore && isListening()) cache.set(key, { resolved, foundAtMs: nowMs });
      return resolved;
    },
    count: () => cache.size,
    stop,
  };
}

/** Secrets do not stay in memory. */
const keyOf = (presented: RequestCredential): string =>
  'bearer' in presented
    ? hash('sha256', `bearer ${presented.bearer}`, 'base64')
    : hash('sha256', `cookie ${presented.sessionCookie}`, 'base64');
