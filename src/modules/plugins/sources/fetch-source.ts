import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allowedPath, checkArchive, copyFolder } from './copy-folder.js';
import { fetchNpm } from './fetch-npm.js';
import { isAllowedAddress, type PluginSource } from './plugin-source.js';
import { packageBounds, SourceProblem } from './source-problem.js';
import { download, httpsTransport } from './transport.js';
import { unpackArchive } from './unpack-archive.js';

export interface SourceRules {
  /** PLUGIN_SOURCES. */
  allowed: readonly string[];
  registry: URL | undefined;
  /** Certificates of authorities beside those that Node trusts, PEM. */
  ca?: string;
}

export interface FetchOptions {
  rules: SourceRules;
  /** Where folders for the time of the work are made. */
  workFolder: string;
  /** Told every now and then how far it is. */
  onProgress?: (progress: { step: 'fetching' | 'unpacking'; bytes: number }) => void;
  /** Default: that of `packageBounds`. */
  ms?: number;
}

/**
 * Gets the files of a plugin from an allowed source into a folder, within bounds and without running anything of it,
 * and hands the folder to `use`; it is gone afterwards. Throws SourceProblem for what cannot be got.
 */
export async function withSource<T>(
  source: PluginSource,
  version: string | undefined,
  { rules, workFolder, onProgress = () => undefined, ms = packageBounds.ms }: FetchOptions,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const work = join(workFolder, `plugin-${randomUUID()}`);
  const folder = join(work, 'package');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const signal = AbortSignal.timeout(ms);
  try {
    await fetchInto({ source, version, work, folder, rules, signal, onProgress }).catch((error: unknown) => {
      throw signal.aborted ? new SourceProblem(`it took longer than ${ms / 1000} seconds`) : error;
    });
    return await use(folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

interface Fetching {
  source: PluginSource;
  version: string | undefined;
  work: string;
  folder: string;
  rules: SourceRules;
  signal: AbortSignal;
  onProgress: NonNullable<FetchOptions['onProgress']>;
}

async function fetchInto({ source, version, work, folder, rules, signal, onProgress }: Fetching): Promise<void> {
  let bytes = 0;
  const transport = httpsTransport({
    signal,
    ...(rules.ca && { ca: rules.ca }),
    onBytes: (more) => onProgress({ step: 'fetching', bytes: (bytes += more) }),
  });
  const unpack = async (path: string): Promise<void> => {
    onProgress({ step: 'unpacking', bytes });
    await unpackArchive(path, folder, signal);
  };
  const unpackBytes = async (archive: Buffer): Promise<void> => {
    const path = join(work, 'archive.tgz');
    await writeFile(path, archive, { mode: 0o600 });
    await unpack(path);
  };
  onProgress({ step: 'fetching', bytes });
  switch (source.kind) {
    case 'folder':
      return copyFolder(await allowedPath(source.path, rules.allowed), folder, signal);
    case 'tarball': {
      if ('url' in source)
        return unpackBytes(
          await download(transport, source.url, { isAllowed: (url) => isAllowedAddress(url, rules.allowed) }),
        );
      const path = await allowedPath(source.path, rules.allowed);
      await checkArchive(path);
      return unpack(path);
    }
    case 'npm': {
      const { registry } = rules;
      if (!registry) throw new SourceProblem('no registry is set');
      return unpackBytes(await fetchNpm(transport, { name: source.name, range: version ?? source.range, registry }));
    }
    case 'git': {
      const { fetchGit } = await import('./fetch-git.js');
      return fetchGit(transport, { url: source.url, version, work, folder }, signal);
    }
  }
}
