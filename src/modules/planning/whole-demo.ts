import type { Temporal } from 'temporal-polyfill';
import { sql } from '../../db/sql.js';
import type { DemoFirm } from '../../kernel/demo.js';
import { AppointmentStatus } from './appointment.entity.js';
import { createAppointment } from './create-appointment.js';

const { CONFIRMED, PLANNED } = AppointmentStatus;
/** With the hours at which they go out; Hugo's other ones are taken. */
const technicians = [
  ['hugo.demo', 11, 17],
  ['karim.demo', 8, 15],
  ['lea.demo', 9, 16],
] as const;
/** Two for each technician and day of this week and the next. */
const days = [-2, -1, 0, 1, 2, 3, 4, 7, 8, 9];

/** Two full weeks of three technicians, none of them at two places at once. */
export async function fillWholePlanningDemo({ as }: DemoFirm, today: Temporal.ZonedDateTime): Promise<void> {
  const ctx = as('claire.demo');
  const clients = await ctx.db.all<{ id: string }>(sql`select id from clients order by name desc`);
  let next = 0;
  for (const day of days) {
    for (const [technician, ...hours] of technicians) {
      for (const hour of hours) {
        const client = clients[next % clients.length];
        next += 1;
        if (!client) return;
        const start = today.add({ days: day }).with({ hour, minute: 30, second: 0, millisecond: 0 });
        await createAppointment(ctx, {
          clientId: client.id,
          startsAt: new Date(start.epochMilliseconds),
          endsAt: new Date(start.add({ minutes: 60 }).epochMilliseconds),
          technician,
          notes: 'Passage convenu (démo)',
          status: next % 3 === 0 ? CONFIRMED : PLANNED,
        });
      }
    }
  }
}
