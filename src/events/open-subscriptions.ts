import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Listen } from '../db/database.js';
import type { SqlClient } from '../db/sql-client.js';
import { json, sql } from '../db/sql.js';
import { oneAtATime } from '../lib/one-at-a-time.js';

/** PostgreSQL channel that tells every process that a subscription is to end. */
export const endingChannel = 'passerelle_end_subscription';

/** Somebody who follows the log from this process. */
export interface OpenSubscription {
  userId: number | undefined;
  /** What it asks for, as administrators are shown it. */
  operation: string;
  transport: 'graphql-ws' | 'graphql-sse' | 'ws';
  /** Everything up to here was delivered, or is none of its. */
  position: () => bigint;
  /** Ends it because an administrator says so. */
  end: () => void;
}

export interface OpenSubscriptions {
  /** Shows a subscription to administrators until the function that is returned is called. */
  add: (subscription: OpenSubscription) => () => void;
  stop: () => Promise<void>;
}

export interface OpenSubscriptionsOptions {
  client: SqlClient;
  listen: Listen;
  /** Of the row of this process among `processes`. */
  processId: string;
  /** Position of the newest event. */
  newest: () => bigint;
  log: Logger;
  /** How often they are written. Default 3 s. */
  writeMs?: number;
}

/** Of one process: those that lag most, then the others. */
const mostShown = 1_000;
/** Rows of a process that has not written for so long are removed by another one. */
const deadSeconds = 30;
const longestOperation = 200;

/**
 * What is open in this process, written into `open_subscriptions` every few seconds for the administrators at all
 * processes; that table is their only way to each other's. A process that dies leaves rows, which the others remove.
 */
export async function startOpenSubscriptions({
  client,
  listen,
  processId,
  newest,
  log,
  writeMs = 3_000,
}: OpenSubscriptionsOptions): Promise<OpenSubscriptions> {
  const open = new Map<string, OpenSubscription & { startedAt: Date }>();
  let hasWritten = false;

  const write = async (): Promise<void> => {
    if (!open.size && !hasWritten) return;
    const rows = [...open].map(([id, { userId, operation, transport, startedAt, position }]) => ({
      id,
      user_id: userId,
      operation: operation.slice(0, longestOperation),
      transport,
      started_at: startedAt,
      position: position(),
    }));
    rows.sort((a, b) => (a.position < b.position ? -1 : a.position > b.position ? 1 : 0));
    const shown = rows.slice(0, mostShown).map((row) => ({ ...row, position: String(row.position) }));
    hasWritten = shown.length > 0;
    const end = String(newest());
    // Only what lags looks at the log: for when the first event was written that it lacks.
    await client.run(sql`
      with mine as (
        select * from jsonb_to_recordset(${json(shown)})
          as m (id uuid, user_id int, operation text, transport text, started_at timestamptz, position bigint)),
      gone as (
        delete from open_subscriptions
         where (process = ${processId}::uuid and id not in (select id from mine))
            or heard_at < now() - make_interval(secs => ${deadSeconds}::int))
      insert into open_subscriptions
             (id, process, user_id, operation, transport, started_at, position, lag_events, lag_seconds)
      select m.id, ${processId}::uuid, m.user_id, m.operation, m.transport, m.started_at, m.position,
             greatest(0, ${end}::bigint - m.position), coalesce(extract(epoch from now() - lacking.occurred_at), 0)::int
        from mine m
        left join lateral (
          select e.occurred_at from events e
           where m.position < ${end}::bigint and e.position > m.position order by e.position limit 1) lacking on true
      on conflict (id) do update
         set position = excluded.position, lag_events = excluded.lag_events, lag_seconds = excluded.lag_seconds,
             heard_at = now()`);
  };
  const endThem = async (): Promise<void> => {
    const asked = await client.all<{ id: string }>(sql`
      delete from open_subscriptions where process = ${processId}::uuid and is_ending returning id`);
    for (const { id } of asked) open.get(id)?.end();
  };
  const failed = (err: unknown): void => log.warn({ err }, 'the open subscriptions could not be written');
  const writing = oneAtATime(write, failed);
  const ending = oneAtATime(endThem, failed);
  const timer = setInterval(() => void writing.wake(), writeMs);
  timer.unref();
  const unlisten = await listen(endingChannel, () => void (open.size && ending.wake()));
  return {
    add: (subscription) => {
      const id = randomUUID();
      open.set(id, { ...subscription, startedAt: new Date() });
      return () => void open.delete(id);
    },
    stop: async () => {
      clearInterval(timer);
      await unlisten();
      await Promise.all([writing.stop(), ending.stop()]);
      open.clear();
      await write().catch(failed);
    },
  };
}
