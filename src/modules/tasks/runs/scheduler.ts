import { sql } from '../../../db/sql.js';
import type { StartWorker } from '../../../kernel/worker.js';
import { oneAtATime } from '../../../lib/one-at-a-time.js';
import { seedTasks } from '../seed-tasks.js';
import { claimDue } from './claim-due.js';
import { recoverRuns } from './recover-runs.js';

const tickMs = 1_000;

/** Looks each second for what is due, in every process that works; a row that one looks at, the others leave alone. */
export const startScheduler: StartWorker = async ({ ctx }) => {
  const { db, services } = ctx;
  await seedTasks(ctx);
  const tick = oneAtATime(
    async () => {
      const waiting = await db.first<{ isDue: boolean; isLost: boolean }>(sql`
        select exists (select 1 from tasks where next_run_at <= now()) as "isDue",
               exists (select 1 from task_runs where status = 'running' and leased_until <= now()) as "isLost"`);
      if (waiting?.isDue) await db.transaction((tx) => claimDue(tx, ctx));
      if (waiting?.isLost) await db.transaction((tx) => recoverRuns(tx, ctx));
    },
    (error) => ctx.log.error({ err: error }, 'tasks that are due could not be begun; they are tried again'),
  );
  const timer = setInterval(() => void tick.wake(), tickMs);
  timer.unref();
  void tick.wake();
  return {
    stop: async () => {
      clearInterval(timer);
      await tick.stop();
      await services.tasks.stop();
    },
  };
};
