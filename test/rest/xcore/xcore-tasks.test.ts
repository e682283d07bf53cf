import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, startTestServer, type TestServer } from '../../support/harness.js';

/** Contract xcore, « Tâches en Arrière-Plan », each documented example with its exact keys; DECISIONS, 3, 8 and 9. */
let server: TestServer;
const moment = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
const call = (method: string, path: string, json?: unknown, token = server.admin.token): Promise<Answer> =>
  server.request(method, `/system/tasks${path}`, { token, ...(json !== undefined && { json }) });
const problemOf = ({ status, json }: Answer): unknown => [status, json.error.code, json.error.message];
const fieldsOf = ({ status, json }: Answer): unknown => [
  status,
  json.error.details.map((d: { field: string }) => d.field).toSorted(),
];
/** What is kept of a task's newest run, once it has ended. */
async function lastRun(id: string): Promise<any> {
  await expect.poll(async () => (await call('GET', `/${id}/runs`)).json.items[0]?.finished_at).toEqual(moment);
  return (await call('GET', `/${id}/runs`)).json.items[0];
}

beforeAll(async () => {
  server = await startTestServer({ env: { TIME_ZONE: 'Europe/Paris' } });
});
afterAll(() => server?.stop());

const keysOfRow = [
  'id',
  'name',
  'type',
  'status',
  'schedule',
  'last_run',
  'next_run',
  'success_count',
  'failure_count',
];

test('the server brings its own tasks, listed with the documented keys', async () => {
  const list = await call('GET', '');
  expect(Object.keys(list.json)).toEqual(['total', 'skip', 'limit', 'items', 'has_more']);
  expect(list.json).toMatchObject({ total: 5, skip: 0, limit: 20, has_more: false });
  expect(list.json.items.map(({ id }: { id: string }) => id)).toEqual([
    'check_alerts',
    'cleanup_logs',
    'purge_trash',
    'run_recurrences',
    'send_reminders',
  ]);
  expect(list.json.items.map(Object.keys)).toEqual(Array(5).fill(keysOfRow));
  expect(list.json.items[1]).toEqual({
    id: 'cleanup_logs',
    name: 'Nettoyage des logs',
    type: 'scheduled',
    status: 'scheduled',
    schedule: '0 0 * * *',
    last_run: null,
    next_run: moment,
    success_count: 0,
    failure_count: 0,
  });
  const page = await call('GET', '?skip=1&limit=2&sort_by=name&sort_order=desc');
  expect(page.json).toMatchObject({ total: 5, skip: 1, limit: 2, has_more: true });
  expect((await call('GET', '?status=paused')).json.items).toEqual([]);
  expect((await call('GET', '?search=corbeille')).json.items.map(({ id }: { id: string }) => id)).toEqual([
    'purge_trash',
  ]);
  for (const query of ['limit=101', 'limit=0', 'skip=-1', 'sort_by=x', 'sort_order=up', 'status=x'])
    expect(fieldsOf(await call('GET', `?${query}`))).toEqual([422, [query.split('=')[0]]]);
  // They stay, with what they do; when they run is the firm's affair.
  expect(problemOf(await call('DELETE', '/cleanup_logs'))).toEqual([
    409,
    'CONFLICT',
    'Cette tâche appartient au serveur ou à un plugin : elle peut être suspendue, pas supprimée',
  ]);
  expect(fieldsOf(await call('PUT', '/cleanup_logs', { action: 'noop' }))).toEqual([422, ['action']]);
  const moved = await call('PUT', '/cleanup_logs', { schedule: '30 1 * * 1-5', timezone: 'America/New_York' });
  expect([moved.status, moved.json]).toMatchObject([200, { schedule: '30 1 * * 1-5', timezone: 'America/New_York' }]);
});

