import { sql } from '../../db/sql.js';
import type { Context } from '../../kernel/context.js';

const keptDays = 90;
/** Of each task, so that one that runs each second leaves others their place; the database holds so many at most. */
const keptRuns = 10_000;
const batchSize = 1_000;

/** Deletes runs that ended more than 90 days ago, and of each task those beyond the last ten thousand. */
export async function purgeRuns({ db, signal }: Context): Promise<void> {
  const old = sql`
    select id from task_runs where finished_at < now() - ${keptDays} * interval '1 day' order by finished_at`;
  const beyond = sql`
    select r.id from tasks t
     cross join lateral (
       select f.id from task_runs f where f.task_id = t.id and f.status <> 'running'
        order by f.id desc offset ${keptRuns} limit ${batchSize}) r
     where t.success_count + t.failure_count + t.skipped_count > ${keptRuns}`;
  for (const surplus of [old, beyond])
    for (;;) {
      signal?.throwIfAborted();
      const deleted = await db.run(sql`
        delete from task_runs where id in (select id from (${surplus}) s limit ${batchSize})`);
      if (deleted < batchSize) break;
    }
}
