import { Extensions } from 'type-graphql';

/**
 * Marks a query whose resolver returns what the reader returned, as it is and without looking into it. The graph may
 * then write the answer straight from the rows: `graph/reader/pass-through.ts`. A resolver that changes or inspects
 * rows must not have it.
 */
export const Planned = Extensions({ planned: true });
