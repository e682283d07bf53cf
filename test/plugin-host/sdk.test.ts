import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import type * as Api from '../../packages/plugin/src/api.js';
import type { MigrationStep as AuthoredStep } from '../../packages/plugin/src/definition.js';
import type { Asked, RuntimeCall } from '../../packages/plugin/src/runtime.js';
import { describePlugin } from '../../packages/plugin/src/runtime.js';
import { checkedContribution } from '../../src/plugin-host/contribution-shape.js';
import type { MigrationStep } from '../../src/plugin-host/contribution.js';
import { manifestShape } from '../../src/plugin-host/manifest.js';
import type { HttpRequest, PluginCall, StorageOperation } from '../../src/plugin-host/plugin-process.js';
import { putPluginPackage, writeSkeleton } from '../../src/plugin-host/skeleton.js';
import { pluginFolder, removeFolders, startTestPlugin } from './plugin.js';

afterAll(removeFolders);

/** Runs the plugin's own tests as its author does. */
const ownTests = async (folder: string): Promise<string> =>
  (await promisify(execFile)(process.execPath, ['--test'], { cwd: folder, env: {} })).stdout;

const manifestOf = (folder: string) =>
  manifestShape.parse(JSON.parse(readFileSync(join(folder, 'plugin.json'), 'utf8')));

test.each(readdirSync('examples/plugins'))('the tests of the example %s pass, and it starts', async (name) => {
  const folder = pluginFolder({});
  cpSync(join('examples/plugins', name), folder, { recursive: true });
  await putPluginPackage(folder);
  expect(await ownTests(folder)).toMatch(/fail 0$/m);
  const limits = { startMs: 60_000 };
  const plugin = await startTestPlugin({}, { folder, manifest: manifestOf(folder), limits });
  expect(plugin.contribution.sdl).toContain('extend type');
  await plugin.stop();
});

test('the skeleton’s own test passes, and it starts; a folder that is not empty is left alone', async () => {
  const folder = join(pluginFolder({}), 'trial-notes');
  const { id, files } = await writeSkeleton(folder);
  expect(id).toBe('trial-notes');
  expect(files).toContain('index.js');
  expect(await ownTests(folder)).toMatch(/pass 3$/m);
  const plugin = await startTestPlugin({}, { folder, manifest: manifestOf(folder), limits: { startMs: 60_000 } });
  expect(plugin.contribution.resolvers).toEqual({ Document: ['trialNotesNotes'], Mutation: ['addTrialNotesNote'] });
  await plugin.stop();
  await expect(writeSkeleton(folder)).rejects.toThrow('is not empty');
  await expect(writeSkeleton(join(folder, 'Not A Slug'))).rejects.toThrow('1 to 50 of');
});

const page = readFileSync('docs/plugins.md', 'utf8');

test('the plugin of the page passes its test, and starts', async () => {
  const named = [...page.matchAll(/^`([\w./]+)`:\n\n```\w+\n(.*?)```/gms)];
  const files = Object.fromEntries(named.map(([, path, text]) => [path as string, text as string]));
  expect(Object.keys(files)).toEqual(['plugin.json', 'index.js', 'test/plugin.test.js']);
  const folder = pluginFolder({ ...files, 'package.json': '{ "type": "module" }' });
  await putPluginPackage(folder);
  expect(await ownTests(folder)).toMatch(/pass 1$/m);
  const plugin = await startTestPlugin({}, { folder, manifest: manifestOf(folder), limits: { startMs: 60_000 } });
  expect(plugin.contribution.events).toEqual(['opinion_given']);
  await plugin.stop();
});

test('each part that the page shows is one that the server takes', async () => {
  const blocks = [...page.matchAll(/^```js\n(.*?)^```$/gms)].map(([, text]) => text as string);
  const parts = blocks.filter((text) => text.includes('export default definePlugin'));
  expect(parts.length).toBeGreaterThanOrEqual(8);
  const modules = Object.fromEntries(parts.map((text, index) => [`part${index}.js`, text]));
  const described = `
import { describePlugin } from './node_modules/@passerelle/plugin/runtime.js';
const all = [];
for (const name of ${JSON.stringify(Object.keys(modules))}) all.push(describePlugin((await import('./' + name)).default));
console.log(JSON.stringify(all));`;
  const folder = pluginFolder({ ...modules, 'describe.js': described, 'package.json': '{ "type": "module" }' });
  await putPluginPackage(folder);
  const { stdout } = await promisify(execFile)(process.execPath, ['describe.js'], { cwd: folder, env: {} });
  for (const [index, part] of (JSON.parse(stdout) as unknown[]).entries())
    expect(() => checkedContribution(part), parts[index]).not.toThrow();
});

test('what an author may write is what the server takes', () => {
  // Types alone: they are written twice, since the package stands by itself.
  const step: MigrationStep = {} as AuthoredStep;
  const authored: AuthoredStep = {} as MigrationStep;
  const call: RuntimeCall = {} as PluginCall;
  const operation: Asked['storage'] = {} as StorageOperation;
  const stored: StorageOperation = {} as Asked['storage'];
  const request: HttpRequest = {} as Api.HttpRequest;
  expect([step, authored, call, operation, stored, request]).toHaveLength(6);
  expect(checkedContribution(describePlugin({}))).toMatchObject({ sdl: '', routes: [], migrations: [] });
});
