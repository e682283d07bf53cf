import { PluginFailed } from './plugin-process.js';

/** Runs up to `concurrency` at once, in order; ten times as many may wait, and more are refused. */
export function turnsFor(
  concurrency: number,
): <Result>(run: () => Promise<Result>, isGivenUp: AbortSignal) => Promise<Result> {
  let underWay = 0;
  const waiting = new Set<() => void>();

  /** Resolves when it is this one's turn; rejects when it is given up before. */
  function turn(isGivenUp: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = (): void => {
      waiting.delete(enter);
      reject(isGivenUp.reason as Error);
    };
    const enter = (): void => {
      waiting.delete(enter);
      isGivenUp.removeEventListener('abort', leave);
      underWay += 1;
      resolve();
    };
    if (isGivenUp.aborted) leave();
    else if (underWay < concurrency) enter();
    else if (waiting.size >= concurrency * 10) reject(new PluginFailed('Too many calls wait for it'));
    else {
      waiting.add(enter);
      isGivenUp.addEventListener('abort', leave, { once: true });
    }
    return promise;
  }

  return async (run, isGivenUp) => {
    await turn(isGivenUp);
    try {
      return await run();
    } finally {
      underWay -= 1;
      const [next] = waiting;
      next?.();
    }
  };
}
