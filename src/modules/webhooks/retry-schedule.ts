const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Waits after a failed attempt (contracts/DECISIONS.md, section 2): with the first attempt there are eight. */
const waitsMs = [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 10 * hour];

const shortestAskedMs = 5 * second;
const longestAskedMs = 24 * hour;

/** An endpoint to which nothing came for so long is switched off. */
export const patienceMs = 5 * 24 * hour;

/** What the owner asked for instead of the usual schedule; null: as that has it. */
export interface RetrySettings {
  /** Beyond the schedule's eight, its last wait is repeated. */
  maxAttempts: number | null;
  /** The same wait each time. */
  retryDelaySeconds: number | null;
}

/** Attempts of the usual schedule. */
export const usualAttempts = waitsMs.length + 1;

/**
 * How long to wait after that many attempts, in milliseconds; undefined: it is given up. What the receiver asked for by
 * Retry-After takes the place of the planned wait, within 5 seconds and 24 hours.
 */
export function waitAfter(
  attempts: number,
  askedMs: number | undefined,
  { maxAttempts, retryDelaySeconds }: RetrySettings,
): number | undefined {
  if (attempts >= (maxAttempts ?? usualAttempts)) return undefined;
  if (askedMs !== undefined) return Math.min(Math.max(askedMs, shortestAskedMs), longestAskedMs);
  return retryDelaySeconds === null ? (waitsMs[attempts - 1] ?? waitsMs.at(-1)) : retryDelaySeconds * second;
}

/** What Retry-After asks for, in milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3). Undefined: nothing valid. */
export function readRetryAfter(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * second, longestAskedMs);
  // Date.parse also takes a lone number for a year.
  const at = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at - now.getTime();
}
