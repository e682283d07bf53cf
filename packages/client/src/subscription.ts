import type { Credentials } from './credentials.js';
import { errorOf, type GraphError, PasserelleError } from './errors.js';
import type { Cut, Socket } from './sockets.js';
import { backoffMs, wait } from './waiting.js';

export interface SubscribeOptions {
  /** Position of the last event that was dealt with; absent: from now on. */
  after?: string;
  /** Ends the subscription when aborted: the loop over it is over. */
  signal?: AbortSignal;
  /** Called whenever the connection is lost, before the next attempt. */
  onInterrupted?: () => void;
}

/** Events that may wait here; then the server keeps the others until these are taken. */
const mostWaiting = 500;

interface Waiting {
  data: Record<string, unknown>;
  position: string;
}

type End = Cut | { kind: 'errors'; errors: unknown[] };

/**
 * The events of one subscription, in order, none lost and none twice: whatever cuts it, it goes on after the last event
 * that came. It ends by `return`, `break`, the signal, or an error that another attempt would not mend.
 */
export class Subscription<Data> implements AsyncIterable<Data> {
  readonly #operation: { query: string; variables: Record<string, unknown> };
  readonly #options: SubscribeOptions;
  readonly #parts: SubscriptionParts;
  #position: string | undefined;

  constructor(
    operation: { query: string; variables: Record<string, unknown> },
    options: SubscribeOptions,
    parts: SubscriptionParts,
  ) {
    if (!/\$after\b/.test(operation.query))
      throw new TypeError('A subscription declares `$after: Position`, passes it on, and selects `position`');
    this.#operation = operation;
    this.#options = options;
    this.#parts = parts;
    this.#position = options.after;
  }

  /** Of the last event that the loop has got; keep it where a restart finds it, and pass it as `after`. */
  get position(): string | undefined {
    return this.#position;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Data, void, void> {
    const { signal, onInterrupted } = this.#options;
    const { credentials } = this.#parts;
    let attempt = 0;
    try {
      // An event that happens before the first connection is not lost either.
      this.#position ??= await this.#parts.newest(signal);
      while (!signal?.aborted) {
        const end = yield* this.#listen(() => (attempt = 0));
        if (end === undefined) continue;
        if (end.kind === 'fatal') throw end.error;
        if (end.kind === 'errors') {
          const error = errorOf(end.errors as GraphError[]);
          const seconds = Number(error.details['retryAfterSeconds'] ?? 1);
          // The socket of a credential that has ended is closed; the next one tells whether there is another.
          if (error.code !== 'RATE_LIMITED' && error.code !== 'UNAUTHENTICATED') throw error;
          await wait(seconds * 1000, signal);
          continue;
        }
        // One that held may hold still: its person's rights have changed.
        if (end.kind === 'refused' && !end.wasOpen && !(await credentials.renew(end.token))) throw unauthenticated();
        onInterrupted?.();
        await wait(backoffMs(attempt), signal);
        attempt += 1;
      }
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
  }

  /** Yields what comes until the connection ends; undefined: too much came at once, and is to be asked for again. */
  async *#listen(onConnected: () => void): AsyncGenerator<Data, End | undefined, void> {
    const { signal } = this.#options;
    const waiting: Waiting[] = [];
    let last = this.#position as string;
    let end: { how: End | undefined } | undefined;
    let failure: Error | undefined;
    let wake = (): void => {};
    const finish = (how: End | undefined): void => {
      end ??= { how };
      wake();
    };
    const { query, variables } = this.#operation;
    const stop = this.#parts.socket.subscribe(
      { query, variables: { ...variables, after: last } },
      {
        next: ({ data, errors }) => {
          onConnected();
          const position = positionIn(data);
          if (errors?.length) failure = errorOf(errors as unknown as GraphError[], data);
          else if (position === undefined) failure = new TypeError('The subscription does not select `position`');
          // What came before comes again where a connection was lost in the middle of it.
          if (data && position !== undefined && BigInt(position) > BigInt(last)) {
            last = position;
            if (!failure) waiting.push({ data, position });
          }
          if (failure || waiting.length >= mostWaiting) {
            stop();
            finish(undefined);
          }
          wake();
        },
        end: finish,
      },
    );
    const leave = (): void => finish(undefined);
    signal?.addEventListener('abort', leave);
    try {
      for (;;) {
        for (let next = waiting.shift(); next && !signal?.aborted; next = waiting.shift()) {
          this.#position = next.position;
          yield next.data as Data;
        }
        if (end && !waiting.length) break;
        if (signal?.aborted) break;
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (end || waiting.length) resolve();
        });
      }
      if (failure && !signal?.aborted) throw failure;
      return end?.how;
    } finally {
      signal?.removeEventListener('abort', leave);
      stop();
    }
  }
}

export interface SubscriptionParts {
  socket: Socket;
  credentials: Pick<Credentials, 'renew'>;
  /** Position of the newest event. */
  newest: (signal: AbortSignal | undefined) => Promise<string>;
}

/** The `position` that the operation's one field selects. */
function positionIn(data: Record<string, unknown> | null | undefined): string | undefined {
  const [event] = Object.values(data ?? {});
  const { position } = (event ?? {}) as { position?: unknown };
  return position === undefined ? undefined : String(position);
}

const unauthenticated = (): PasserelleError =>
  new PasserelleError([
    {
      message: 'The credential is wrong, expired or revoked',
      extensions: { code: 'UNAUTHENTICATED', reason: 'bad_credential' },
    },
  ]);
