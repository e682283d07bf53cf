import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Listen } from '../db/database.js';
import type { SqlClient, SqlRunner, Transaction } from '../db/sql-client.js';
import { raw, sql } from '../db/sql.js';
import { type OneAtATime, oneAtATime } from '../lib/one-at-a-time.js';
import { isoSecondsSql } from '../lib/postgres-text.js';
import { continueTrace, traceFields } from '../lib/trace-context.js';
import { traced } from '../lib/tracing.js';
import type { EventType, StoredEvent } from './catalog.js';
import { newestPosition } from './log-ends.js';
import { placedChannel } from './relay.js';

/** Something that is done once for each event of the log, whatever process stands or falls. */
export type EventConsumer = ConsumerFrame &
  (
    | {
        /** Writes with `tx`, the transaction that also moves the place: what it wrote is there exactly once. */
        consume: Consume;
        prepare?: never;
      }
    | {
        /**
         * Finds out what consuming needs and a transaction must not wait for: it reads as somebody, on other
         * connections. Runs before the transaction, for the wanted events that are next, in any number of processes at
         * once; only what one of them found is used. When it throws, all is tried again. Returns how to consume them.
         */
        prepare: (events: readonly StoredEvent[]) => Promise<Consume>;
        consume?: never;
      }
  );

interface ConsumerFrame {
  /** Its place in the log is kept under this name. */
  name: string;
  /** The types that it wants, others are passed over without a call; absent: all. */
  types?: readonly EventType[];
}

export type Consume = (tx: Transaction, event: StoredEvent) => Promise<void>;

export interface Consumers {
  /**
   * One more consumer, from its place in the log; a new one begins at the log's end. Every process adds it, also one
   * that does not consume, so that a new one misses nothing from then on. Throws when the name is taken.
   */
  add: (consumer: EventConsumer) => Promise<void>;
  /**
   * Ends a consumer here and waits for its batch under way. Its place stays: added again, it goes on from there. Does
   * nothing when there is no such consumer.
   */
  remove: (name: string) => Promise<void>;
  /** Begins to consume. */
  work: () => Promise<void>;
  /** Resolves when everything that was placed before the call has been consumed by all, here or in another process. */
  caughtUp: () => Promise<void>;
  stop: () => Promise<void>;
}

const batchSize = 200;
/** Of those that are prepared: what is found of the first ones waits for the last. */
const preparedBatchSize = 50;
/**
 * How often to look without being told: for notifications lost with a connection, and for another process that died.
 */
const sweepMs = 5_000;
/** While events keep coming, how long to let them gather: each time costs a transaction. */
const restMs = 25;

/** How often `caughtUp` looks while another process consumes. */
const lookMs = 20;

/**
 * Follows the log for each consumer. The place is a locked row, so that of all processes one consumes at a time. An
 * event that a consumer throws for is written to `event_failures` and passed over: one bad event must not stop the
 * rest.
 */
export function openConsumers(client: SqlClient, listen: Listen, log: Logger): Consumers {
  const followers = new Map<string, OneAtATime>();
  let isWorking = false;
  let stopListening: (() => Promise<void>) | undefined;
  let timer: NodeJS.Timeout | undefined;
  const wakeAll = async (): Promise<void> => {
    if (isWorking) await Promise.all([...followers.values()].map((follower) => follower.wake()));
  };
  return {
    add: async (consumer) => {
      const { name } = consumer;
      if (followers.has(name)) throw new Error(`There is a consumer ${name} already`);
      const follower = followLog(client, consumer, log);
      followers.set(name, follower);
      try {
        await noteEndOfLog(client, name);
      } catch (error) {
        followers.delete(name);
        throw error;
      }
      if (isWorking) void follower.wake();
    },
    remove: async (name) => {
      const follower = followers.get(name);
      followers.delete(name);
      await follower?.stop();
    },
    work: async () => {
      isWorking = true;
      stopListening = await listen(placedChannel, () => void wakeAll());
      timer = setInterval(() => void wakeAll(), sweepMs);
      timer.unref();
      void wakeAll();
    },
    caughtUp: async () => {
      const end = await client.first<{ position: string }>(sql`select ${raw(newestPosition)} as position`);
      const position = end?.position ?? '0';
      await wakeAll();
      while (await hasOneBehind(client, [...followers.keys()], position)) {
        await setTimeout(lookMs);
        await wakeAll();
      }
    },
    stop: async () => {
      isWorking = false;
      clearInterval(timer);
      const idle = [...followers.values()].map((follower) => follower.stop());
      followers.clear();
      await stopListening?.();
      await Promise.all(idle);
    },
  };
}

const followLog = (client: SqlClient, consumer: EventConsumer, log: Logger): OneAtATime =>
  oneAtATime(
    async (signal) => {
      const consumeBatch = (): Promise<boolean> =>
        consumer.prepare ? consumePrepared(client, consumer, log) : consumeAtOnce(client, consumer, log);
      while (!signal.aborted && (await consumeBatch()));
    },
    (error) =>
      log.error({ err: error, consumer: consumer.name }, 'a consumer of the log could not go on; it tries again'),
    restMs,
  );

