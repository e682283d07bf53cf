import { takeLock } from '../../db/locks.js';
import { set, sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { refuseStale } from '../../kernel/stale-version.js';
import { requirePermission } from '../../kernel/viewer.js';
import { appointmentEvent } from './appointment-event.js';
import {
  type AppointmentFacts,
  type AppointmentFields,
  checkAppointment,
  holdIntervention,
  refuseElsewhere,
} from './appointment-fields.js';
import { Appointment, AppointmentStatus } from './appointment.entity.js';
import { blockedUntilOf, booking, refuseTaken, takesTime } from './book-slot.js';
import { lockAppointment } from './lock-appointment.js';

export interface AppointmentChange extends AppointmentFields {
  id: string;
  version?: number | null | undefined;
}

/** What calendars show: a change of anything else is none to them. */
const shown: ReadonlySet<string> = new Set<keyof AppointmentFacts>([
  'interventionId',
  'startsAt',
  'endsAt',
  'status',
  'technician',
  'notes',
  'reminderHours',
]);

const timing: readonly string[] = ['startsAt', 'endsAt'];
const booked: readonly string[] = [...timing, 'status', 'technician', 'technicianUserId'];

/**
 * Changes what is given. What is as it was before is no change: it raises neither the version nor the sequence of
 * calendars. A new time asks the client anew, and links that end with the appointment end with it still. Throws
 * NOT_FOUND, BAD_USER_INPUT with every problem, CONFLICT with the reasons `stale_version` and `appointment.overlap`.
 */
export async function updateAppointment(
  ctx: CommandContext,
  { id, version, ...given }: AppointmentChange,
): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'appointments:write');
  const { config, now } = ctx.services;
  return booking(() =>
    ctx.db.transaction(async (tx) => {
      // In the order of whoever deletes it: the intervention, then the planning.
      const ofIntervention = given.interventionId
        ? await holdIntervention(tx, viewer, given.interventionId)
        : undefined;
      await tx.send(takeLock('planning'));
      const before = await lockAppointment(tx, viewer, id);
      await refuseStale(tx, ['Appointment', before], version);
      const facts = await checkAppointment(tx, given, before);
      const changed = changesOf(before, facts);
      if (changed.length === 0) return before.id;
      const { clientId } = before;
      if (facts.interventionId && changed.includes('interventionId')) refuseElsewhere(ofIntervention, clientId);
      const isRebooked = booked.some((name) => changed.includes(name));
      const isMoved = timing.some((name) => changed.includes(name));
      const blockedUntil = blockedUntilOf(facts, config.travelBufferMinutes);
      if (isRebooked && takesTime(facts)) await refuseTaken(tx, { ...facts, clientId, blockedUntil }, before.id);
      const at = now();
      const after = { ...before, ...facts, version: before.version + 1 };
      const { interventionId, technicianUserId, ...columns } = facts;
      const changes = {
        ...columns,
        intervention: interventionId,
        technicianUser: technicianUserId,
        ...(isRebooked && { blockedUntil }),
        ...(isMoved && { confirmedByClientAt: null, moveRequestedAt: null, moveRequest: null }),
        ...(changed.includes('status') && { cancelledAt: facts.status === AppointmentStatus.CANCELLED ? at : null }),
        version: after.version,
        sequence: before.sequence + (changed.some((name) => shown.has(name)) ? 1 : 0),
        updatedAt: at,
      };
      await tx.send(sql`update appointments set ${set(Appointment, changes)} where id = ${before.id}::uuid`);
      if (isMoved)
        await tx.send(sql`
          update customer_links set expires_at = ${facts.endsAt}
           where appointment_id = ${before.id}::uuid and expires_at = ${before.endsAt}`);
      await emit(tx, ctx, 'appointment.updated', ['Appointment', before.id], appointmentEvent(ctx, after, changed));
      return before.id;
    }),
  );
}

function changesOf(before: AppointmentFacts, after: AppointmentFacts): string[] {
  const valueOf = (value: unknown): unknown => (value instanceof Date ? value.getTime() : value);
  return (Object.keys(after) as (keyof AppointmentFacts)[]).filter(
    (name) => valueOf(before[name]) !== valueOf(after[name]),
  );
}
