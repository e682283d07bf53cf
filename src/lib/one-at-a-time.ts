import { setTimeout } from 'node:timers/promises';
import { workUnderWay } from './tracing.js';

export interface OneAtATime {
  /**
   * Runs the work once more, after a run under way; any number of calls during a run lead to one more. Resolves when
   * there is nothing left to run.
   */
  wake: () => Promise<void>;
  /** Begins no more runs and waits for the one under way. */
  stop: () => Promise<void>;
}

/**
 * For work that catches up with something: never twice at once, and never missing a call. `signal` is aborted by
 * `stop`; an error after that is dropped. Between runs that follow each other it rests for `restMs`, so that under load
 * one run does what many would.
 */
export function oneAtATime(
  work: (signal: AbortSignal) => Promise<void>,
  onError: (error: unknown) => void,
  restMs = 0,
): OneAtATime {
  let running: Promise<void> | undefined;
  let isWoken = false;
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    do {
      isWoken = false;
      try {
        await work(stopping.signal);
      } catch (error) {
        if (!stopping.signal.aborted) onError(error);
      }
      if (isWoken && restMs) await setTimeout(restMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    } while (isWoken && !stopping.signal.aborted);
    running = undefined;
  };
  return {
    wake: async () => {
      if (stopping.signal.aborted) return;
      if (running) isWoken = true;
      // Whoever wakes it is not whom it works for.
      else running = workUnderWay.exit(run);
      await running;
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
