import { LRUCache } from 'lru-cache';
import type { ReadSql } from './database.js';

/** How old a count may be that is given for another request of the same. */
const keptMs = 1_000;
const mostCounts = 1_000;

export interface CountCache {
  count: ReadSql;
  /** To be called when this process has changed something: who changes and then counts finds the change. */
  forget: () => void;
}

/** A count of many rows costs more than the page beside it, and many ask for the same: they share one. */
export function countCache(read: ReadSql): CountCache {
  const kept = new LRUCache<string, ReturnType<ReadSql>>({ max: mostCounts, ttl: keptMs });
  return {
    count: (text, parameters) => {
      const key = JSON.stringify([text, parameters]);
      const known = kept.get(key);
      if (known) return known;
      const asked = read(text, parameters);
      kept.set(key, asked);
      asked.catch(() => kept.delete(key));
      return asked;
    },
    forget: () => kept.clear(),
  };
}
