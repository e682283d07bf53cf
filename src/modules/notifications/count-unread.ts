import { sql } from '../../db/sql.js';
import type { Context } from '../../kernel/context.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import type { UnreadNotifications } from './notification.inputs.js';

/** How many of one's own notifications are unread. */
export async function countUnread(ctx: Pick<Context, 'db' | 'viewer'>): Promise<UnreadNotifications> {
  const { userId } = requireSignedIn(ctx.viewer);
  const rows = await ctx.db.all<{ priority: keyof UnreadNotifications['byPriority']; count: number }>(sql`
    select priority, count(*)::int as count from notifications where user_id = ${userId} and not is_read
     group by priority`);
  const byPriority = { urgent: 0, high: 0, normal: 0, low: 0 };
  for (const { priority, count } of rows) byPriority[priority] = count;
  return { count: rows.reduce((sum, row) => sum + row.count, 0), byPriority };
}
