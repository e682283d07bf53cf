import { getPriority, setPriority } from 'node:os';

/** Where processors are short it gets a third of the time that it would get otherwise: files must still be read. */
const lower = 5;
const lowest = 19;

/** Has the system give a process that was just started the time that this one leaves: requests are answered first. */
export function runInBackground(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, Math.min(lowest, getPriority() + lower));
  } catch {
    // It is gone already, or the system has no priorities to give.
  }
}

/** The same for the thread that calls: only Linux has priorities of threads. */
export function runThreadInBackground(): void {
  if (process.platform === 'linux') runInBackground(0);
}
