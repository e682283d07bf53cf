import type { Transaction } from '../../../db/sql-client.js';
import type { Frequency } from '../../../kernel/frequency.js';
import { checkedSchedule } from '../../../lib/checked-schedule.js';
import { checkedName, checkedRange, checkedText } from '../../../lib/checked-values.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { isTimeZone } from '../../../lib/zoned-day.js';
import { namedAsBefore } from '../../identity/people/named-person.js';
import type { InterventionKind } from '../intervention.entity.js';

/** What is said of a contract. Absent leaves it as it is; null empties what may be empty. */
export interface ContractFields {
  title?: string | null | undefined;
  kind?: InterventionKind | null | undefined;
  description?: string | null | undefined;
  location?: string | null | undefined;
  /** The UUID or the user name of a person, or any other text. */
  technician?: string | null | undefined;
  frequency?: Frequency | null | undefined;
  interval?: number | null | undefined;
  startDate?: string | null | undefined;
  endDate?: string | null | undefined;
  visitTime?: string | null | undefined;
  visitMinutes?: number | null | undefined;
  timeZone?: string | null | undefined;
  horizonDays?: number | null | undefined;
  isActive?: boolean | null | undefined;
}

/** What a contract is. */
export interface ContractFacts {
  title: string;
  kind: InterventionKind;
  description: string | null;
  location: string | null;
  technician: string | null;
  technicianUserId: number | null;
  frequency: Frequency;
  interval: number;
  startDate: string;
  endDate: string | null;
  /** `09:00` */
  visitTime: string;
  visitMinutes: number;
  timeZone: string;
  horizonDays: number;
  isActive: boolean;
}

/** What a new contract has where nothing is said. What has no default is asked for by the graph. */
export const newContract = (timeZone: string) => ({
  description: null,
  location: null,
  technician: null,
  technicianUserId: null,
  interval: 1,
  endDate: null,
  timeZone,
  horizonDays: 30,
  isActive: true,
});

const mostInterval = 366;

/** The contract that is meant: what is given over what was before. Throws BAD_USER_INPUT with every problem. */
export async function checkContract(
  tx: Transaction,
  given: ContractFields,
  before: ContractFacts,
): Promise<ContractFacts> {
  const problems: FieldProblem[] = [];
  const text = (name: 'description' | 'location', max: number): string | null =>
    checkedText((given[name] === undefined ? before[name] : given[name]) ?? '', [name], problems, { max }) || null;
  const number = (name: 'interval' | 'visitMinutes' | 'horizonDays', bounds: { min: number; max: number }): number => {
    const value = given[name] ?? before[name];
    checkedRange(value, [name], problems, bounds);
    return value;
  };
  const person = await namedAsBefore(tx, given.technician, before, ['technician'], problems);
  const schedule = {
    frequency: given.frequency ?? before.frequency,
    interval: number('interval', { min: 1, max: mostInterval }),
    startDate: given.startDate ?? before.startDate,
    endDate: given.endDate === undefined ? before.endDate : given.endDate,
  };
  // Its interval was looked at.
  checkedSchedule({ ...schedule, interval: 1 }, [], problems);
  const visitTime = (given.visitTime ?? before.visitTime).trim();
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(visitTime))
    problems.push({ path: ['visitTime'], code: 'invalid_format', message: 'must be a time such as 09:00' });
  const timeZone = (given.timeZone ?? before.timeZone).trim();
  if (!isTimeZone(timeZone))
    problems.push({ path: ['timeZone'], code: 'unknown_reference', message: 'is no time zone' });
  const facts = {
    title: checkedName(given.title ?? before.title, ['title'], problems, { max: 255 }),
    kind: given.kind ?? before.kind,
    description: text('description', 10_000),
    location: text('location', 500),
    technician: person.text,
    technicianUserId: person.userId,
    ...schedule,
    visitTime,
    visitMinutes: number('visitMinutes', { min: 5, max: 1440 }),
    timeZone,
    horizonDays: number('horizonDays', { min: 1, max: 366 }),
    isActive: given.isActive ?? before.isActive,
  };
  if (problems.length) throw badInput(problems);
  return facts;
}

/** The names of the facts that differ. */
export const contractChanges = (before: ContractFacts, after: ContractFacts): string[] =>
  (Object.keys(after) as (keyof ContractFacts)[]).filter((name) => before[name] !== after[name]);

/** The entity's properties that hold the facts. */
export const contractColumns = ({ technicianUserId, ...columns }: ContractFacts) => ({
  ...columns,
  technicianUser: technicianUserId,
});
