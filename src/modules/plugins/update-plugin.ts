import { json, sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { badInput } from '../../lib/errors.js';
import { activePlugins } from './active-plugins.js';
import { commitChange, factsOf, type PluginChange } from './change-plugin.js';
import { grantProblems } from './check-grants.js';
import { pluginRow, untilUndisturbed } from './plugin-rows.js';
import { changedSettings } from './plugin-settings.js';
import { requirePluginManager } from './plugin.policy.js';

/**
 * Changes settings of a plugin: null takes one away, what is absent stays. Secrets are sealed. Throws NOT_FOUND,
 * BAD_USER_INPUT with every problem.
 */
export async function updatePluginSettings(
  ctx: CommandContext,
  { id, settings: given }: { id: string; settings: Record<string, unknown> },
): Promise<PluginChange> {
  requirePluginManager(ctx.viewer);
  return untilUndisturbed(async () => {
    const { revision } = await activePlugins(ctx.db);
    const row = await pluginRow(ctx.db, id);
    const { settings, sealed, changed } = changedSettings(
      { id, manifest: row.manifest, kept: row, given },
      ctx.services.sealer,
    );
    return commitChange(ctx, id, revision, async (tx) => {
      await tx.send(sql`update plugins set settings = ${json(settings)}, sealed_settings = ${sealed} where id = ${id}`);
      await emit(tx, ctx, 'plugin.settings_changed', ['Plugin', id], { ...factsOf(row), fields: changed });
    });
  });
}

/** Says which of the capabilities that it asks for a plugin has. Throws NOT_FOUND, BAD_USER_INPUT. */
export async function grantPlugin(
  ctx: CommandContext,
  { id, grants: given }: { id: string; grants: readonly string[] },
): Promise<PluginChange> {
  requirePluginManager(ctx.viewer);
  return untilUndisturbed(async () => {
    const { revision } = await activePlugins(ctx.db);
    const row = await pluginRow(ctx.db, id);
    const problems = grantProblems(row.manifest, given);
    if (problems.length) throw badInput(problems);
    const grants = [...new Set(given)].toSorted();
    return commitChange(ctx, id, revision, async (tx) => {
      await tx.send(sql`update plugins set grants = ${grants} where id = ${id}`);
      await emit(tx, ctx, 'plugin.granted', ['Plugin', id], { ...factsOf(row), grants });
    });
  });
}
