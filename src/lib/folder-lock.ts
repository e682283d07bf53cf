import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';

/** Held by another process that is alive. */
export class FolderInUse extends Error {
  constructor(
    folder: string,
    readonly pid: number,
  ) {
    super(
      `DATA_DIR: ${folder} is in use by process ${pid}: two servers on one embedded database would lose data. ` +
        'Stop that process, or set DATABASE_URL or another DATA_DIR.',
    );
  }
}

/**
 * Takes `<folder>.lock` for this process and returns how to release it. A lock whose process has died is taken over.
 * Throws FolderInUse at once otherwise: whoever starts a second server wants to know, not to wait.
 */
export function lockFolder(folder: string): () => void {
  const file = `${folder.replace(/\/+$/, '')}.lock`;
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      const handle = openSync(file, 'wx', 0o600);
      writeSync(handle, `${process.pid} ${bootTime(process.pid)}`);
      fsyncSync(handle);
      closeSync(handle);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const [pid = 0, started = ''] = readLock(file);
      if (pid && pid !== process.pid && isAlive(pid) && started === bootTime(pid)) throw new FolderInUse(folder, pid);
      rmSync(file, { force: true });
    }
  }
  throw new Error(`Cannot take the lock ${file}`);
}

function readLock(file: string): [number?, string?] {
  try {
    const [pid, ...started] = readFileSync(file, 'utf8').split(' ');
    return [Number(pid), started.join(' ')];
  } catch {
    return [];
  }
}

/** When the process started, where the system tells (Linux): a number that was given out again is another process. */
function bootTime(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
