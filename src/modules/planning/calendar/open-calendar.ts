import { raw, sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { can, onlyOwnRights, requirePermission, type SignedIn } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { hashSecret, permissionsOf } from '../../identity/sessions/resolve-viewer.js';
import { calendarEntries } from './calendar-entries.js';
import { longCalendarFile } from './calendar-file.js';
import type { CalendarFile } from './calendar.types.js';

export interface AskedCalendar {
  /** Of a feed: then nothing else is asked of whoever opens it. */
  secret?: string | null | undefined;
  /** Of one technician; a feed says itself of whom. */
  technician?: string | null | undefined;
}

/**
 * The calendar as an iCalendar file: the viewer's, or that of the feed with the secret, with the rights that its owner
 * has now. Throws NOT_FOUND, in the same words for a feed that never was, one that was ended, and one whose owner may
 * not read appointments any more; FORBIDDEN to a viewer who may not.
 */
export async function openCalendar(ctx: CommandContext, { secret, technician }: AskedCalendar): Promise<CalendarFile> {
  const opened =
    secret == null
      ? { viewer: requirePermission(ctx.viewer, 'appointments:read'), technician: technician?.trim() || null }
      : await openFeed(ctx, secret);
  const { config, now } = ctx.services;
  const entries = await calendarEntries(ctx.db, opened.viewer, { technician: opened.technician, now: now() });
  const name = opened.technician === null ? 'Planning' : `Planning ${opened.technician}`;
  const host = new URL(config.publicUrl).hostname;
  return {
    name: 'planning.ics',
    content: await longCalendarFile({ name, host, timeZone: config.timeZone }, entries, opened.viewer.userId),
  };
}

async function openFeed(
  { db, services }: CommandContext,
  secret: string,
): Promise<{ viewer: SignedIn; technician: string | null }> {
  const feed = await db.first<{ id: string; technician: string | null; userId: number; permissions: string[] }>(sql`
    select f.id, f.technician, u.id as "userId", ${raw(permissionsOf('u.id'))} as permissions
      from calendar_feeds f join users u on u.id = f.owner_id
     where f.secret_hash = ${hashSecret(secret)} and u.is_active`);
  const viewer = feed && { ...onlyOwnRights(feed.userId), permissions: new Set(feed.permissions) };
  if (!viewer || !can(viewer, 'appointments:read')) throw notFound('CalendarFeed');
  const now = services.now();
  await db.run(sql`
    update calendar_feeds set last_read_at = ${now}
     where id = ${feed.id}::uuid
       and (last_read_at is null or last_read_at < ${now}::timestamptz - interval '1 minute')`);
  return { viewer, technician: feed.technician };
}
