import { momentAs as at, type PersonalData } from '../../kernel/personal-data.js';

/** Who asked for a run. */
export const taskPersonalData: PersonalData = {
  exports: {
    taskRuns: {
      sql: `
        select run.id, run.task_id as "taskId", run.status, ${at('run.started_at', 'startedAt')},
               ${at('run.finished_at', 'finishedAt')}
          from task_runs run where run.started_by_id = me.id order by run.id`,
    },
  },
  references: {
    'task_runs.started_by_id': {
      export: 'taskRuns',
      erasure: { kept: 'who asked for a run of the server is part of its history, which goes after 90 days' },
    },
  },
};
