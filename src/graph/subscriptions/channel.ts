import type { StoredEvent } from '../../events/catalog.js';
import type { EntityShapes } from '../reader/metadata.js';
import { visibilityOf } from '../reader/visibility.js';
import { type Delivery, deliveriesOf, type DeliveryOptions } from './delivery.js';
import type { SubscribedOperation, SubscribedChannel, Subscriber } from './subscriber.js';

export interface ChannelOptions {
  shapes: EntityShapes;
  makeContext: DeliveryOptions['makeContext'];
  /** Called when the last subscriber has left; the channel is over then. */
  onEmpty: () => void;
}

/** Bytes that may wait for a client before its subscribers have to catch up. */
const congestedBytes = 128 * 1024;
/** Bytes after which messages that are gathered leave. */
const corkedBytes = 16 * 1024;
/** How many events are delivered at once when they come fast: fewer, the more visibilities each is answered for. */
const maxBatchEvents = 32;
const maxBatchAnswers = 64;

/** All subscribers of one operation. It follows the log once for those of them that are live. */
export class Channel implements SubscribedChannel {
  readonly #subscribers = new Set<Subscriber>();
  readonly #live = new Set<Subscriber>();
  readonly #closed = new AbortController();
  readonly #delivery: DeliveryOptions;
  readonly #onEmpty: () => void;
  /** Of the newest event that was taken from the log for the live subscribers. */
  #position: bigint;
  /** Events that subscribers who catch up have asked for since the last turn of the event loop, by position. */
  readonly #requested = new Map<string, { subscribers: Subscriber[]; delivered: Promise<unknown> }>();

  constructor(operation: SubscribedOperation, { shapes, makeContext, onEmpty }: ChannelOptions) {
    this.#delivery = { visibilityKeyOf: visibilityOf(operation.schema, operation.document, shapes), makeContext };
    this.#onEmpty = onEmpty;
    const { events } = operation.contextValue.services;
    this.#position = events.newest();
    void this.#follow(events.batches({ after: String(this.#position), signal: this.#closed.signal }));
  }

  enter(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber);
    if (subscriber.position >= this.#position) this.#live.add(subscriber);
    else void this.#catchUp(subscriber);
  }

  positionOf(subscriber: Subscriber): bigint | undefined {
    return this.#live.has(subscriber) ? this.#position : undefined;
  }

  leave(subscriber: Subscriber): void {
    this.#live.delete(subscriber);
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size || this.#closed.signal.aborted) return;
    this.#closed.abort();
    this.#onEmpty();
  }

  /** Delivers the log to the live subscribers until the channel is over; ends all subscribers when the log does. */
  async #follow(batches: AsyncIterable<readonly StoredEvent[]>): Promise<void> {
    let end = (subscriber: Subscriber): void => subscriber.end();
    let batchSize = 1;
    try {
      for await (const batch of batches) {
        for (let next = 0; next < batch.length;) {
          const events: StoredEvent[] = [];
          for (; next < batch.length && events.length < batchSize; next += 1) {
            const event = batch[next] as StoredEvent;
            this.#position = BigInt(event.position);
            if (this.#live.values().some(({ source }) => source.parts.concerns(event))) events.push(event);
          }
          if (!events.length) continue;
          const visibilityCount = await this.#deliver(events, [...this.#live]);
          batchSize = Math.max(1, Math.min(maxBatchEvents, Math.floor(maxBatchAnswers / Math.max(1, visibilityCount))));
        }
      }
    } catch (error) {
      end = (subscriber) => subscriber.fail(error);
    }
    [...this.#subscribers].forEach(end);
  }

  /** Delivers to a subscriber what it lacks, no faster than its client takes it, until it is live. */
  async #catchUp(subscriber: Subscriber): Promise<void> {
    const { events } = subscriber.context.services;
    try {
      await subscriber.drained();
      for await (const event of events.stream({ after: String(subscriber.position), signal: subscriber.ended })) {
        if (subscriber.source.parts.concerns(event)) {
          await this.#deliverTogether(event, subscriber);
          await subscriber.drained();
        }
        if (subscriber.ended.aborted) return;
        subscriber.position = BigInt(event.position);
        if (subscriber.position < this.#position) continue;
        this.#live.add(subscriber);
        return;
      }
      subscriber.end();
    } catch (error) {
      subscriber.fail(error);
    }
  }

  /** A thousand subscribers that resume after the same outage, or that are all slow, still share their answers. */
  #deliverTogether(event: StoredEvent, subscriber: Subscriber): Promise<unknown> {
    const known = this.#requested.get(event.position);
    if (known) {
      known.subscribers.push(subscriber);
      return known.delivered;
    }
    const subscribers = [subscriber];
    const delivered = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.#requested.delete(event.position);
      return this.#deliver([event], subscribers);
    });
    this.#requested.set(event.position, { subscribers, delivered });
    return delivered;
  }

  /**
   * Resolves when each subscriber was sent what it awaits of the events, may not have it, has failed, or has begun to
   * catch up; to the number of visibilities that one event had, at most.
   */
  async #deliver(events: readonly StoredEvent[], subscribers: readonly Subscriber[]): Promise<number> {
    const { bySubscriber, visibilityCount } = await deliveriesOf(events, subscribers, this.#delivery);
    for (const [subscriber, deliveries] of bySubscriber) this.#send(subscriber, deliveries);
    return visibilityCount;
  }

  /** In order, and in few writes. What finds no room is read from the log later, and costs no memory until then. */
  #send(subscriber: Subscriber, deliveries: readonly Delivery[]): void {
    const { transport } = subscriber.operation;
    transport.cork();
    for (const delivery of deliveries) {
      if (transport.waitingBytes() > corkedBytes) {
        transport.uncork();
        transport.cork();
      }
      if (transport.waitingBytes() > congestedBytes && this.#live.delete(subscriber)) {
        subscriber.position = BigInt(delivery.event.position) - 1n;
        void this.#catchUp(subscriber);
        break;
      }
      if ('error' in delivery) subscriber.fail(delivery.error);
      else subscriber.send(delivery.payload, delivery.event.position);
    }
    transport.uncork();
  }
}
