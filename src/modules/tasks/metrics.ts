import { counter } from '../../metrics/counter.js';

export const taskRunsTotal = counter({
  name: 'xcore_task_runs_total',
  help: 'Runs of tasks that have ended, by what they do: with success, or failed for good',
  labels: ['action', 'result'],
  atMost: { action: 200 },
});
