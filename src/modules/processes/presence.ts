import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { SqlRunner } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';

/** The row of this process among `processes`. */
export interface Presence {
  /** UUID, of this start. */
  id: string;
  /** This process serves the plugins of this revision; resolves when the others can see it. */
  serves: (pluginRevision: string) => Promise<void>;
  /** This process stops: nobody waits for it any more. Never rejects. */
  drain: () => Promise<void>;
  /** Removes the row. */
  stop: () => Promise<void>;
}

export interface PresenceOptions {
  db: SqlRunner;
  role: 'all' | 'web' | 'worker';
  version: string;
  log: Logger;
  /** Default 2,000. */
  everyMs?: number;
}

/** As many beats between two looks for rows of processes that died. */
const beatsPerSweep = 15;

/**
 * Writes the row of this process and says every few seconds that it lives; it says so again after the database was
 * away. Rows that were not heard for a minute are removed. Rejects when the row cannot be written.
 */
export async function startPresence({ db, role, version, log, everyMs = 2_000 }: PresenceOptions): Promise<Presence> {
  const id = randomUUID();
  let revision: string | null = null;
  let isDraining = false;
  let isStopped = false;
  let beats = 0;
  let isHeard = true;

  // One statement whether the row is there or not: another process may have taken this one for dead.
  const write = async (): Promise<void> => {
    await db.run(sql`
      insert into processes (id, host, pid, role, version, is_draining, plugin_revision)
      values (${id}::uuid, ${hostname()}, ${process.pid}, ${role}, ${version}, ${isDraining}, ${revision}::bigint)
      on conflict (id) do update
         set heard_at = now(), is_draining = excluded.is_draining, plugin_revision = excluded.plugin_revision`);
    if (beats % beatsPerSweep === 0)
      await db.run(sql`delete from processes where heard_at < now() - interval '1 minute'`);
    beats += 1;
  };
  let writing: Promise<void> = write();
  await writing;
  // One after the other, so that an older word never overtakes a newer one.
  const say = (): Promise<void> => {
    const said = writing.catch(() => undefined).then(() => (isStopped ? undefined : write()));
    writing = said;
    return said;
  };
  let isSaying = false;
  const trySaying = async (): Promise<void> => {
    isSaying = true;
    try {
      await say();
      isHeard = true;
    } catch (error) {
      if (isHeard) log.warn({ err: error }, 'the database does not hear this process; it is tried again');
      isHeard = false;
    } finally {
      isSaying = false;
    }
  };
  const timer = setInterval(() => {
    if (!isSaying) void trySaying();
  }, everyMs);
  timer.unref();

  return {
    id,
    serves: (pluginRevision) => {
      revision = pluginRevision;
      return say();
    },
    drain: () => {
      isDraining = true;
      return trySaying();
    },
    stop: async () => {
      clearInterval(timer);
      isStopped = true;
      await writing.catch(() => undefined);
      await db.run(sql`delete from processes where id = ${id}::uuid`);
    },
  };
}
