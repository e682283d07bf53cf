import type { Transaction } from '../../db/sql-client.js';
import { holds, raw, sql } from '../../db/sql.js';
import type { SignedIn } from '../../kernel/viewer.js';
import { notFound } from '../../lib/errors.js';
import { isoSecondsSql } from '../../lib/postgres-text.js';
import { isUuid } from '../../lib/uuid.js';
import type { AppointmentFacts } from './appointment-fields.js';
import { visibleAppointments } from './appointment.policy.js';

/** An appointment as it is while nobody else can change it. */
export interface LockedAppointment extends AppointmentFacts {
  id: string;
  clientId: string;
  createdById: number | null;
  version: number;
  sequence: number;
  confirmedByClientAt: string | null;
  moveRequest: string | null;
}

const columns = raw(`
  a.id, a.client_id as "clientId", a.intervention_id as "interventionId", a.status, a.technician,
  a.technician_user_id as "technicianUserId", a.notes, a.color, a.reminder_hours as "reminderHours",
  ${isoSecondsSql('a.starts_at')} as "startsAt", ${isoSecondsSql('a.ends_at')} as "endsAt",
  a.created_by_id as "createdById", a.version, a.sequence, a.move_request as "moveRequest",
  ${isoSecondsSql('a.confirmed_by_client_at')} as "confirmedByClientAt"`);

type Row = Omit<LockedAppointment, 'startsAt' | 'endsAt'> & { startsAt: string; endsAt: string };

/** Throws NOT_FOUND when there is none that the viewer may see. Take the lock `planning` first. */
export async function lockAppointment(tx: Transaction, viewer: SignedIn, id: string): Promise<LockedAppointment> {
  const row = isUuid(id)
    ? await tx.first<Row>(sql`
        select ${columns} from appointments a
         where a.id = ${id}::uuid and ${holds(visibleAppointments(viewer), 'a')} for update`)
    : undefined;
  if (!row) throw notFound('Appointment');
  return locked(row);
}

/** Like `lockAppointment`, for whoever holds a link to it that is known to be good. */
export async function lockLinkedAppointment(tx: Transaction, id: string): Promise<LockedAppointment> {
  const row = await tx.first<Row>(sql`
    select ${columns} from appointments a
     where a.id = ${id}::uuid and a.deleted_at is null and a.status in ('planned', 'confirmed') for update`);
  if (!row) throw notFound('CustomerLink');
  return locked(row);
}

const locked = ({ startsAt, endsAt, ...row }: Row): LockedAppointment => ({
  ...row,
  startsAt: new Date(startsAt),
  endsAt: new Date(endsAt),
});
