import { readFile } from 'node:fs/promises';
import type { Transaction } from '../../db/sql-client.js';
import { isUniqueViolation } from '../../db/sql-client.js';
import { json, sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { badInput, conflict, duplicateField } from '../../lib/errors.js';
import type { Contribution } from '../../plugin-host/contribution.js';
import { slug } from '../../plugin-host/manifest.js';
import { activePlugins } from './active-plugins.js';
import { commitChange, type PluginChange } from './change-plugin.js';
import { grantProblems } from './check-grants.js';
import { type FetchedPlugin, sourceProblems, withFetchedPlugin } from './fetch-plugin.js';
import { packageKey, sweepPackages } from './packages/package-store.js';
import { noteVersion, untilUndisturbed } from './plugin-rows.js';
import { changedSettings } from './plugin-settings.js';
import { requirePluginManager } from './plugin.policy.js';
import { tryOut } from './try-out.js';

export interface NewPlugin {
  /** As its manifest says it. */
  id: string;
  source: string;
  /** A range that the manifest's version must be in; for git also a tag, a branch or a commit, for npm also a tag. */
  version?: string | null;
  /** Capabilities to grant. Absent: all that the manifest asks for. */
  grants?: readonly string[] | null;
  settings?: Record<string, unknown> | null;
}

/** Most plugins that an installation has. */
const mostPlugins = 200;

/**
 * Fetches a plugin, tries it out aside, and keeps it; it is not enabled. One that does not start is kept as failed.
 * Throws FORBIDDEN, BAD_USER_INPUT with every problem, CONFLICT for what is there already and for every clash.
 */
export async function installPlugin(ctx: CommandContext, input: NewPlugin): Promise<PluginChange> {
  const { userId } = requirePluginManager(ctx.viewer);
  const { problems } = sourceProblems(ctx, input);
  if (!slug.safeParse(input.id).success)
    problems.push({ path: ['id'], code: 'invalid_format', message: 'is 1 to 50 of a-z 0-9 _ -, a letter first' });
  if (problems.length) throw badInput(problems);
  await refuseTaken(ctx, input.id);
  const { id, source } = input;
  const version = input.version ?? undefined;
  await noteProgress(ctx, id, 'fetching');
  return withFetchedPlugin(ctx, { id, source, version }, async (fetched) => {
    const { manifest, packed } = fetched;
    const grants = [...new Set(input.grants ?? manifest.capabilities)].toSorted();
    const wrong = grantProblems(manifest, input.grants ?? []);
    if (wrong.length) throw badInput(wrong);
    const { sealer, store } = ctx.services;
    const settings = changedSettings(
      { id, manifest, kept: { settings: {}, sealed: null }, given: input.settings ?? {} },
      sealer,
      { isComplete: false },
    );
    await noteProgress(ctx, id, 'trying');
    try {
      return await untilUndisturbed(async () => {
        const { revision, plugins: others } = await activePlugins(ctx.db);
        const tried = await tryOut(ctx, { manifest, folder: fetched.folder, grants, settings: settings.all, others });
        await store.putAhead(packed.path, packageKey(packed.hash));
        return commitChange(ctx, id, revision, async (tx, now) => {
          const reason = 'failure' in tried ? tried.failure.slice(0, 2_000) || 'It does not say why' : null;
          await insertPlugin(tx, { fetched, input, grants, settings, reason, runAsId: userId, now });
          await keepPackage(tx, ctx, id, fetched, 'failure' in tried ? null : tried.contribution, now);
          const facts = { name: manifest.name, version: manifest.version };
          await emit(tx, ctx, 'plugin.installed', ['Plugin', id], { ...facts, source, grants });
          if (reason !== null) await emit(tx, ctx, 'plugin.failed', ['Plugin', id], { ...facts, reason });
        });
      });
    } catch (error) {
      await sweepPackages(ctx.db, store, [packed.hash]);
      if (isUniqueViolation(error)) throw taken(id);
      throw error;
    }
  });
}

/** Tells those who watch how far an installation or an upgrade is: by an event of its own, at once. */
export const noteProgress = (ctx: CommandContext, id: string, step: 'fetching' | 'trying'): Promise<void> =>
  ctx.db.transaction((tx) => emit(tx, ctx, 'plugin.progress', ['Plugin', id], { step }));

interface InsertedPlugin {
  fetched: FetchedPlugin;
  input: NewPlugin;
  grants: readonly string[];
  settings: { settings: Record<string, unknown>; sealed: string | null };
  /** Why it failed; null: it did not. */
  reason: string | null;
  runAsId: number;
  now: Date;
}

async function insertPlugin(
  tx: Transaction,
  { fetched: { manifest, kind, packed }, input, grants, settings, reason, runAsId, now }: InsertedPlugin,
): Promise<void> {
  const [row] = await tx.all<{ count: number }>(sql`select count(*)::int as count from plugins`);
  if ((row?.count ?? 0) >= mostPlugins)
    throw conflict(`There are ${mostPlugins} already, which is the most`, {
      subject: 'Plugin',
      reason: 'too_many',
      details: { limit: mostPlugins },
    });
  await tx.run(sql`
    insert into plugins (id, name, status, reason, version, author, description, api_prefix, tags, source, source_kind,
                         requested_version, grants, settings, sealed_settings, run_as_id, package_hash, installed_at)
    values (${manifest.id}, ${manifest.name}, ${reason === null ? 'installed' : 'failed'}, ${reason},
            ${manifest.version}, ${manifest.author}, ${manifest.description}, ${manifest.api_prefix ?? null},
            ${manifest.tags}, ${input.source}, ${kind}, ${input.version ?? null}, ${grants}, ${json(settings.settings)},
            ${settings.sealed}, ${runAsId}, ${packed.hash}, ${now})`);
}

/** A step: the package of a version, and its row. Returns packages that are needed no more. */
export async function keepPackage(
  tx: Transaction,
  ctx: CommandContext,
  id: string,
  { manifest, packed }: Pick<FetchedPlugin, 'manifest' | 'packed'>,
  contribution: Contribution | null,
  now: Date,
): Promise<string[]> {
  // Somebody may have removed it since it was put ahead; under the lock of the revision nobody does.
  await ctx.services.store.putBytes(await readFile(packed.path), packageKey(packed.hash));
  return noteVersion(tx, id, { manifest, contribution, hash: packed.hash, sizeBytes: packed.sizeBytes }, now);
}

const taken = (id: string) => duplicateField('Plugin', 'id', `A plugin ${id} is installed already`);

/** Before anything is fetched. What is written with `_` for `-` must be one plugin's too. */
async function refuseTaken({ db }: CommandContext, id: string): Promise<void> {
  const there = await db.first(sql`select 1 from plugins where replace(id, '-', '_') = replace(${id}, '-', '_')`);
  if (there) throw taken(id);
}
