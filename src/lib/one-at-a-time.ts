export interface OneAtATime {
  /** Has the work done once more, after a run under way; any number of wakes during a run ask for one run. Resolves when all is done. */
  wake: () => Promise<void>;
  /** Begins no more runs and waits for the one under way. */
  stop: () => Promise<void>;
}

/** For work that catches up with something: never twice at once, and never missing a wake. What fails after `stop` is not told. */
export function oneAtATime(work: () => Promise<void>, onError: (error: unknown) => void): OneAtATime {
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  const run = async (): Promise<void> => {
    do {
      again = false;
      try {
        await work();
      } catch (error) {
        if (!stopped) onError(error);
      }
    } while (again && !stopped);
    running = undefined;
  };
  return {
    wake: async () => {
      if (stopped) return;
      if (running) again = true;
      else running = run();
      await running;
    },
    stop: async () => {
      stopped = true;
      await running;
    },
  };
}
