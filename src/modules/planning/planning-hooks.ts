import { takeLock } from '../../db/locks.js';
import { sql } from '../../db/sql.js';
import { emitEach } from '../../events/outbox.js';
import type { HookSteps } from '../../kernel/hooks.js';
import { onClientOrIntervention } from '../clients/fieldwork-hooks.js';
import { appointmentEvent, type ChangedAppointment } from './appointment-event.js';
import { planVisit } from './plan-visit.js';

type Trashed = Omit<ChangedAppointment, 'startsAt'> & { id: string; startsAtMs: number; isAhead: boolean };

export const planningHooks: Required<Pick<HookSteps, 'fieldworkTrashed' | 'fieldworkRestored' | 'visitPlanned'>> = {
  visitPlanned: planVisit,

  /** Calendars show them as cancelled; who was to go there is told of those that are not over. */
  fieldworkTrashed: async (tx, ctx, trash) => {
    await tx.send(takeLock('planning'));
    const gone = await tx.all<Trashed>(sql`
      update appointments set deleted_at = ${trash.deletedAt}, updated_at = ${trash.deletedAt}, version = version + 1,
                              sequence = sequence + 1
       where deleted_at is null and ${onClientOrIntervention(trash)}
      returning id, version, client_id as "clientId", intervention_id as "interventionId",
                technician_user_id as "technicianUserId", created_by_id as "createdById",
                extract(epoch from starts_at)::float8 * 1000 as "startsAtMs",
                status in ('planned', 'confirmed') and ends_at > ${ctx.services.now()} as "isAhead"`);
    const ahead = gone.filter(({ isAhead }) => isAhead);
    await emitEach(
      tx,
      ctx,
      'appointment.deleted',
      'Appointment',
      ahead.map(({ id, startsAtMs, ...row }) => ({
        id,
        data: appointmentEvent(ctx, { ...row, startsAt: new Date(startsAtMs) }, []),
      })),
    );
  },

  /** Those whose time was taken meanwhile come back as cancelled. */
  fieldworkRestored: async (tx, ctx, trash) => {
    const now = ctx.services.now();
    await tx.send(takeLock('planning'));
    await tx.send(sql`
      with back as (
        select a.id, a.status in ('planned', 'confirmed') and exists (
                 select 1 from appointments o
                  where o.status in ('planned', 'confirmed') and o.deleted_at is null
                    and tstzrange(o.starts_at, o.blocked_until) && tstzrange(a.starts_at, a.blocked_until)
                    and (o.technician_key = a.technician_key
                         or (o.client_id = a.client_id and (o.technician_key is null or a.technician_key is null)))
               ) as is_taken
          from appointments a where a.deleted_at = ${trash.deletedAt} and ${onClientOrIntervention(trash)})
      update appointments a
         set deleted_at = null, updated_at = ${now}, version = version + 1, sequence = sequence + 1,
             status = case when b.is_taken then 'cancelled' else a.status end,
             cancelled_at = case when b.is_taken then ${now}::timestamptz else a.cancelled_at end
        from back b where b.id = a.id`);
  },
};
