import pg from 'pg';
import type { Logger } from 'pino';
import { DomainError } from '../lib/errors.js';

const retryAfterSeconds = 5;
/** While it lasts, how often it is logged: every request meets it. */
const logEveryMs = 1_000;

/** Returns what is to be thrown instead of an error of the database. */
export type TellOutage = (error: unknown) => unknown;

/**
 * Says UNAVAILABLE (`database.unreachable`) to whoever asks while the database does not answer, is starting or ending,
 * or has no connection left, and why to whoever operates the server. Other errors stay as they are.
 */
export function outageTeller(log: Logger): TellOutage {
  let loggedMs = -Infinity;
  return (error) => {
    if (!isOutage(error)) return error;
    if (performance.now() - loggedMs > logEveryMs) {
      loggedMs = performance.now();
      log.error({ err: error }, 'the database cannot be reached');
    }
    return new DomainError('UNAVAILABLE', 'The database cannot be reached now', {
      reason: 'database.unreachable',
      details: { retryAfterSeconds },
    });
  };
}

/** The same function, which tells of outages. */
export const tellingOutages =
  <Args extends unknown[], Result>(run: (...args: Args) => Promise<Result>, tell: TellOutage) =>
  async (...args: Args): Promise<Result> => {
    try {
      return await run(...args);
    } catch (error) {
      throw tell(error);
    }
  };

/** Connections: 08; 53300: too many. The server stops, crashed or starts: 57P. A primary that is one no more: 25006. */
const ofTheServer = /^(?:08...|53300|57P0[123]|25006)$/;
const ofTheNetwork = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH']);
/** Of `pg`, which gives these no code. */
const ofTheDriver =
  /^Connection terminated|^timeout exceeded when trying to connect|^Client has encountered a connection/;

function isOutage(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (error instanceof pg.DatabaseError) return ofTheServer.test(String(code));
  return ofTheNetwork.has(String(code)) || ofTheDriver.test(String(message));
}
