import type { CommandContext } from '../../kernel/command.js';
import type { PluginChange } from './change-plugin.js';
import { keptVersion } from './enable-plugin.js';
import { withFetchedPlugin } from './fetch-plugin.js';
import { pluginRow } from './plugin-rows.js';
import { requirePluginManager } from './plugin.policy.js';
import { serveVersion } from './serve-version.js';
import { parseSource } from './sources/plugin-source.js';

/**
 * Starts a plugin anew; one from a folder or an archive of the server is read from there again. A failed one that
 * starts is active. An active one whose new files do not start stays as it was. Capabilities that it asks for since are
 * not granted by this. Throws as `enablePlugin`, and BAD_USER_INPUT for a source that is not as it must be.
 */
export async function reloadPlugin(ctx: CommandContext, id: string): Promise<PluginChange> {
  requirePluginManager(ctx.viewer);
  const before = await pluginRow(ctx.db, id);
  const read = () => pluginRow(ctx.db, id);
  const source = parseSource(before.source);
  const common = (row: { status: string }) =>
    ({
      isActive: row.status === 'active' || row.status === 'failed',
      event: 'plugin.reloaded',
      mayFail: row.status === 'failed',
    }) as const;
  if (!source || !('path' in source))
    return serveVersion(ctx, read, async (row) => ({ version: await keptVersion(ctx, row), ...common(row) }));
  const wanted = { id, source: before.source, version: before.requestedVersion ?? undefined };
  return withFetchedPlugin(ctx, wanted, (fetched) =>
    serveVersion(ctx, read, (row) => ({
      version: {
        manifest: fetched.manifest,
        packageHash: fetched.packed.hash,
        folder: fetched.folder,
        grants: row.grants.filter((grant) => fetched.manifest.capabilities.includes(grant)),
        fetched,
      },
      ...common(row),
    })),
  );
}
