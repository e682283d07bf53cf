import { join } from 'node:path';
import type { TestServer } from '../support/harness.js';
import { changePlugin, standInRuntime, writePlugin } from '../support/plugins.js';
import { unique } from './objects.js';

/** Where the plugins of the rows lie: the server allows it as a source. */
export const pluginFolderOf = (server: TestServer): string => join(server.ingestDir, 'plugins');

export interface PluginObjects {
  /** A folder with a plugin that is not installed. */
  pluginFolder: () => Promise<{ id: string; source: string }>;
  /** One that is installed; with `former` in its second version. */
  plugin: (options?: { former?: boolean }) => Promise<{ id: string; name: string; source: string }>;
}

const setting = { type: 'object', properties: { greeting: { type: 'string' } } };

export function pluginObjects(server: TestServer): PluginObjects {
  let standIn: Promise<unknown> | undefined;
  const run = async (name: string, input: object): Promise<void> => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const { errors } = await server.graphql(
      `mutation ($input: ${type}!) { ${name}(input: $input) { plugin { id } } }`,
      { input },
      server.admin.token,
    );
    if (errors) throw new Error(`${name}: ${JSON.stringify(errors)}`);
  };
  const manifest = (id: string, version = '1.0.0') => ({
    id,
    version,
    name: `Plugin ${id}`,
    capabilities: ['storage'],
    settings: setting,
  });
  const pluginFolder: PluginObjects['pluginFolder'] = async () => {
    await (standIn ??= standInRuntime(server));
    const id = unique('plugin')
      .toLowerCase()
      .replaceAll(/[^a-z0-9_-]/g, '_');
    return { id, source: await writePlugin(pluginFolderOf(server), manifest(id)) };
  };
  return {
    pluginFolder,
    plugin: async ({ former = false } = {}) => {
      const { id, source } = await pluginFolder();
      await run('installPlugin', { id, source });
      if (former) {
        await changePlugin(source, manifest(id, '2.0.0'));
        await run('upgradePlugin', { id });
      }
      return { id, name: `Plugin ${id}`, source };
    },
  };
}

/** Another version where an installed plugin came from. */
export const nextVersion = (source: string, id: string): Promise<void> =>
  changePlugin(source, { id, version: '3.0.0', capabilities: ['storage'], settings: setting });
