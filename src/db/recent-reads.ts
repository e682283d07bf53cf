import { LRUCache } from 'lru-cache';
import type { ReadSql } from './database.js';

/** How old rows may be when they answer another request for the same. */
const maxAgeMs = 1_000;

export interface RecentReads {
  /** Whoever asks the same gets the same array, which is not to be changed. */
  read: ReadSql;
  /** To be called when something has changed, so that what is read after a change includes it. */
  forget: () => void;
}

/**
 * Reads what many clients request at the same time and what costs more than all beside it, such as a count of many
 * rows: they share it. `max`: how many statements are kept.
 */
export function recentReads(read: ReadSql, max: number): RecentReads {
  const kept = new LRUCache<string, ReturnType<ReadSql>>({ max, ttl: maxAgeMs });
  return {
    read: (text, parameters) => {
      const key = JSON.stringify([text, parameters]);
      const known = kept.get(key);
      if (known) return known;
      const pending = read(text, parameters);
      kept.set(key, pending);
      pending.catch(() => kept.delete(key));
      return pending;
    },
    forget: () => kept.clear(),
  };
}
