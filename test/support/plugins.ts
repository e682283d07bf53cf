import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { activePlugins } from '../../src/modules/plugins/active-plugins.js';
import type { PluginCandidate, PluginRuntime, TryOut } from '../../src/modules/plugins/plugin-runtime.js';
import type { Contribution } from '../../src/plugin-host/contribution.js';
import type { TestServer } from './harness.js';

export const nothing: Contribution = {
  sdl: '',
  resolvers: {},
  subscriptions: {},
  routes: [],
  dialect: undefined,
  tasks: [],
  actions: [],
  events: [],
  handles: [],
  migrations: [],
  pages: [],
};

/** A folder with a plugin, below `root`. */
export async function writePlugin(
  root: string,
  manifest: { id: string; [key: string]: unknown },
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  await mkdir(root, { recursive: true });
  const folder = await mkdtemp(join(root, `${manifest.id}-`));
  await changePlugin(folder, manifest, files);
  return folder;
}

export async function changePlugin(
  folder: string,
  manifest: { id: string; [key: string]: unknown },
  files: Readonly<Record<string, string>> = {},
): Promise<void> {
  const all = {
    'plugin.json': JSON.stringify({ name: `Plugin ${manifest.id}`, version: '1.0.0', ...manifest }),
    'index.js': 'export default {};\n',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) await writeFile(join(folder, path), text);
}

export interface StandIn {
  /** What was tried, in order. */
  tried: PluginCandidate[];
  /** What the next ones answer; by default everything fits. */
  answer: (candidate: PluginCandidate) => TryOut;
  stop: () => Promise<void>;
}

/** In place of what runs plugins: starts no process, and follows every change at once. */
export async function standInRuntime(server: TestServer): Promise<StandIn> {
  const { presence, plugins } = server.services;
  const standIn: StandIn = {
    tried: [],
    answer: () => ({ outcome: 'fits', contribution: nothing }),
    stop: async () => undefined,
  };
  const runtime: PluginRuntime = {
    tryOut: async (candidate) => {
      standIn.tried.push(candidate);
      return standIn.answer(candidate);
    },
    problemsOf: async () => [],
    join: async () => undefined,
    leave: async () => undefined,
    reserved: () => new Set(['graphql', 'auth', 'v1', 'admin']),
  };
  const follow = async (): Promise<void> => presence.serves((await activePlugins(server.db.client)).revision);
  standIn.stop = await server.db.listen('plugins', () => void follow());
  await follow();
  plugins.use(runtime);
  return standIn;
}
