import type { Logger } from 'pino';

/** What was opened, to be closed in the reverse order: at the end, or when a start fails in the middle. */
export class CloseStack {
  readonly #log: Logger;
  readonly #closers: (() => Promise<unknown>)[] = [];

  constructor(log: Logger) {
    this.#log = log;
  }

  /** To be called as soon as something is open. */
  add(close: () => Promise<unknown>): void {
    this.#closers.push(close);
  }

  /** What fails to close is logged, and the rest is closed all the same. A second call has nothing left to close. */
  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).toReversed())
      await close().catch((error: unknown) => this.#log.error({ err: error }, 'closing failed'));
  }
}
