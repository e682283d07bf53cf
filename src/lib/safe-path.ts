import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';

/**
 * The real path of an existing regular file inside `root`, or undefined: for anything outside (by `..`, by an absolute
 * path, through a symlink), for folders, devices and sockets, and for what doesn't exist or can't be read. It gives no
 * reason, so that a caller can't be used to find out what lies outside.
 *
 * Relative paths are taken from `root`; absolute ones must lie within it as written, and after resolving symlinks.
 * Whoever can write in `root` can still swap the file afterwards: open the path given here, and only once.
 */
export async function resolveInside(root: string, path: string): Promise<string | undefined> {
  if (path.includes('\0')) return undefined;
  const asked = resolve(root, path);
  if (!isInside(resolve(root), asked)) return undefined;
  try {
    const [realRoot, real] = await Promise.all([realpath(root), realpath(asked)]);
    return isInside(realRoot, real) && (await stat(real)).isFile() ? real : undefined;
  } catch {
    return undefined;
  }
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

const maxNameLength = 200;
/** Longer "extensions" are ends of sentences, not types. */
const maxExtensionLength = 20;

/**
 * A name that is safe to show, to store and to send in a header's `filename*`: without folders (`/` and `\`), in NFC,
 * without control characters, line separators and the invisible marks that reorder text (so that `fdp.exe` can't be
 * shown as `exe.pdf`), at most 200 UTF-16 units with the extension kept. `file` when nothing is left.
 *
 * It is for display: content is stored under keys of our own, never under this name.
 */
export function safeFileName(name: string): string {
  const base = name
    .toWellFormed()
    .split(/[/\\]/)
    .at(-1)!
    .replace(/[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu, '')
    .normalize('NFC')
    .trim();
  if (/^\.*$/.test(base)) return 'file';
  if (base.length <= maxNameLength) return base;
  const dot = base.lastIndexOf('.');
  const extension = dot > 0 && base.length - dot <= maxExtensionLength ? base.slice(dot) : '';
  return cut(base.slice(0, base.length - extension.length), maxNameLength - extension.length).trimEnd() + extension;
}

/** The first `length` UTF-16 units, without half a surrogate pair at the end. */
function cut(text: string, length: number): string {
  const head = text.slice(0, length);
  return head.isWellFormed() ? head : head.slice(0, -1);
}
