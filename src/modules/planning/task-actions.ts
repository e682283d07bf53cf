import { z } from 'zod';
import { taskAction, type TaskActions } from '../../kernel/task-action.js';
import { sendReminders } from './send-reminders.js';

export const planningActions: TaskActions = {
  send_reminders: taskAction({
    description: 'Reminds people of appointments that begin soon, as long before as each of them says.',
    params: z.strictObject({}),
    run: (ctx) => sendReminders(ctx),
  }),
};
