import { sql } from '../../db/sql.js';
import type { Gauge } from '../../metrics/gauge.js';

export const eventMonthsHeld: Gauge = {
  name: 'xcore_event_log_months_held',
  help: 'Months of the event log that are over their time and still needed: the log of the server says by what',
  read: async (db) =>
    (await db.first<{ months: number }>(sql`select held_months as months from event_log`))?.months ?? 0,
};

const mostCounted = 1_000;

export const eventsOutsideMonths: Gauge = {
  name: 'xcore_event_log_outside_months',
  help: `Events that fit into no month of the log, up to ${mostCounted}: a wrong clock, or no month was made ahead`,
  read: async (db) => {
    const found = await db.first<{ count: number }>(
      sql`select count(*)::int as count from (select from events_other limit ${mostCounted}) o`,
    );
    return found?.count ?? 0;
  },
};
