import { sql } from '../../db/sql.js';
import { momentAs as at, type PersonalData } from '../../kernel/personal-data.js';

export const notificationPersonalData: PersonalData = {
  exports: {
    notifications: {
      sql: `
        select n.id, n.type, n.priority, n.title, n.message, n.link, ${at('n.created_at', 'createdAt')},
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
  // Others were told what the person did, by name.
  erase: async (tx, _ctx, userId) => {
    await tx.send(sql`
      update notifications n set message = replace(n.message, 'par ' || u.username, 'par erased-' || u.id)
        from users u where u.id = ${userId} and n.actor_id = u.id`);
  },
};
