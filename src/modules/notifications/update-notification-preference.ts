import { emit } from '../../events/outbox.js';
import type { Context } from '../../kernel/context.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import type { NotificationType } from './notification.entity.js';

/** Sets whether one's own notifications of a type come by mail too. */
export async function updateNotificationPreference(
  ctx: Context,
  type: NotificationType,
  byMail: boolean,
): Promise<void> {
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  await ctx.em.transactional(async (em) => {
    const changed = await em.execute<unknown[]>(
      `insert into notification_preferences as p (user_id, type, by_mail) values (?, ?, ?)
       on conflict (user_id, type) do update set by_mail = excluded.by_mail where p.by_mail <> excluded.by_mail returning 1`,
      [userId, type, byMail],
    );
    if (changed.length) await emit(em, ctx, 'notification_preference.updated', ['User', userId], { type, byMail });
  });
}
