import type { SqlRunner } from '../../../db/sql-client.js';
import { raw, sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { can } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { isoSecondsSql } from '../../../lib/postgres-text.js';
import { viewerOfPerson } from '../../identity/people/viewer-of-person.js';
import { hashSecret } from '../../identity/sessions/resolve-viewer.js';
import type { InterventionKind } from '../../interventions/intervention.entity.js';
import { kindNames } from '../calendar/calendar-entries.js';
import { calendarFile } from '../calendar/calendar-file.js';
import type { CalendarFile } from '../calendar/calendar.types.js';
import type { CustomerVisit } from './customer-link.types.js';

/** What it takes to make a link: to see appointments, and to change them. */
const customerLinkRights = ['appointments:read', 'appointments:write'] as const;

interface Row {
  id: string;
  clientName: string;
  kind: InterventionKind | null;
  startsAt: string;
  endsAt: string;
  location: string | null;
  technicianName: string | null;
  status: 'planned' | 'confirmed';
  isMoveRequested: boolean;
  sequence: number;
  createdAt: string;
  updatedAt: string;
}

/**
 * The id of the appointment that a link opens, as long as who made it might make it. Throws NOT_FOUND, in the same
 * words for all that open nothing.
 */
export async function linkedAppointmentId(db: SqlRunner, token: string, now: Date): Promise<string> {
  const link = await db.first<{ appointmentId: string; makerId: number | null }>(sql`
    select l.appointment_id as "appointmentId", l.created_by_id as "makerId"
      from customer_links l join appointments a on a.id = l.appointment_id
     where l.secret_hash = ${hashSecret(token)} and l.expires_at > ${now} and a.ends_at > ${now}
       and a.deleted_at is null and a.status in ('planned', 'confirmed')`);
  const maker = link && link.makerId !== null && (await viewerOfPerson(db, link.makerId));
  if (!maker || !customerLinkRights.every((right) => can(maker, right))) throw notFound('CustomerLink');
  return link.appointmentId;
}

/** What the holder of a link may know of the visit. Throws NOT_FOUND. */
export async function findCustomerVisit(ctx: CommandContext, token: string): Promise<CustomerVisit> {
  const { config } = ctx.services;
  const { clientName, kind, startsAt, endsAt, location, technicianName, status, isMoveRequested } = await visitOf(
    ctx,
    token,
  );
  return {
    token,
    firmName: config.seller?.name ?? null,
    clientName,
    kind,
    startsAt,
    endsAt,
    timeZone: config.timeZone,
    location,
    technicianName,
    isConfirmed: status === 'confirmed',
    isMoveRequested,
  };
}

/** The visit for the client's own calendar. Throws NOT_FOUND. */
export async function customerVisitFile(ctx: CommandContext, token: string): Promise<CalendarFile> {
  const { config } = ctx.services;
  const visit = await visitOf(ctx, token);
  const firm = config.seller?.name ?? 'Rendez-vous';
  const entry = {
    id: visit.id,
    sequence: visit.sequence,
    status: visit.status === 'confirmed' ? ('CONFIRMED' as const) : ('TENTATIVE' as const),
    startsAt: new Date(visit.startsAt),
    endsAt: new Date(visit.endsAt),
    summary: visit.kind ? `${firm} - ${kindNames[visit.kind]}` : firm,
    location: visit.location,
    description: visit.technicianName && `Technicien : ${visit.technicianName}`,
    createdAt: new Date(visit.createdAt),
    updatedAt: new Date(visit.updatedAt),
  };
  const host = new URL(config.publicUrl).hostname;
  return { name: 'rendez-vous.ics', content: calendarFile({ name: firm, host, timeZone: config.timeZone }, [entry]) };
}

async function visitOf({ db, services }: CommandContext, token: string): Promise<Row> {
  const id = await linkedAppointmentId(db, token, services.now());
  const visit = await db.first<Row>(sql`
    select a.id, c.name as "clientName", i.kind, ${raw(isoSecondsSql('a.starts_at'))} as "startsAt",
           ${raw(isoSecondsSql('a.ends_at'))} as "endsAt", coalesce(i.location, c.address) as location,
           coalesce(nullif(u.full_name, ''), a.technician) as "technicianName", a.status,
           a.move_requested_at is not null as "isMoveRequested", a.sequence,
           ${raw(isoSecondsSql('a.created_at'))} as "createdAt", ${raw(isoSecondsSql('a.updated_at'))} as "updatedAt"
      from appointments a join clients c on c.id = a.client_id
      left join interventions i on i.id = a.intervention_id and i.deleted_at is null
      left join users u on u.id = a.technician_user_id
     where a.id = ${id}::uuid`);
  if (!visit) throw notFound('CustomerLink');
  return visit;
}
