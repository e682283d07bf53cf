import type { Context, RequestNotes } from '../../../kernel/context.js';
import { type Figures, type Outcome } from './figures.js';

interface Timed {
  outcome: Outcome;
  ms: number;
}

/** A request to a route of REST, or to none: by the route's pattern. */
export function recordRoute(figures: Figures, route: string, notes: RequestNotes, timed: Timed): void {
  figures.add({ kind: 'route', name: route, ...timed });
  recordApiKey(figures, notes, timed);
}

/** An operation of GraphQL. The names of whoever is not signed in are nobody's: they are counted together. */
export function recordOperation(figures: Figures, notes: RequestNotes, timed: Timed): void {
  const name = notes.userId === undefined ? 'signed_out' : (notes.operation ?? 'unnamed');
  figures.add({ kind: 'operation', name, ...timed });
  recordApiKey(figures, notes, timed);
}

function recordApiKey(figures: Figures, { apiKeyId }: RequestNotes, timed: Timed): void {
  if (apiKeyId !== undefined) figures.add({ kind: 'api_key', name: apiKeyId, ...timed });
}

/** Runs an operation that is no HTTP request of its own, and records it. */
export async function timedOperation<T>({ services, notes }: Context, work: () => Promise<T>): Promise<T> {
  const startedMs = performance.now();
  try {
    return await work();
  } finally {
    recordOperation(services.figures, notes, {
      outcome: notes.outcome ?? 'answered',
      ms: performance.now() - startedMs,
    });
  }
}
