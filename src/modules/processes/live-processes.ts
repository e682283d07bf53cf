import type { SqlRunner } from '../../db/sql-client.js';
import { type Sql, sql } from '../../db/sql.js';
import type { Gauge } from '../../metrics/gauge.js';

/** Who was heard in the last 10 seconds is alive: DECISIONS.md, section 8. */
const isLive: Sql = sql`heard_at > now() - interval '10 seconds'`;

/** A process that has to know of a change before the change is answered. */
export interface LiveProcess {
  id: string;
  host: string;
  pid: number;
  role: 'all' | 'web' | 'worker';
}

/**
 * The live processes that do not serve this revision of the plugins, or a later one, yet. One that stops is left out:
 * it takes nothing new.
 */
export const processesBehind = (db: SqlRunner, revision: string): Promise<LiveProcess[]> =>
  db.all<LiveProcess>(sql`
    select id, host, pid, role from processes
     where ${isLive} and not is_draining and coalesce(plugin_revision, -1) < ${revision}::bigint
     order by started_at, id`);

export const liveProcesses: Gauge = {
  name: 'xcore_live_processes',
  help: 'Processes of this installation that were heard in the last 10 seconds',
  read: async (db) => {
    const row = await db.first<{ count: number }>(sql`select count(*)::int as count from processes where ${isLive}`);
    return row?.count ?? 0;
  },
};
