import { type ExecutionResult, getOperationAST, GraphQLError, Kind } from 'graphql';
import type { StoredEvent } from '../../events/catalog.js';
import { PositionExpired } from '../../events/feed.js';
import type { Context } from '../../kernel/context.js';
import type { EventSubscription } from '../../kernel/event-subscription.js';
import { type DomainError, forbidden, isUnauthenticated } from '../../lib/errors.js';
import { presentable } from '../executor.js';
import type { StreamedOperation } from '../streamed-operation.js';
import { positionError } from './position-refusal.js';
import type { SubscriptionTransport } from './transport.js';

/** A subscription as its client asked for it. */
export interface SubscribedOperation extends StreamedOperation {
  transport: SubscriptionTransport;
  /** The client's, as text: equal ones are resolved once an event. */
  credential: string;
  /** Where the client resumes, when it says so beside the operation: instead of its argument `after`. */
  resumeAfter?: string | undefined;
}

/** The channel of a subscriber. */
export interface SubscribedChannel {
  enter: (subscriber: Subscriber) => void;
  leave: (subscriber: Subscriber) => void;
  /** Of the newest event that the channel took for its live subscribers; undefined for one that catches up. */
  positionOf: (subscriber: Subscriber) => bigint | undefined;
}

export interface SubscriberOptions {
  channelOf: (operation: SubscribedOperation) => SubscribedChannel;
  /** How long one message may wait for a slow client before it is cut. */
  stallMs: number;
}

/**
 * One subscription of one client. Answers go to its transport directly; what the transport's protocol iterates over is
 * empty, or the one error that ends the subscription.
 */
export class Subscriber implements AsyncIterableIterator<ExecutionResult, undefined> {
  /** Every event up to here that it wants was delivered. While it is live it may be further. */
  position = 0n;
  readonly #ended = new AbortController();
  readonly #finished = Promise.withResolvers<void>();
  readonly #channelOf: SubscriberOptions['channelOf'];
  readonly #stallMs: number;
  #channel: SubscribedChannel | undefined;
  /** Takes it off the list of what is open. */
  #hide: (() => void) | undefined;
  #failure: ExecutionResult | undefined;
  /** Messages that the transport has not written yet, and what to call when it has written all. */
  #unsent = 0;
  #onDrained: (() => void) | undefined;

  constructor(
    readonly operation: SubscribedOperation,
    readonly source: EventSubscription,
    { channelOf, stallMs }: SubscriberOptions,
  ) {
    this.#channelOf = channelOf;
    this.#stallMs = stallMs;
  }

  get context(): Context {
    return this.operation.contextValue;
  }

  /** Position after which it begins; absent: from now on. */
  get after(): string | null | undefined {
    return this.operation.resumeAfter ?? this.source.parts.after;
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
    const { after } = this;
    try {
      this.source.admit();
      this.position = after == null ? this.context.services.events.newest() : BigInt(after);
      this.#channel = this.#channelOf(this.operation);
      this.#channel.enter(this);
      this.#hide = this.context.services.openSubscriptions.add({
        userId: this.context.viewer.userId,
        operation: shownOperation(this.operation),
        transport: this.operation.transport.name,
        position: () => this.#channel?.positionOf(this) ?? this.position,
        end: () => this.fail(endedByAdministrator()),
      });
    } catch (error) {
      this.fail(error);
    }
  }

  /** Whether the event concerns the subscription and was not delivered yet. */
  awaits(event: StoredEvent): boolean {
    return this.source.parts.concerns(event) && this.position < BigInt(event.position);
  }

  /** `payload` is JSON. */
  send(payload: string, position: string): void {
    const { transport } = this.operation;
    if (this.ended.aborted || !transport.isOpen()) return;
    this.#unsent += 1;
    transport.send(payload, position, this.#onWritten);
  }

  readonly #onWritten = (): void => {
    this.#unsent -= 1;
    if (this.#unsent === 0) this.#onDrained?.();
  };

  /** Resolves when the transport has written all messages, or the subscription has ended. */
  async drained(): Promise<void> {
    if (this.#unsent === 0 || this.ended.aborted) return;
    const stalled = setTimeout(() => {
      this.context.log.info('a subscriber took nothing for too long');
      this.operation.transport.cut();
    }, this.#stallMs);
    await new Promise<void>((resolve) => (this.#onDrained = resolve));
    this.#onDrained = undefined;
    clearTimeout(stalled);
  }

  /**
   * Ends the subscription with an error message to the client. Where its credential has ended the whole transport
   * ends instead: clients take that as a reason to come back with a fresh one, and an error as the end.
   */
  fail(error: unknown): void {
    if (this.ended.aborted) return;
    if (isUnauthenticated(error)) {
      this.operation.transport.endCredential();
      return this.end();
    }
    const cause =
      error instanceof GraphQLError
        ? error
        : error instanceof PositionExpired
          ? positionError(error.position, { reason: 'position_expired', oldest: error.oldest })
          : new GraphQLError((error as Error).message, { originalError: error as Error });
    this.#failure = { errors: [presentable(cause, this.context.log, this.context.requestId)] };
    this.end();
  }

  end(): void {
    if (this.ended.aborted) return;
    this.#ended.abort();
    this.#hide?.();
    this.#channel?.leave(this);
    this.#onDrained?.();
    this.#finished.resolve();
  }
}

/** Its name, or without one the field that it asks for. */
function shownOperation({ document, operationName }: SubscribedOperation): string {
  const asked = getOperationAST(document, operationName);
  const [field] = asked?.selectionSet.selections ?? [];
  return asked?.name?.value ?? (field?.kind === Kind.FIELD ? field.name.value : '');
}

const endedByAdministrator = (): DomainError =>
  forbidden('An administrator ended the subscription', 'subscription_ended');
