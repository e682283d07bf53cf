import type { CommandContext } from '../../kernel/command.js';
import type { PluginChange } from './change-plugin.js';
import { openPackage } from './packages/package-store.js';
import { type PluginRow, pluginRow } from './plugin-rows.js';
import { requirePluginManager } from './plugin.policy.js';
import { serveVersion, type ServedVersion } from './serve-version.js';

/**
 * Serves what a plugin brings; does nothing to one that is active. One that does not start is failed from then on.
 * Throws NOT_FOUND, CONFLICT for missing dependencies and clashes, BAD_USER_INPUT when it does not start.
 */
export async function enablePlugin(ctx: CommandContext, id: string): Promise<PluginChange> {
  requirePluginManager(ctx.viewer);
  if ((await pluginRow(ctx.db, id)).status === 'active') return { id, lagging: [] };
  return serveVersion(
    ctx,
    () => pluginRow(ctx.db, id),
    async (row) => ({ version: await keptVersion(ctx, row), isActive: true, event: 'plugin.loaded', mayFail: true }),
  );
}

/** The version that is installed, unpacked on this machine. */
export async function keptVersion(ctx: CommandContext, row: PluginRow): Promise<ServedVersion> {
  const { store, config } = ctx.services;
  return {
    manifest: row.manifest,
    packageHash: row.packageHash,
    folder: await openPackage({ store, dataDir: config.dataDir }, { id: row.id, hash: row.packageHash }),
    grants: row.grants,
  };
}
