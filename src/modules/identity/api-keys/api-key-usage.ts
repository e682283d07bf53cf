import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Logger } from 'pino';

/** `requests`: all that came with the key; `refused`: those of them that a quota refused. */
export type ApiKeyFigure = 'requests' | 'refused';

export interface ApiKeyUsage {
  count: (keyId: string, figure: ApiKeyFigure) => void;
  /** Writes what was counted so far. It stays counted when the database cannot take it. */
  flush: () => Promise<void>;
  /** Counts no longer by the clock, and writes the rest. */
  stop: () => Promise<void>;
}

/** How long a figure may lie in memory: what a process that dies loses at most. */
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
export function startApiKeyUsage(em: SqlEntityManager, now: () => Date, log: Logger): ApiKeyUsage {
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
      await addToTable(em, batch);
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

/** One statement. A key that is gone by now is passed over; the fixed order keeps two processes from deadlocking. */
async function addToTable(em: SqlEntityManager, batch: readonly Counted[]): Promise<void> {
  await em
    .fork()
    .getConnection()
    .execute(
      `insert into api_key_usage (api_key_id, day, requests, refused)
     select k.id, u.day, u.requests, u.refused
       from jsonb_to_recordset(?::jsonb) u (id uuid, day date, requests bigint, refused bigint) join api_keys k on k.id = u.id
      order by k.id, u.day for key share of k
     on conflict (api_key_id, day) do update
        set requests = api_key_usage.requests + excluded.requests, refused = api_key_usage.refused + excluded.refused`,
      [JSON.stringify(batch)],
    );
}
