/**
 * Who subscribes to the same is told together: an event is executed and printed once for all who may see the same.
 *
 * - A *subscriber* is one subscription of one socket. It is *live* while it takes events as they come; a new one that
 *   resumes, or one whose socket is crowded, *catches up*: it reads the log from its own position, an event at a time.
 * - A *channel* is all that share an operation: schema, text, name and variables, but for the position to resume after.
 *   It follows the log once and tells those who live the events that there are: one, or a few at once when they come fast.
 * - Within a channel, subscribers with one *visibility* share the answer to an event. Each credential is looked at anew
 *   before it is told anything, and an answer is never older than that look.
 */
import type { Socket } from 'node:net';
import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { StoredEvent } from '../../events/catalog.js';
import type { Context } from '../../kernel/context.js';
import { EventSubscription } from '../../kernel/event-subscription.js';
import type { Viewer } from '../../kernel/viewer.js';
import type { ContextMaker } from '../context.js';
import { presentable, run } from '../executor.js';
import type { EntityShapes } from '../reader/metadata.js';
import { visibilityKey, visibilityOf } from '../reader/visibility.js';

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
/** Bytes after which messages that are held together leave. */
const corkedBytes = 16 * 1024;
/** How many events are told at once when they come fast: fewer, the more it makes a difference who asks. */
const mostAtOnce = 32;
const differencesAtOnce = 64;

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
      if (!(Symbol.asyncIterator in source))
        return { errors: source.errors?.map((error) => presentable(error, log, requestId)) ?? [] };
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
        if (
          name.value === 'after' &&
          value.kind === Kind.VARIABLE &&
          types.getParentType() === schema.getRootType(OperationTypeNode.SUBSCRIPTION)
        )
          position = value.name.value;
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

  waitsFor(event: StoredEvent): boolean {
    return this.source.parts.concerns(event) && this.position < BigInt(event.position);
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
    this.#onSent?.();
    this.#over.resolve();
  }
}

interface ChannelParts extends Omit<SubscriptionsOptions, 'stallMs'> {
  onEmpty: () => void;
}

/** Subscribers under one credential, as it is now, or why it holds no more. */
type Asked = { subscribers: readonly Subscriber[] } & ({ current: Current } | { error: unknown });

/** Somebody who hears an event, with the rights as of now. */
interface Hearer {
  subscriber: Subscriber;
  viewer: Viewer;
}

/** What an event means to a subscriber: a message, or the end. */
type Told = { subscriber: Subscriber; event: StoredEvent } & ({ payload: string } | { error: unknown });

class Channel {
  readonly #subscribers = new Set<Subscriber>();
  readonly #live = new Set<Subscriber>();
  readonly #closed = new AbortController();
  readonly #keyOf: ((viewer: Viewer) => string) | undefined;
  /** Of the newest event that is told to those who live, or was last. */
  #position: bigint;
  /** Of those who catch up: who asked for which event since the last turn of the event loop. */
  #gathered = new Map<string, { subscribers: Subscriber[]; told: Promise<unknown> }>();

