import { sql } from '../../db/sql.js';
import type { PersonalData } from '../../kernel/personal-data.js';
import { isOfTheFirm, staysWithTheFirm } from '../clients/personal-data.js';

const ofTheFirm = { export: isOfTheFirm, erasure: staysWithTheFirm };

export const interventionPersonalData: PersonalData = {
  exports: {
    /** What the person led or helped with. */
    interventions: {
      sql: `
        select iv.id, iv.scheduled_at::text as "scheduledAt", iv.kind, iv.status, iv.technician
          from interventions iv where iv.technician_user_id = me.id order by iv.scheduled_at, iv.id`,
    },
    hoursWorked: {
      sql: `
        select we.id, we.intervention_id as "interventionId", we.technician, we.work_date as "workDate",
               we.minutes, we.note
          from work_entries we where we.technician_user_id = me.id order by we.work_date, we.id`,
    },
  },
  references: {
    'interventions.technician_user_id': { export: 'interventions', erasure: staysWithTheFirm },
    'interventions.created_by_id': ofTheFirm,
    'intervention_status_changes.changed_by_id': ofTheFirm,
    'intervention_technicians.user_id': ofTheFirm,
    'checklist_items.done_by_id': ofTheFirm,
    'checklist_items.created_by_id': ofTheFirm,
    'work_entries.technician_user_id': { export: 'hoursWorked', erasure: staysWithTheFirm },
    'work_entries.created_by_id': ofTheFirm,
    'used_parts.created_by_id': ofTheFirm,
    'inspections.created_by_id': ofTheFirm,
    'maintenance_contracts.technician_user_id': ofTheFirm,
    'maintenance_contracts.created_by_id': ofTheFirm,
  },
  pseudonymise: async (tx, userId) => {
    const name = `Personne ${userId}`;
    await tx.send(sql`update interventions set technician = ${name} where technician_user_id = ${userId}`);
    await tx.send(sql`update maintenance_contracts set technician = ${name} where technician_user_id = ${userId}`);
    await tx.send(sql`update work_entries set technician = ${name} where technician_user_id = ${userId}`);
    await tx.send(sql`update intervention_technicians set name = ${name} where user_id = ${userId}`);
  },
};
