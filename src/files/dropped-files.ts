import { isUtf8 } from 'node:buffer';
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
import { join, parse } from 'node:path';
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

/**
 * Regular files in the folder and those below it, sorted. Symlinks are neither files nor folders here. What has a name
 * that is no UTF-8, as from a system of before it, is given the name that was meant.
 */
export async function listDroppedFiles(root: string): Promise<DroppedFile[]> {
  const found: DroppedFile[] = [];
  const walk = async (folder: string): Promise<void> => {
    await giveReadableNames(join(root, folder));
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

/** Names of another encoding are read as Windows-1252, of which Latin-1 is a part. No file is replaced. */
async function giveReadableNames(folder: string): Promise<void> {
  const names = await readdir(folder, { encoding: 'buffer' }).catch(ignoreAbsence([]));
  for (const bytes of names) {
    if (isUtf8(bytes)) continue;
    const meant = new TextDecoder('windows-1252').decode(bytes).replace(/[\p{Cc}/\\]/gu, '_');
    const { name, ext } = parse(meant);
    let target = join(folder, `${name}${ext}`);
    for (let n = 2; await exists(target); n += 1) target = join(folder, `${name} (${n})${ext}`);
    const source = Buffer.concat([Buffer.from(`${folder}/`), bytes]);
    // Another process may have been quicker.
    await rename(source, target).catch(ignoreAbsence(undefined));
  }
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
  /** Put before the extension when the name, or that of its note, is taken there. */
  suffix: string;
  /** Written beside it, as `<name>.txt`, over no file that is there. */
  note?: string;
}

/** Moves a file out of sight. A second process may do the same at the same moment: one of them moves it. */
export async function moveDroppedFile(root: string, { path, identity, to, suffix, note }: Removal): Promise<void> {
  const source = join(root, path);
  const stats = await lstat(source, { bigint: true }).catch(ignoreAbsence(undefined));
  if (!stats || identityOf(stats) !== identity) return;
  const { dir, name, ext } = parse(join(root, to, path));
  await mkdir(dir, { recursive: true });
  let target = join(dir, `${name}${ext}`);
  // The note is first, so that a crash leaves no refused file without its reason.
  for (let n = 1; (await exists(target)) || (note !== undefined && !(await isNewFile(`${target}.txt`, note))); n += 1)
    target = join(dir, `${name} (${n === 1 ? suffix : `${suffix}-${n}`})${ext}`);
  try {
    await rename(source, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      if (note !== undefined) await rm(`${target}.txt`, { force: true });
      return;
    }
    if (code !== 'EXDEV') throw error;
    await copyFile(source, target);
    await rm(source, { force: true });
  }
}

/** Writes a file unless there is one of the name; false when there is. */
const isNewFile = (path: string, content: string): Promise<boolean> =>
  writeFile(path, content, { flag: 'wx' }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
      return false;
    },
  );

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
