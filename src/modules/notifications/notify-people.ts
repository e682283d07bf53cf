import type { SqlEntityManager } from '@mikro-orm/sql';
import type { StoredEvent } from '../../events/catalog.js';
import type { EventConsumer } from '../../events/consumer.js';
import { emit } from '../../events/outbox.js';
import type { Services } from '../../kernel/context.js';
import { type Notice, noticedEvents, noticeOf, priorityOf } from './notices.js';

/** Tells people what happened. All that an event makes is made in the transaction that consumes it. */
export const notificationConsumer = (services: Services): EventConsumer => ({
  name: 'notifications',
  types: noticedEvents,
  consume: async (em, event) => {
    const notice = noticeOf(event, await nameOf(em, event.actorId));
    if (!notice) return;
    const made = await insert(em, event, notice, services.now());
    const origin = { viewer: { userId: undefined }, requestId: `event_${event.position}`, ip: undefined };
    const facts = { type: notice.type, priority: priorityOf[notice.type] };
    for (const { id, userId } of made)
      await emit(em, origin, 'notification.created', ['Notification', id], { userId, notificationId: id, ...facts });
    if (!services.mailer) return;
    for (const { id, byMail } of made) if (byMail) await services.jobs.send(em, 'mail.send', { notificationId: id });
  },
});

async function nameOf(em: SqlEntityManager, userId: number | null): Promise<string | undefined> {
  if (userId === null) return undefined;
  // Locked, so that an erasure that comes between finds the name that is written now.
  const [user] = await em.execute<{ username: string }[]>(
    'select username from users where id = ? and erased_at is null for key share',
    [userId],
  );
  return user?.username;
}

/** Locks the recipients: one who is erased at the same time either gets none, or has it erased. */
function insert(
  em: SqlEntityManager,
  event: StoredEvent,
  notice: Notice,
  now: Date,
): Promise<{ id: number; userId: number; byMail: boolean }[]> {
  const recipients = notice.recipients.filter((id) => id !== null && id !== event.actorId);
  return em.execute(
    `with made as (
       insert into notifications (user_id, type, priority, title, message, link, event_position, actor_id, created_at)
       select u.id, ?, ?, ?, ?, ?, ?::bigint, ?::int, ?::timestamptz
         from (select id from users where id = any(?::int[]) and is_active and erased_at is null order by id for key share) u
       on conflict (user_id, event_position, type) do nothing
       returning id, user_id, type)
     select m.id, m.user_id as "userId", coalesce(p.by_mail, true) as "byMail"
       from made m left join notification_preferences p on p.user_id = m.user_id and p.type = m.type
      order by m.id`,
    [
      notice.type,
      priorityOf[notice.type],
      notice.title,
      notice.message,
      notice.link,
      event.position,
      event.actorId,
      now,
      `{${recipients.join(',')}}`,
    ],
  );
}
