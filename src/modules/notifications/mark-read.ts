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
  await ctx.em.transactional(async (em) => {
    const [notification] = await em.execute<{ isRead: boolean }[]>(
      'select is_read as "isRead" from notifications where id = ? and user_id = ? for update',
      [notificationId, userId],
    );
    if (!notification) throw notFound('Notification');
    if (notification.isRead) return;
    await em.execute('update notifications set read_at = ? where id = ?', [ctx.services.now(), notificationId]);
    await emit(em, ctx, 'notification.read', ['Notification', notificationId], { userId });
  });
  return { notificationId };
}

/** Marks all of one's own notifications as read. */
export async function markAllNotificationsRead(ctx: Context): Promise<{ changedCount: number }> {
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  return ctx.em.transactional(async (em) => {
    const [changed] = await em.execute<{ count: number }[]>(
      `with changed as (update notifications set read_at = ? where user_id = ? and not is_read returning 1)
       select count(*)::int as count from changed`,
      [ctx.services.now(), userId],
    );
    const changedCount = changed?.count ?? 0;
    if (changedCount) await emit(em, ctx, 'notification.all_read', ['User', userId], { userId, count: changedCount });
    return { changedCount };
  });
}
