import type { Transaction } from '../../db/sql-client.js';
import { holds, sql } from '../../db/sql.js';
import type { Viewer } from '../../kernel/viewer.js';
import { checkedMoment, checkedRange, checkedText } from '../../lib/checked-values.js';
import { badInput, type FieldProblem, notFound } from '../../lib/errors.js';
import { isUuid } from '../../lib/uuid.js';
import { type NamedPerson, namedPerson } from '../identity/people/named-person.js';
import { visibleInterventions } from '../interventions/intervention.policy.js';
import { AppointmentStatus } from './appointment.entity.js';

/** What is said of an appointment. Absent leaves it as it is; null empties what may be empty. */
export interface AppointmentFields {
  interventionId?: string | null | undefined;
  startsAt?: Date | null | undefined;
  endsAt?: Date | null | undefined;
  status?: AppointmentStatus | null | undefined;
  /** The UUID or the user name of a person, or any other text. */
  technician?: string | null | undefined;
  notes?: string | null | undefined;
  color?: string | null | undefined;
  reminderHours?: number | null | undefined;
}

/** What an appointment is; its times in whole seconds, as they are shown. */
export interface AppointmentFacts {
  interventionId: string | null;
  startsAt: Date;
  endsAt: Date;
  status: AppointmentStatus;
  technician: string | null;
  technicianUserId: number | null;
  notes: string | null;
  color: string | null;
  reminderHours: number | null;
}

const longestNotes = 10_000;
const longestDays = 366;
const mostReminderHours = 8760;

/**
 * The appointment that is meant: what is given over what was before. Throws BAD_USER_INPUT with every problem, with the
 * reason `appointment.ends_before_start` when that is the only one.
 */
export async function checkAppointment(
  tx: Transaction,
  given: AppointmentFields,
  before?: AppointmentFacts,
): Promise<AppointmentFacts> {
  const problems: FieldProblem[] = [];
  const startsAt = momentOf(given.startsAt ?? before?.startsAt, 'startsAt', problems);
  const endsAt = momentOf(given.endsAt ?? before?.endsAt, 'endsAt', problems);
  const { text, userId } = await technicianOf(tx, given.technician, before, problems);
  const notes =
    given.notes === undefined
      ? (before?.notes ?? null)
      : checkedText(given.notes ?? '', ['notes'], problems, { max: longestNotes }) || null;
  const color = given.color === undefined ? (before?.color ?? null) : given.color?.trim().toLowerCase() || null;
  if (color !== null && !/^#[0-9a-f]{6}$/.test(color))
    problems.push({ path: ['color'], code: 'invalid_format', message: 'must be written as #RRGGBB' });
  const reminderHours = given.reminderHours === undefined ? (before?.reminderHours ?? null) : given.reminderHours;
  if (reminderHours !== null)
    checkedRange(reminderHours, ['reminderHours'], problems, { min: 0, max: mostReminderHours });
  const span = endsAt.getTime() - startsAt.getTime();
  if (span > longestDays * 86_400_000)
    problems.push({ path: ['endsAt'], code: 'too_large', message: `at most ${longestDays} days after the start` });
  const isBackwards = span <= 0 && !problems.some(({ path }) => path[0] === 'startsAt' || path[0] === 'endsAt');
  if (isBackwards) problems.push({ path: ['endsAt'], code: 'too_small', message: 'must be later than startsAt' });
  if (problems.length)
    throw badInput(problems, isBackwards && problems.length === 1 ? { reason: 'appointment.ends_before_start' } : {});
  return {
    interventionId:
      given.interventionId === undefined
        ? (before?.interventionId ?? null)
        : (given.interventionId?.toLowerCase() ?? null),
    startsAt,
    endsAt,
    status: given.status ?? before?.status ?? AppointmentStatus.PLANNED,
    technician: text,
    technicianUserId: userId,
    notes,
    color,
    reminderHours,
  };
}

/** The client of an intervention that stays out of the trash until the transaction ends; undefined: there is none. */
export async function holdIntervention(tx: Transaction, viewer: Viewer, id: string): Promise<string | undefined> {
  const found = isUuid(id)
    ? await tx.first<{ clientId: string }>(sql`
        select i.client_id as "clientId" from interventions i
         where i.id = ${id}::uuid and ${holds(visibleInterventions(viewer), 'i')} for share`)
    : undefined;
  return found?.clientId;
}

/** Throws NOT_FOUND without the client of an intervention, BAD_USER_INPUT when it is another one. */
export function refuseElsewhere(ofIntervention: string | undefined, clientId: string): void {
  if (ofIntervention === undefined) throw notFound('Intervention');
  if (ofIntervention !== clientId)
    throw badInput([{ path: ['interventionId'], code: 'not_allowed', message: 'is at another client' }]);
}

/** Whoever is named as before stays who they are, also when their account was switched off since. */
async function technicianOf(
  tx: Transaction,
  given: string | null | undefined,
  before: AppointmentFacts | undefined,
  problems: FieldProblem[],
): Promise<NamedPerson> {
  const isAsBefore = given === undefined || (before !== undefined && given?.trim() === before.technician);
  return isAsBefore
    ? { text: before?.technician ?? null, userId: before?.technicianUserId ?? null }
    : namedPerson(tx, given, ['technician'], problems);
}

function momentOf(moment: Date | undefined, path: string, problems: FieldProblem[]): Date {
  if (moment !== undefined) return checkedMoment(moment, [path], problems);
  problems.push({ path: [path], code: 'required', message: 'must be given' });
  return new Date(0);
}
