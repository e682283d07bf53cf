import semver from 'semver';
import type { CommandContext } from '../../kernel/command.js';
import { badInput, type FieldProblem } from '../../lib/errors.js';
import type { Manifest } from '../../plugin-host/manifest.js';
import { packFolder, type PackedPackage, workFolderOf } from './packages/package-store.js';
import { readManifest } from './packages/read-manifest.js';
import { schemaProblem } from './plugin-settings.js';
import { withSource } from './sources/fetch-source.js';
import { isAllowedSource, parseSource, type PluginSource } from './sources/plugin-source.js';
import { SourceProblem } from './sources/source-problem.js';

/** A package that was fetched; its folder is gone when its user is done. */
export interface FetchedPlugin {
  kind: PluginSource['kind'];
  manifest: Manifest;
  folder: string;
  packed: PackedPackage;
}

/** What is wrong with a source and a version, before anything is asked of anybody. */
export function sourceProblems(
  ctx: Pick<CommandContext, 'services'>,
  { source, version }: { source: string; version?: string | null | undefined },
): { parsed: PluginSource | undefined; problems: FieldProblem[] } {
  const problems: FieldProblem[] = [];
  const parsed = parseSource(source);
  if (!parsed)
    problems.push({
      path: ['source'],
      code: 'invalid_format',
      message: 'is a folder, a .tgz, a package of npm or an https address of a .tgz or .git',
    });
  else if (!isAllowedSource(parsed, ctx.services.config.plugins.sources))
    problems.push({ path: ['source'], code: 'not_allowed', message: 'PLUGIN_SOURCES does not allow it' });
  if (version != null && !/^[A-Za-z0-9^~<>=*][A-Za-z0-9._/ ^~<>=*|+-]{0,99}$/.test(version))
    problems.push({ path: ['version'], code: 'invalid_format', message: 'is a version, a range, a tag or a branch' });
  return { parsed, problems };
}

/**
 * Fetches a plugin, checks and packs it, and hands it to `use`. Nothing of it runs. Throws BAD_USER_INPUT on the fields
 * `source`, `version` and `id`: what cannot be had, is not as it must be, or is another plugin than was said.
 */
export async function withFetchedPlugin<T>(
  ctx: CommandContext,
  { id, source, version }: { id: string; source: string; version: string | undefined },
  use: (plugin: FetchedPlugin) => Promise<T>,
): Promise<T> {
  const { parsed, problems } = sourceProblems(ctx, { source, version });
  if (!parsed || problems.length) throw badInput(problems);
  const { config } = ctx.services;
  const { plugins } = config;
  try {
    return await withSource(
      parsed,
      version,
      {
        rules: {
          allowed: plugins.sources,
          registry: plugins.registry === undefined ? undefined : new URL(plugins.registry),
        },
        workFolder: workFolderOf(config.dataDir),
      },
      async (folder) => {
        const manifest = await readManifest(folder);
        const problem = schemaProblem(manifest);
        if (problem) throw new SourceProblem(`plugin.json: ${problem}`);
        requireThatPlugin(manifest, { id, version, kind: parsed.kind });
        const packed = await packFolder(folder, `${folder}.tgz`);
        return use({ kind: parsed.kind, manifest, folder, packed });
      },
    );
  } catch (error) {
    if (error instanceof SourceProblem)
      throw badInput([{ path: ['source'], code: 'invalid', message: `Nothing could be installed: ${error.message}` }], {
        reason: 'plugin.source',
        details: { reason: error.message },
      });
    throw error;
  }
}

function requireThatPlugin(
  manifest: Manifest,
  { id, version, kind }: { id: string; version: string | undefined; kind: PluginSource['kind'] },
): void {
  const problems: FieldProblem[] = [];
  if (manifest.id !== id)
    problems.push({ path: ['id'], code: 'invalid', message: `The manifest there says ${manifest.id}` });
  // In git a version may also be a branch or a commit.
  const isRange = version !== undefined && semver.validRange(version) !== null && !/^[0-9a-f]{40}$/.test(version);
  const isTag = kind === 'npm' || kind === 'git';
  if (
    version !== undefined &&
    (isRange ? !semver.satisfies(manifest.version, version, { includePrerelease: true }) : !isTag)
  )
    problems.push({ path: ['version'], code: 'invalid', message: `The manifest there says ${manifest.version}` });
  if (problems.length) throw badInput(problems);
}
