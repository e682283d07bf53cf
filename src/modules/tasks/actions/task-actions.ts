import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { Context } from '../../../kernel/context.js';
import { type CleanupStep, taskAction, type TaskActions } from '../../../kernel/task-action.js';

const longestSleep = 60;

/** The actions that belong to no other module. */
export const coreActions: TaskActions = {
  noop: taskAction({
    description: 'Does nothing: for trying when a task runs.',
    params: z.strictObject({}),
    run: async ({ log }) => log.info('nothing to do'),
  }),
  sleep: taskAction({
    description: `Waits for \`seconds\`, 0 to ${longestSleep}: for trying schedules.`,
    params: z.strictObject({ seconds: z.number().min(0).max(longestSleep) }),
    run: async ({ log, signal }, { seconds }) => {
      log.info(`waits for ${seconds} s`);
      await setTimeout(seconds * 1000, undefined, { signal });
    },
  }),
  cleanup_logs: taskAction({
    description: 'Deletes what is kept of the past for a time only, such as old runs of tasks.',
    params: z.strictObject({}),
    run: (ctx) => runSteps(ctx, ctx.services.cleanup),
  }),
  purge_trash: taskAction({
    description: 'Deletes for good what has lain in the trash for so long that nobody can bring it back.',
    params: z.strictObject({}),
    run: (ctx) => runSteps(ctx, ctx.services.emptyTrash),
  }),
};

/** One after the other; one that fails does not keep the others. Throws afterwards when any did. */
async function runSteps(ctx: Context, steps: Readonly<Record<string, CleanupStep>>): Promise<void> {
  const failed: string[] = [];
  for (const [name, step] of Object.entries(steps)) {
    ctx.signal?.throwIfAborted();
    try {
      await step(ctx);
      ctx.log.info(`${name}: done`);
    } catch (error) {
      failed.push(name);
      ctx.log.error({ err: error }, `${name}: failed`);
    }
  }
  if (failed.length) throw new Error(`Failed: ${failed.join(', ')}`);
}
