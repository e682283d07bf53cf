import { Temporal } from 'temporal-polyfill';
import { sql } from '../../db/sql.js';
import type { DemoFirm } from '../../kernel/demo.js';
import { AppointmentStatus } from './appointment.entity.js';
import { createAppointment } from './create-appointment.js';
import { fillWholePlanningDemo } from './whole-demo.js';

/** Two appointments in the coming days, one of them agreed with its client. */
export async function fillPlanningDemo(firm: DemoFirm): Promise<void> {
  const ctx = firm.as('claire.demo');
  const { config, now } = ctx.services;
  const today = Temporal.Instant.fromEpochMilliseconds(now().getTime()).toZonedDateTimeISO(config.timeZone);
  const at = (days: number, hour: number): Date =>
    new Date(today.add({ days }).with({ hour, minute: 0, second: 0, millisecond: 0 }).epochMilliseconds);
  const clientOf = (name: string) => ctx.db.first<{ id: string }>(sql`select id from clients where name = ${name}`);
  const household = await clientOf('Martin Lefèvre (démo)');
  const building = await clientOf('Résidence des Tilleuls (démo)');
  if (!household || !building) return;
  await createAppointment(ctx, {
    clientId: household.id,
    startsAt: at(1, 9),
    endsAt: at(1, 10),
    technician: 'hugo.demo',
    notes: 'Fuite au compteur (démo)',
    status: AppointmentStatus.CONFIRMED,
    reminderHours: 24,
  });
  await createAppointment(ctx, {
    clientId: building.id,
    startsAt: at(2, 14),
    endsAt: at(2, 16),
    technician: 'hugo.demo',
    notes: 'Visite annuelle des colonnes (démo)',
  });
  if (firm.isWhole) await fillWholePlanningDemo(firm, today);
}
