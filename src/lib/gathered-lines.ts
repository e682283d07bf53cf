import type { DestinationStream, pino } from 'pino';

/** What is written at once at most, but for the last line. */
const mostCharacters = 64 * 1024;
const longestMs = 250;

export interface GatheredLines extends DestinationStream {
  /** Writes what is gathered, and waits until it is written. */
  flushSync: () => void;
}

/**
 * Gathers lines and has them written together: apart from the requests that they tell of, and hundreds at a time,
 * since each write wakes a thread. They wait for a quarter of a second at most, and are written when the process ends.
 */
export function gatheredLines(out: ReturnType<typeof pino.destination>): GatheredLines {
  let lines: string[] = [];
  let characters = 0;
  let isClosed = false;
  out.once('close', () => (isClosed = true));
  const flush = (): void => {
    if (!lines.length || isClosed) return;
    const text = lines.join('');
    lines = [];
    characters = 0;
    out.write(text);
  };
  setInterval(flush, longestMs).unref();
  const flushSync = (): void => {
    flush();
    if (!isClosed) out.flushSync();
  };
  // Before pino, which closes what it writes to when nothing is left to do.
  process.prependListener('beforeExit', flush);
  process.prependListener('exit', flushSync);
  return {
    write: (line) => {
      lines.push(line);
      characters += line.length;
      if (characters >= mostCharacters) flush();
    },
    flushSync,
  };
}
