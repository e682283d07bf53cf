import { sql } from '../../db/sql.js';
import { momentAs as at, type PersonalData } from '../../kernel/personal-data.js';

export const auditPersonalData: PersonalData = {
  exports: {
    /** What the person did, and what was done to their account; an address only where it may be the person's. */
    accessLog: {
      sql: `
        select e.position, e.type, ${at('e.occurred_at', 'occurredAt')}, e.subject_type as "subjectType",
               e.subject_id as "subjectId", coalesce(e.actor_id = me.id, false) as "byThePerson",
               case when coalesce(e.actor_id, me.id) = me.id then e.ip end as ip
          from events e where e.actor_id = me.id or e.account_id = me.id order by e.id`,
    },
  },
  references: {
    'events.actor_id': {
      export: 'accessLog',
      erasure: { kept: 'The event log says who changed what, by number, without names and addresses' },
    },
  },
  pseudonymise: async (tx, userId) => {
    // What somebody else did to the account came from their address, not from the person's.
    await tx.send(sql`
      update events set ip = null
       where ip is not null and (actor_id = ${userId} or (account_id = ${userId} and actor_id is null))`);
  },
};
