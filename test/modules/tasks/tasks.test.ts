import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { taskAction, type TaskActions, type TaskRunFacts } from '../../../src/kernel/task-action.js';
import { theSystem } from '../../../src/kernel/viewer.js';
import { addPluginTasks, pausePluginTasks, removePluginTasks } from '../../../src/modules/tasks/plugin-tasks.js';
import type { ContributedTask } from '../../../src/plugin-host/contribution.js';
import { settled } from '../../support/events.js';
import { startTestServer, type TestServer } from '../../support/harness.js';
import { act } from '../../support/tasks.js';

let server: TestServer;
/** What the actions of the test were called with, by task. */
const calls = new Map<string, TaskRunFacts[]>();
const underWay = new Map<string, number>();
let mostAtOnce = 0;
/** Ends what waits for it. */
const gate = Promise.withResolvers<void>();
const patience = { timeout: 30_000, interval: 50 };

const noted = (facts: TaskRunFacts): void => void calls.set(facts.taskId, [...(calls.get(facts.taskId) ?? []), facts]);

const testActions: TaskActions = {
  wait: taskAction({
    description: 'Waits.',
    params: z.strictObject({ forGate: z.boolean() }),
    run: async ({ log }, { forGate }, facts) => {
      noted(facts);
      underWay.set(facts.taskId, (underWay.get(facts.taskId) ?? 0) + 1);
      mostAtOnce = Math.max(mostAtOnce, underWay.get(facts.taskId) ?? 0);
      log.info('begins');
      if (forGate) await gate.promise;
      underWay.set(facts.taskId, (underWay.get(facts.taskId) ?? 0) - 1);
    },
  }),
  fail: taskAction({
    description: 'Fails as often as it is told.',
    params: z.strictObject({ times: z.number() }),
    run: async ({ log }, { times }, facts) => {
      noted(facts);
      for (let i = 0; i < 1000; i += 1) log.child({ part: 1 }).warn({ secret: 'not kept' }, `line ${i}`);
      if ((calls.get(facts.taskId) ?? []).length <= times) throw new Error('as it was told');
    },
  }),
  deaf: taskAction({
    description: 'Does not hear that it should end.',
    params: z.strictObject({}),
    run: (_ctx, _params, facts) => {
      noted(facts);
      return new Promise(() => {});
    },
  }),
};

beforeAll(async () => {
  server = await startTestServer();
  server.services.tasks.actions.addOfPlugin('test', testActions);
});
afterAll(() => server?.stop());

const fields = `id status nextRunAt lastRunAt successCount failureCount skippedCount
  runs(first: 100, orderBy: ID_ASC) { totalCount nodes { id status isLate attempt error dueAt log { level message } } }`;
async function ask(query: string, variables: object = {}): Promise<any> {
  const { data, errors } = await server.graphql(query, variables, server.admin.token);
  expect(errors).toBeUndefined();
  return data;
}
const task = async (id: string): Promise<any> =>
  (await ask(`query ($id: ID!) { task(id: $id) { ${fields} } }`, { id })).task;
const change = async (name: string, input: object, selection = 'task { id }'): Promise<any> =>
  (
    await ask(
      `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${selection} } }`,
      { input },
    )
  )[name];
const make = (id: string, input: object): Promise<any> => change('createTask', { id, name: id, ...input });
const never = { type: 'DATE', runAt: '2199-01-01T00:00:00Z' };
const run = (id: string): Promise<any> => change('runTask', { id }, 'taskRun { id }');
const ended = async (id: string, count: number): Promise<any> => {
  const over = async (): Promise<number> =>
    (await task(id)).runs.nodes.filter(({ status }: { status: string }) => status !== 'RUNNING').length;
  await expect.poll(over, patience).toBeGreaterThanOrEqual(count);
  return task(id);
};

