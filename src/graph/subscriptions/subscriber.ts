import type { Socket } from 'node:net';
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import { CloseCode } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { StoredEvent } from '../../events/catalog.js';
import type { Context } from '../../kernel/context.js';
import type { EventSubscription } from '../../kernel/event-subscription.js';
import { isUnauthenticated } from '../../lib/errors.js';
import { presentable } from '../executor.js';

/** An operation that came over a socket. */
export interface SocketOperation extends ExecutionArgs {
  contextValue: Context;
  /** Its text, which stands for the document. */
  query: string;
  /** The client's name for it. */
  id: string;
  socket: WebSocket;
  /** What the socket runs over. */
  wire: Socket;
  /** The socket's, as text: equal ones are resolved once an event. */
  credential: string;
}

/** The channel of a subscriber. */
export interface SubscribedChannel {
  enter: (subscriber: Subscriber) => void;
  leave: (subscriber: Subscriber) => void;
}

export interface SubscriberOptions {
  channelOf: (operation: SocketOperation) => SubscribedChannel;
  /** How long one message may wait for a slow client before its socket is closed with 1013. */
  stallMs: number;
}

/**
 * One subscription of one socket. Messages go to the socket directly; what graphql-ws iterates over is empty, or the
 * one error that ends the subscription.
 */
export class Subscriber implements AsyncIterableIterator<ExecutionResult, undefined> {
  /** Every event up to here that it wants was delivered. While it is live it may be further. */
  position = 0n;
  readonly #ended = new AbortController();
  readonly #finished = Promise.withResolvers<void>();
  readonly #messageStart: string;
  readonly #channelOf: SubscriberOptions['channelOf'];
  readonly #stallMs: number;
  #channel: SubscribedChannel | undefined;
  #failure: ExecutionResult | undefined;
  /** Messages that the socket has not written yet, and what to call when it has written all. */
  #unsent = 0;
  #onDrained: (() => void) | undefined;

  constructor(
    readonly operation: SocketOperation,
    readonly source: EventSubscription,
    { channelOf, stallMs }: SubscriberOptions,
  ) {
    this.#messageStart = `{"id":${JSON.stringify(operation.id)},"type":"next","payload":`;
    this.#channelOf = channelOf;
    this.#stallMs = stallMs;
  }

  get context(): Context {
    return this.operation.contextValue;
  }

  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The first call starts the subscription. Resolves when it ends: first to the error that ended it, if one did. */
  async next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    if (!this.#channel && !this.ended.aborted) this.#start();
    await this.#finished.promise;
    const value = this.#failure;
    this.#failure = undefined;
    return value ? { value, done: false } : { value: undefined, done: true };
  }

  async return(): Promise<IteratorResult<ExecutionResult, undefined>> {
    this.end();
    return { value: undefined, done: true };
  }

  #start(): void {
    const { after } = this.source.parts;
    try {
      this.source.admit();
      this.position = after == null ? this.context.services.events.newest() : BigInt(after);
      this.#channel = this.#channelOf(this.operation);
      this.#channel.enter(this);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Whether the event concerns the subscription and was not delivered yet. */
  awaits(event: StoredEvent): boolean {
    return this.source.parts.concerns(event) && this.position < BigInt(event.position);
  }

  /** `payload` is JSON. */
  send(payload: string): void {
    const { socket } = this.operation;
    if (this.ended.aborted || socket.readyState !== socket.OPEN) return;
    this.#unsent += 1;
    socket.send(`${this.#messageStart}${payload}}`, this.#onWritten);
  }

  readonly #onWritten = (): void => {
    this.#unsent -= 1;
    if (this.#unsent === 0) this.#onDrained?.();
  };

  /** Resolves when the socket has written all messages, or the subscription has ended. */
  async drained(): Promise<void> {
    if (this.#unsent === 0 || this.ended.aborted) return;
    const stalled = setTimeout(() => {
      this.context.log.info('a subscriber took nothing for too long');
      this.operation.socket.close(1013, 'Too slow: resume with after');
    }, this.#stallMs);
    await new Promise<void>((resolve) => (this.#onDrained = resolve));
    this.#onDrained = undefined;
    clearTimeout(stalled);
  }

  /**
   * Ends the subscription with an error message to the client. Where its credential has ended the whole socket is
   * closed instead: clients take that as a reason to come back with a fresh one, and an error as the end.
   */
  fail(error: unknown): void {
    if (this.ended.aborted) return;
    if (isUnauthenticated(error)) {
      this.operation.socket.close(CloseCode.Forbidden, CloseCode[CloseCode.Forbidden]);
      return this.end();
    }
    const cause =
      error instanceof GraphQLError
        ? error
        : new GraphQLError((error as Error).message, { originalError: error as Error });
    this.#failure = { errors: [presentable(cause, this.context.log, this.context.requestId)] };
    this.end();
  }

  end(): void {
    if (this.ended.aborted) return;
    this.#ended.abort();
    this.#channel?.leave(this);
    this.#onDrained?.();
    this.#finished.resolve();
  }
}
