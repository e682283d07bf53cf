import { Extensions } from 'type-graphql';

/**
 * Marks a query whose resolver hands on what the reader gave it, untouched and unlooked-at: the graph may then write the
 * answer straight from the rows (`graph/reader/pass-through.ts`).
 */
export const Planned = Extensions({ planned: true });
