import { sql } from '../../db/sql.js';
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
  await ctx.db.transaction(async (tx) => {
    const changed = await tx.run(sql`
      insert into notification_preferences as p (user_id, type, by_mail) values (${userId}, ${type}, ${byMail})
      on conflict (user_id, type) do update set by_mail = excluded.by_mail 
        where p.by_mail <> excluded.by_mail`);
    if (changed) await emit(tx, ctx, 'notification_preference.updated', ['User', userId], { type, byMail });
  });
}
