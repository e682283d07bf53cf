import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Numbers of processes mean something within one container (a PID namespace) of one machine: there it can be told
 * whether a process lives.
 */
export interface ProcessMark {
  pid: number;
  /** When it started, where the system tells: a number that was given out again is another process. */
  started: string;
  /** One word; the same for all processes that see each other by their numbers. */
  where: string;
}

export const markOf = (pid: number): ProcessMark => ({ pid, started: bootTime(pid), where: whereNumbersHold() });

/** undefined: it is elsewhere, where nobody can tell. */
export function isProcessAlive({ pid, started, where }: ProcessMark): boolean | undefined {
  if (where !== whereNumbersHold()) return undefined;
  return isAlive(pid) && started === bootTime(pid);
}

function whereNumbersHold(): string {
  try {
    return `${hostname()}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

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
