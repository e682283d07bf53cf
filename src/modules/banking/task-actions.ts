import { z } from 'zod';
import { taskAction, type TaskActions } from '../../kernel/task-action.js';
import { postRecurrences } from './recurrences/post-recurrences.js';

export const bankingActions: TaskActions = {
  run_recurrences: taskAction({
    description: 'Posts the recurring transactions that are due.',
    params: z.strictObject({}),
    run: (ctx) => postRecurrences(ctx),
  }),
};
