import type { ReadEntry } from 'tar';
import { PackageMeter, SourceProblem } from './source-problem.js';

interface Entry {
  path: string;
  isFolder: boolean;
}

/**
 * Unpacks a `.tgz` into an empty folder, without the one folder that all of it may be in. All of it is read and judged
 * before a file is written: only files and folders, below the top, within the bounds. Throws SourceProblem.
 */
export async function unpackArchive(file: string, folder: string, signal: AbortSignal): Promise<void> {
  const tar = await import('tar');
  const entries = await judged(tar, file, signal);
  const strip = isBelowOneFolder(entries) ? 1 : 0;
  const meter = new PackageMeter();
  for (const { path, isFolder } of entries) {
    const below = strip ? path.slice(path.indexOf('/') + 1) : path;
    if (!isFolder) meter.add(below, 0);
  }
  try {
    await tar.extract({
      file,
      cwd: folder,
      strict: true,
      strip,
      preserveOwner: false,
      preservePaths: false,
      noChmod: true,
      noMtime: true,
      dmode: 0o700,
      fmode: 0o600,
      filter: () => !signal.aborted,
    });
  } catch (error) {
    throw new SourceProblem(`the archive cannot be unpacked: ${(error as Error).message}`);
  }
  signal.throwIfAborted();
}

async function judged(tar: typeof import('tar'), file: string, signal: AbortSignal): Promise<Entry[]> {
  const entries: Entry[] = [];
  const meter = new PackageMeter();
  let problem: SourceProblem | undefined;
  const judge = (entry: ReadEntry): void => {
    if (problem) return;
    try {
      const isFolder = entry.type === 'Directory' || entry.type === 'GNUDumpDir';
      if (!isFolder && entry.type !== 'File' && entry.type !== 'OldFile' && entry.type !== 'ContiguousFile')
        throw new SourceProblem(`${entry.path} is a link, or no file`);
      const path = entry.path.replace(/^\.\//, '').replace(/\/+$/, '');
      if (path === '.' || path === '') return;
      meter.add(path, entry.size);
      entries.push({ path, isFolder });
    } catch (error) {
      problem = error as SourceProblem;
    }
  };
  try {
    await tar.list({ file, strict: true, onReadEntry: judge, filter: () => !signal.aborted && !problem });
  } catch (error) {
    throw problem ?? new SourceProblem(`it is no archive that can be read: ${(error as Error).message}`);
  }
  signal.throwIfAborted();
  if (problem) throw problem;
  return entries;
}

/** Whether all of it is in one folder, as packers of archives do. */
function isBelowOneFolder(entries: readonly Entry[]): boolean {
  const tops = new Set(entries.map(({ path }) => path.split('/')[0]));
  return tops.size === 1 && entries.every(({ path, isFolder }) => isFolder || path.includes('/'));
}
