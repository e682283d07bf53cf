/** A person, or an address. */
type Holder = number | string;

/** As many are kept before those whose time is over are forgotten. */
const mostKept = 1_000;

/** Who is kept out for a while, in this process. */
export class Penalties {
  readonly #until = new Map<Holder, number>();

  constructor(private readonly lengthMs: number) {}

  /** Keeps `holder` out from now on. */
  begin(holder: Holder): void {
    const nowMs = performance.now();
    if (this.#until.size >= mostKept)
      for (const [each, untilMs] of this.#until) if (untilMs <= nowMs) this.#until.delete(each);
    this.#until.set(holder, nowMs + this.lengthMs);
  }

  /** How long `holder` is kept out yet; 0 for whoever may come in. */
  leftMs(holder: Holder): number {
    return Math.max(0, (this.#until.get(holder) ?? 0) - performance.now());
  }
}
