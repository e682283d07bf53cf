import type { SqlRunner } from '../../../db/sql-client.js';
import { holds, joined, raw, type Sql, sql } from '../../../db/sql.js';
import type { SignedIn } from '../../../kernel/viewer.js';
import { isUuid } from '../../../lib/uuid.js';
import { visibleClients } from '../../clients/client.policy.js';
import { InterventionKind } from '../../interventions/intervention.entity.js';
import { visibleInterventions } from '../../interventions/intervention.policy.js';
import { technicianKey } from '../book-slot.js';
import type { CalendarEntry } from './calendar-file.js';
import { endOfIntervention } from './read-calendar.js';

/** How long what is cancelled, deleted or over stays in a calendar. */
export const daysKept = 90;
/** Entries of one file, at most: what lies furthest from now is left out. */
const mostEntries = 5000;

/** What an intervention is called in a calendar. */
export const kindNames: Record<InterventionKind, string> = {
  [InterventionKind.INSPECTION]: 'inspection',
  [InterventionKind.DETECTION]: 'détection',
  [InterventionKind.REPAIR]: 'réparation',
  [InterventionKind.MAINTENANCE]: 'maintenance',
  [InterventionKind.OTHER]: 'autre',
};

interface Row {
  id: string;
  sequence: number;
  state: string;
  startsAt: number;
  endsAt: number;
  client: string | null;
  kind: InterventionKind | null;
  location: string | null;
  technician: string | null;
  notes: string | null;
  reminderHours: number | null;
  createdAt: number;
  updatedAt: number;
}

/**
 * The entries of a calendar for somebody who may read appointments: those of everybody, or of one technician, with the
 * interventions that have no appointment. What was cancelled or put into the trash is there as cancelled for 90 days.
 */
export async function calendarEntries(
  db: SqlRunner,
  viewer: SignedIn,
  { technician, now }: { technician: string | null; now: Date },
): Promise<CalendarEntry[]> {
  const since = new Date(now.getTime() - daysKept * 86_400_000);
  const who = technician === null ? undefined : await whoIs(db, technician);
  const appointments = sql`
    select a.id, a.sequence, case when a.deleted_at is null then a.status else 'cancelled' end as state,
           ${raw(milliseconds('a.starts_at'))} as "startsAt", ${raw(milliseconds('a.ends_at'))} as "endsAt",
           c.name as client, i.kind, coalesce(i.location, c.address) as location,
           ${raw(nameOf('a'))} as technician, a.notes, a.reminder_hours as "reminderHours",
           ${raw(milliseconds('a.created_at'))} as "createdAt", ${raw(milliseconds('a.updated_at'))} as "updatedAt",
           a.starts_at as at
      from appointments a
      left join clients c on c.id = a.client_id and ${holds(visibleClients(viewer), 'c')}
      left join interventions i on i.id = a.intervention_id and ${holds(visibleInterventions(viewer), 'i')}
      left join users u on u.id = a.technician_user_id
     where ${who ? ofAppointment(who) : raw('true')}
       and coalesce(a.deleted_at, a.cancelled_at, 'infinity') > ${since}`;
  const interventions = sql`
    select i.id, i.version - 1, i.status, ${raw(milliseconds('i.scheduled_at'))},
           ${raw(milliseconds(`(${endOfIntervention('i')})`))}, c.name, i.kind, coalesce(i.location, c.address),
           ${raw(nameOf('i'))}, i.description, null::int, ${raw(milliseconds('i.created_at'))},
           ${raw(milliseconds('i.updated_at'))}, i.scheduled_at
      from interventions i
      left join clients c on c.id = i.client_id and ${holds(visibleClients(viewer), 'c')}
      left join users u on u.id = i.technician_user_id
     where ${who ? ofIntervention(who) : raw('true')} and ${holds(visibleInterventions(viewer), 'i')}
       and not exists (select 1 from appointments b where b.intervention_id = i.id and b.deleted_at is null)`;
  // From each side of now as many as there may be in all: by the indexes, however many lie beyond.
  const sides = [
    { rows: appointments, at: 'a.starts_at' },
    { rows: interventions, at: 'i.scheduled_at' },
  ].flatMap(({ rows, at }) => [
    sql`(${rows} and ${raw(at)} >= ${now} order by ${raw(at)} limit ${raw(String(mostEntries))})`,
    sql`(${rows} and ${raw(at)} < ${now} and ${raw(at)} > ${since}
          order by ${raw(at)} desc limit ${raw(String(mostEntries))})`,
  ]);
  const nearest = await db.all<Row>(sql`
    select * from (${joined(sides, ' union all ')}) e
     order by greatest(e.at - ${now}::timestamptz, ${now}::timestamptz - e.at), e.id
     limit ${raw(String(mostEntries))}`);
  return nearest.map(entryOf).toSorted((one, other) => one.startsAt.getTime() - other.startsAt.getTime());
}

const milliseconds = (moment: string): string => `extract(epoch from ${moment})::float8 * 1000`;

/** A person by their name, also when they were named by their UUID. */
const nameOf = (alias: string): string => `coalesce(nullif(u.full_name, ''), ${alias}.technician)`;

interface Who {
  userId: number | null;
  key: Sql;
  text: string;
}

/** The person that a UUID or a user name names, also one whose account is switched off; else the text. */
async function whoIs(db: SqlRunner, text: string): Promise<Who> {
  const person = await db.first<{ id: number }>(
    isUuid(text)
      ? sql`select id from users where uuid = ${text}::uuid`
      : sql`select id from users where lower(username) = lower(${text})`,
  );
  const userId = person?.id ?? null;
  return { userId, key: technicianKey(text, userId), text };
}

const ofAppointment = (who: Who): Sql =>
  sql`(a.technician_key = ${who.key} or a.intervention_id in (${helpedBy(who)}))`;

const ofIntervention = (who: Who): Sql => sql`(${leadBy(who)} or i.id in (${helpedBy(who)}))`;

const leadBy = ({ userId, text }: Who): Sql =>
  userId === null ? sql`search_fold(i.technician) = search_fold(${text}::text)` : sql`i.technician_user_id = ${userId}`;

/** Where they work beside the one who leads. */
const helpedBy = ({ userId, text }: Who): Sql => sql`
  select t.intervention_id from intervention_technicians t
   where ${userId === null ? sql`search_fold(t.name) = search_fold(${text}::text)` : sql`t.user_id = ${userId}`}`;

const states: Readonly<Record<string, CalendarEntry['status']>> = { planned: 'TENTATIVE', cancelled: 'CANCELLED' };

function entryOf(row: Row): CalendarEntry {
  const kind = row.kind && kindNames[row.kind];
  const subject = kind ?? 'RDV';
  return {
    id: row.id,
    sequence: row.sequence,
    status: states[row.state] ?? 'CONFIRMED',
    startsAt: new Date(row.startsAt),
    endsAt: new Date(row.endsAt),
    summary: row.client === null ? subject : `${row.client} - ${subject}`,
    location: row.location,
    description: [row.technician && `Technicien : ${row.technician}`, row.notes].filter(Boolean).join('\n'),
    category: kind,
    reminderHours: row.reminderHours,
    createdAt: new Date(row.createdAt),
    updatedAt: new Date(row.updatedAt),
  };
}
