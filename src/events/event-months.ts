import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import { takeLock } from '../db/locks.js';
import { isLockTimeout, type SqlClient, type Transaction } from '../db/sql-client.js';
import { raw, sql } from '../db/sql.js';

/** Months whose partitions are made beforehand, beside the one that runs. */
const monthsAhead = 3;
/** How long a change of partitions waits for a lock: whoever comes after it waits as long. */
const lockTimeoutMs = 250;
const tries = 20;
const pauseMs = 500;

/**
 * Makes the partitions of this month and the next ones, and those of what lies outside of every month. What fits into
 * no partition is written into `events_other`, so that a log that nobody looks after for years loses nothing. Harmless
 * in several processes at once. Only logs what it cannot do: the next call makes up for it.
 */
export async function makeEventMonths(client: SqlClient, log: Logger, signal?: AbortSignal): Promise<void> {
  try {
    const missing = await client.all<{ month: string }>(sql`
      with thisMonth as (select date_trunc('month', now() at time zone 'UTC') as begins),
      wanted (month) as (
        select generate_series(begins, begins + make_interval(months => ${raw(String(monthsAhead))}),
                               interval '1 month') from thisMonth
        union
        select date_trunc('month', occurred_at at time zone 'UTC') from events_other, thisMonth
         where occurred_at < (begins + make_interval(months => ${raw(String(monthsAhead + 1))})) at time zone 'UTC')
      select to_char(month, 'YYYY-MM-DD') as month from wanted
       where to_regclass('events_' || to_char(month, 'YYYY_MM')) is null order by wanted.month`);
    for (const { month } of missing) {
      await changePartitions(client, signal, (tx) => tx.send(sql`select add_event_month(${month}::date)`));
      log.info({ month }, 'the event log has a partition for another month');
    }
  } catch (error) {
    if (!signal?.aborted) log.error({ err: error }, 'the event log could not get its next months; it tries again');
  }
}

/**
 * Runs `change` in a transaction that gives way instead of having others wait behind it, and tries again for some
 * seconds. One at a time. Throws what it last failed with.
 */
export async function changePartitions<T>(
  client: SqlClient,
  signal: AbortSignal | undefined,
  change: (tx: Transaction) => Promise<T>,
): Promise<T> {
  for (let left = tries; ; left -= 1) {
    try {
      return await client.transaction(async (tx) => {
        await tx.send(takeLock('eventMonths'));
        await tx.send(raw(`set local lock_timeout = ${lockTimeoutMs}`));
        return change(tx);
      });
    } catch (error) {
      if (left <= 1 || !isLockTimeout(error)) throw error;
      await setTimeout(pauseMs, undefined, { signal });
    }
  }
}
