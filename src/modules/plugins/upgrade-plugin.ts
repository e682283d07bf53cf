import { sql } from '../../db/sql.js';
import type { CommandContext } from '../../kernel/command.js';
import { badInput, conflict } from '../../lib/errors.js';
import type { Manifest } from '../../plugin-host/manifest.js';
import type { PluginChange } from './change-plugin.js';
import { grantProblems } from './check-grants.js';
import { withFetchedPlugin } from './fetch-plugin.js';
import { noteProgress } from './install-plugin.js';
import { openPackage } from './packages/package-store.js';
import { type PluginRow, pluginRow } from './plugin-rows.js';
import { requirePluginManager } from './plugin.policy.js';
import { type Serving, serveVersion } from './serve-version.js';

export interface PluginUpgrade {
  id: string;
  /** Absent: where it came from. */
  source?: string | null;
  /** Absent: the newest that the source has. */
  version?: string | null;
  /** Needed when the new version asks for more: all that it is to have. Absent: those that it has. */
  grants?: readonly string[] | null;
}

/**
 * Fetches another version of a plugin and has it take the place of the one that is installed, which stays for
 * `rollbackPlugin`. When anything is wrong with it nothing changes. Throws NOT_FOUND, BAD_USER_INPUT, CONFLICT when it
 * is the same, when it asks for capabilities that are not granted, and as `enablePlugin`.
 */
export async function upgradePlugin(ctx: CommandContext, input: PluginUpgrade): Promise<PluginChange> {
  requirePluginManager(ctx.viewer);
  const { id } = input;
  const before = await pluginRow(ctx.db, id);
  const source = input.source ?? before.source;
  const version = input.version ?? undefined;
  await noteProgress(ctx, id, 'fetching');
  return withFetchedPlugin(ctx, { id, source, version }, async (fetched) => {
    const { manifest, packed, folder, kind } = fetched;
    if (packed.hash === before.packageHash)
      throw conflict('This very version is installed', { subject: 'Plugin', reason: 'plugin.same_version' });
    const grants = grantsOf(before, manifest, input.grants ?? undefined);
    await noteProgress(ctx, id, 'trying');
    return serveVersion(
      ctx,
      () => pluginRow(ctx.db, id),
      (row) => ({
        version: {
          manifest,
          packageHash: packed.hash,
          folder,
          grants,
          fetched,
          from: { source, kind, version: version ?? null },
        },
        ...inPlace(row),
        event: 'plugin.upgraded',
      }),
    );
  });
}

/** What is active stays active, and a failed one is tried; when the other version does not start all stays as it is. */
const inPlace = ({ status }: PluginRow): Pick<Serving, 'isActive' | 'mayFail'> => ({
  isActive: status === 'active' || status === 'failed',
  mayFail: false,
});

function grantsOf(before: PluginRow, manifest: Manifest, given: readonly string[] | undefined): string[] {
  if (given) {
    const problems = grantProblems(manifest, given);
    if (problems.length) throw badInput(problems);
    return [...new Set(given)].toSorted();
  }
  const asked = manifest.capabilities.filter((capability) => !before.manifest.capabilities.includes(capability));
  if (asked.length)
    throw conflict(`The new version asks for ${asked.join(', ')}: say what is granted`, {
      subject: 'Plugin',
      reason: 'plugin.grants_needed',
      details: { capabilities: manifest.capabilities, added: asked },
    });
  return before.grants.filter((grant) => manifest.capabilities.includes(grant));
}

/**
 * Has a former version take the place of the one that is installed: the one before it, or the newest of this number.
 * Its tables stay as later migrations left them. Throws NOT_FOUND, CONFLICT when there is none, and as `upgradePlugin`.
 */
export async function rollbackPlugin(
  ctx: CommandContext,
  { id, version }: { id: string; version?: string | null },
): Promise<PluginChange> {
  requirePluginManager(ctx.viewer);
  const { store, config } = ctx.services;
  return serveVersion(
    ctx,
    () => pluginRow(ctx.db, id),
    async (row) => {
      const former = await ctx.db.first<{ hash: string; manifest: Manifest }>(sql`
        select v.package_hash as hash, v.manifest from plugin_versions v
         where v.plugin_id = ${id} and v.package_hash <> ${row.packageHash}
           and (${version ?? null}::text is null or v.version = ${version ?? null})
           and (${version ?? null}::text is not null
                or v.id < (select i.id from plugin_versions i
                            where i.plugin_id = ${id} and i.package_hash = ${row.packageHash}))
         order by v.id desc limit 1`);
      if (!former)
        throw conflict('No such former version is kept', { subject: 'Plugin', reason: 'plugin.no_former_version' });
      return {
        version: {
          manifest: former.manifest,
          packageHash: former.hash,
          folder: await openPackage({ store, dataDir: config.dataDir }, { id, hash: former.hash }),
          grants: row.grants.filter((grant) => former.manifest.capabilities.includes(grant)),
        },
        ...inPlace(row),
        event: 'plugin.rolled_back',
      };
    },
  );
}
