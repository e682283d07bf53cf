import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { failRun } from './finish-run.js';
import { startLeaseSeconds } from './leases.js';

const mostAtOnce = 100;
/** A run that takes its process down with it is begun so often again. */
const mostInterruptions = 5;
/** Where no process knows the action that a run is of, it waits for one for so long. */
const longestWaitMinutes = 10;

/**
 * Sends runs on whose lease has ended: the process died or stopped, nobody began them, or it is time to try again. In a
 * transaction of its own.
 */
export async function recoverRuns(tx: Transaction, ctx: CommandContext): Promise<void> {
  const lost = await tx.all<{ id: number; lease: number; isHopeless: boolean; attempt: number }>(sql`
    update task_runs r
       set lease = r.lease + 1, leased_until = now() + make_interval(secs => ${startLeaseSeconds})
     where r.id in (select l.id from task_runs l where l.status = 'running' and l.leased_until <= now()
                     order by l.leased_until limit ${mostAtOnce} for no key update skip locked)
    returning r.id, r.lease, r.attempt,
              (r.attempt - r.failures > ${mostInterruptions} or
               r.attempt = 0 and r.started_at < now() - make_interval(mins => ${longestWaitMinutes})) as "isHopeless"`);
  for (const { id, lease, isHopeless, attempt } of lost)
    if (isHopeless)
      await failRun(tx, ctx, {
        runId: id,
        lease,
        error: attempt === 0 ? 'No process of the server knows its action' : 'Its process ended each time that it ran',
        isFinal: true,
      });
    else await ctx.services.jobs.send(tx, 'tasks.run', { runId: id, lease });
}
