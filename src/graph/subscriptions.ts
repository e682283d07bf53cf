/**
 * Who subscribes to the same is told together: an event is executed and printed once for all who may see the same.
 *
 * - A *subscriber* is one subscription of one socket. It is *live* while it takes events as they come; a new one that
 *   resumes, or one whose socket is crowded, *catches up*: it reads the log from its own position, an event at a time.
 * - A *channel* is all that share an operation: schema, text, name and variables, but for the position to resume after.
 *   It follows the log once and tells each event to those who live, before it turns to the next.
 * - Within a channel, subscribers with one *visibility* share the answer to an event. Each credential is looked at anew
 *   for each event, and an answer is never older than that look.
 */
import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, GraphQLError, type GraphQLSchema, Kind, OperationTypeNode, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Context } from '../domain/context.js';
import { EventSubscription } from '../domain/event-subscription.js';
import type { ReadModel } from '../domain/read-model.js';
import type { Viewer } from '../domain/viewer.js';
import type { StoredEvent } from '../events/catalog.js';
import type { ContextMaker } from './context.js';
import { presentable, runToText } from './executor.js';
import type { EntityShapes } from './reader/metadata.js';
import { visibilityKey, visibilityOf } from './reader/visibility.js';

/** An operation that came over a socket. */
export interface SocketOperation extends ExecutionArgs {
  contextValue: Context;
  /** Its text, which stands for the document. */
  query: string;
  /** The client's name for it. */
  id: string;
  socket: WebSocket;
  /** The socket's, as text: equal ones are looked at once an event. */
  credential: string;
}

export interface SubscriptionsOptions {
  shapes: EntityShapes;
  makeContext: ContextMaker;
  log: Logger;
  /** How long one event may wait for a slow client before its socket is closed with 1013. Default 10 s. */
  stallMs?: number | undefined;
}

/** Bytes that may wait in a socket before its subscribers stop to live. */
const crowdedBytes = 128 * 1024;

type Current = Awaited<ReturnType<Context['refresh']>>;

/** Starts subscriptions: for graphql-ws, which does the rest of the protocol. */
export function subscriptions({ stallMs = 10_000, ...options }: SubscriptionsOptions): {
  subscribe: (operation: SocketOperation) => Promise<AsyncIterable<ExecutionResult> | ExecutionResult>;
} {
  const channels = new WeakMap<GraphQLSchema, Map<string, Channel>>();
  const channelOf = (operation: SocketOperation): Channel => {
    const ofSchema = channels.get(operation.schema) ?? new Map<string, Channel>();
    channels.set(operation.schema, ofSchema);
    const key = JSON.stringify([operation.query, operation.operationName, sharedVariables(operation)]);
    const channel = ofSchema.get(key) ?? new Channel(operation, { ...options, onEmpty: () => ofSchema.delete(key) });
    ofSchema.set(key, channel);
    return channel;
  };
  return {
    subscribe: async (operation) => {
      const { log, requestId } = operation.contextValue;
      const source = await createSourceEventStream(operation);
      if (!(Symbol.asyncIterator in source)) return { errors: source.errors?.map((error) => presentable(error, log, requestId)) ?? [] };
      if (!(source instanceof EventSubscription)) throw new Error('A subscription answers with an EventSubscription');
      return new Subscriber(operation, source, { channelOf, stallMs });
    },
  };
}

/** The variables without the one that only says where to resume. */
function sharedVariables({ schema, document, variableValues }: SocketOperation): object {
  const uses: string[] = [];
  let position: string | undefined;
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      [Kind.VARIABLE_DEFINITION]: () => false,
      [Kind.VARIABLE]: ({ name }) => void uses.push(name.value),
      [Kind.ARGUMENT]: ({ name, value }) => {
        if (name.value === 'after' && value.kind === Kind.VARIABLE && types.getParentType() === schema.getRootType(OperationTypeNode.SUBSCRIPTION)) position = value.name.value;
      },
    }),
  );
  const isAlone = uses.filter((name) => name === position).length === 1;
  return Object.fromEntries(Object.entries(variableValues ?? {}).filter(([name]) => !(isAlone && name === position)));
}

/** One subscription of one socket, as graphql-ws sees it: nothing, for as long as it goes well. */
class Subscriber implements AsyncIterableIterator<ExecutionResult, undefined> {
  /** All that it waits for up to here has been told, unless it lives and is further. */
  position = 0n;
  readonly #ended = new AbortController();
  readonly #over = Promise.withResolvers<void>();
  readonly #messageStart: string;
  readonly #channelOf: (operation: SocketOperation) => Channel;
  readonly #stallMs: number;
  #channel: Channel | undefined;
  #failure: ExecutionResult | undefined;
  /** Messages that have not left yet, and whom to tell when all have. */
  #unsent = 0;
  #onSent: (() => void) | undefined;

