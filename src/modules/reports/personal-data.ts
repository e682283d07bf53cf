import { sql } from '../../db/sql.js';
import { momentAs as at, type PersonalData } from '../../kernel/personal-data.js';
import { isOfTheFirm, staysWithTheFirm } from '../clients/personal-data.js';

export const reportPersonalData: PersonalData = {
  exports: {
    reportsMade: {
      sql: `
        select rpt.id, rpt.title, rpt.author, rpt.status, ${at('rpt.created_at', 'createdAt')}
          from reports rpt where rpt.created_by_id = me.id order by rpt.created_at, rpt.id`,
    },
  },
  references: {
    'reports.created_by_id': { export: 'reportsMade', erasure: staysWithTheFirm },
    'reports.requested_by_id': { export: isOfTheFirm, erasure: staysWithTheFirm },
    'report_templates.created_by_id': { export: isOfTheFirm, erasure: staysWithTheFirm },
    'reports.validated_by_id': { export: isOfTheFirm, erasure: staysWithTheFirm },
  },
  pseudonymise: async (tx, userId) => {
    await tx.send(sql`update reports set author = ${`Personne ${userId}`} where created_by_id = ${userId}`);
  },
};
