import { declareJobs, type JobPayloadsOf } from '../../jobs/declare.js';
import { purgeAlerts } from './alerts/purge-alerts.js';
import { compactFigures } from './figures/compact-figures.js';

export const monitoringJobs = declareJobs({
  'monitoring.compact': {
    cron: '7 * * * *',
    run: async (ctx) => {
      await compactFigures(ctx);
      await purgeAlerts(ctx);
    },
  },
});

export type MonitoringJobs = JobPayloadsOf<typeof monitoringJobs>;
