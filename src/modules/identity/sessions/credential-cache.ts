import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Listen } from '../../../db/database.js';
import type { HeldCredential, PresentedCredential } from './resolve-viewer.js';

/** PostgreSQL channel that tells that what credentials stand for has changed: migration 0009. */
const changedChannel = 'passerelle_credentials';

/** A bound for what nobody tells of: a notification on a connection whose loss has not been noticed yet. */
const oldestMs = 10_000;
const mostEntries = 10_000;

/** Credentials that were found to hold, for the next seconds. */
export interface CredentialCache {
  /**
   * What the cache holds of the credential, else what `look` finds, which is then kept; undefined and errors are not. The
   * same object, with the same viewer, until it is looked up again.
   */
  find: (
    presented: PresentedCredential,
    now: Date,
    look: () => Promise<HeldCredential | undefined>,
  ) => Promise<HeldCredential | undefined>;
  stop: () => Promise<void>;
}

/**
 * Any change of a credential, a person or a right empties the cache as a whole: in this process before the change has
 * resolved, in every other as soon as PostgreSQL notifies it. While notifications do not arrive nothing is served from it.
 */
export async function startCredentialCache(listenAtOnce: Listen, isListening: () => boolean): Promise<CredentialCache> {
  const kept = new LRUCache<string, { held: HeldCredential; foundAtMs: number }>({ max: mostEntries });
  let changes = 0;
  const stop = await listenAtOnce(changedChannel, () => {
    changes += 1;
    kept.clear();
  });
  return {
    find: async (presented, now, look) => {
      const key = keyOf(presented);
      const nowMs = now.valueOf();
      const found = isListening() ? kept.get(key) : undefined;
      // Neither after its time nor, where the clock was set back, before it.
      if (found && nowMs < found.held.endsAtMs && nowMs >= found.foundAtMs && nowMs - found.foundAtMs < oldestMs)
        return found.held;
      const changesBefore = changes;
      const held = await look();
      // What changed meanwhile may not be in what was read.
      if (held && changes === changesBefore && isListening()) kept.set(key, { held, foundAtMs: nowMs });
      return held;
    },
    stop,
  };
}

/** Secrets do not stay in memory. */
const keyOf = (presented: PresentedCredential): string =>
  'bearer' in presented
    ? hash('sha256', `bearer ${presented.bearer}`, 'base64')
    : hash('sha256', `cookie ${presented.sessionCookie}`, 'base64');
