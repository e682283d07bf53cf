import { LRUCache } from 'lru-cache';
import type { ReadSql } from './database.js';

/** How old a count may be when it answers another request for the same. */
const maxAgeMs = 1_000;
const maxCounts = 1_000;

export interface CountCache {
  count: ReadSql;
  /** To be called when this process has changed something, so that a count after a change includes it. */
  forget: () => void;
}

/** A count of many rows costs more than the page beside it, and many clients request the same one: they share it. */
export function countCache(read: ReadSql): CountCache {
  const counts = new LRUCache<string, ReturnType<ReadSql>>({ max: maxCounts, ttl: maxAgeMs });
  return {
    count: (text, parameters) => {
      const key = JSON.stringify([text, parameters]);
      const known = counts.get(key);
      if (known) return known;
      const pending = read(text, parameters);
      counts.set(key, pending);
      pending.catch(() => counts.delete(key));
      return pending;
    },
    forget: () => counts.clear(),
  };
}
