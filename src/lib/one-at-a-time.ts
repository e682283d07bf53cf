import { setTimeout } from 'node:timers/promises';

export interface OneAtATime {
  /** Has the work done once more, after a run under way; any number of wakes during a run ask for one run. Resolves when all is done. */
  wake: () => Promise<void>;
  /** Begins no more runs and waits for the one under way. */
  stop: () => Promise<void>;
}

/**
 * For work that catches up with something: never twice at once, and never missing a wake. What fails after `stop` is not
 * told. Between runs that follow each other it rests for `restMs`, so that under load one run does what many would.
 */
export function oneAtATime(work: () => Promise<void>, onError: (error: unknown) => void, restMs = 0): OneAtATime {
  let running: Promise<void> | undefined;
  let again = false;
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    do {
      again = false;
      try {
        await work();
      } catch (error) {
        if (!stopping.signal.aborted) onError(error);
      }
      if (again && restMs) await setTimeout(restMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    } while (again && !stopping.signal.aborted);
    running = undefined;
  };
  return {
    wake: async () => {
      if (stopping.signal.aborted) return;
      if (running) again = true;
      else running = run();
      await running;
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
