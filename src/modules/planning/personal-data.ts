import { sql } from '../../db/sql.js';
import { momentAs as at, type PersonalData } from '../../kernel/personal-data.js';
import { isOfTheFirm, staysWithTheFirm } from '../clients/personal-data.js';

const ofTheFirm = { export: isOfTheFirm, erasure: staysWithTheFirm };

export const planningPersonalData: PersonalData = {
  exports: {
    appointments: {
      sql: `
        select ap.id, ${at('ap.starts_at', 'startsAt')}, ${at('ap.ends_at', 'endsAt')}, ap.status, ap.technician
          from appointments ap where ap.technician_user_id = me.id order by ap.starts_at, ap.id`,
    },
    /** Their secrets stay out. */
    calendarFeeds: {
      sql: `
        select cf.id, cf.technician, ${at('cf.created_at', 'createdAt')}, ${at('cf.last_read_at', 'lastReadAt')}
          from calendar_feeds cf where cf.owner_id = me.id order by cf.created_at, cf.id`,
    },
  },
  references: {
    'appointments.technician_user_id': { export: 'appointments', erasure: staysWithTheFirm },
    'appointments.created_by_id': ofTheFirm,
    'calendar_feeds.owner_id': { export: 'calendarFeeds', erasure: 'deleted' },
    'customer_links.created_by_id': ofTheFirm,
  },
  pseudonymise: async (tx, userId) => {
    await tx.send(sql`
      update appointments set technician = ${`Personne ${userId}`} where technician_user_id = ${userId}`);
  },
};
