import type { Logger } from 'pino';
import type { Listen } from '../db/database.js';
import type { SqlClient, Transaction } from '../db/sql-client.js';
import { raw, sql } from '../db/sql.js';
import { oneAtATime } from '../lib/one-at-a-time.js';
import { isoSecondsSql } from '../lib/postgres-text.js';
import type { EventType, StoredEvent } from './catalog.js';
import { placedChannel } from './relay.js';

/** Something that is done once for each event of the log, whatever process stands or falls. */
export interface EventConsumer {
  /** Its place in the log is kept under this name. */
  name: string;
  /** The types that it wants; others are passed over without a call. */
  types: readonly EventType[];
  /** Writes with `tx`, the transaction that also moves the place: what it wrote is there exactly once. */
  consume: (tx: Transaction, event: StoredEvent) => Promise<void>;
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
  client: SqlClient,
  listen: Listen,
  consumers: readonly EventConsumer[],
  log: Logger,
): Promise<Consumers> {
  for (const { name } of consumers) {
    await client.run(sql`
      insert into event_cursors (name, position) select ${name}, coalesce(max(position), 0) from events
      on conflict do nothing`);
  }
  let stopped = false;
  const followers = consumers.map((consumer) =>
    oneAtATime(
      async () => {
        while (!stopped && (await consumeBatch(client, consumer, log)) === batchSize);
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
      const end = await client.first<{ position: string }>(
        sql`select coalesce(max(position), 0) as position from events`,
      );
      for (;;) {
        await Promise.all(followers.map((follower) => follower.wake()));
        const behind = await client.first<{ n: number }>(
          sql`select count(*)::int as n from event_cursors where position < ${end?.position ?? '0'}::bigint`,
        );
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

/** Returns how many events it passed; 0 while another process holds the place. */
function consumeBatch(client: SqlClient, { name, types, consume }: EventConsumer, log: Logger): Promise<number> {
  return client.transaction(async (tx) => {
    const cursor = await tx.first<{ position: string }>(
      sql`select position from event_cursors where name = ${name} for update skip locked`,
    );
    if (!cursor) return 0;
    const events = await tx.all<StoredEvent>(sql`
      select position, type, subject_type as "subjectType", subject_id as "subjectId", actor_id as "actorId",
             account_id as "accountId", ${raw(isoSecondsSql('occurred_at'))} as "occurredAt", data
        from events where position > ${cursor.position}::bigint order by position limit ${raw(String(batchSize))}`);
    for (const event of events) {
      if (!types.includes(event.type)) continue;
      try {
        await tx.savepoint(() => consume(tx, event));
      } catch (error) {
        const { position, type } = event;
        log.error({ err: error, consumer: name, position, type }, 'an event could not be consumed');
        const reason = String((error as Error).message).slice(0, 1000);
        await tx.run(sql`
          insert into event_failures (consumer, position, error) values (${name}, ${position}::bigint, ${reason})
          on conflict do nothing`);
      }
    }
    const last = events.at(-1);
    if (last) await tx.send(sql`update event_cursors set position = ${last.position}::bigint where name = ${name}`);
    return events.length;
  });
}
