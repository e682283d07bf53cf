import { raw } from '../../../db/sql.js';

/** The facts of the contract `t`. */
export const contractSql = raw(`
  t.id, t.client_id as "clientId", t.title, t.kind, t.description, t.location, t.technician,
  t.technician_user_id as "technicianUserId", t.frequency, t."interval", t.start_date as "startDate",
  t.end_date as "endDate", to_char(t.visit_time, 'HH24:MI') as "visitTime", t.visit_minutes as "visitMinutes",
  t.time_zone as "timeZone", t.horizon_days as "horizonDays", t.is_active as "isActive"`);
