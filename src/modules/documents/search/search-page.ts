import { defaultPageSize, type ListArgs, listProblems } from '../../../kernel/connection.js';
import { badInput } from '../../../lib/errors.js';

/** A stretch of a result: `size` documents from the one with the number `start`, counted from 0. */
export interface SearchPage {
  start: number;
  size: number;
  hasPreviousPage: boolean;
  /** undefined: known when one document more than the page was looked for. */
  hasNextPage: boolean | undefined;
}

/** Documents lie where their score puts them, so a cursor is a number in the result as it is. */
export const searchCursor = (place: number): string => Buffer.from(`search:${place}`).toString('base64url');

/** undefined for what no search gave. */
function placeOf(cursor: string): number | undefined {
  const [, digits] = /^search:(\d{1,8})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

const maxOffset = 100_000_000;

/**
 * The page that the arguments ask for. `count` counts the whole result, which is needed to read it from its end. Throws
 * BAD_USER_INPUT with all that is wrong.
 */
export async function searchPage(args: ListArgs, count: () => Promise<number>): Promise<SearchPage> {
  const { last, offset } = args;
  const problems = listProblems(args);
  if (offset && offset > maxOffset)
    problems.push({ path: ['offset'], code: 'too_large', message: `must be at most ${maxOffset}` });
  const [after, before] = (['after', 'before'] as const).map((name) => {
    const place = args[name] ? placeOf(args[name]) : undefined;
    if (args[name] && place === undefined)
      problems.push({ path: [name], code: 'invalid', message: 'is no cursor of this list' });
    return place;
  });
  if (problems.length) throw badInput(problems);

  const lowest = after === undefined ? 0 : after + 1;
  if (last != null) {
    const end = Math.max(lowest, Math.min(before ?? Infinity, await count()));
    const start = Math.max(lowest, end - last);
    return { start, size: end - start, hasPreviousPage: start > 0, hasNextPage: before !== undefined };
  }
  const start = lowest + (offset ?? 0);
  const size = Math.max(0, Math.min(args.first ?? defaultPageSize, (before ?? Infinity) - start));
  return { start, size, hasPreviousPage: start > 0, hasNextPage: before === undefined ? undefined : true };
}
