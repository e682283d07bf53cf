import { constants, setPriority } from 'node:os';

/** Has the system give a process that was just started the time that this one leaves: requests are answered first. */
export function runInBackground(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It is gone already, or the system has no priorities to give.
  }
}

/** The same for the thread that calls: only Linux has priorities of threads. */
export function runThreadInBackground(): void {
  if (process.platform === 'linux') runInBackground(0);
}