  constructor(
    readonly operation: SocketOperation,
    readonly source: EventSubscription,
    { channelOf, stallMs }: { channelOf: (operation: SocketOperation) => Channel; stallMs: number },
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

  get isCrowded(): boolean {
    return this.operation.socket.bufferedAmount > crowdedBytes;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Begins on the first call. Answers when the subscription ends: first the error that ended it, if one did. */
  async next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    if (!this.#channel && !this.ended.aborted) this.#begin();
    await this.#over.promise;
    const value = this.#failure;
    this.#failure = undefined;
    return value ? { value, done: false } : { value: undefined, done: true };
  }

  async return(): Promise<IteratorResult<ExecutionResult, undefined>> {
    this.end();
    return { value: undefined, done: true };
  }

  #begin(): void {
    const { after, admit } = this.source.parts;
    try {
      admit();
      this.position = after == null ? this.context.services.events.newest() : BigInt(after);
      this.#channel = this.#channelOf(this.operation);
      this.#channel.enter(this);
    } catch (error) {
      this.fail(error);
    }
  }

  /** `payload` is JSON text. */
  send(payload: string): void {
    const { socket } = this.operation;
    if (this.ended.aborted || socket.readyState !== socket.OPEN) return;
    this.#unsent += 1;
    socket.send(`${this.#messageStart}${payload}}`, this.#sent);
  }

  readonly #sent = (): void => {
    this.#unsent -= 1;
    if (this.#unsent === 0) this.#onSent?.();
  };

  /** Holds when everything has left, or the subscription has ended. */
  async left(): Promise<void> {
    if (this.#unsent === 0 || this.ended.aborted) return;
    const stalled = setTimeout(() => {
      this.context.log.info('a subscriber took nothing for too long');
      this.operation.socket.close(1013, 'Too slow: resume with after');
    }, this.#stallMs);
    await new Promise<void>((resolve) => (this.#onSent = resolve));
    this.#onSent = undefined;
    clearTimeout(stalled);
  }

  fail(error: unknown): void {
    if (this.ended.aborted) return;
    const cause = error instanceof GraphQLError ? error : new GraphQLError((error as Error).message, { originalError: error as Error });
    this.#failure = { errors: [presentable(cause, this.context.log, this.context.requestId)] };
    this.end();
  }

  end(): void {
    if (this.ended.aborted) return;
    this.#ended.abort();
    this.#channel?.leave(this);
    this.#onSent?.();
    this.#over.resolve();
  }
}

interface ChannelParts extends Omit<SubscriptionsOptions, 'stallMs'> {
  onEmpty: () => void;
}

/** Somebody who hears an event, with the rights as of then. */
interface Hearer {
  subscriber: Subscriber;
  viewer: Viewer;
}

class Channel {
  readonly #subscribers = new Set<Subscriber>();
  readonly #live = new Set<Subscriber>();
  readonly #closed = new AbortController();
  readonly #keyOf: ((viewer: Viewer) => string) | undefined;
  /** Of the event that is told to those who live, or was last. */
  #position: bigint;
  /** Of those who catch up: who asked for which event since the last turn of the event loop. */
  #gathered = new Map<string, { subscribers: Subscriber[]; told: Promise<void> }>();

  constructor(
    operation: SocketOperation,
    readonly parts: ChannelParts,
  ) {
    this.#keyOf = visibilityOf(operation.schema, operation.document, parts.shapes);
    const { events } = operation.contextValue.services;
    this.#position = events.newest();
    void this.#follow(events.stream({ after: String(this.#position), signal: this.#closed.signal }));
  }

  enter(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber);
    if (subscriber.position >= this.#position) this.#live.add(subscriber);
    else void this.#catchUp(subscriber);
  }

  leave(subscriber: Subscriber): void {
    this.#live.delete(subscriber);
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size || this.#closed.signal.aborted) return;
    this.#closed.abort();
    this.parts.onEmpty();
  }

  async #follow(events: AsyncIterable<StoredEvent>): Promise<void> {
    let end = (subscriber: Subscriber): void => subscriber.end();
    try {
      for await (const event of events) {
        const position = BigInt(event.position);
        this.#position = position;
        const waiting = [...this.#live].filter((subscriber) => subscriber.position < position && subscriber.source.parts.concerns(event));
        if (waiting.length) await this.#tell(event, waiting);
      }
    } catch (error) {
      end = (subscriber) => subscriber.fail(error);
    }
    [...this.#subscribers].forEach(end);
  }

  /** Tells a subscriber what it lacks, no faster than its socket takes it, until it can live. */
  async #catchUp(subscriber: Subscriber): Promise<void> {
    const { events } = subscriber.context.services;
    try {
      await subscriber.left();
      for await (const event of events.stream({ after: String(subscriber.position), signal: subscriber.ended })) {
        if (subscriber.source.parts.concerns(event)) {
          await this.#tellTogether(event, subscriber);
          await subscriber.left();
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

  /** A thousand that resume after the same outage, or that are all slow, still share their answers. */
  #tellTogether(event: StoredEvent, subscriber: Subscriber): Promise<void> {
    const known = this.#gathered.get(event.position);
    if (known) {
      known.subscribers.push(subscriber);
      return known.told;
    }
    const subscribers = [subscriber];
    const told = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.#gathered.delete(event.position);
      return this.#tell(event, subscribers);
    });
    this.#gathered.set(event.position, { subscribers, told });
    return told;
  }

  /** Holds when each of them has been told, has been found not to hear it, has failed, or has left for catching up. */
  async #tell(event: StoredEvent, subscribers: readonly Subscriber[]): Promise<void> {
    const asked = new Map<string, Promise<boolean>>();
    const ofCredentials = [...Map.groupBy(subscribers, ({ operation }) => operation.credential).values()];
    const hearers = (await Promise.all(ofCredentials.map((same) => this.#hearersOf(event, same, asked)))).flat();
    const groups = Map.groupBy(hearers, ({ subscriber, viewer }) => this.#keyOf?.(viewer) ?? subscriber);
    await Promise.all([...groups.values()].map((group) => this.#answer(event, group)));
  }

  /** Those of one credential's subscribers who may hear the event, as of now. */
  async #hearersOf(event: StoredEvent, same: readonly Subscriber[], asked: Map<string, Promise<boolean>>): Promise<Hearer[]> {
    const [{ context, source }] = same as [Subscriber];
    try {
      const current = await context.refresh();
      const { viewer } = current;
      const heard = await source.parts.mayHear(event, { viewer, isVisible: oncePerVisibility(current, asked) });
      return heard ? same.map((subscriber) => ({ subscriber, viewer })) : [];
    } catch (error) {
      same.forEach((subscriber) => subscriber.fail(error));
      return [];
    }
  }

  /** Executes and prints once for all of a group, who see the same. An answer with errors is each one's own: it names the request. */
  async #answer(event: StoredEvent, [first, ...others]: readonly Hearer[]): Promise<void> {
    if (!first) return;
    const answer = await this.#answerFor(event, first);
    this.#deliver(event, first.subscriber, answer?.payload);
    if (answer?.isWhole) others.forEach(({ subscriber }) => this.#deliver(event, subscriber, answer.payload));
    else await Promise.all(others.map(async (hearer) => this.#deliver(event, hearer.subscriber, (await this.#answerFor(event, hearer))?.payload)));
  }

  /** Undefined when the subscriber failed instead. */
  async #answerFor(event: StoredEvent, { subscriber, viewer }: Hearer): Promise<{ payload: string; isWhole: boolean } | undefined> {
    const { schema, document, operationName, variableValues, contextValue: base } = subscriber.operation;
    const { requestId, ip, userAgent, refresh } = base;
    try {
      const context = { ...this.parts.makeContext.forViewer(viewer, { credential: undefined, requestId, ip, userAgent }), refresh };
      const outcome = await runToText({ schema, document, operationName, variables: variableValues as Record<string, unknown> | null | undefined, rootValue: event, context });
      if ('data' in outcome) return { payload: `{"data":${outcome.data}}`, isWhole: true };
      const { errors, ...rest } = outcome.result;
      return { payload: JSON.stringify({ ...rest, ...(errors && { errors }) }), isWhole: !errors };
    } catch (error) {
      subscriber.fail(error);
      return undefined;
    }
  }

  #deliver(event: StoredEvent, subscriber: Subscriber, payload: string | undefined): void {
    if (payload === undefined) return;
    if (!subscriber.isCrowded || !this.#live.delete(subscriber)) return subscriber.send(payload);
    // The event is told when there is room: it costs no memory until then.
    subscriber.position = BigInt(event.position) - 1n;
    void this.#catchUp(subscriber);
  }
}

/** Asks the database once whether a row is seen, for all to whom the same rows are shown. */
const oncePerVisibility =
  ({ viewer, isVisible }: Current, asked: Map<string, Promise<boolean>>): Current['isVisible'] =>
  (model: ReadModel, id) => {
    const key = `${model.entity.name} ${id} ${visibilityKey([model.visibleTo], viewer)}`;
    const answer = asked.get(key) ?? isVisible(model, id);
    asked.set(key, answer);
    return answer;
  };
