import type { Logger } from 'pino';
import type { SqlRunner } from '../../../db/sql-client.js';
import { json, sql } from '../../../db/sql.js';

/** `requests`: all that came with the key; `refused`: those of them that a quota refused. */
export type ApiKeyFigure = 'requests' | 'refused';

export interface ApiKeyUsage {
  count: (keyId: string, figure: ApiKeyFigure) => void;
  /** Writes what was counted so far. When the database fails, it stays counted for the next attempt. Never rejects. */
  flush: () => Promise<void>;
  /** Ends the regular writes, and writes the rest. */
  stop: () => Promise<void>;
}

/** How long a figure stays in memory: what a process that dies loses at most. */
const flushMs = 5_000;

interface Counted {
  id: string;
  day: string;
  requests: number;
  refused: number;
}

/**
 * Counts the use of API keys in memory and adds it to the table every few seconds, so that a request costs no write.
 * Any number of processes may add to the same day.
 */
export function startApiKeyUsage(db: SqlRunner, now: () => Date, log: Logger): ApiKeyUsage {
  let counted = new Map<string, Counted>();
  let writing = Promise.resolve();

  const add = ({ id, day, requests, refused }: Counted): void => {
    const place = `${day} ${id}`;
    const before = counted.get(place);
    counted.set(place, {
      id,
      day,
      requests: requests + (before?.requests ?? 0),
      refused: refused + (before?.refused ?? 0),
    });
  };
  const write = async (): Promise<void> => {
    const batch = [...counted.values()];
    if (!batch.length) return;
    counted = new Map();
    try {
      await addToTable(db, batch);
    } catch (error) {
      batch.forEach(add);
      log.error({ err: error }, 'the use of API keys could not be written; it is tried again');
    }
  };
  const flush = (): Promise<void> => (writing = writing.then(write));

  const timer = setInterval(() => void flush(), flushMs);
  timer.unref();
  return {
    count: (id, figure) => add({ id, day: now().toISOString().slice(0, 10), requests: 0, refused: 0, [figure]: 1 }),
    flush,
    stop: () => {
      clearInterval(timer);
      return flush();
    },
  };
}

/**
 * One statement. A key that was deleted meanwhile is left out; the fixed order keeps two processes from deadlocking.
 */
async function addToTable(db: SqlRunner, batch: readonly Counted[]): Promise<void> {
  await db.run(sql`
    insert into api_key_usage (api_key_id, day, requests, refused)
    select k.id, u.day, u.requests, u.refused
      from jsonb_to_recordset(${json(batch)}::jsonb) u (id uuid, day date, requests bigint, refused bigint)
      join api_keys k on k.id = u.id
     order by k.id, u.day for key share of k
    on conflict (api_key_id, day) do update
       set requests = api_key_usage.requests + excluded.requests, refused = api_key_usage.refused + excluded.refused`);
}
