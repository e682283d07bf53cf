import { sql } from '../../db/sql.js';
import { emitEach } from '../../events/outbox.js';
import type { Context } from '../../kernel/context.js';
import { appointmentEvent, type ChangedAppointment } from './appointment-event.js';

const batchSize = 200;

/**
 * Reminds whoever goes there of appointments that begin within as many hours as each says; once for each time that it
 * is to begin. One that was made later than that is fresh in mind.
 */
export async function sendReminders(ctx: Context): Promise<void> {
  const sent = await remindOfSome(ctx);
  if (sent > 0) ctx.log.info(`${sent} reminders sent`);
  if (sent === batchSize && !ctx.signal?.aborted) await sendReminders(ctx);
}

type Row = Omit<ChangedAppointment, 'startsAt'> & { id: string; startsAt: string };

function remindOfSome(ctx: Context): Promise<number> {
  const now = ctx.services.now();
  return ctx.db.transaction(async (tx) => {
    const due = await tx.all<Row>(sql`
      update appointments a set reminded_of = a.starts_at
       where a.id in (
         select s.id from appointments s
          where s.reminder_hours > 0 and s.status in ('planned', 'confirmed') and s.deleted_at is null
            and s.starts_at > ${now}::timestamptz
            and s.starts_at <= ${now}::timestamptz + make_interval(hours => s.reminder_hours)
            and s.reminded_of is distinct from s.starts_at
            and s.created_at <= s.starts_at - make_interval(hours => s.reminder_hours)
          order by s.starts_at limit ${batchSize} for no key update skip locked)
      returning a.id, a.version, a.client_id as "clientId", a.intervention_id as "interventionId",
                a.technician_user_id as "technicianUserId", a.created_by_id as "createdById",
                a.starts_at as "startsAt"`);
    const subjects = due.map(({ id, startsAt, ...row }) => ({
      id,
      data: appointmentEvent(ctx, { ...row, startsAt: new Date(startsAt) }, []),
    }));
    await emitEach(tx, ctx, 'appointment.reminded', 'Appointment', subjects);
    return due.length;
  });
}
