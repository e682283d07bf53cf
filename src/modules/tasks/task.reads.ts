import {
  column,
  contains,
  equals,
  type Filter,
  type ListedReadModel,
  nullableColumn,
} from '../../kernel/read-model.js';
import { TaskRun } from './task-run.entity.js';
import { Task } from './task.entity.js';
import { visibleTasks } from './task.policy.js';

const isLate: Filter<boolean> = (value, alias) => `${alias}.is_late = ${value ? 'true' : 'false'}`;

export const taskReads: ListedReadModel<Task> = {
  entity: Task,
  visibleTo: visibleTasks,
  list: {
    defaultOrder: 'ID_ASC',
    orders: {
      ID: column('id', 'text'),
      NAME: column('name', 'text'),
      NEXT_RUN_AT: nullableColumn('next_run_at', 'timestamptz'),
      LAST_RUN_AT: nullableColumn('last_run_at', 'timestamptz'),
      CREATED_AT: column('created_at', 'timestamptz'),
    },
    filters: {
      // There are few tasks.
      status: equals('status', 'text'),
      type: equals('type', 'text'),
      action: equals('action', 'text'),
      pluginId: equals('plugin_id', 'text'),
      search: contains((a) => `(${a}.id || ' ' || ${a}.name)`),
    },
  },
};

export const taskRunReads: ListedReadModel<TaskRun> = {
  entity: TaskRun,
  visibleTo: visibleTasks,
  list: {
    defaultOrder: 'ID_DESC',
    orders: { ID: column('id', 'int') },
    filters: { taskId: equals('task_id', 'text'), status: equals('status', 'text'), isLate },
  },
};
