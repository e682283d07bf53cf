import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { getPriority } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PluginFailed, PluginRefusal } from '../../src/plugin-host/plugin-process.js';
import { pluginFolder, removeFolders, root, startTestPlugin, type TestPlugin, withQueries } from './plugin.js';

const files = {
  'index.js': `
import { batch, definePlugin, refuse, reply } from '@passerelle/plugin';
import { greeting } from './lib/greeting.js';
import list from './lib/list.json' with { type: 'json' };

export default definePlugin({
  sdl: 'extend type Query { greeting(name: String!): String }',
  resolvers: {
    Query: {
      greeting: (parent, { name }, api) => greeting + name + ' from ' + api.viewer.id + list[0],
      refused: () => refuse('BAD_USER_INPUT', 'No', [{ path: ['name'], message: 'is wrong' }]),
      thrown: () => { throw new Error('inner words'); },
      document: async (parent, args, api) => api.graph('{ document(id: 1) { title } }'),
      storage: (parent, args, api) => api.storage.find('stars'),
      late: async (parent, { ms }, api) => new Promise((resolve) => setTimeout(() => resolve(api.signal.aborted), ms)),
      emit: (parent, { type }, api) => api.emit(type, { subjectType: 'Document', subjectId: '1' }),
      exit: () => process.exit(3),
      seen: () => new Promise((resolve) => { whenSeen = resolve; }),
    },
    Document: { stars: batch((parents) => parents.map(({ id }) => id * 10)) },
  },
  events: ['star_given'],
  routes: [{ method: 'POST', path: '/stars/:id', handler: ({ params, body }) => reply(201, { ...params, ...body }) }],
  actions: { count: (params, api) => api.log.info('counts', params) },
  tasks: [{ id: 'count', name: 'Counts', action: 'count', interval: { hours: 1 } }],
  handlers: { 'document.created': (event) => whenSeen(event.subjectId) },
});
let whenSeen;
`,
  'lib/greeting.js': `export const greeting = 'Hello ';`,
  'lib/list.json': `["!"]`,
};
const limits = { callMs: 30_000, startMs: 60_000 };

const folder = pluginFolder(files);
let plugin: TestPlugin;
const emitted: unknown[] = [];
beforeAll(async () => {
  plugin = await startTestPlugin(files, {
    folder,
    limits,
    grants: ['graph:read', 'events:write'],
    services: {
      graph: async (scope, operation) => ({ data: { scope, ...operation } }),
      emit: async (_scope, event) => void emitted.push(event),
    },
  });
});
afterAll(async () => {
  await plugin?.stop();
  removeFolders();
});

test.runIf(process.platform === 'linux')('it gets less of a processor than whoever answers requests', () => {
  const pids = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  const own = pids.filter((pid) => textOf(pid, 'cmdline').includes(`--allow-fs-read=${realpathSync(folder)}`));
  expect(own.length).toBeGreaterThan(0);
  expect(own.map(getPriority)).toEqual(own.map(() => getPriority() + 5));
});

/** A file of the system about a process; empty when that is gone. */
function textOf(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

test('a plugin describes what it brings', () => {
  expect(plugin.contribution).toMatchObject({
    sdl: 'extend type Query { greeting(name: String!): String }',
    resolvers: { Document: ['stars'] },
    routes: [{ method: 'POST', path: '/stars/:id', credential: 'required', summary: '' }],
    actions: ['count'],
    tasks: [{ id: 'count', action: 'count', interval: { hours: 1 }, params: {} }],
    events: ['star_given'],
    handles: ['document.created'],
  });
});

test('its functions are called by name, with their imports, for whom the call says', async () => {
  expect(await plugin.ask('greeting', { name: 'Ada' })).toBe('Hello Ada from 7!');
  const stars = { ...root('stars'), type: 'Document', parents: [{ id: 1 }, { id: 2 }] } as never;
  expect(await plugin.call(stars, '')).toEqual([10, 20]);
  const viewer = { id: null, permissions: [] };
  const request = { params: { id: '4' }, query: {}, body: { stars: 5 } };
  expect(await plugin.call({ kind: 'route', index: 0, request, viewer }, '')).toEqual({
    status: 201,
    headers: {},
    json: { id: '4', stars: 5 },
  });
  expect(await plugin.call({ kind: 'action', name: 'count', params: { of: 'stars' }, run: '1' }, '')).toBeNull();
  expect(plugin.lines.join()).toContain('counts');
  const seen = plugin.ask('seen');
  const event = { position: '1', subjectType: 'Document', actorId: 1, occurredAt: '', data: {} };
  await plugin.call({ kind: 'handle', events: [{ ...event, type: 'document.created', subjectId: '9' }] }, '');
  expect(await seen).toBe('9');
});

test('a refusal reaches the caller, a failure only the log', async () => {
  const refusal = await plugin.ask('refused').catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(PluginRefusal);
  expect(refusal).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: ['name'], message: 'is wrong' }] });
  await expect(plugin.ask('thrown')).rejects.toThrow(PluginFailed);
  expect(plugin.lines.join()).toContain('index.js:12');
});

