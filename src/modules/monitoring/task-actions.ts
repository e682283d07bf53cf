import { z } from 'zod';
import { taskAction, type TaskActions } from '../../kernel/task-action.js';
import { checkAlerts } from './alerts/check-alerts.js';

export const monitoringActions: TaskActions = {
  check_alerts: taskAction({
    description: 'Raises and ends alerts by how requests, webhooks and tasks did.',
    params: z.strictObject({}),
    run: (ctx) => checkAlerts(ctx),
  }),
};
