import { closeSync, fsyncSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs';
import { isProcessAlive, markOf, type ProcessMark } from './process-mark.js';

/**
 * A lock is its process's as long as that lives. Of a process elsewhere, such as in another container on the same
 * volume, only the time of the file can be seen, which its holder renews.
 */
const beatMs = 5_000;
/** Longer than a statement of the embedded database keeps its process from renewing it. */
const silentMs = 30_000;

/** Held by another process that is alive. */
export class FolderInUse extends Error {
  constructor(
    folder: string,
    readonly pid: number,
    { isElsewhere = false }: { isElsewhere?: boolean } = {},
  ) {
    super(
      `DATA_DIR: ${folder} is in use by process ${pid}` +
        (isElsewhere ? ` of another container or machine, or was within ${silentMs / 1000} s` : '') +
        `: two servers on one embedded database would lose data. ` +
        'Stop that process, or set DATABASE_URL or another DATA_DIR.',
    );
  }
}

/**
 * Takes `<folder>.lock` for this process and returns how to release it. A lock whose process has died is taken over.
 * Throws FolderInUse at once otherwise: whoever starts a second server wants to know, not to wait.
 */
export function lockFolder(folder: string): () => void {
  const file = lockFile(folder);
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      const handle = openSync(file, 'wx', 0o600);
      const { pid, started, where } = markOf(process.pid);
      writeSync(handle, `${pid} ${started} ${where}`);
      fsyncSync(handle);
      closeSync(handle);
      const beating = setInterval(() => renew(file), beatMs).unref();
      return () => {
        clearInterval(beating);
        rmSync(file, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = holderOf(folder);
      if (holder && (holder.isElsewhere || holder.pid !== process.pid))
        throw new FolderInUse(folder, holder.pid, holder);
      rmSync(file, { force: true });
    }
  }
  throw new Error(`Cannot take the lock ${file}`);
}

/** The process that holds the lock of a folder; undefined: none that is alive. */
export const lockHolder = (folder: string): number | undefined => holderOf(folder)?.pid;

function holderOf(folder: string): { pid: number; isElsewhere: boolean } | undefined {
  const file = lockFile(folder);
  const mark = readLock(file);
  if (!mark) return undefined;
  const { pid } = mark;
  const lives = isProcessAlive(mark);
  if (lives === undefined) return isRenewed(file) ? { pid, isElsewhere: true } : undefined;
  return lives ? { pid, isElsewhere: false } : undefined;
}

function renew(file: string): void {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // Somebody took the file or the folder away.
  }
}

function isRenewed(file: string): boolean {
  const facts = statSync(file, { throwIfNoEntry: false });
  return facts !== undefined && facts.mtimeMs > Date.now() - silentMs;
}

const lockFile = (folder: string): string => `${folder.replace(/\/+$/, '')}.lock`;

function readLock(file: string): ProcessMark | undefined {
  try {
    const [pid, started = '', where = markOf(process.pid).where] = readFileSync(file, 'utf8').split(' ');
    return Number(pid) ? { pid: Number(pid), started, where } : undefined;
  } catch {
    return undefined;
  }
}
