import { Readable } from 'node:stream';

export interface ObjectStreamOptions {
  /** Asks for the content; the signal is aborted when nobody wants it any more. */
  open: (signal: AbortSignal) => Promise<Readable>;
  /** Until the answer begins. */
  answerMs: number;
  /** Between two parts, as long as the reader wants more: who reads slowly is waited for. */
  stallMs: number;
}

/**
 * Content that is asked for when it is first read. It ends when all of it was read; a connection that breaks or hangs
 * is an error. Destroying it closes the connection.
 */
export class ObjectStream extends Readable {
  readonly #options: ObjectStreamOptions;
  readonly #gone = new AbortController();
  #body: Readable | undefined;
  #parts: AsyncIterator<Buffer> | undefined;

  constructor(options: ObjectStreamOptions) {
    super();
    this.#options = options;
  }

  override async _read(): Promise<void> {
    try {
      const parts = (this.#parts ??= await this.#open());
      const { done, value } = await this.#within(this.#options.stallMs, parts.next());
      this.push(done ? null : value);
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#gone.abort();
    this.#body?.destroy();
    callback(error);
  }

  async #open(): Promise<AsyncIterator<Buffer>> {
    const { open, answerMs } = this.#options;
    const body = await this.#within(answerMs, open(this.#gone.signal));
    this.#body = body;
    if (this.destroyed) body.destroy();
    return body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** Gives up when the promise takes longer. */
  async #within<T>(ms: number, promise: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.destroy(new Error(`S3 sent nothing for ${ms / 1000} s`)), ms);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }
}