/** Gives a new consumer its place. */
const noteEndOfLog = (client: SqlClient, name: string): Promise<unknown> =>
  client.run(sql`
    insert into event_cursors (name, position) values (${name}, ${raw(newestPosition)}) on conflict do nothing`);

async function hasOneBehind(client: SqlClient, names: readonly string[], position: string): Promise<boolean> {
  const behind = await client.first(
    sql`select 1 from event_cursors where name = any(${names}::text[]) and position < ${position}::bigint limit 1`,
  );
  return behind !== undefined;
}

/** Whether there may be more. Passes nothing while another process holds the place. */
const consumeAtOnce = (
  client: SqlClient,
  { consume, ...consumer }: ConsumerFrame & { consume: Consume },
  log: Logger,
): Promise<boolean> =>
  client.transaction(async (tx) => {
    const place = await lockPlace(tx, consumer.name);
    if (place === undefined) return false;
    const events = await eventsAfter(tx, place, batchSize);
    await passEvents(tx, { consumer, consume, events, log });
    return events.length === batchSize;
  });

/** The same for events that are prepared. Passes nothing either when another process has moved the place meanwhile. */
async function consumePrepared(
  client: SqlClient,
  { prepare, ...consumer }: ConsumerFrame & { prepare: (events: readonly StoredEvent[]) => Promise<Consume> },
  log: Logger,
): Promise<boolean> {
  const { name } = consumer;
  const place = await client.first<Place>(sql`select position from event_cursors where name = ${name}`);
  const events = place ? await eventsAfter(client, place.position, preparedBatchSize) : [];
  if (events.length === 0) return false;
  const wanted = events.filter(({ type }) => wants(consumer, type));
  const consume = wanted.length ? await prepare(wanted) : undefined;
  return client.transaction(async (tx) => {
    if ((await lockPlace(tx, name)) !== place?.position) return false;
    await passEvents(tx, { consumer, consume, events, log });
    return events.length === preparedBatchSize;
  });
}

interface Place {
  position: string;
}

const wants = ({ types }: ConsumerFrame, type: EventType): boolean => !types || types.includes(type);

/** Undefined while another process holds it. */
const lockPlace = async (tx: Transaction, name: string): Promise<string | undefined> =>
  (await tx.first<Place>(sql`select position from event_cursors where name = ${name} for update skip locked`))
    ?.position;

const eventsAfter = (runner: SqlRunner, position: string, limit: number): Promise<StoredEvent[]> =>
  runner.all<StoredEvent>(sql`
    select position, type, subject_type as "subjectType", subject_id as "subjectId", actor_id as "actorId",
           account_id as "accountId", ${raw(isoSecondsSql('occurred_at'))} as "occurredAt", data,
           traceparent
      from events where position > ${position}::bigint order by position limit ${raw(String(limit))}`);

interface Passage {
  consumer: ConsumerFrame;
  consume: Consume | undefined;
  events: readonly StoredEvent[];
  log: Logger;
}

/**
 * Consumes the events and moves the place behind them. All are consumed under one savepoint, each under its own only
 * when one of them fails.
 */
async function passEvents(tx: Transaction, { consumer, consume, events, log }: Passage): Promise<void> {
  const { name } = consumer;
  const wanted = consume ? events.filter(({ type }) => wants(consumer, type)) : [];
  const consumeAll = async (some: readonly StoredEvent[]): Promise<void> =>
    tx.savepoint(async () => {
      for (const event of some) await asSpan(name, event, async () => consume?.(tx, event));
    });
  if (wanted.length) await consumeAll(wanted).catch(() => consumeEach(wanted));
  const last = events.at(-1);
  if (last) await tx.send(sql`update event_cursors set position = ${last.position}::bigint where name = ${name}`);

  async function consumeEach(some: readonly StoredEvent[]): Promise<void> {
    for (const event of some) await consumeAll([event]).catch((error: unknown) => noteFailure(event, error as Error));
  }

  async function noteFailure({ position, type, traceparent }: StoredEvent, error: Error): Promise<void> {
    const trace = traceFields(continueTrace(traceparent));
    log.error({ err: error, consumer: name, position, type, ...trace }, 'an event could not be consumed');
    const reason = String(error.message).slice(0, 1000);
    await tx.run(sql`
      insert into event_failures (consumer, position, error) values (${name}, ${position}::bigint, ${reason})
      on conflict do nothing`);
  }
}

/** What an event leads to belongs to the trace that it was written in. */
const asSpan = (consumer: string, { type, traceparent }: StoredEvent, run: () => Promise<void>): Promise<void> =>
  traceparent
    ? traced(
        () => ({
          name: `process ${consumer}`,
          kind: 'consumer',
          parent: traceparent,
          attributes: {
            'messaging.system': 'passerelle',
            'messaging.operation.type': 'process',
            'messaging.destination.name': consumer,
            'passerelle.event.type': type,
          },
        }),
        run,
      )
    : run();
