import { Temporal } from 'temporal-polyfill';
import type { CommandContext } from '../../kernel/command.js';
import type { AppointmentEventData } from './events.js';

export interface ChangedAppointment {
  version: number;
  clientId: string;
  interventionId: string | null;
  technicianUserId: number | null;
  createdById: number | null;
  startsAt: Date;
}

/** What the log keeps of a change of an appointment, as it is afterwards. */
export const appointmentEvent = (
  { services: { config } }: CommandContext,
  { startsAt, ...appointment }: ChangedAppointment,
  fields: string[],
): AppointmentEventData => ({
  version: appointment.version,
  fields,
  clientId: appointment.clientId,
  interventionId: appointment.interventionId,
  technicianUserId: appointment.technicianUserId,
  createdById: appointment.createdById,
  startsAtLocal: Temporal.Instant.fromEpochMilliseconds(startsAt.getTime())
    .toZonedDateTimeISO(config.timeZone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' }),
});
