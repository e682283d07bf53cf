import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { badInput } from '../../lib/errors.js';
import type { Manifest } from '../../plugin-host/manifest.js';
import { activePlugins, openSettings } from './active-plugins.js';
import { commitChange, factsOf, markFailed, type PluginChange } from './change-plugin.js';
import type { FetchedPlugin } from './fetch-plugin.js';
import { keepPackage } from './install-plugin.js';
import { packageKey, sweepPackages } from './packages/package-store.js';
import { noteContribution, type PluginRow, untilUndisturbed } from './plugin-rows.js';
import { MigrationProblem, migratePlugin } from './storage/migrate-plugin.js';
import { requireDependencies, requireUnneeded, tryOut } from './try-out.js';

/** The version that a plugin is to have from now on. */
export interface ServedVersion {
  manifest: Manifest;
  packageHash: string;
  /** Unpacked. */
  folder: string;
  grants: readonly string[];
  /** Of one that is not kept yet. */
  fetched?: FetchedPlugin;
  /** Where it is from, when that changes. */
  from?: { source: string; kind: string; version: string | null };
}

export interface Serving {
  version: ServedVersion;
  /** `false`: it is only kept; what it brings is served when it is enabled. */
  isActive: boolean;
  event: 'plugin.loaded' | 'plugin.reloaded' | 'plugin.upgraded' | 'plugin.rolled_back';
  /** Whether a plugin that does not start becomes failed; otherwise everything stays as it is. */
  mayFail: boolean;
}

/**
 * Tries a version out, and has it take the place of what was there: its tables are migrated, what it brings is served
 * by every process. Throws CONFLICT for missing dependencies, for plugins that need another version, for clashes;
 * BAD_USER_INPUT with the reason `plugin.broken` when it does not start.
 */
export async function serveVersion(
  ctx: CommandContext,
  read: () => Promise<PluginRow>,
  serving: (row: PluginRow) => Serving | Promise<Serving>,
): Promise<PluginChange> {
  const unused: string[] = [];
  const done = await untilUndisturbed(async () => {
    const { revision, plugins } = await activePlugins(ctx.db);
    const row = await read();
    const { version, isActive, event, mayFail } = await serving(row);
    const { manifest, grants, folder } = version;
    const others = plugins.filter((other) => other.id !== row.id);
    if (isActive) requireDependencies(manifest, others);
    if (row.status === 'active') requireUnneeded(row.id, manifest.version, others);
    const settings = { ...row.settings, ...openSettings(ctx.services.sealer, row.id, row.sealed) };
    const tried = await tryOut(ctx, { manifest, folder, grants, settings, others });
    if ('failure' in tried) return failed(ctx, { row, revision, mayFail, failure: tried.failure });
    const { contribution } = tried;
    if (version.fetched)
      await ctx.services.store.putAhead(version.fetched.packed.path, packageKey(version.packageHash));
    try {
      return await commitChange(ctx, row.id, revision, async (tx, now) => {
        if (version.fetched) unused.push(...(await keepPackage(tx, ctx, row.id, version.fetched, contribution, now)));
        else await noteContribution(tx, row.id, version.packageHash, contribution);
        const status = isActive ? 'active' : row.status === 'failed' ? 'installed' : row.status;
        const isReload = event !== 'plugin.loaded';
        const from = version.from ?? { source: row.source, kind: null, version: row.requestedVersion };
        await tx.run(sql`
          update plugins
             set status = ${status}, reason = null, name = ${manifest.name}, version = ${manifest.version},
                 author = ${manifest.author}, description = ${manifest.description},
                 api_prefix = ${manifest.api_prefix ?? null}, tags = ${manifest.tags}, grants = ${grants},
                 package_hash = ${version.packageHash}, source = ${from.source},
                 source_kind = coalesce(${from.kind}, source_kind), requested_version = ${from.version},
                 loaded_at = case when ${isActive && row.status !== 'active'} then ${now} else loaded_at end,
                 run_as_id = coalesce((select u.id from users u where u.id = run_as_id and u.is_active),
                                      ${ctx.viewer.userId ?? null}::int),
                 last_reload = case when ${isReload} then ${now} else last_reload end
           where id = ${row.id}`);
        if (isActive) {
          await migratePlugin(tx, row.id, contribution.migrations, now);
          await ctx.services.plugins.current.join(tx, ctx, { id: row.id, contribution });
        }
        const facts = factsOf(manifest);
        if (event === 'plugin.upgraded' || event === 'plugin.rolled_back')
          await emit(tx, ctx, event, ['Plugin', row.id], { ...facts, from: row.version });
        else await emit(tx, ctx, event, ['Plugin', row.id], facts);
        // A plugin that comes back by a reload is served from now on: who waits for that hears it by the name.
        if (isActive && row.status !== 'active' && event !== 'plugin.loaded')
          await emit(tx, ctx, 'plugin.loaded', ['Plugin', row.id], facts);
      });
    } catch (error) {
      if (!(error instanceof MigrationProblem)) throw error;
      return failed(ctx, { row, revision, mayFail, failure: error.message });
    }
  });
  await sweepPackages(ctx.db, ctx.services.store, unused);
  return done;
}

async function failed(
  ctx: CommandContext,
  { row, revision, mayFail, failure }: { row: PluginRow; revision: string; mayFail: boolean; failure: string },
): Promise<never> {
  if (mayFail) await commitChange(ctx, row.id, revision, (tx) => markFailed(tx, ctx, row, failure));
  throw badInput([{ path: ['id'], code: 'invalid', message: `The plugin does not start: ${failure}` }], {
    reason: 'plugin.broken',
    details: { reason: failure.slice(0, 2_000) },
  });
}
