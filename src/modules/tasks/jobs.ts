import { declareJobs, type JobPayloadsOf } from '../../jobs/declare.js';
import type { Context } from '../../kernel/context.js';

export const taskJobs = declareJobs({
  /**
   * Has the process that takes it begin a run. It ends as soon as the run has begun, so that runs that take long hold
   * up no others; from then on the run's row says who has it. One that was lost, or comes twice, does no harm.
   */
  'tasks.run': {
    isPrompt: true,
    retryLimit: 0,
    run: (ctx: Context, { runId, lease }: { runId: number; lease: number }): Promise<void> =>
      ctx.services.tasks.begin(ctx, { runId, lease }),
  },
});

export type TaskJobs = JobPayloadsOf<typeof taskJobs>;
