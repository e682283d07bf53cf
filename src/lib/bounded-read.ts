export interface Bound<T> {
  limitMs: number;
  /** What is answered instead of what has not come by then, or has thrown. */
  otherwise: T;
}

/**
 * A read that answers within `limitMs`, whatever hangs behind it. Who asks while one is under way waits for that one,
 * so that any number of askers cost one read; while one hangs no other begins.
 */
export function boundedRead<T>(read: () => Promise<T>, { limitMs, otherwise }: Bound<T>): () => Promise<T> {
  let running: { startedAt: number; result: Promise<T> } | undefined;
  return () => {
    if (!running) {
      const result = read()
        .catch(() => otherwise)
        .finally(() => (running = undefined));
      running = { startedAt: performance.now(), result };
    }
    const { result, startedAt } = running;
    return Promise.race([result, after(startedAt + limitMs - performance.now(), { otherwise, ended: result })]);
  };
}

export const boundedCheck = (check: () => Promise<boolean>, limitMs: number): (() => Promise<boolean>) =>
  boundedRead(check, { limitMs, otherwise: false });

const after = <T>(ms: number, { otherwise, ended }: { otherwise: T; ended: Promise<unknown> }): Promise<T> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(otherwise), Math.max(0, ms));
    void ended.then(() => clearTimeout(timer));
  });