test('an interval shorter than its runs: never two at once, one note of what was left out, no pile afterwards', async () => {
  await make('overlap', { type: 'INTERVAL', intervalSeconds: 1, action: 'test.wait', params: { forGate: true } });
  await expect.poll(async () => (await task('overlap')).skippedCount, patience).toBeGreaterThanOrEqual(2);
  const during = await task('overlap');
  expect(during.status).toBe('RUNNING');
  expect(during.runs.nodes.map(({ status }: { status: string }) => status)).toEqual(['RUNNING', 'SKIPPED']);
  expect(during.runs.nodes[1].log).toEqual([{ level: 'info', message: 'A run before it was still under way' }]);
  await change('pauseTask', { id: 'overlap' });
  gate.resolve();
  await expect.poll(async () => (await task('overlap')).runs.nodes[0].status, patience).toBe('SUCCESS');
  expect(await task('overlap')).toMatchObject({ status: 'PAUSED', successCount: 1, runs: { totalCount: 2 } });
  expect(calls.get('overlap')).toHaveLength(1);
  expect(mostAtOnce).toBe(1);
});

test('missed for a day: made up for once, late; or left out; and after a pause nothing is', async () => {
  const minutely = {
    type: 'SCHEDULED',
    schedule: '* * * * *',
    timeZone: 'UTC',
    action: 'test.wait',
    params: { forGate: false },
  };
  await make('caught_up', minutely);
  await make('left_out', { ...minutely, missedRuns: 'SKIP' });
  await make('resumed', minutely);
  await change('pauseTask', { id: 'resumed' });
  await server.sql(
    `update tasks set next_run_at = date_trunc('minute', now()) - interval '1 day' where id in ('caught_up', 'left_out')`,
  );
  const [caughtUp, leftOut] = [await ended('caught_up', 1), await ended('left_out', 1)];
  expect(caughtUp.runs.nodes[0]).toMatchObject({ status: 'SUCCESS', isLate: true, attempt: 1 });
  expect(leftOut.runs.nodes[0]).toMatchObject({ status: 'SKIPPED', isLate: false });
  for (const { nextRunAt } of [caughtUp, leftOut]) expect(Date.parse(nextRunAt)).toBeGreaterThan(Date.now() - 5_000);
  // A day passes over the one that is paused.
  await server.sql(`update tasks set updated_at = now() - interval '1 day' where id = 'resumed'`);
  const resumed = await change('resumeTask', { id: 'resumed' }, 'task { status nextRunAt runs { totalCount } }');
  expect(resumed.task).toMatchObject({ status: 'SCHEDULED', runs: { totalCount: 0 } });
  expect(Date.parse(resumed.task.nextRunAt)).toBeGreaterThan(Date.now());
  for (const id of ['caught_up', 'left_out', 'resumed']) await change('deleteTask', { id }, 'deletedId');
});

test('a run that fails is tried again, with its log kept within bounds; one that fails for good says why', async () => {
  await make('flaky', { ...never, action: 'test.fail', params: { times: 1 }, retryLimit: 2, retryDelaySeconds: 1 });
  await run('flaky');
  const flaky = await ended('flaky', 1);
  expect(flaky).toMatchObject({ status: 'SCHEDULED', successCount: 1, failureCount: 0 });
  const [{ log, ...kept }] = flaky.runs.nodes;
  expect(kept).toMatchObject({ status: 'SUCCESS', attempt: 2, error: null, dueAt: null });
  expect(log.length).toBe(201);
  expect(log[0]).toEqual({ level: 'warn', message: 'line 0' });
  expect(log.at(-1)).toEqual({ level: 'warn', message: 'line 999' });
  expect(JSON.stringify(log)).not.toContain('not kept');

  await make('broken', { ...never, action: 'test.fail', params: { times: 100 } });
  await run('broken');
  const broken = await ended('broken', 1);
  expect(broken).toMatchObject({ status: 'FAILED', failureCount: 1 });
  expect(broken.runs.nodes[0]).toMatchObject({ status: 'FAILURE', error: 'as it was told', attempt: 1 });
  // Whoever asked is told; the log of events says that it failed, and not why.
  await settled(server.app);
  const told = await server.sql(`select title, message, type from notifications where message like '%broken%'`);
  expect(told).toEqual([{ title: 'Échec de la tâche', message: 'La tâche broken a échoué', type: 'task_completed' }]);
  const events = await server.sql(`select type, data from events where subject_id = 'broken' order by position`);
  expect(events.map(({ type }: { type: string }) => type)).toEqual(['task.created', 'task.started', 'task.failed']);
  expect(JSON.stringify(events)).not.toContain('as it was told');
});

