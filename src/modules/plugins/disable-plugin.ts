import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { activePlugins } from './active-plugins.js';
import { commitChange, factsOf, type PluginChange } from './change-plugin.js';
import { sweepPackages } from './packages/package-store.js';
import { pluginRow, untilUndisturbed } from './plugin-rows.js';
import { requirePluginManager } from './plugin.policy.js';
import { dropPluginSchema } from './storage/migrate-plugin.js';
import { refuseClashes, requireUnneeded } from './try-out.js';

/**
 * Serves nothing of a plugin any more; its settings and tables stay. Does nothing to one that is disabled. Throws
 * NOT_FOUND, CONFLICT with the plugins that need it.
 */
export async function disablePlugin(ctx: CommandContext, id: string): Promise<PluginChange> {
  requirePluginManager(ctx.viewer);
  return untilUndisturbed(async () => {
    const { revision, plugins } = await activePlugins(ctx.db);
    const row = await pluginRow(ctx.db, id);
    if (row.status === 'disabled') return { id, lagging: [] };
    const others = plugins.filter((other) => other.id !== id);
    requireUnneeded(id, undefined, others);
    const runtime = ctx.services.plugins.current;
    if (row.status === 'active') refuseClashes(await runtime.problemsOf(others));
    return commitChange(ctx, id, revision, async (tx) => {
      await tx.send(sql`update plugins set status = 'disabled', reason = null where id = ${id}`);
      await runtime.leave(tx, ctx, { id, isGone: false });
      await emit(tx, ctx, 'plugin.disabled', ['Plugin', id], factsOf(row));
    });
  });
}

/**
 * Removes a plugin with its tables, unless its data is to be kept for another installation of it. An active one is
 * disabled first, so that no process runs it while its tables go. Throws NOT_FOUND, CONFLICT as `disablePlugin`.
 */
export async function uninstallPlugin(
  ctx: CommandContext,
  { id, keepData = false }: { id: string; keepData?: boolean | undefined },
): Promise<PluginChange> {
  requirePluginManager(ctx.viewer);
  const before = await pluginRow(ctx.db, id);
  const disabled = before.status === 'active' ? await disablePlugin(ctx, id) : undefined;
  const hashes: string[] = [];
  const gone = await untilUndisturbed(async () => {
    const { revision, plugins } = await activePlugins(ctx.db);
    const row = await pluginRow(ctx.db, id);
    requireUnneeded(id, undefined, plugins);
    return commitChange(ctx, id, revision, async (tx) => {
      const versions = await tx.all<{ hash: string }>(
        sql`select package_hash as hash from plugin_versions where plugin_id = ${id}`,
      );
      hashes.splice(0, hashes.length, ...versions.map(({ hash }) => hash));
      await ctx.services.plugins.current.leave(tx, ctx, { id, isGone: true });
      if (!keepData) await dropPluginSchema(tx, id);
      await tx.send(sql`delete from plugins where id = ${id}`);
      await emit(tx, ctx, 'plugin.uninstalled', ['Plugin', id], { ...factsOf(row), isDataKept: keepData });
    });
  });
  await sweepPackages(ctx.db, ctx.services.store, hashes);
  return { id, lagging: gone.lagging.length ? gone.lagging : (disabled?.lagging ?? []) };
}
