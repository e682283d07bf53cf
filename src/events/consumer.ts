import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Logger } from 'pino';
import type { Listen } from '../db/database.js';
import { oneAtATime } from '../lib/one-at-a-time.js';
import { isoSecondsSql } from '../lib/postgres-text.js';
import type { EventCatalog, EventType, StoredEvent } from './catalog.js';
import { placedChannel } from './relay.js';

/** Something that is done once for each event of the log, whatever process stands or falls. */
export interface EventConsumer {
  /** Its place in the log is kept under this name. */
  name: string;
  /** The types that it wants; others are passed over without a call. */
  types: readonly EventType[];
  /** Writes with `em`, in the transaction that also moves the place: what it wrote is there exactly once. */
  consume: (em: SqlEntityManager, event: StoredEvent) => Promise<void>;
}

export interface Consumers {
  /** Resolves when everything that was placed before the call has been consumed by all. */
  caughtUp: () => Promise<void>;
  stop: () => Promise<void>;
}

const batchSize = 200;
/** How often to look without being told: for notifications lost with a connection, and for another process that died. */
const sweepMs = 5_000;
/** While events keep coming, how long to let them gather: each time costs a transaction. */
const restMs = 25;

/**
 * Follows the log for each consumer. The place is a locked row, so that of all processes one consumes at a time. An event
 * that a consumer cannot digest is written to `event_failures` and passed over: one bad event must not stop the rest.
 */
export async function startConsumers(
  em: SqlEntityManager,
  listen: Listen,
  consumers: readonly EventConsumer[],
  log: Logger,
): Promise<Consumers> {
  for (const { name } of consumers) {
    await em
      .fork()
      .getConnection()
      .execute(
        'insert into event_cursors (name, position) select ?, coalesce(max(position), 0) from events on conflict do nothing',
        [name],
      );
  }
  let stopped = false;
  const followers = consumers.map((consumer) =>
    oneAtATime(
      async () => {
        while (!stopped && (await consumeBatch(em, consumer, log)) === batchSize);
      },
      (error) =>
        log.error({ err: error, consumer: consumer.name }, 'a consumer of the log could not go on; it tries again'),
      restMs,
    ),
  );
  const wakeAll = (): void => {
    for (const follower of followers) void follower.wake();
  };
  const unlisten = await listen(placedChannel, wakeAll);
  const timer = setInterval(wakeAll, sweepMs);
  timer.unref();
  wakeAll();
  return {
    caughtUp: async () => {
      const read = (sql: string): Promise<{ n: number }[]> => em.fork().getConnection().execute(sql);
      const [end] = await read('select coalesce(max(position), 0)::float8 as n from events');
      for (;;) {
        await Promise.all(followers.map((follower) => follower.wake()));
        const [behind] = await read(`select count(*)::int as n from event_cursors where position < ${end?.n ?? 0}`);
        if (stopped || behind?.n === 0) return;
      }
    },
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      const idle = followers.map((follower) => follower.stop());
      await unlisten();
      await Promise.all(idle);
    },
  };
}

interface EventRow {
  position: string;
  type: EventType;
  subjectType: string;
  subjectId: string;
  actorId: number | null;
  accountId: number | null;
  occurredAt: string;
  data: EventCatalog[EventType];
}

/** Answers how many events it passed; 0 while another process holds the place. */
async function consumeBatch(
  root: SqlEntityManager,
  { name, types, consume }: EventConsumer,
  log: Logger,
): Promise<number> {
  return root.fork({ useContext: true }).transactional(async (em) => {
    const [cursor] = await em.execute<{ position: string }[]>(
      'select position::text from event_cursors where name = ? for update skip locked',
      [name],
    );
    if (!cursor) return 0;
    const events = await em.execute<EventRow[]>(
      `select position::text, type, subject_type as "subjectType", subject_id as "subjectId", actor_id as "actorId", account_id as "accountId",
              ${isoSecondsSql('occurred_at')} as "occurredAt", data
         from events where position > ?::bigint order by position limit ${batchSize}`,
      [cursor.position],
    );
    for (const event of events) {
      if (!types.includes(event.type)) continue;
      try {
        await em.transactional((inner) => consume(inner, event));
      } catch (error) {
        log.error(
          { err: error, consumer: name, position: event.position, type: event.type },
          'an event could not be consumed',
        );
        await em.execute(
          'insert into event_failures (consumer, position, error) values (?, ?::bigint, ?) on conflict do nothing',
          [name, event.position, String((error as Error).message).slice(0, 1000)],
        );
      }
    }
    const last = events.at(-1);
    if (last) await em.execute('update event_cursors set position = ?::bigint where name = ?', [last.position, name]);
    return events.length;
  });
}
