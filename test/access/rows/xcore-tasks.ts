import { unique } from '../objects.js';
import { restCells, type RestRow } from '../row.js';

const { grantedRead, grantedWrite } = restCells({ forbidden: 403 });
const who = ['tasks:manage', 'tasks:read'] as const;

export const xcoreTaskRows: Record<string, RestRow> = {
  'GET /system/tasks': {
    who: ['tasks:read'],
    expect: grantedRead(),
    request: async ({ make }) => {
      const { name } = await make.task();
      return { path: `/system/tasks?search=${name}`, shows: name };
    },
  },
  'POST /system/tasks': {
    who,
    expect: grantedWrite(201),
    request: () => ({
      path: '/system/tasks',
      json: { id: unique('task'), name: 'Essai', type: 'date', run_at: '2199-01-01T00:00:00Z' },
    }),
  },
  'GET /system/tasks/:task_id': {
    who: ['tasks:read'],
    expect: grantedRead(),
    request: async ({ make }) => {
      const { id, name } = await make.task();
      return { path: `/system/tasks/${id}`, shows: name };
    },
  },
  'PUT /system/tasks/:task_id': {
    who,
    expect: grantedWrite(),
    request: async ({ make }) => ({ path: `/system/tasks/${(await make.task()).id}`, json: { name: unique('Autre') } }),
  },
  'DELETE /system/tasks/:task_id': {
    who,
    expect: grantedWrite(204),
    request: async ({ make }) => ({ path: `/system/tasks/${(await make.task()).id}` }),
  },
  'GET /system/tasks/:task_id/runs': {
    who: ['tasks:read'],
    expect: grantedRead(),
    request: async ({ make }) => {
      const { taskId, line } = await make.taskRun();
      return { path: `/system/tasks/${taskId}/runs`, shows: line };
    },
  },
  ...Object.fromEntries(
    (['run', 'pause', 'resume'] as const).map((verb): [string, RestRow] => [
      `POST /system/tasks/:task_id/${verb}`,
      {
        who,
        expect: grantedWrite(),
        request: async ({ server, make }) => {
          const { id } = await make.task();
          if (verb === 'resume')
            await server.sql("update tasks set status = 'paused', next_run_at = null where id = ?", [id]);
          return { path: `/system/tasks/${id}/${verb}`, json: {} };
        },
      },
    ]),
  ),
};
