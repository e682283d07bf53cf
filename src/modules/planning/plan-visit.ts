import { takeLock } from '../../db/locks.js';
import type { Transaction } from '../../db/sql-client.js';
import { sql, values } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import type { PlannedVisit } from '../interventions/contracts/visit-hooks.js';
import { appointmentEvent } from './appointment-event.js';
import { Appointment, AppointmentStatus } from './appointment.entity.js';
import { blockedUntilOf, booking, refuseTaken } from './book-slot.js';

/**
 * Books the appointment of a visit that a contract has made. Throws CONFLICT with the reason `appointment.overlap` when
 * the time is taken.
 */
export const planVisit = (tx: Transaction, ctx: CommandContext, visit: PlannedVisit): Promise<void> =>
  booking(async () => {
    await tx.send(takeLock('planning'));
    const { clientId, interventionId, technicianUserId, createdById, ...facts } = visit;
    const blockedUntil = blockedUntilOf(facts, ctx.services.config.travelBufferMinutes);
    await refuseTaken(tx, { ...visit, blockedUntil });
    const at = ctx.services.now();
    const made = await tx.first<{ id: string }>(sql`
      insert into appointments ${values(Appointment, {
        client: clientId,
        intervention: interventionId,
        technicianUser: technicianUserId,
        ...facts,
        status: AppointmentStatus.PLANNED,
        blockedUntil,
        createdBy: createdById,
        createdAt: at,
        updatedAt: at,
      })} returning id`);
    const { id } = made as { id: string };
    await emit(
      tx,
      ctx,
      'appointment.created',
      ['Appointment', id],
      appointmentEvent(ctx, { ...visit, version: 1 }, []),
    );
  });
