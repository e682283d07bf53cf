import { raw, type Sql, sql } from '../../../db/sql.js';
import type { Context, Services } from '../../../kernel/context.js';
import { badInput, DomainError } from '../../../lib/errors.js';
import { FairTurns, TurnRefused } from '../../../lib/fair-turns.js';
import { prefixesOf } from '../../../lib/search-query.js';

/** Each beginning is looked up among all words of all documents, and a short one is that of thousands. */
const mostPrefixes = 6;
const shortestPrefix = 2;

/** Throws BAD_USER_INPUT (`search.prefixes`) for beginnings of words that are too many or too short, naming them. */
export function refuseCostlyPrefixes(q: string | null | undefined, path: readonly string[] = ['q']): void {
  const prefixes = prefixesOf(q ?? '');
  const short = prefixes.find(({ length }) => length < shortestPrefix);
  if (prefixes.length <= mostPrefixes && short === undefined) return;
  const message =
    short === undefined
      ? `has ${prefixes.length} beginnings of words (${prefixes
          .map((each) => `${each}*`)
          .join(' ')
          .slice(0, 100)}) of the ` + `${mostPrefixes} that it may have`
      : `${short}* is the beginning of too many words: it needs ${shortestPrefix} letters`;
  throw badInput([{ path, code: short === undefined ? 'too_long' : 'too_short', message }], {
    reason: 'search.prefixes',
  });
}

/**
 * So many statements of searches run at a time in a process, so that they leave connections to everything else, and
 * two of one person's, which are a page and its count. A page that is typed in asks again before it was answered.
 */
const limits = { atOnce: 4, eachAtOnce: 2, eachWaiting: 40 } as const;
const timeoutMs = 5000;
/** Of the transaction: planned with its values, and room for which of the rows of a common word are meant. */
const settings = sql`select set_config('statement_timeout', '${raw(String(timeoutMs))}', true),
  set_config('plan_cache_mode', 'force_custom_plan', true), set_config('work_mem', '32MB', true)`;
const retryAfterSeconds = 5;

/** Of a process. */
const rooms = new WeakMap<Services, FairTurns>();

/**
 * The rows of a statement of a search. Throws RATE_LIMITED (`search.busy`) while much of the person's waits, and
 * UNAVAILABLE (`search.too_slow`) when it takes five seconds. The embedded database ends no statement.
 */
export async function searchRows<R extends object>(
  { db, services, viewer }: Pick<Context, 'db' | 'services' | 'viewer'>,
  statement: Sql,
): Promise<R[]> {
  const room = rooms.get(services) ?? new FairTurns(limits);
  rooms.set(services, room);
  const isEmbedded = services.config.databaseUrl === undefined;
  try {
    return await room.take(viewer.userId, () =>
      isEmbedded
        ? db.all<R>(statement)
        : db.transaction(async (tx) => {
            await tx.send(settings);
            return tx.all<R>(statement);
          }),
    );
  } catch (error) {
    if (error instanceof TurnRefused)
      throw new DomainError('RATE_LIMITED', 'Too many searches at a time', {
        reason: 'search.busy',
        details: { retryAfterSeconds },
      });
    if ((error as { code?: string }).code === queryCanceled)
      throw new DomainError('UNAVAILABLE', 'The search takes too long: ask for longer words, or for fewer', {
        reason: 'search.too_slow',
        details: { retryAfterSeconds },
      });
    throw error;
  }
}

/** PostgreSQL's code for a statement that was ended. */
const queryCanceled = '57014';
