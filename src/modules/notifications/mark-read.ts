import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { Context } from '../../kernel/context.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { notFound } from '../../lib/errors.js';
import { rowId } from '../../lib/row-id.js';

/** Marks one of one's own notifications as read; one that was read already stays as it is. Throws NOT_FOUND. */
export async function markNotificationRead(ctx: Context, id: string): Promise<{ notificationId: number }> {
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  const notificationId = rowId(id);
  if (notificationId === undefined) throw notFound('Notification');
  await ctx.db.transaction(async (tx) => {
    const notification = await tx.first<{ isRead: boolean }>(sql`
      select is_read as "isRead" from notifications where id = ${notificationId} and user_id = ${userId} for update`);
    if (!notification) throw notFound('Notification');
    if (notification.isRead) return;
    await tx.send(sql`update notifications set read_at = ${ctx.services.now()} where id = ${notificationId}`);
    await emit(tx, ctx, 'notification.read', ['Notification', notificationId], { userId });
  });
  return { notificationId };
}

/** Marks all of one's own notifications as read. */
export async function markAllNotificationsRead(ctx: Context): Promise<{ changedCount: number }> {
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const changedCount = await tx.run(sql`
      update notifications set read_at = ${ctx.services.now()} where user_id = ${userId} and not is_read`);
    if (changedCount) await emit(tx, ctx, 'notification.all_read', ['User', userId], { userId, count: changedCount });
    return { changedCount };
  });
}