test('a task is made, read, changed, paused, resumed, run and deleted with the documented bodies', async () => {
  const body = { id: 'ma_tache', name: 'Ma Tâche', type: 'interval', interval: { hours: 1 }, enabled: true };
  const made = await call('POST', '', body);
  const whole = {
    id: 'ma_tache',
    name: 'Ma Tâche',
    type: 'interval',
    status: 'scheduled',
    schedule: null,
    last_run: null,
    next_run: moment,
    success_count: 0,
    failure_count: 0,
    interval: { hours: 1 },
    timezone: null,
    run_at: null,
    action: 'noop',
    params: {},
    enabled: true,
  };
  expect([made.status, made.json]).toEqual([201, whole]);
  expect(Math.abs(Date.parse(made.json.next_run) - Date.now() - 3_600_000)).toBeLessThan(10_000);
  expect(fieldsOf(await call('POST', '', body))).toEqual([409, ['id']]);
  expect((await call('GET', '/ma_tache/')).json).toEqual(made.json);

  const run = await call('POST', '/ma_tache/run');
  expect([run.status, run.json]).toEqual([200, { id: 'ma_tache', status: 'running', started_at: moment }]);
  expect(await lastRun('ma_tache')).toEqual({
    id: expect.any(Number),
    started_at: moment,
    finished_at: moment,
    status: 'success',
    late: false,
    attempt: 1,
    log: [expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z info nothing to do$/)],
  });
  expect((await call('GET', '/ma_tache')).json).toEqual({
    ...made.json,
    last_run: moment,
    success_count: 1,
  });

  expect((await call('POST', '/ma_tache/pause')).json).toEqual({ id: 'ma_tache', status: 'paused' });
  expect((await call('GET', '/ma_tache')).json).toMatchObject({ status: 'paused', enabled: false, next_run: null });
  expect((await call('POST', '/ma_tache/resume')).json).toEqual({ id: 'ma_tache', status: 'scheduled' });

  const put = await call('PUT', '/ma_tache', { name: 'Autre', interval: { minutes: 30 }, enabled: false });
  expect([put.status, put.json]).toMatchObject([
    200,
    { name: 'Autre', interval: { minutes: 30 }, status: 'paused', action: 'noop' },
  ]);
  // A whole task that was read may be sent back.
  expect((await call('PUT', '/ma_tache', put.json)).json).toEqual(put.json);
  const other = await call('PUT', '/ma_tache', { type: 'scheduled', schedule: '0 3 * * *', enabled: true });
  expect(other.json).toMatchObject({
    type: 'scheduled',
    interval: null,
    timezone: 'Europe/Paris',
    status: 'scheduled',
  });

  const gone = await call('DELETE', '/ma_tache');
  expect([gone.status, gone.text]).toEqual([204, '']);
  const missing = [404, 'NOT_FOUND', 'Tâche non trouvée'];
  for (const id of ['ma_tache', '1', 'Ma%20T', 'x'.repeat(200)])
    for (const [method, rest, json] of [
      ['GET', ''],
      ['PUT', '', { name: 'x' }],
      ['DELETE', ''],
      ['GET', '/runs'],
      ['POST', '/run'],
      ['POST', '/pause'],
      ['POST', '/resume'],
    ] as const)
      expect(problemOf(await call(method, `/${id}${rest}`, json))).toEqual(missing);
});

test('all that is wrong is told at once, by the names of the document', async () => {
  const base = { id: 'bad', name: 'Bad' };
  const wrong: [object, string[]][] = [
    [{}, ['id', 'name', 'type']],
    [
      { id: 'Bad Id', name: ' ', type: 'scheduled', schedule: '61 * * * *', timezone: 'Mars/Olympus', action: 'nope' },
      ['action', 'id', 'name', 'schedule', 'timezone'],
    ],
    [{ ...base, type: 'cron', enabled: 'yes' }, ['enabled', 'type']],
    [{ ...base, type: 'interval' }, ['interval']],
    [{ ...base, type: 'interval', interval: {} }, ['interval']],
    [{ ...base, type: 'interval', interval: { seconds: 0.5 } }, ['interval']],
    [{ ...base, type: 'interval', interval: { days: 400 } }, ['interval']],
    [{ ...base, type: 'interval', interval: { hours: 1 }, schedule: '* * * * *' }, ['schedule']],
    [{ ...base, type: 'scheduled' }, ['schedule']],
    [{ ...base, type: 'scheduled', schedule: '0 0 30 2 *' }, ['schedule']],
    [{ ...base, type: 'scheduled', schedule: '* * * * * *' }, ['schedule']],
    [{ ...base, type: 'scheduled', schedule: '2026-01-01T00:00:00' }, ['schedule']],
    [{ ...base, type: 'scheduled', schedule: '0 0 * * *', timezone: '+02:00' }, ['timezone']],
    [{ ...base, type: 'date', run_at: '2020-01-01T00:00:00Z' }, ['run_at']],
    [{ ...base, type: 'date', run_at: 'soon' }, ['run_at']],
    [
      { ...base, type: 'interval', interval: { hours: 1 }, action: 'sleep', params: { seconds: 61, more: 1 } },
      ['params.more', 'params.seconds'],
    ],
    [{ ...base, type: 'interval', interval: { hours: 1 }, action: 'sleep' }, ['params.seconds']],
    [{ ...base, type: 'interval', interval: { hours: 1 }, params: [] }, ['params']],
  ];
  for (const [body, fields] of wrong)
    expect([body, fieldsOf(await call('POST', '', body))]).toEqual([body, [422, fields]]);
});

test('run while running is 409, also at the same time from several', async () => {
  await call('POST', '', {
    id: 'sommeil',
    name: 'Sommeil',
    type: 'date',
    run_at: '2199-01-01T00:00:00Z',
    action: 'sleep',
    params: { seconds: 60 },
  });
  const answers = await Promise.all([1, 2, 3, 4].map(() => call('POST', '/sommeil/run')));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409]);
  expect(problemOf(await call('POST', '/sommeil/run'))).toEqual([
    409,
    'CONFLICT',
    "Cette tâche est déjà en cours d'exécution",
  ]);
  expect((await call('GET', '/sommeil')).json).toMatchObject({ status: 'running', enabled: true });
  // What is deleted while it runs ends, and leaves nothing.
  expect((await call('DELETE', '/sommeil')).status).toBe(204);
  expect((await call('GET', '/sommeil/runs')).status).toBe(404);
});

test('who may not read tasks is told so', async () => {
  const { token } = await server.person();
  expect((await call('GET', '', undefined, token)).status).toBe(403);
  expect((await call('POST', '/cleanup_logs/run', {}, token)).status).toBe(403);
  expect((await server.request('GET', '/system/tasks')).status).toBe(401);
});

test('no secret was shown or logged', async () => {
  expect(await server.leaks()).toEqual([]);
});
