import { takeLock } from '../../../db/locks.js';
import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import { refuseBeyond } from '../../../kernel/bounds.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { badField, conflict } from '../../../lib/errors.js';
import { newSecret } from '../../identity/sessions/secrets.js';
import { appointmentEvent } from '../appointment-event.js';
import { takesTime } from '../book-slot.js';
import { lockAppointment } from '../lock-appointment.js';

export interface NewCustomerLink {
  appointmentId: string;
  /** Absent: with the appointment, also when that is moved. */
  expiresAt?: Date | null | undefined;
}

/** Of one appointment that hold at a time. */
const mostLinks = 20;

/**
 * Makes a link with which a client confirms an appointment or asks for another time. Its secret is returned once and
 * stored only as a hash. It ends when the appointment is over, cancelled or deleted. Throws NOT_FOUND, BAD_USER_INPUT,
 * CONFLICT with the reason `appointment.over` when there is nothing left to confirm.
 */
export async function createCustomerLink(
  ctx: CommandContext,
  { appointmentId, expiresAt: given }: NewCustomerLink,
): Promise<{ secret: string; expiresAt: Date }> {
  const viewer = requirePermission(ctx.viewer, 'appointments:write');
  const now = ctx.services.now();
  if (given && given <= now) throw badField('expiresAt', 'too_small', 'must lie in the future');
  const { secret, hash } = newSecret('rdv');
  return ctx.db.transaction(async (tx) => {
    await tx.send(takeLock('planning'));
    const appointment = await lockAppointment(tx, viewer, appointmentId);
    if (!takesTime(appointment) || appointment.endsAt <= now)
      throw conflict('There is nothing left to confirm', { subject: 'Appointment', reason: 'appointment.over' });
    const expiresAt = given ?? appointment.endsAt;
    await tx.send(
      sql`delete from customer_links where appointment_id = ${appointment.id}::uuid and expires_at <= ${now}`,
    );
    const live = sql`select 1 from customer_links where appointment_id = ${appointment.id}::uuid`;
    await refuseBeyond(tx, 'CustomerLink', mostLinks, live);
    await tx.send(sql`
      insert into customer_links (appointment_id, secret_hash, expires_at, created_by_id, created_at)
      values (${appointment.id}::uuid, ${hash}, ${expiresAt}, ${viewer.userId}, ${now})`);
    await emit(
      tx,
      ctx,
      'appointment.link_created',
      ['Appointment', appointment.id],
      appointmentEvent(ctx, appointment, []),
    );
    return { secret, expiresAt };
  });
}
