import { createClient, PasserelleError } from '@passerelle/client';

type Listener<Value> = (value: Value) => void;

/** A value that components follow by `useSyncExternalStore`. */
export class Signal<Value> {
  #value: Value;
  readonly #listeners = new Set<Listener<Value>>();

  constructor(value: Value) {
    this.#value = value;
  }

  readonly get = (): Value => this.#value;

  readonly set = (value: Value): void => {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of this.#listeners) listener(value);
  };

  readonly subscribe = (listener: Listener<Value>): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

/** Whether the server is heard: by the live socket while it is open, otherwise by the last answer. */
export const isOnline = new Signal(true);
/** Becomes true when a request is refused because the session has ended; the page stays as it is meanwhile. */
export const hasSessionEnded = new Signal(false);

/** How much of the quota is left for this minute: a share of it, never 0. */
export const quotaLeft = new Signal(1);

function noteQuota(headers: Headers): void {
  const [limit, remaining] = ['limit', 'remaining'].map((name) => Number(headers.get(`x-ratelimit-${name}`)));
  if (limit) quotaLeft.set(Math.max((remaining ?? 0) / limit, 0.01));
}

/**
 * The graph, with the session of the browser's cookie. What it rejects with is a PasserelleError or a ConnectionError
 * of the client package.
 */
export const graph = createClient({
  url: location.origin,
  retries: 2,
  fetch: async (input, init) => {
    try {
      const response = await fetch(input, init);
      if (response.status < 500) isOnline.set(true);
      noteQuota(response.headers);
      return response;
    } catch (error) {
      if (!init?.signal?.aborted) isOnline.set(false);
      throw error;
    }
  },
  onConnection: isOnline.set,
});

// The device knows before the first request fails.
addEventListener('offline', () => isOnline.set(false));

/** Tells whoever shows the session that it has ended. */
export function noteSession(error: unknown): void {
  if (error instanceof PasserelleError && error.code === 'UNAUTHENTICATED') hasSessionEnded.set(true);
}
