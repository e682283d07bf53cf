import { sql } from '../../db/sql.js';
import { momentAs as at, type PersonalData } from '../../kernel/personal-data.js';

export const notificationPersonalData: PersonalData = {
  exports: {
    notifications: {
      sql: `
        select n.id, n.type, n.priority, n.title, n.message, n.english_title as "englishTitle",
               n.english_message as "englishMessage", n.link, ${at('n.created_at', 'createdAt')},
               ${at('n.read_at', 'readAt')}, ${at('n.mailed_at', 'mailedAt')}
          from notifications n where n.user_id = me.id order by n.id`,
    },
    /** Only what the person changed. */
    notificationPreferences: {
      sql: `
        select p.type, p.by_mail as "byMail" from notification_preferences p where p.user_id = me.id order by p.type`,
    },
  },
  references: {
    'notifications.user_id': { export: 'notifications', erasure: 'deleted' },
    'notifications.actor_id': {
      export: 'accessLog',
      erasure: { kept: 'Others were told what the person did; their messages then name a pseudonym' },
    },
    'notification_preferences.user_id': { export: 'notificationPreferences', erasure: 'deleted' },
  },
  // Others were told what the person did, by the name that the person had then.
  erase: async (tx, _ctx, userId) => {
    const pseudonym = `erased-${userId}`;
    await tx.send(sql`
      update notifications
         set message = replace(message, ' par ' || actor_name, ${` par ${pseudonym}`}),
             english_message = replace(english_message, ' by ' || actor_name, ${` by ${pseudonym}`}),
             actor_name = null
       where actor_id = ${userId} and actor_name is not null`);
  },
};
