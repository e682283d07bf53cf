import type { Logger } from 'pino';
import { takeLock } from '../db/locks.js';
import type { SqlClient } from '../db/sql-client.js';
import { raw, sql } from '../db/sql.js';
import { oneAtATime } from '../lib/one-at-a-time.js';
import { newestPosition } from './log-ends.js';

/** PostgreSQL channel that tells every process that events have got their positions. */
export const placedChannel = 'passerelle_events';

const batchSize = 1000;
/** How often the relay looks without being told: for events of a process that died right after its commit. */
const sweepMs = 5_000;
/**
 * While events keep coming, how long they gather before they are placed together: each time costs a transaction, and
 * the feed and the consumers follow it. An event after a pause is placed at once.
 */
const restMs = 40;

/**
 * Gives events their positions in the order in which they became visible. The sequence number of a row will not do: it
 * is taken inside the transaction, and transactions commit out of order, so a reader that resumes "after N" would lose
 * the event that took a smaller number and committed later. Every process runs a relay, woken by its own commits; a
 * lock lets one place at a time.
 */
export function startRelay(client: SqlClient, log: Logger): { stop: () => Promise<void> } {
  const placing = oneAtATime(
    async () => {
      while ((await placeBatch(client)) === batchSize);
    },
    (error) => log.error({ err: error }, 'the relay could not place events; it tries again'),
    restMs,
  );
  const wake = (): void => void placing.wake();

  const unfollow = client.onSignal('events', wake);
  const timer = setInterval(wake, sweepMs);
  timer.unref();
  wake();
  return {
    stop: async () => {
      clearInterval(timer);
      unfollow();
      await placing.stop();
    },
  };
}

/**
 * Returns how many events were placed. Two statements, since the second must see what the lock waited for. All that it
 * reads of a month is the end of an index and the index of what waits, however long the log is.
 */
function placeBatch(client: SqlClient): Promise<number> {
  return client.transaction(async (tx) => {
    await tx.send(takeLock('eventPositions'));
    const placed = await tx.first<{ n: number }>(sql`
      with waiting as (
        select id, row_number() over (order by id) as n from (
          select id from events where position is null order by id limit ${raw(String(batchSize))}) w),
      last as (select ${raw(newestPosition)} as position),
      placed as (
        update events e set position = last.position + w.n from waiting w, last
         where e.id = w.id and e.position is null returning e.position)
      select count(*)::int as n, case when count(*) > 0 then pg_notify(${placedChannel}, '') end from placed`);
    return placed?.n ?? 0;
  });
}
