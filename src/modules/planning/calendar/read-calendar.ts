import { type Bound, holds, raw, type Sql, sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { containing } from '../../../kernel/read-model.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { badInput, DomainError, type FieldProblem } from '../../../lib/errors.js';
import { isoSecondsSql } from '../../../lib/postgres-text.js';
import { isUuid } from '../../../lib/uuid.js';
import { visibleClients } from '../../clients/client.policy.js';
import { visibleInterventions } from '../../interventions/intervention.policy.js';
import { visibleAppointments } from '../appointment.policy.js';
import type { CalendarEvent } from './calendar.types.js';

export interface CalendarPeriod {
  start?: Date | null | undefined;
  end?: Date | null | undefined;
  technician?: string | null | undefined;
}

/** Events of one answer, at most. */
export const mostEvents = 20_000;
const longestDays = 800;
const dayMs = 86_400_000;
/** What is shown when a bound is not given: so long before, and after, today or the other bound. */
const daysBefore = 90;
const daysAfter = 366;

/** How long an intervention takes of which nobody says it, and may take at most. */
const usualMinutes = 60;
const mostMinutes = 100_000;

/**
 * What a calendar shows between two moments: appointments, and interventions without one, in the order of their start.
 * Without both moments: the nearest to now. Needs `appointments:read`; interventions and the names of clients are for
 * whoever may see them. Throws BAD_USER_INPUT, with the reason `calendar.too_many` for a time with too many events.
 */
export async function readCalendar(
  ctx: Pick<Context, 'db' | 'viewer' | 'services'>,
  asked: CalendarPeriod,
): Promise<CalendarEvent[]> {
  const viewer = requirePermission(ctx.viewer, 'appointments:read');
  const now = ctx.services.now();
  const { start, end } = boundsOf(asked, now);
  const isOpen = asked.start == null && asked.end == null;
  const nearest = sql`greatest(e.at - ${now}::timestamptz, ${now}::timestamptz - e.at)`;
  const byTime = raw('e.at, e."appointmentId", e."interventionId"');
  const of = (alias: string): Sql | Bound => technicianHolds(alias, asked.technician);
  const events = await ctx.db.all<CalendarEvent>(sql`
    select * from (
      select a.id as "appointmentId", ${raw(isoSecondsSql('a.starts_at'))} as "startsAt",
             ${raw(isoSecondsSql('a.ends_at'))} as "endsAt", a.status as "appointmentStatus",
             null as "interventionStatus", i.kind, i.id as "interventionId", a.client_id as "clientId",
             c.name as "clientName", a.technician, a.notes, a.color, a.reminder_hours as "reminderHours",
             a.starts_at as at
        from appointments a
        left join clients c on c.id = a.client_id and ${holds(visibleClients(viewer), 'c')}
        left join interventions i on i.id = a.intervention_id and ${holds(visibleInterventions(viewer), 'i')}
       where ${holds(visibleAppointments(viewer), 'a')} and ${of('a')}
         and tstzrange(a.starts_at, a.ends_at) && tstzrange(${start}, ${end})
      union all
      select null, ${raw(isoSecondsSql('i.scheduled_at'))}, ${raw(isoSecondsSql('w.ends_at'))}, null, i.status,
             i.kind, i.id, i.client_id, c.name, i.technician, i.description, null, null, i.scheduled_at
        from interventions i
       cross join lateral (select ${raw(endOfIntervention('i'))} as ends_at) w
        left join clients c on c.id = i.client_id and ${holds(visibleClients(viewer), 'c')}
       where ${holds(visibleInterventions(viewer), 'i')} and ${of('i')}
         and i.scheduled_at < ${end} and i.scheduled_at > ${new Date(start.getTime() - mostMinutes * 60_000)}
         and w.ends_at > ${start}
         and not exists (select 1 from appointments b where b.intervention_id = i.id and b.deleted_at is null)) e
     order by ${isOpen ? nearest : byTime}
     limit ${raw(String(mostEvents + 1))}`);
  if (events.length > mostEvents && !isOpen)
    throw new DomainError('BAD_USER_INPUT', `There are more than ${mostEvents} events`, {
      reason: 'calendar.too_many',
      details: { limit: mostEvents },
    });
  return isOpen ? inOrder(events.slice(0, mostEvents)) : events;
}

/** SQL for when an intervention is over, as planned. */
export const endOfIntervention = (alias: string): string =>
  `${alias}.scheduled_at + coalesce(${alias}.estimated_minutes, ${usualMinutes}) * interval '1 minute'`;

function boundsOf({ start, end }: CalendarPeriod, now: Date): { start: Date; end: Date } {
  const from = start ?? new Date((end ?? now).getTime() - (end ? daysAfter : daysBefore) * dayMs);
  const until = end ?? new Date((start ?? now).getTime() + daysAfter * dayMs);
  const problems: FieldProblem[] = [];
  if (until <= from) problems.push({ path: ['end'], code: 'too_small', message: 'must be later than start' });
  if (until.getTime() - from.getTime() > longestDays * dayMs)
    problems.push({ path: ['end'], code: 'too_large', message: `at most ${longestDays} days after start` });
  if (problems.length) throw badInput(problems);
  return { start: from, end: until };
}

/** Whose technician is this person, or has this text. */
function technicianHolds(alias: string, technician: string | null | undefined): Sql {
  const text = technician?.trim();
  if (!text) return sql`true`;
  const column = raw(`${alias}.technician_text`);
  const contains = sql`${column} like ${containing(text.toLowerCase())}`;
  return isUuid(text)
    ? sql`(${contains} or ${raw(alias)}.technician_user_id = (select id from users where uuid = ${text}::uuid))`
    : contains;
}

const inOrder = (events: CalendarEvent[]): CalendarEvent[] =>
  events.toSorted((one, other) => (one.startsAt < other.startsAt ? -1 : one.startsAt > other.startsAt ? 1 : 0));
