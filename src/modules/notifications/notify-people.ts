import type { Transaction } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';
import type { EventType, StoredEvent } from '../../events/catalog.js';
import type { EventConsumer } from '../../events/consumer.js';
import { emit } from '../../events/outbox.js';
import type { Services } from '../../kernel/context.js';
import type { Byline, MakeNotice, Notice, Notices } from '../../kernel/notice.js';
import { continueTrace } from '../../lib/trace-context.js';
import { priorityOf } from './priority.js';

/**
 * Notifies people of events, as the notices of all modules say. All that an event makes is made in the transaction that
 * consumes it.
 */
export const notificationConsumer = (services: Services, notices: Notices): EventConsumer => ({
  name: 'notifications',
  types: Object.keys(notices) as EventType[],
  consume: async (tx, event) => {
    const makeNotice = notices[event.type] as MakeNotice<EventType> | null | undefined;
    const actorName = await nameOf(tx, event.actorId);
    const notice = makeNotice?.(event, bylineOf(actorName));
    if (!notice) return;
    const made = await insert(tx, { event, actorName }, notice, services.now());
    const trace = continueTrace(event.traceparent);
    const origin = {
      viewer: { userId: undefined },
      requestId: `event_${event.position}`,
      ip: undefined,
      notes: { trace },
    };
    const facts = { type: notice.type, priority: priorityOf[notice.type] };
    for (const { id, userId } of made)
      await emit(tx, origin, 'notification.created', ['Notification', id], { userId, notificationId: id, ...facts });
    if (!services.mailer) return;
    for (const { id, byMail } of made)
      if (byMail) await services.jobs.send(tx, 'mail.send', { notificationId: id }, { trace });
  },
});

async function nameOf(tx: Transaction, userId: number | null): Promise<string | null> {
  if (userId === null) return null;
  // Locked, so that an erasure that comes between finds the name that is written now.
  const user = await tx.first<{ username: string }>(
    sql`select username from users where id = ${userId} and erased_at is null for key share`,
  );
  return user?.username ?? null;
}

const bylineOf = (name: string | null): Byline =>
  name === null ? { fr: '', en: '' } : { fr: ` par ${name}`, en: ` by ${name}` };

/** Locks the recipients: one who is erased at the same time either gets none, or has it erased. */
function insert(
  tx: Transaction,
  { event, actorName }: { event: StoredEvent; actorName: string | null },
  { type, fr, en, link, recipients }: Notice,
  now: Date,
): Promise<{ id: number; userId: number; byMail: boolean }[]> {
  const others = recipients.filter((id) => id !== null && id !== event.actorId);
  return tx.all(sql`
    with made as (
      insert into notifications (user_id, type, priority, title, message, english_title, english_message, link,
                                 event_position, actor_id, actor_name, created_at)
      select u.id, ${type}, ${priorityOf[type]}, ${fr.title}, ${fr.message}, ${en.title}, ${en.message}, ${link},
             ${event.position}::bigint, ${event.actorId}::int, ${actorName}, ${now}::timestamptz
        from (select id from users where id = any(${others}::int[]) and is_active and erased_at is null
               order by id for key share) u
      on conflict (user_id, event_position, type) do nothing
      returning id, user_id, type)
    select m.id, m.user_id as "userId", coalesce(p.by_mail, true) as "byMail"
      from made m left join notification_preferences p on p.user_id = m.user_id and p.type = m.type
     order by m.id`);
}
