import { Field, Int, ObjectType } from 'type-graphql';
import { holds, sql } from '../../db/sql.js';
import type { Context } from '../../kernel/context.js';
import { requirePermission } from '../../kernel/viewer.js';
import { dayIn } from '../../lib/zoned-day.js';
import { InterventionKind } from '../interventions/intervention.entity.js';
import { visibleInterventions } from '../interventions/intervention.policy.js';
import { AppointmentStatus } from './appointment.entity.js';
import { visibleAppointments } from './appointment.policy.js';

@ObjectType({ simpleResolvers: true, description: 'How many appointments stand so.' })
class AppointmentStatusCount {
  @Field(() => AppointmentStatus, { description: 'Where they stand.' })
  status!: AppointmentStatus;

  @Field(() => Int, { description: 'How many.' })
  count!: number;
}

@ObjectType({ simpleResolvers: true, description: 'How many appointments are for work of one kind.' })
class AppointmentKindCount {
  @Field(() => InterventionKind, { nullable: true, description: 'What is done; null: nothing in particular.' })
  kind!: InterventionKind | null;

  @Field(() => Int, { description: 'How many.' })
  count!: number;
}

@ObjectType({ simpleResolvers: true, description: 'How many appointments one technician has.' })
class TechnicianCount {
  @Field(() => String, { nullable: true, description: 'Who, as it was given; null: nobody.' })
  technician!: string | null;

  @Field(() => Int, { description: 'How many.' })
  count!: number;
}

@ObjectType({ simpleResolvers: true, description: 'How many appointments there are, and how they stand.' })
export class AppointmentStatistics {
  @Field(() => Int, { description: 'All of them.' })
  total!: number;

  @Field(() => Int, { description: 'Those that begin today, by the firm’s clock.' })
  today!: number;

  @Field(() => Int, { description: 'Those that begin this week, from Monday on.' })
  thisWeek!: number;

  @Field(() => Int, { description: 'Those that are over by the clock and still planned or confirmed.' })
  late!: number;

  @Field(() => [AppointmentStatusCount], { description: 'By where they stand: one for each status.' })
  byStatus!: AppointmentStatusCount[];

  @Field(() => [AppointmentKindCount], {
    description: 'By what is done: one for each kind, and one for what has none.',
  })
  byKind!: AppointmentKindCount[];

  @Field(() => [TechnicianCount], { description: 'By who goes there, those with the most first: at most 100.' })
  byTechnician!: TechnicianCount[];
}

interface Group {
  status: AppointmentStatus;
  kind: InterventionKind | null;
  technician: string | null;
  count: number;
  today: number;
  thisWeek: number;
  late: number;
}

const mostTechnicians = 100;

/** Counts the appointments that the viewer sees, in one pass. Needs `appointments:read`. */
export async function appointmentStatistics({
  db,
  viewer,
  services,
}: Pick<Context, 'db' | 'viewer' | 'services'>): Promise<AppointmentStatistics> {
  requirePermission(viewer, 'appointments:read');
  const { timeZone } = services.config;
  const now = services.now();
  const groups = await db.all<Group>(sql`
    with days as (
      select d.day, date_trunc('week', d.day) as monday from (select ${dayIn(timeZone, now)}::timestamp as day) d),
    bounds as (
      select day at time zone ${timeZone} as today, (day + interval '1 day') at time zone ${timeZone} as tomorrow,
             monday at time zone ${timeZone} as week, (monday + interval '7 days') at time zone ${timeZone} as next_week
        from days)
    select a.status, i.kind, a.technician, count(*)::int as count,
           count(*) filter (where a.starts_at >= b.today and a.starts_at < b.tomorrow)::int as today,
           count(*) filter (where a.starts_at >= b.week and a.starts_at < b.next_week)::int as "thisWeek",
           count(*) filter (where a.ends_at < ${now} and a.status in ('planned', 'confirmed'))::int as late
      from appointments a cross join bounds b
      left join interventions i on i.id = a.intervention_id and ${holds(visibleInterventions(viewer), 'i')}
     where ${holds(visibleAppointments(viewer), 'a')} group by a.status, i.kind, a.technician`);
  const sum = (figure: 'count' | 'today' | 'thisWeek' | 'late', some: (group: Group) => boolean = () => true): number =>
    groups.filter(some).reduce((total, group) => total + group[figure], 0);
  return {
    total: sum('count'),
    today: sum('today'),
    thisWeek: sum('thisWeek'),
    late: sum('late'),
    byStatus: Object.values(AppointmentStatus).map((status) => ({
      status,
      count: sum('count', (group) => group.status === status),
    })),
    byKind: [...Object.values(InterventionKind), null].map((kind) => ({
      kind,
      count: sum('count', (group) => group.kind === kind),
    })),
    byTechnician: byTechnician(groups),
  };
}

function byTechnician(groups: readonly Group[]): TechnicianCount[] {
  const counts = new Map<string | null, number>();
  for (const { technician, count } of groups) counts.set(technician, (counts.get(technician) ?? 0) + count);
  return [...counts]
    .map(([technician, count]) => ({ technician, count }))
    .toSorted((one, other) => other.count - one.count || (one.technician ?? '').localeCompare(other.technician ?? ''))
    .slice(0, mostTechnicians);
}
