import { declareJobs, type JobPayloadsOf } from '../../jobs/declare.js';
import type { Context } from '../../kernel/context.js';
import { processMedium } from './process-medium.js';

export const mediaJobs = declareJobs({
  /** Looks at a file that could not be looked at while it was sent. */
  'media.process': {
    batchSize: 2,
    // Two of them, each with a file that keeps its reader busy until it is stopped.
    expireInSeconds: 90,
    run: (ctx: Context, { mediumId }: { mediumId: string }): Promise<void> => processMedium(ctx, mediumId),
  },
});

export type MediaJobs = JobPayloadsOf<typeof mediaJobs>;
