import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { confinedCommand, isolation } from '../../src/plugin-host/isolation.js';
import { startChild } from '../../src/plugin-host/plugin-child.js';
import { endings, forgeries, forger, reaches } from './hostile.js';
import { pluginFolder, removeFolders, startTestPlugin, type TestPlugin, withQueries } from './plugin.js';

const limits = { callMs: 60_000, startMs: 60_000 };
const nameOf = (index: number): string => `attempt${index}`;

let neighbour: TestPlugin;
beforeAll(async () => {
  neighbour = await startTestPlugin({ 'index.js': withQueries({ hello: `return 'hello';` }) }, { limits });
});
afterAll(async () => {
  await neighbour?.stop();
  expect(neighbour?.failures).toEqual([]);
  removeFolders();
});

describe('a plugin does not reach', () => {
  const attempts = Object.entries(reaches);
  let plugin: TestPlugin;
  beforeAll(async () => {
    const bodies = Object.fromEntries(attempts.map(([, body], index) => [nameOf(index), body]));
    const parent = pluginFolder({ 'secret.json': '"of the server"' });
    const folder = join(parent, 'plugin');
    mkdirSync(folder);
    writeFileSync(join(folder, 'index.js'), withQueries(bodies));
    symlinkSync(join(parent, 'secret.json'), join(folder, 'link.json'));
    plugin = await startTestPlugin({}, { folder, limits });
  });
  afterAll(() => plugin?.stop());

  test.each(attempts.map(([name], index) => [name, nameOf(index)]))('%s', async (_, field) => {
    const bootstrap = resolve('src/plugin-host/child/bootstrap.ts');
    await expect(plugin.ask(field, { bootstrap })).rejects.toThrow(/./);
    expect(plugin.failures).toEqual([]);
  });
});

test.concurrent.each(Object.entries(endings))('a plugin that %s fails alone', async (_, { body, reason }) => {
  const files = { 'index.js': withQueries({ attack: body, hello: `return 'hello';` }) };
  const plugin = await startTestPlugin(files, { limits });
  try {
    await expect(plugin.ask('attack')).rejects.toThrow(reason);
    expect(await neighbour.ask('hello')).toBe('hello');
    expect(await plugin.ask('hello')).toBe('hello');
  } finally {
    await plugin.stop();
  }
});

test('lines without end are bounded, and the plugin goes on', async () => {
  const body = `for (let i = 0; i < 20_000; i++) api.log.info('x'.repeat(10_000)); return 'done';`;
  const plugin = await startTestPlugin({ 'index.js': withQueries({ flood: body }) }, { limits });
  try {
    expect(await plugin.ask('flood')).toBe('done');
    expect(plugin.lines.length).toBeLessThan(210);
    expect(plugin.lines.join('').length).toBeLessThan(10 * 2 ** 20);
  } finally {
    await plugin.stop();
  }
});

test.concurrent.each(Object.entries(forgeries))('a process that %s is ended', async (_, forgery) => {
  const folder = pluginFolder({ 'forger.mjs': forger(forgery) });
  const ended = Promise.withResolvers<string>();
  const plugin = await startTestPlugin(
    {},
    { folder, limits, onFailure: ({ reason }) => ended.resolve(reason) },
    (options) => startChild({ ...options, script: join(folder, 'forger.mjs') }),
  ).catch((error: Error) => ended.resolve(error.message));
  expect(await ended.promise).toMatch(forgery.reason);
  await plugin?.stop();
});

test('keys that reach prototypes do not come in', async () => {
  const body = `return JSON.parse('{"__proto__": {"isAdmin": true}, "\\\\u005f_proto__": 1, "kept": 1}');`;
  const plugin = await startTestPlugin({ 'index.js': withQueries({ pollute: body }) }, { limits });
  try {
    const answer = (await plugin.ask('pollute')) as object;
    expect(Object.keys(answer)).toEqual(['kept']);
    expect(Object.assign({}, answer)).not.toHaveProperty('isAdmin');
  } finally {
    await plugin.stop();
  }
});

test('the operating system and Node’s flags alone hold a program with all of Node in its hands', async () => {
  const probe = `
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { Worker } from 'node:worker_threads';
const attempts = {
  read: () => readFileSync('/etc/passwd', 'utf8'),
  write: () => writeFileSync(new URL('written', import.meta.url), ''),
  program: () => execFileSync('/bin/true'),
  thread: () => new Worker('1', { eval: true }),
  addon: () => process.dlopen({ exports: {} }, '/lib/none.node'),
  evaluate: () => eval('1'),
  environment: () => { if (Object.keys(process.env).length === 0) throw new Error('empty'); },
  network: () => { if (Object.keys(networkInterfaces()).length === 0) throw new Error('none'); },
  server: () => process.kill(Number(process.argv[2]), 0),
};
const held = [];
for (const [name, attempt] of Object.entries(attempts)) try { attempt(); } catch { held.push(name); }
console.log(JSON.stringify(held));
`;
  const folder = pluginFolder({ 'probe.mjs': probe });
  const [command = '', ...args] = await confinedCommand({ folder, memoryMegabytes: 256 }, join(folder, 'probe.mjs'));
  const { stdout } = spawnSync(command, [...args, String(process.pid)], { encoding: 'utf8' });
  const byNode = ['read', 'write', 'program', 'thread', 'addon', 'evaluate', 'environment'];
  const byNamespaces = (await isolation()).length > 0 ? ['network', 'server'] : [];
  expect(JSON.parse(stdout)).toEqual([...byNode, ...byNamespaces]);
});
