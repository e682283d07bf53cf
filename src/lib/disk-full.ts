import { DomainError } from './errors.js';

/** Long enough to make room by hand. */
const retryAfterSeconds = 300;

export const noSpace = (): DomainError =>
  new DomainError('UNAVAILABLE', 'There is no room left on the disk', {
    reason: 'files.no_space',
    details: { retryAfterSeconds },
  });

/** What the system and PostgreSQL say when a disk, or somebody's share of it, is full. */
const codes = ['ENOSPC', 'EDQUOT', '53100'];

export const isDiskFull = (error: unknown): boolean =>
  codes.includes(String((error as { code?: unknown } | undefined)?.code));

/** Rejects as `work` does, but with UNAVAILABLE (`files.no_space`) when the disk is full. */
export const sayingNoSpace = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    throw isDiskFull(error) ? noSpace() : error;
  });
