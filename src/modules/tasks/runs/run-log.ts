import { format } from 'node:util';
import type { Logger } from 'pino';
import type { LogLine } from '../task-run.entity.js';

/** Of a run with all its attempts: so many first lines and so many last ones. */
const firstLines = 100;
const lastLines = 100;
const longestLine = 500;

const levels = ['debug', 'info', 'warn', 'error'] as const;

/** What a run logs, bounded however much that is. */
export class RunLog {
  readonly #first: LogLine[];
  #last: LogLine[];
  #leftOut = 0;
  #isClosed = false;
  /** Whether anything came since it was last taken. */
  hasNews = false;

  /** `before`: what earlier attempts logged. */
  constructor(before: readonly LogLine[]) {
    this.#first = before.slice(0, firstLines);
    this.#last = before.slice(firstLines);
  }

  add(level: LogLine['level'], message: string): void {
    if (this.#isClosed) return;
    const text = message.replaceAll('\0', '\uFFFD').toWellFormed();
    const line = {
      at: new Date().toISOString(),
      level,
      message: text.length > longestLine ? `${text.slice(0, longestLine)}…`.toWellFormed() : text,
    };
    this.hasNews = true;
    if (this.#first.length < firstLines) this.#first.push(line);
    else if (this.#last.push(line) > 2 * lastLines) this.#shorten();
  }

  /** Takes no more: an action that goes on after its end is not heard. */
  close(): void {
    this.#isClosed = true;
  }

  lines(): LogLine[] {
    this.hasNews = false;
    this.#shorten();
    const [next] = this.#last;
    if (!this.#leftOut || !next) return [...this.#first, ...this.#last];
    const gap: LogLine = { at: next.at, level: 'warn', message: `(${this.#leftOut} lines are left out here)` };
    return [...this.#first, gap, ...this.#last];
  }

  #shorten(): void {
    const surplus = this.#last.length - lastLines;
    if (surplus <= 0) return;
    this.#leftOut += surplus;
    this.#last = this.#last.slice(surplus);
  }
}

/**
 * A logger that writes as `logger` does and tells the run's log the messages, without the objects beside them, which
 * are for operators; of an error its message. What `child` makes of it does so too.
 */
export function tellingLogger(logger: Logger, log: RunLog): Logger {
  const told = Object.create(logger) as Logger;
  for (const level of levels)
    told[level] = (...given: unknown[]): void => {
      log.add(level, messageOf(given));
      (logger[level] as (...args: unknown[]) => void).apply(logger, given);
    };
  told.child = ((...given: Parameters<Logger['child']>) =>
    tellingLogger(logger.child(...given) as unknown as Logger, log)) as unknown as Logger['child'];
  return told;
}

function messageOf([first, ...others]: readonly unknown[]): string {
  if (typeof first === 'string') return format(first, ...others);
  const [message, ...values] = others;
  const error = first instanceof Error ? first : (first as { err?: unknown } | undefined)?.err;
  const reason = error instanceof Error ? error.message : '';
  if (typeof message !== 'string') return reason || '(no message)';
  const text = format(message, ...values);
  return reason ? `${text}: ${reason}` : text;
}
