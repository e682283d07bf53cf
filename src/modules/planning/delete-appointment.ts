import { takeLock } from '../../db/locks.js';
import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { requirePermission } from '../../kernel/viewer.js';
import { badInput } from '../../lib/errors.js';
import { appointmentEvent } from './appointment-event.js';
import { AppointmentStatus } from './appointment.entity.js';
import { lockAppointment } from './lock-appointment.js';

/**
 * Puts an appointment into the trash; calendars show it as cancelled, and its links end. Throws NOT_FOUND,
 * BAD_USER_INPUT with the reason `appointment.kept` for one that is confirmed or done.
 */
export async function deleteAppointment(ctx: CommandContext, id: string): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'appointments:write');
  return ctx.db.transaction(async (tx) => {
    await tx.send(takeLock('planning'));
    const before = await lockAppointment(tx, viewer, id);
    if (before.status === AppointmentStatus.CONFIRMED || before.status === AppointmentStatus.DONE)
      throw badInput([{ path: ['id'], code: 'not_allowed', message: 'is confirmed or done, and is kept' }], {
        reason: 'appointment.kept',
      });
    const at = ctx.services.now();
    await tx.send(sql`
      update appointments set deleted_at = ${at}, updated_at = ${at}, version = version + 1, sequence = sequence + 1
       where id = ${before.id}::uuid`);
    await tx.send(sql`delete from customer_links where appointment_id = ${before.id}::uuid`);
    const after = { ...before, version: before.version + 1 };
    await emit(tx, ctx, 'appointment.deleted', ['Appointment', before.id], appointmentEvent(ctx, after, []));
    return before.id;
  });
}
