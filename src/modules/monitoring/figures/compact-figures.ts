import { sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { addingUp, bucketsAs } from './figures.js';

const hourMs = 3_600_000;
/** How long figures are kept by the minute; afterwards by the hour. */
const minutesKeptMs = 3 * hourMs;
const keptMs = 30 * 24 * hourMs;

/** Adds up the minutes of hours that are past, and deletes what is older than 30 days. */
export async function compactFigures({ db, services }: CommandContext): Promise<void> {
  const now = services.now().getTime();
  const hour = Math.floor((now - minutesKeptMs) / hourMs) * hourMs;
  await db.run(sql`delete from monitoring_figures where at < ${new Date(now - keptMs)}`);
  // The row of an hour's first minute becomes that of the hour.
  await db.run(sql`
    with minutes as (
      delete from monitoring_figures
       where at < ${new Date(hour)} and at <> date_trunc('hour', at, 'UTC')
      returning *)
    insert into monitoring_figures as f (at, kind, name, requests, refused, failed, total_ms, slowest_ms, buckets)
    select date_trunc('hour', m.at, 'UTC'), m.kind, m.name, sum(m.requests)::bigint, sum(m.refused)::bigint,
           sum(m.failed)::bigint, sum(m.total_ms), max(m.slowest_ms),
           ${bucketsAs((place) => `sum(m.buckets[${place}])::bigint`)}
      from minutes m group by 1, 2, 3 order by 2, 3, 1
    ${addingUp}`);
}
