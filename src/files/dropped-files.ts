import type { BigIntStats } from 'node:fs';
import {
  access,
  constants,
  copyFile,
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { resolveInside } from '../lib/safe-path.js';

/**
 * The files of a folder into which people and machines drop things, as seen from outside: what is complete, which file
 * is which, and how one leaves. Paths are relative to the folder, with `/`.
 */

/** Hidden files, and the names that programs give to what they have not finished, or keep for themselves. */
export const isTemporaryName = (name: string): boolean =>
  name.startsWith('.') ||
  name.startsWith('~$') ||
  name.endsWith('~') ||
  /\.(part|partial|tmp|temp|crdownload|download|filepart|swp)$/i.test(name) ||
  /^(thumbs\.db|desktop\.ini)$/i.test(name);

export interface DroppedFile {
  path: string;
  /** The same for the same untouched file, another for whatever takes its name later. */
  identity: string;
  isEmpty: boolean;
}

/** Regular files in the folder and those below it, sorted. Symlinks are neither files nor folders here. */
export async function listDroppedFiles(root: string): Promise<DroppedFile[]> {
  const found: DroppedFile[] = [];
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(ignoreAbsence([]));
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (isTemporaryName(entry.name)) continue;
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isDirectory()) await walk(path);
      if (!entry.isFile()) continue;
      const stats = await lstat(join(root, path), { bigint: true }).catch(ignoreAbsence(undefined));
      if (stats) found.push({ path, identity: identityOf(stats), isEmpty: stats.size === 0n });
    }
  };
  await walk('');
  return found;
}

export const identityOf = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string =>
  [dev, ino, size, mtimeNs, ctimeNs].join('-');

/** Opens a regular file that no symlink leads to; undefined when there is none (any more). The caller closes it. */
export async function openDroppedFile(
  root: string,
  path: string,
): Promise<{ handle: FileHandle; identity: string; sizeBytes: number } | undefined> {
  const real = await resolveInside(root, path);
  if (real === undefined) return undefined;
  const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW).catch(ignoreAbsence(undefined));
  if (!handle) return undefined;
  const stats = await handle.stat({ bigint: true });
  // Moved away between the opening and the look at it, it would seem to be another file: moving changes its times.
  const still = await lstat(real, { bigint: true }).catch(ignoreAbsence(undefined));
  if (still?.dev === stats.dev && still.ino === stats.ino)
    return { handle, identity: identityOf(stats), sizeBytes: Number(stats.size) };
  await handle.close();
  return undefined;
}

export interface Removal {
  path: string;
  /** Nothing moves when another file has taken the name by now. */
  identity: string;
  /** Folder below the root. */
  to: string;
  /** Put before the extension when the name is taken there. */
  suffix: string;
  /** Written beside it, as `<name>.txt`. */
  note?: string;
}

/** Moves a file out of sight. A second process may do the same at the same moment: one of them moves it. */
export async function moveDroppedFile(root: string, { path, identity, to, suffix, note }: Removal): Promise<void> {
  const source = join(root, path);
  const stats = await lstat(source, { bigint: true }).catch(ignoreAbsence(undefined));
  if (!stats || identityOf(stats) !== identity) return;
  let target = join(root, to, path);
  await mkdir(dirname(target), { recursive: true });
  if (await exists(target)) {
    const { dir, name, ext } = parse(target);
    target = join(dir, `${name} (${suffix})${ext}`);
  }
  // First, so that a crash leaves no refused file without its reason.
  if (note !== undefined) await writeFile(`${target}.txt`, note);
  try {
    await rename(source, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    if (code !== 'EXDEV') throw error;
    await copyFile(source, target);
    await rm(source, { force: true });
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const ignoreAbsence =
  <T>(instead: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR' && error.code !== 'ELOOP') throw error;
    return instead;
  };
