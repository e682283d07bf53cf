import { unique } from '../objects.js';
import { byId, change, graphqlCells as cells, type GraphqlRow, input, text } from '../row.js';

const read = { who: ['tasks:read'], otherWho: 'manager', expect: cells.grantedRead } as const;
const manage = { who: ['tasks:manage', 'tasks:read'], otherWho: 'manager', expect: cells.grantedWrite } as const;

export const taskQueryRows: Record<string, GraphqlRow> = {
  task: { ...read, document: byId('task', 'name'), variables: ({ make }) => make.task(), shows: text('name') },
  tasks: {
    ...read,
    document: 'query ($name: String!) { tasks(filter: { search: $name }) { nodes { name } } }',
    variables: ({ make }) => make.task(),
    shows: text('name'),
  },
  taskRuns: {
    ...read,
    document: 'query ($taskId: ID!) { taskRuns(filter: { taskId: $taskId }) { nodes { log { message } } } }',
    variables: ({ make }) => make.taskRun(),
    shows: text('line'),
  },
  taskActions: { ...read, document: '{ taskActions { name params } }' },
  nextTaskRuns: { ...read, document: '{ nextTaskRuns(input: { type: SCHEDULED, schedule: "0 3 * * *" }) }' },
};

export const taskMutationRows: Record<string, GraphqlRow> = {
  createTask: {
    ...manage,
    document: change('createTask', 'CreateTaskInput', 'task { id }'),
    variables: input(() => ({ id: unique('task'), name: 'Essai', type: 'DATE', runAt: '2199-01-01T00:00:00Z' })),
  },
  updateTask: {
    ...manage,
    document: change('updateTask', 'UpdateTaskInput', 'task { id }'),
    variables: input(async ({ make }) => ({ id: (await make.task()).id, name: unique('Autre') })),
  },
  deleteTask: {
    ...manage,
    document: change('deleteTask', 'DeleteTaskInput', 'deletedId'),
    variables: input(async ({ make }) => ({ id: (await make.task()).id })),
  },
  runTask: {
    ...manage,
    document: change('runTask', 'RunTaskInput', 'taskRun { id }'),
    variables: input(async ({ make }) => ({ id: (await make.task()).id })),
  },
  pauseTask: {
    ...manage,
    document: change('pauseTask', 'PauseTaskInput', 'task { id }'),
    variables: input(async ({ make }) => ({ id: (await make.task()).id })),
  },
  resumeTask: {
    ...manage,
    document: change('resumeTask', 'ResumeTaskInput', 'task { id }'),
    variables: input(async ({ server, make }) => {
      const { id } = await make.task();
      await server.sql("update tasks set status = 'paused', next_run_at = null where id = ?", [id]);
      return { id };
    }),
  },
};