test('an action that does not hear of its time limit ends without it, and the next run begins', async () => {
  await make('deaf', { ...never, action: 'test.deaf', timeLimitSeconds: 1 });
  await run('deaf');
  expect((await ended('deaf', 1)).runs.nodes[0]).toMatchObject({ status: 'FAILURE', error: 'It took longer than 1 s' });
  await change('updateTask', { id: 'deaf', action: 'noop', params: {} });
  await run('deaf');
  expect(await ended('deaf', 2)).toMatchObject({ status: 'SCHEDULED', successCount: 1 });
});

test('a run whose process died is begun anew, once, and whoever lost it cannot end it', async () => {
  await make('lost', { ...never, action: 'test.wait', params: { forGate: false } });
  await server.sql(
    `insert into task_runs (task_id, status, due_at, started_at, attempt, lease, leased_until)
     values ('lost', 'running', now(), now(), 1, 7, now() - interval '1 second')`,
  );
  const { runs, successCount } = await ended('lost', 1);
  expect(runs.nodes).toMatchObject([{ status: 'SUCCESS', attempt: 2 }]);
  expect([successCount, calls.get('lost')?.length]).toEqual([1, 1]);
  // One that takes its process down each time is not begun for ever.
  await server.sql(
    `insert into task_runs (task_id, status, due_at, started_at, attempt, leased_until)
     values ('lost', 'running', now(), now(), 6, now())`,
  );
  expect((await ended('lost', 2)).runs.nodes[1]).toMatchObject({
    status: 'FAILURE',
    error: 'Its process ended each time that it ran',
  });
});

test('a task that does not succeed in time raises an alert once, which ends when it does', async () => {
  await make('watched', { ...never, action: 'noop', alertAfterSeconds: 60 });
  const alerts = (): Promise<any[]> =>
    server.sql(`select kind, ended_at is null as up, end_reason from alerts where subject_name = 'watched'`);
  await act(server, 'check_alerts');
  expect(await alerts()).toEqual([]);
  await server.sql(`update tasks set alert_since = now() - interval '2 minutes' where id = 'watched'`);
  await act(server, 'check_alerts');
  await act(server, 'check_alerts');
  expect(await alerts()).toEqual([{ kind: 'task_overdue', up: true, end_reason: null }]);
  await settled(server.app);
  const told = await server.sql(`select message from notifications where type = 'alert' and user_id = ?`, [
    server.admin.id,
  ]);
  expect(told).toMatchObject([{ message: expect.stringMatching(/^La tâche watched : aucun succès depuis 12\d/) }]);
  await run('watched');
  await ended('watched', 1);
  await act(server, 'check_alerts');
  expect(await alerts()).toEqual([{ kind: 'task_overdue', up: false, end_reason: 'recovered' }]);
});

