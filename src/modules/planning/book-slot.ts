import { isExclusionViolation, type SqlRunner, type Transaction } from '../../db/sql-client.js';
import { type Sql, sql } from '../../db/sql.js';
import { conflict, type DomainError } from '../../lib/errors.js';
import type { AppointmentFacts } from './appointment-fields.js';
import { AppointmentStatus } from './appointment.entity.js';

/** Whose time a slot takes: its technician's, or, when it has none, that of everybody at the client. */
export interface Slot {
  clientId: string | null;
  technician: string | null;
  technicianUserId: number | null;
  startsAt: Date;
  /** The end, and the way to the next place. */
  blockedUntil: Date;
}

/** The end of an appointment, and the way to the next place when somebody has to travel. */
export const blockedUntilOf = (
  { endsAt, technician }: Pick<AppointmentFacts, 'endsAt' | 'technician'>,
  travelBufferMinutes: number,
): Date => new Date(endsAt.getTime() + (technician === null ? 0 : travelBufferMinutes * 60_000));

/** Whether an appointment takes its time in the calendar. */
export const takesTime = ({ status }: Pick<AppointmentFacts, 'status'>): boolean =>
  status === AppointmentStatus.PLANNED || status === AppointmentStatus.CONFIRMED;

/**
 * Throws CONFLICT with the reason `appointment.overlap` when the slot is taken by others than `exceptId`. The caller
 * holds the lock `planning`; the table's exclusion constraints say the same, whoever writes.
 */
export async function refuseTaken(tx: Transaction, slot: Slot, exceptId?: string): Promise<void> {
  const count = await conflictsOf(tx, slot, exceptId);
  if (count > 0) throw overlap(count);
}

/** How many appointments take time of the slot. Without a technician and a client: those of everybody. */
export async function conflictsOf(db: SqlRunner, slot: Slot, exceptId?: string | null): Promise<number> {
  const { clientId, technician, technicianUserId } = slot;
  const key = technicianKey(technician, technicianUserId);
  const others =
    technician === null && clientId === null
      ? sql`true`
      : sql`(a.technician_key = ${key}
             or (a.client_id = ${clientId}::uuid and (a.technician_key is null or ${key} is null)))`;
  const found = await db.first<{ count: number }>(sql`
    select count(*)::int as count from appointments a
     where a.status in ('planned', 'confirmed') and a.deleted_at is null
       and a.id is distinct from ${exceptId ?? null}::uuid
       and tstzrange(a.starts_at, a.blocked_until) && tstzrange(${slot.startsAt}, ${slot.blockedUntil}) and ${others}`);
  return found?.count ?? 0;
}

/** The column `technician_key` of who is named so; null for nobody. */
export const technicianKey = (technician: string | null, technicianUserId: number | null): Sql =>
  sql`case when ${technicianUserId}::int is not null then 'person:' || ${technicianUserId}::int
           when ${technician}::text is not null then 'name:' || search_fold(${technician}::text) end`;

const overlap = (count: number): DomainError =>
  conflict(`It overlaps with ${count} other appointments`, {
    subject: 'Appointment',
    reason: 'appointment.overlap',
    details: { count },
  });

/** Runs a transaction that books; what its constraint refuses was booked by a writer that took no lock. */
export async function booking<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isExclusionViolation(error) ? overlap(1) : error;
  }
}
