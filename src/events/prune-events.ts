import type { SqlRunner } from '../db/sql-client.js';
import { raw, sql } from '../db/sql.js';
import type { Context } from '../kernel/context.js';
import { changePartitions, makeEventMonths } from './event-months.js';

/** Somebody who may still need what the log says, however old it is. */
export interface EventHold {
  /** As an operator reads it: `webhooks`. */
  by: string;
  /** The position after which everything is needed; undefined when nothing is. */
  after: (db: SqlRunner) => Promise<string | undefined>;
}

export interface Pruned {
  /** Partitions that were dropped. */
  dropped: readonly string[];
  /** Those that are over their time and still needed, and by what. */
  held: readonly string[];
  heldBy: string | undefined;
}

/** Of the consumers the one that is behind the others. */
const consumerHold = async (db: SqlRunner): Promise<{ by: string; after: string } | undefined> => {
  const last = await db.first<{ name: string; position: string }>(
    sql`select name, position from event_cursors order by position limit 1`,
  );
  return last && { by: `the consumer ${last.name}`, after: last.position };
};

/**
 * Drops the months of the event log that ended `EVENT_RETENTION_DAYS` ago, the oldest first; never one that holds an
 * event without its position, nor one that a consumer or a module still needs. A month is dropped whole, in a moment,
 * and nobody waits for it longer than a quarter of a second. Also makes the months to come.
 */
export async function pruneEvents({ db, services, log, signal }: Context): Promise<Pruned> {
  await makeEventMonths(db, log, signal);
  const days = services.config.eventRetentionDays;
  const limit = new Date(services.now().getTime() - days * 86_400_000);
  const over = await db.all<{ name: string }>(sql`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'events'::regclass and c.relname ~ '^events_[0-9]{4}_[0-9]{2}$'
       and (to_date(substr(c.relname, 8), 'YYYY_MM') + interval '1 month') at time zone 'UTC' <= ${limit}::timestamptz
     order by c.relname`);
  const months = over.map(({ name }) => name);
  const dropped: string[] = [];
  let heldBy: string | undefined;
  for (const month of months) {
    signal?.throwIfAborted();
    heldBy = await dropMonth(month, { db, services, signal });
    if (heldBy !== undefined) break;
    dropped.push(month);
    log.info({ month }, 'a month of the event log was dropped');
  }
  const held = months.slice(dropped.length);
  if (held.length) log.warn({ months: held, heldBy }, 'months of the event log are kept beyond their time');
  await db.run(sql`update event_log set held_months = ${held.length}, held_by = ${heldBy ?? null}`);
  return { dropped, held, heldBy };
}

/** What holds the month back; undefined once it is dropped. */
const dropMonth = (
  month: string,
  { db, services, signal }: Pick<Context, 'db' | 'services' | 'signal'>,
): Promise<string | undefined> =>
  changePartitions(db, signal, async (tx) => {
    const table = raw(month);
    const found = await tx.first<{ newest: string; hasUnplaced: boolean }>(sql`
      select coalesce(max(position), 0) as newest,
             exists (select from ${table} where position is null) as "hasUnplaced" from ${table}`);
    const { newest, hasUnplaced } = found as { newest: string; hasUnplaced: boolean };
    if (hasUnplaced) return 'events without their positions';
    const consumer = await consumerHold(tx);
    if (consumer && BigInt(consumer.after) < BigInt(newest)) return consumer.by;
    for (const { by, after } of services.eventHolds) {
      const needed = await after(tx);
      if (needed !== undefined && BigInt(needed) < BigInt(newest)) return by;
    }
    await tx.send(sql`
      update event_log set pruned_position = greatest(pruned_position, ${newest}::bigint),
                           pruned_at = ${services.now()}::timestamptz`);
    await tx.run(sql`drop table ${table}`);
    return undefined;
  });