test("a plugin's tasks come with it, keep what people set, and go with it without a trace", async () => {
  const ctx = server.app.contextFor(theSystem, {
    credential: undefined,
    requestId: 'x',
    ip: undefined,
    userAgent: undefined,
  });
  const add = (...tasks: ContributedTask[]): Promise<void> =>
    ctx.db.transaction((tx) => addPluginTasks(tx, ctx, 'test', { tasks, actions: testActions }));
  await server.sql(`
    insert into plugins (id, name, status, version, author, description, tags, source, source_kind, grants, package_hash,
                         installed_at)
    values ('test', 'Test', 'active', '1.0.0', '', '', '{}', 'none', 'folder', '{}', repeat('0', 64), now())`);
  const nightly: ContributedTask = {
    id: 'nightly',
    name: 'Nightly',
    action: 'wait',
    interval: undefined,
    schedule: { cron: '0 3 * * *' },
    params: { forGate: false },
  };
  const id = 'test_nightly';
  const at = (cron: string): ContributedTask => ({ ...nightly, schedule: { cron } });
  await add(nightly);
  await change('updateTask', { id, schedule: '0 4 * * *' });
  await add(nightly);
  const shown = (): Promise<any[]> => server.sql(`select id, schedule, action from tasks where plugin_id = 'test'`);
  expect(await shown()).toEqual([{ id, schedule: '0 4 * * *', action: 'test.wait' }]);
  await add(at('0 5 * * *'));
  expect(await shown()).toMatchObject([{ schedule: '0 5 * * *' }]);
  await make('test_taken', { ...never, action: 'noop' });
  await expect(add({ ...nightly, id: 'taken' })).rejects.toMatchObject({
    code: 'CONFLICT',
    options: { reason: 'task.taken', details: { ids: ['test_taken'] } },
  });
  await expect(add({ ...at('x'), id: 'No', action: 'nope' })).rejects.toMatchObject({
    options: {
      fields: ['id', 'schedule', 'action'].map((name) => ({ path: ['tasks', '0', name] })),
    },
  });
  const { errors } = await server.graphql(
    'mutation ($id: ID!) { deleteTask(input: { id: $id }) { deletedId } }',
    { id },
    server.admin.token,
  );
  expect(errors?.[0]?.extensions.reason).toBe('task.kept');
  const stand = (): Promise<any[]> =>
    server.sql(`select status, next_run_at is null as "isIdle" from tasks where plugin_id = 'test'`);
  await server.sql(`update plugins set status = 'disabled' where id = 'test'`);
  await ctx.db.transaction((tx) => pausePluginTasks(tx, ctx, 'test'));
  expect(await stand()).toEqual([{ status: 'paused', isIdle: true }]);
  for (const command of ['runTask', 'resumeTask', 'updateTask']) {
    const refused = await server.graphql(
      `mutation ($id: ID!) { ${command}(input: { id: $id }) { __typename } }`,
      { id },
      server.admin.token,
    );
    expect(refused.errors?.[0]?.extensions.reason, command).toBe('task.plugin_away');
  }
  await server.sql(`update plugins set status = 'active' where id = 'test'`);
  await add(at('0 5 * * *'));
  expect(await stand()).toEqual([{ status: 'scheduled', isIdle: false }]);
  await change('pauseTask', { id });
  await ctx.db.transaction((tx) => pausePluginTasks(tx, ctx, 'test'));
  await add(at('0 5 * * *'));
  expect(await stand(), 'what a person paused stays so').toEqual([{ status: 'paused', isIdle: true }]);
  await ctx.db.transaction((tx) => removePluginTasks(tx, ctx, 'test'));
  expect(await shown()).toEqual([]);
});

test('the next five runs are shown before anything is saved', async () => {
  const next = async (input: object): Promise<string[]> =>
    (await ask('query ($input: NextTaskRunsInput!) { nextTaskRuns(input: $input) }', { input })).nextTaskRuns;
  const runs = await next({ type: 'SCHEDULED', schedule: '0 3 * * *', timeZone: 'Asia/Tokyo' });
  expect(runs.map((at) => at.slice(11))).toEqual(Array(5).fill('18:00:00Z'));
  expect(await next(never)).toEqual(['2199-01-01T00:00:00Z']);
  const { errors } = await server.graphql(
    '{ nextTaskRuns(input: { type: SCHEDULED, schedule: "x", timeZone: "y", intervalSeconds: 1 }) }',
    {},
    server.admin.token,
  );
  expect(errors?.[0]?.extensions.fields.map(({ path }: { path: string[] }) => path.at(-1))).toEqual([
    'intervalSeconds',
    'timeZone',
    'schedule',
  ]);
});

test('no secret was shown or logged', async () => {
  expect(await server.leaks()).toEqual([]);
});
