import { takeLock } from '../../db/locks.js';
import { sql, values } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { insertOnce, isMadeBefore } from '../../kernel/insert-once.js';
import { requirePermission } from '../../kernel/viewer.js';
import { holdClient } from '../clients/lock-client.js';
import { appointmentEvent } from './appointment-event.js';
import { type AppointmentFields, checkAppointment, holdIntervention, refuseElsewhere } from './appointment-fields.js';
import { Appointment, AppointmentStatus } from './appointment.entity.js';
import { blockedUntilOf, booking, refuseTaken, takesTime } from './book-slot.js';

export interface NewAppointment extends AppointmentFields {
  id?: string | null | undefined;
  clientId: string;
}

/**
 * Books an appointment. Under an id that the same person made one with before it changes nothing. Throws
 * BAD_USER_INPUT with every problem, NOT_FOUND for a client or an intervention that the viewer may not see, CONFLICT
 * with the reason `appointment.overlap` when the time is taken.
 */
export async function createAppointment(ctx: CommandContext, input: NewAppointment): Promise<string> {
  const { userId } = requirePermission(ctx.viewer, 'appointments:write');
  const { config, now } = ctx.services;
  return booking(() =>
    ctx.db.transaction(async (tx) => {
      const own = { table: 'appointments', id: input.id, userId } as const;
      const isMade = (): Promise<boolean> => isMadeBefore(tx, own);
      if (await isMade()) return String(input.id).toLowerCase();
      const facts = await checkAppointment(tx, input);
      // In the order of whoever deletes them: the client, the intervention, then the planning.
      const clientId = await holdClient(tx, ctx.viewer, input.clientId);
      if (facts.interventionId) refuseElsewhere(await holdIntervention(tx, ctx.viewer, facts.interventionId), clientId);
      await tx.send(takeLock('planning'));
      // The same may have been sent twice at once.
      if (await isMade()) return String(input.id).toLowerCase();
      const blockedUntil = blockedUntilOf(facts, config.travelBufferMinutes);
      if (takesTime(facts)) await refuseTaken(tx, { ...facts, clientId, blockedUntil });
      const at = now();
      const { interventionId, technicianUserId, ...columns } = facts;
      const { id, isNew } = await insertOnce(tx, {
        ...own,
        subject: 'Appointment',
        insert: (id) => sql`
          insert into appointments ${values(Appointment, {
            id,
            client: clientId,
            intervention: interventionId,
            technicianUser: technicianUserId,
            ...columns,
            blockedUntil,
            cancelledAt: facts.status === AppointmentStatus.CANCELLED ? at : null,
            createdBy: userId,
            createdAt: at,
            updatedAt: at,
          })} on conflict (id) do nothing returning id`,
      });
      if (!isNew) return id;
      const made = { ...facts, clientId, createdById: userId, version: 1 };
      await emit(tx, ctx, 'appointment.created', ['Appointment', id], appointmentEvent(ctx, made, []));
      return id;
    }),
  );
}
