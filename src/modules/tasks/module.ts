import type { Module } from '../../kernel/module.js';
import { coreActions } from './actions/task-actions.js';
import { taskEvents } from './events.js';
import { taskJobs } from './jobs.js';
import { taskRunsTotal } from './metrics.js';
import { taskNotices } from './notices.js';
import { taskPersonalData } from './personal-data.js';
import { purgeRuns } from './purge-runs.js';
import { startScheduler } from './runs/scheduler.js';
import { mayHearOfTask, TaskEventResolver } from './task-event.resolver.js';
import { TaskRun } from './task-run.entity.js';
import { Task } from './task.entity.js';
import { taskReads, taskRunReads } from './task.reads.js';
import { TaskResolver, TaskRunResolver } from './task.resolver.js';

export const tasksModule: Module = {
  name: 'tasks',
  entities: [Task, TaskRun],
  reads: [taskReads, taskRunReads],
  resolvers: [TaskResolver, TaskRunResolver, TaskEventResolver],
  events: taskEvents,
  notices: taskNotices,
  jobs: taskJobs,
  workers: [startScheduler],
  taskActions: coreActions,
  cleanup: purgeRuns,
  hears: { Task: mayHearOfTask },
  personalData: taskPersonalData,
  counters: [taskRunsTotal],
};