  constructor(
    operation: SocketOperation,
    readonly parts: ChannelParts,
  ) {
    this.#keyOf = visibilityOf(operation.schema, operation.document, parts.shapes);
    const { events } = operation.contextValue.services;
    this.#position = events.newest();
    void this.#follow(events.batches({ after: String(this.#position), signal: this.#closed.signal }));
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

  async #follow(batches: AsyncIterable<readonly StoredEvent[]>): Promise<void> {
    let end = (subscriber: Subscriber): void => subscriber.end();
    let atOnce = 1;
    try {
      for await (const batch of batches) {
        for (let next = 0; next < batch.length;) {
          const events: StoredEvent[] = [];
          for (; next < batch.length && events.length < atOnce; next += 1) {
            const event = batch[next] as StoredEvent;
            this.#position = BigInt(event.position);
            if (this.#live.values().some(({ source }) => source.parts.concerns(event))) events.push(event);
          }
          if (!events.length) continue;
          const differences = await this.#tell(events, [...this.#live]);
          atOnce = Math.max(1, Math.min(mostAtOnce, Math.floor(differencesAtOnce / Math.max(1, differences))));
        }
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
  #tellTogether(event: StoredEvent, subscriber: Subscriber): Promise<unknown> {
    const known = this.#gathered.get(event.position);
    if (known) {
      known.subscribers.push(subscriber);
      return known.told;
    }
    const subscribers = [subscriber];
    const told = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.#gathered.delete(event.position);
      return this.#tell([event], subscribers);
    });
    this.#gathered.set(event.position, { subscribers, told });
    return told;
  }

  /**
   * Holds when each of them has been told, has been found not to hear it, has failed, or has left for catching up. Answers
   * of how many visibilities an event had to be looked at, at most.
   */
  async #tell(events: readonly StoredEvent[], subscribers: readonly Subscriber[]): Promise<number> {
    const waiting = subscribers.filter((subscriber) => events.some((event) => subscriber.waitsFor(event)));
    const ofCredentials = Map.groupBy(waiting, ({ operation }) => operation.credential).values();
    const asked = await Promise.all([...ofCredentials].map(lookAt));
    const looked = await Promise.all(events.map((event) => this.#tellingsOf(event, asked)));
    const bySubscriber = Map.groupBy(
      looked.flatMap(({ told }) => told),
      ({ subscriber }) => subscriber,
    );
    for (const [subscriber, told] of bySubscriber) this.#deliver(subscriber, told);
    return Math.max(...looked.map(({ differences }) => differences));
  }

  async #tellingsOf(event: StoredEvent, asked: readonly Asked[]): Promise<{ told: Told[]; differences: number }> {
    const seen = new Map<string, Promise<boolean>>();
    const heard = await Promise.all(asked.map((one) => hearersAmong(event, one, seen)));
    const groups = Map.groupBy(
      heard.flatMap(({ hearers }) => hearers),
      ({ subscriber, viewer }) => this.#keyOf?.(viewer) ?? subscriber,
    );
    const answered = await Promise.all([...groups.values()].map((group) => this.#answer(event, group)));
    return {
      told: [...heard.flatMap(({ failed }) => failed), ...answered.flat()],
      differences: Math.max(seen.size, groups.size),
    };
  }

  /** Executes and prints once for all of a group, who see the same. An answer with errors is each one's own: it names the request. */
  async #answer(event: StoredEvent, [first, ...others]: readonly Hearer[]): Promise<Told[]> {
    if (!first) return [];
    const answer = await this.#answerFor(event, first);
    const answers = answer.isWhole
      ? others.map(({ subscriber }) => ({ ...answer.told, subscriber }))
      : others.map(async (hearer) => (await this.#answerFor(event, hearer)).told);
    return [answer.told, ...(await Promise.all(answers))];
  }

  async #answerFor(event: StoredEvent, { subscriber, viewer }: Hearer): Promise<{ told: Told; isWhole: boolean }> {
    const { schema, document, operationName, variableValues, contextValue: base } = subscriber.operation;
    const { requestId, ip, userAgent, refresh } = base;
    try {
      const context = this.parts.makeContext.forViewer(
        viewer,
        { credential: undefined, requestId, ip, userAgent },
        refresh,
      );
      const { errors, ...rest } = await run({
        schema,
        document,
        operationName,
        variables: variableValues as Record<string, unknown> | null | undefined,
        rootValue: event,
        context,
      });
      return {
        told: { subscriber, event, payload: JSON.stringify({ ...rest, ...(errors && { errors }) }) },
        isWhole: !errors,
      };
    } catch (error) {
      return { told: { subscriber, event, error }, isWhole: false };
    }
  }

  /** In order, and in few writes. What finds no room is told later from the log, and costs no memory until then. */
  #deliver(subscriber: Subscriber, told: readonly Told[]): void {
    const { socket, wire } = subscriber.operation;
    wire.cork();
    for (const { event, ...means } of told) {
      if (socket.bufferedAmount > corkedBytes) {
        wire.uncork();
        wire.cork();
      }
      if (socket.bufferedAmount > crowdedBytes && this.#live.delete(subscriber)) {
        subscriber.position = BigInt(event.position) - 1n;
        void this.#catchUp(subscriber);
        break;
      }
      if ('error' in means) subscriber.fail(means.error);
      else subscriber.send(means.payload);
    }
    wire.uncork();
  }
}

/** Looks once at a credential that several subscribers came with. */
async function lookAt(subscribers: readonly Subscriber[]): Promise<Asked> {
  try {
    return { subscribers, current: await (subscribers[0] as Subscriber).context.refresh() };
  } catch (error) {
    return { subscribers, error };
  }
}

/** Those of one credential's subscribers who may hear an event. `seen` holds what was asked for others. */
async function hearersAmong(
  event: StoredEvent,
  asked: Asked,
  seen: Map<string, Promise<boolean>>,
): Promise<{ hearers: Hearer[]; failed: Told[] }> {
  const waiting = asked.subscribers.filter((subscriber) => subscriber.waitsFor(event));
  const [first] = waiting;
  if (!first) return { hearers: [], failed: [] };
  try {
    if ('error' in asked) throw asked.error;
    const { viewer } = asked.current;
    const hears = await first.source.parts.mayHear(event, {
      viewer,
      isVisible: oncePerVisibility(asked.current, seen),
    });
    return { hearers: hears ? waiting.map((subscriber) => ({ subscriber, viewer })) : [], failed: [] };
  } catch (error) {
    return { hearers: [], failed: waiting.map((subscriber) => ({ subscriber, event, error })) };
  }
}

/** Asks the database once whether a row is seen, for all to whom the same rows are shown. */
const oncePerVisibility =
  ({ viewer, isVisible }: Current, seen: Map<string, Promise<boolean>>): Current['isVisible'] =>
  (model, id) => {
    const key = `${model.entity.name} ${id} ${visibilityKey(model.visibleTo, viewer)}`;
    const answer = seen.get(key) ?? isVisible(model, id);
    seen.set(key, answer);
    return answer;
  };