test('it asks the server for what it was granted, with the rights of its call, and for nothing else', async () => {
  expect(await plugin.ask('document')).toMatchObject({
    scope: 'of the caller',
    query: '{ document(id: 1) { title } }',
  });
  await expect(plugin.ask('storage')).rejects.toThrow('no capability storage');
  await plugin.ask('emit', { type: 'star_given' });
  await expect(plugin.ask('emit', { type: 'document.created' })).rejects.toThrow('none of the plugin’s events');
  expect(emitted).toEqual([{ type: 'star_given', subjectType: 'Document', subjectId: '1', data: {} }]);
});

test('a call ends when its time is up or its caller leaves; the plugin goes on', async () => {
  await expect(plugin.call(root('late', { ms: 5_000 }), '', { timeoutMs: 50 })).rejects.toThrow('within 50 ms');
  const leaving = new AbortController();
  const left = plugin.call(root('late', { ms: 5_000 }), '', { signal: leaving.signal });
  leaving.abort();
  await expect(left).rejects.toThrow('The caller left');
  expect(await plugin.ask('late', { ms: 1 })).toBe(false);
});

test('more calls than run at once wait, in order; far more are refused', async () => {
  const narrow = await startTestPlugin(files, { limits: { ...limits, concurrency: 1 } });
  try {
    const answers = await Promise.allSettled(Array.from({ length: 15 }, () => narrow.ask('late', { ms: 1 })));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(11);
  } finally {
    await narrow.stop();
  }
});

test('a process that ends fails the calls under way, and a new one takes the next', async () => {
  const late = plugin.ask('late', { ms: 20_000 });
  await expect(plugin.ask('exit')).rejects.toThrow('process.exit(3)');
  await expect(late).rejects.toThrow(PluginFailed);
  expect(await plugin.ask('greeting', { name: 'Grace' })).toBe('Hello Grace from 7!');
  expect(plugin.failures).toEqual([{ reason: 'Called process.exit(3)', isOver: false }]);
});

test('what describes itself wrongly does not start, and all its problems are named', async () => {
  const wrong = `import { definePlugin } from '@passerelle/plugin';
export default definePlugin({
  routes: [{ method: 'FETCH', path: '/../admin', handler: () => 1 }],
  tasks: [{ id: 'Count', name: 'Counts', action: 'none', interval: {}, schedule: { cron: '* * * * *' } }],
  migrations: [{ name: 'one', steps: [{ createTable: 'pg"; drop', columns: { id: { type: 'text' } } }] }],
});`;
  const starts = startTestPlugin({ 'index.js': wrong }, { limits });
  await expect(starts).rejects.toThrow(PluginFailed);
  const message = await starts.then(
    () => '',
    (error: Error) => error.message,
  );
  for (const place of ['routes.0.method', 'routes.0.path', 'tasks.0.id', 'tasks.0.interval', 'migrations.0.steps.0'])
    expect(message).toContain(place);
});

test.each([
  ['a syntax error', { 'index.js': 'export default {' }, 'SyntaxError'],
  ['no definition', { 'index.js': 'export const a = 1;' }, 'no plugin'],
  ['a module that is not its own', { 'index.js': `import '/etc/passwd';` }, 'may not import'],
  ['a throw', { 'index.js': `throw new Error('at once');` }, 'at once'],
])('%s fails the start with its reason', async (_, broken, reason) => {
  await expect(startTestPlugin(broken as Record<string, string>, { limits })).rejects.toThrow(reason);
});

test('who fails again and again is not started any more', async () => {
  const failing = await startTestPlugin({ 'index.js': withQueries({ exit: 'process.exit(1)' }) }, { limits });
  try {
    while (failing.failures.at(-1)?.isOver !== true) await failing.ask('exit').catch(() => undefined);
    expect(failing.failures).toHaveLength(6);
    await expect(failing.ask('exit')).rejects.toThrow('process.exit(1)');
  } finally {
    await failing.stop();
  }
});

test('stopping leaves no process', async () => {
  const stopped = await startTestPlugin({ 'index.js': withQueries({ pid: 'return 1' }) }, { limits });
  await stopped.stop();
  await expect(stopped.ask('pid')).rejects.toThrow('is being stopped');
  expect(stopped.failures).toEqual([]);
});
