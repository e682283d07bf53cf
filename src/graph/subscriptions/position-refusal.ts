import { GraphQLError } from 'graphql';
import type { EventFeed, PositionProblem } from '../../events/feed.js';
import { badInput } from '../../lib/errors.js';

/** Why the log cannot be followed from where the subscriber wants to; undefined when it can. */
export async function positionRefusal(
  after: string | null | undefined,
  events: EventFeed,
): Promise<GraphQLError | undefined> {
  const problem = after == null ? undefined : await events.problemOf(after);
  return problem && positionError(String(after), problem);
}

/** The error of a position to resume after: BAD_USER_INPUT with what to do about it in `details`. */
export function positionError(after: string, { reason, ...details }: PositionProblem): GraphQLError {
  const message =
    'newest' in details
      ? `No event has the position ${after} yet; the newest is ${details.newest}`
      : `What follows the position ${after} is no longer kept; the oldest event that is kept is ${details.oldest}`;
  return new GraphQLError(message, {
    originalError: badInput([{ path: ['after'], code: 'not_allowed', message }], { reason, details }),
  });
}
