import type { Logger } from 'pino';

const windowMs = 10_000;
const linesShown = 200;
/** The process itself sends a tenth of this at most: whoever sends more goes around it. */
const linesEndured = 10_000;
const longestLine = 4_000;
const levels = ['debug', 'info', 'warn', 'error'] as const;

type WriteLine = (level: unknown, message: unknown, details?: unknown, log?: Logger) => void;

/**
 * Writes the lines of a plugin, 200 within ten seconds; further ones are counted, and the count is told. Throws when
 * the log is flooded. Those of a call that has a log of its own go there.
 */
export function boundedLog(log: Logger): WriteLine {
  let startedMs = -windowMs;
  let lines = 0;
  return (given, message, details, own = log) => {
    const nowMs = performance.now();
    if (nowMs - startedMs > windowMs) {
      if (lines > linesShown) log.warn({ dropped: lines - linesShown }, 'a plugin wrote more lines than are shown');
      startedMs = nowMs;
      lines = 0;
    }
    lines += 1;
    if (lines > linesEndured) throw new Error('Flooded the log');
    if (lines > linesShown) return;
    const level = levels.find((known) => known === given) ?? 'info';
    const shown = typeof details === 'string' ? details.slice(0, longestLine) : undefined;
    own[level]({ ...(shown !== undefined && { details: shown }) }, String(message).slice(0, longestLine));
  };
}
