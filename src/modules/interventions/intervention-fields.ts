import type { Transaction } from '../../db/sql-client.js';
import { checkedMoment, checkedRange, checkedText } from '../../lib/checked-values.js';
import { badInput, type FieldProblem } from '../../lib/errors.js';
import { namedAsBefore, type NamedPerson } from '../identity/people/named-person.js';
import { InterventionKind, InterventionPriority } from './intervention.entity.js';
import { checkedTechnicians } from './technicians.js';

/** What is said of an intervention. Absent leaves it as it is; null empties what may be empty. */
export interface InterventionFields {
  scheduledAt?: Date | null | undefined;
  kind?: InterventionKind | null | undefined;
  priority?: InterventionPriority | null | undefined;
  location?: string | null | undefined;
  description?: string | null | undefined;
  /** The UUID or the user name of a person, or any other text. */
  technician?: string | null | undefined;
  /** Likewise, who works at it beside the one who leads; replaced as a whole. */
  otherTechnicians?: readonly string[] | null | undefined;
  estimatedMinutes?: number | null | undefined;
  latitude?: string | null | undefined;
  longitude?: string | null | undefined;
  startedAt?: Date | null | undefined;
  finishedAt?: Date | null | undefined;
  followsId?: string | null | undefined;
}

/** What an intervention is; its times in whole seconds, as they are shown. */
export interface InterventionFacts {
  scheduledAt: Date;
  kind: InterventionKind;
  priority: InterventionPriority;
  location: string | null;
  description: string | null;
  technician: string | null;
  technicianUserId: number | null;
  estimatedMinutes: number | null;
  latitude: string | null;
  longitude: string | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  followsId: string | null;
}

export interface CheckedIntervention {
  facts: InterventionFacts;
  /** Undefined: they stay as they are. */
  others: NamedPerson[] | undefined;
}

const longest = { location: 500, description: 10_000 };
const mostMinutes = 100_000;

/**
 * The intervention that is meant: what is given over what was before. What it continues is not looked at
 * (`checkFollowed`). Throws BAD_USER_INPUT with every problem.
 */
export async function checkIntervention(
  tx: Transaction,
  given: InterventionFields,
  before?: InterventionFacts,
): Promise<CheckedIntervention> {
  const problems: FieldProblem[] = [];
  const now = <K extends keyof InterventionFacts & keyof InterventionFields>(name: K) =>
    (given[name] === undefined ? before?.[name] : given[name]) ?? null;
  const text = (name: keyof typeof longest): string | null =>
    checkedText(now(name) ?? '', [name], problems, { max: longest[name] }) || null;
  const moment = (name: 'startedAt' | 'finishedAt'): Date | null => {
    const value = now(name);
    return value && checkedMoment(value, [name], problems);
  };

  const scheduled = given.scheduledAt ?? before?.scheduledAt;
  if (!scheduled) problems.push({ path: ['scheduledAt'], code: 'required', message: 'must be given' });
  const kind = given.kind ?? before?.kind;
  if (!kind) problems.push({ path: ['kind'], code: 'required', message: 'must be given' });
  const estimatedMinutes = now('estimatedMinutes');
  if (estimatedMinutes !== null)
    checkedRange(estimatedMinutes, ['estimatedMinutes'], problems, { min: 1, max: mostMinutes });
  const [startedAt, finishedAt] = [moment('startedAt'), moment('finishedAt')];
  if (startedAt && finishedAt && finishedAt < startedAt)
    problems.push({ path: ['finishedAt'], code: 'too_small', message: 'must not lie before startedAt' });
  const { text: technician, userId: technicianUserId } = await namedAsBefore(
    tx,
    given.technician,
    before,
    ['technician'],
    problems,
  );
  const others = given.otherTechnicians === undefined ? undefined : await checkedTechnicians(tx, given, problems);
  const facts = {
    scheduledAt: scheduled ? checkedMoment(scheduled, ['scheduledAt'], problems) : new Date(0),
    kind: kind ?? InterventionKind.OTHER,
    priority: given.priority ?? before?.priority ?? InterventionPriority.NORMAL,
    location: text('location'),
    description: text('description'),
    technician,
    technicianUserId,
    estimatedMinutes,
    ...checkedPlace({ latitude: now('latitude'), longitude: now('longitude') }, problems),
    startedAt,
    finishedAt,
    followsId: now('followsId')?.toLowerCase() ?? null,
  };
  if (problems.length) throw badInput(problems);
  return { facts, others };
}

interface Place {
  latitude: string | null;
  longitude: string | null;
}

/** Both or neither; adds a problem for what is no place. */
export function checkedPlace(place: Place, problems: FieldProblem[]): Place {
  for (const name of ['latitude', 'longitude'] as const) {
    const value = place[name];
    const isMissing = value === null && Object.values(place).some((other) => other !== null);
    if (isMissing) problems.push({ path: [name], code: 'required', message: 'must be given with the other one' });
    if (value !== null)
      checkedRange(
        Number(value),
        [name],
        problems,
        name === 'latitude' ? { min: -90, max: 90 } : { min: -180, max: 180 },
      );
  }
  return place;
}

/** The names of the facts that differ. */
export const changesOf = (before: InterventionFacts, after: InterventionFacts): string[] =>
  (Object.keys(after) as (keyof InterventionFacts)[]).filter(
    (name) => comparable(before[name]) !== comparable(after[name]),
  );

const comparable = (value: unknown): unknown => (value instanceof Date ? value.getTime() : value);

/** The entity's properties that hold the facts. */
export const columnsOf = ({ technicianUserId, followsId, ...columns }: InterventionFacts) => ({
  ...columns,
  technicianUser: technicianUserId,
  follows: followsId,
});
