import { holds, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import { refuseBeyond } from '../../../kernel/bounds.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireInPerson, requirePermission } from '../../../kernel/viewer.js';
import { checkedText } from '../../../lib/checked-values.js';
import { badInput, type FieldProblem, notFound } from '../../../lib/errors.js';
import type { Sealer } from '../../../lib/sealing.js';
import { isUuid } from '../../../lib/uuid.js';
import { lockPerson } from '../../identity/people/lock-person.js';
import { newSecret } from '../../identity/sessions/secrets.js';
import { calendarFeedReads } from './calendar-feed.reads.js';

/** Of one person. */
const mostFeeds = 20;
const longestTechnician = 255;

/**
 * Makes a feed of the viewer's. It opens without any other credential, so that one is made, seen and ended in person.
 * Throws FORBIDDEN, BAD_USER_INPUT, CONFLICT when the person has twenty.
 */
export async function createCalendarFeed(
  ctx: CommandContext,
  { technician: given }: { technician?: string | null | undefined },
): Promise<string> {
  const { userId } = requireInPerson(ctx.viewer);
  requirePermission(ctx.viewer, 'appointments:read');
  const problems: FieldProblem[] = [];
  const technician = checkedText(given ?? '', ['technician'], problems, { max: longestTechnician }) || null;
  if (problems.length) throw badInput(problems);
  const { secret, hash } = newSecret('cal');
  return ctx.db.transaction(async (tx) => {
    await lockPerson(tx, userId);
    const own = sql`select 1 from calendar_feeds where owner_id = ${userId}`;
    await refuseBeyond(tx, 'CalendarFeed', mostFeeds, own);
    // The id comes first: the secret is sealed for it.
    const made = await tx.first<{ id: string }>(sql`select gen_random_uuid() as id`);
    const { id } = made as { id: string };
    // The secret is no column of the entity, so that no plan can read it.
    await tx.send(sql`
      insert into calendar_feeds (id, owner_id, technician, secret_hash, secret, created_at)
      values (${id}::uuid, ${userId}, ${technician}, ${hash}, ${sealFeedSecret(ctx.services.sealer, id, secret)},
              ${ctx.services.now()})`);
    await emit(tx, ctx, 'calendar_feed.created', ['CalendarFeed', id], { userId });
    return id;
  });
}

/** Ends a feed of the viewer's at once. Throws FORBIDDEN, NOT_FOUND. */
export async function deleteCalendarFeed(ctx: CommandContext, id: string): Promise<string> {
  const viewer = requireInPerson(ctx.viewer);
  return ctx.db.transaction(async (tx) => {
    const gone = isUuid(id)
      ? await tx.first<{ id: string }>(sql`
          delete from calendar_feeds f
           where f.id = ${id}::uuid and ${holds(calendarFeedReads.visibleTo(viewer), 'f')} returning id`)
      : undefined;
    if (!gone) throw notFound('CalendarFeed');
    await emit(tx, ctx, 'calendar_feed.deleted', ['CalendarFeed', gone.id], { userId: viewer.userId });
    return gone.id;
  });
}

const purposeOf = (feedId: string): string => `calendar_feed:${feedId}`;

const sealFeedSecret = (sealer: Sealer, feedId: string, secret: string): string =>
  sealer.seal(secret, purposeOf(feedId));

/** Undefined when it was sealed with another ENCRYPTION_KEY: the address still opens, and cannot be shown again. */
export const openFeedSecret = (sealer: Sealer, feedId: string, sealed: string): string | undefined =>
  sealer.open(sealed, purposeOf(feedId));
