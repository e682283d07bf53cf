/** Work of many people, a few at a time: who waits with much does not keep those waiting who have little. */

export interface FairTurnsOptions {
  /** How much goes on at a time. */
  atOnce: number;
  /** Of it, what may be one person's. Default: all. */
  eachAtOnce?: number;
  /** How much of one person's may wait; what is more is refused. Default: any. */
  eachWaiting?: number;
}

/** As much of the person's waits as may. */
export class TurnRefused extends Error {
  override readonly name = 'TurnRefused';
}

interface Lane {
  running: number;
  waiting: (() => void)[];
}

export class FairTurns {
  readonly #options: Required<FairTurnsOptions>;
  /** Of those who have work here, whose turn comes first at the front. */
  readonly #lanes = new Map<unknown, Lane>();
  #running = 0;

  constructor({ atOnce, eachAtOnce = atOnce, eachWaiting = Infinity }: FairTurnsOptions) {
    this.#options = { atOnce, eachAtOnce, eachWaiting };
  }

  /** Runs `work` in its turn; settles as it does. Rejects with `TurnRefused` when too much of `owner`'s waits. */
  async take<T>(owner: unknown, work: () => Promise<T>): Promise<T> {
    const lane = this.#lanes.get(owner) ?? { running: 0, waiting: [] };
    const { atOnce, eachAtOnce, eachWaiting } = this.#options;
    if (this.#running < atOnce && lane.running < eachAtOnce && lane.waiting.length === 0) {
      this.#lanes.set(owner, lane);
      this.#begin(owner, lane);
    } else {
      if (lane.waiting.length >= eachWaiting) throw new TurnRefused();
      this.#lanes.set(owner, lane);
      await new Promise<void>((resolve) => lane.waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      this.#running -= 1;
      lane.running -= 1;
      if (lane.running === 0 && lane.waiting.length === 0) this.#lanes.delete(owner);
      this.#next();
    }
  }

  #next(): void {
    const { atOnce, eachAtOnce } = this.#options;
    if (this.#running >= atOnce) return;
    for (const [owner, lane] of this.#lanes) {
      if (lane.running >= eachAtOnce) continue;
      const start = lane.waiting.shift();
      if (!start) continue;
      this.#begin(owner, lane);
      return start();
    }
  }

  /** Whoever begins is the last whose turn comes again. */
  #begin(owner: unknown, lane: Lane): void {
    this.#running += 1;
    lane.running += 1;
    this.#lanes.delete(owner);
    this.#lanes.set(owner, lane);
  }
}
