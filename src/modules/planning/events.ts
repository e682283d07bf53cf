import { declareEvents, payload, type PayloadsOf } from '../../events/declare.js';
import type { ChangeEventData } from '../../kernel/stale-version.js';

export interface AppointmentEventData extends ChangeEventData {
  clientId: string;
  interventionId: string | null;
  technicianUserId: number | null;
  createdById: number | null;
  /** When it begins on the firm's clock, `2026-03-30T09:00`. */
  startsAtLocal: string;
}

export const planningEvents = declareEvents({
  'appointment.created': payload<AppointmentEventData>(),
  'appointment.updated': payload<AppointmentEventData>(),
  /** By the client. */
  'appointment.confirmed': payload<AppointmentEventData>(),
  /** By the client, who would like another time. */
  'appointment.move_requested': payload<AppointmentEventData>(),
  /** It begins soon: as many hours from now as it says. */
  'appointment.reminded': payload<AppointmentEventData>(),
  'appointment.deleted': payload<AppointmentEventData>(),
  /** Its client may confirm it, or ask for another time. */
  'appointment.link_created': payload<AppointmentEventData>(),
  'calendar_feed.created': payload<{ userId: number }>(),
  'calendar_feed.deleted': payload<{ userId: number }>(),
});

export type PlanningEvents = PayloadsOf<typeof planningEvents>;
