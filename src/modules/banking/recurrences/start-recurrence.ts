import type { Transaction } from '../../../db/sql-client.js';
import { sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import { refuseBeyond } from '../../../kernel/bounds.js';
import type { CommandContext } from '../../../kernel/command.js';
import type { Frequency } from '../../../kernel/frequency.js';
import { checkedSchedule } from '../../../lib/checked-schedule.js';
import type { FieldProblem } from '../../../lib/errors.js';
import { isOccurrence, occurrencesBetween, placeFrom, type Schedule } from '../../../lib/occurrences.js';
import { lockPerson } from '../../identity/people/lock-person.js';
import { todayOf } from '../../identity/people/today-of.js';
import type { NewTransaction } from '../transactions/write-transactions.js';
import { postDue } from './post-due.js';
import { RecurrenceRule } from './recurrence-rule.entity.js';

export interface RecurrenceTerms {
  frequency: Frequency;
  interval?: number | null | undefined;
  startDate?: string | null | undefined;
  endDate?: string | null | undefined;
}

/** What a person may have made and not stopped. */
export const mostRules = 200;

/** What is caught up when a rule is made: ten years of days. */
export const mostAtOnce = 3700;

/**
 * The schedule of a transaction that happens again. Adds a problem for each thing that is wrong with it, and when it
 * begins so long ago that too much would have to be caught up.
 */
export async function checkedRecurrence(
  tx: Transaction,
  { services }: CommandContext,
  { frequency, interval, startDate, endDate }: RecurrenceTerms,
  { transactionDate, writerId }: { transactionDate: string; writerId: number },
  problems: FieldProblem[],
): Promise<Schedule> {
  const before = problems.length;
  const schedule = checkedSchedule(
    { frequency, interval: interval ?? 1, startDate: startDate ?? transactionDate, endDate: endDate ?? null },
    ['recurrence'],
    problems,
  );
  if (problems.length > before) return schedule;
  const today = await todayOf(tx, services, writerId);
  const past = occurrencesBetween(schedule, { from: schedule.startDate, until: today, limit: mostAtOnce + 1 });
  if (past.length > mostAtOnce)
    problems.push({
      path: ['recurrence', 'startDate'],
      code: 'too_small',
      message: `would have more than ${mostAtOnce} transactions caught up`,
    });
  return schedule;
}

/** Keeps a person from having too many rules: before their accounts are locked. Throws CONFLICT. */
export async function refuseTooManyRules(tx: Transaction, userId: number): Promise<void> {
  await lockPerson(tx, userId);
  const mine = sql`select 1 from recurrence_rules where created_by_id = ${userId} and stopped_at is null`;
  await refuseBeyond(tx, 'RecurrenceRule', mostRules, mine);
}

/**
 * Makes the rule of a transaction that was just written by the viewer, whose account is locked, and writes what is due
 * by today. On a day of the schedule the transaction is that day's own.
 */
export async function startRecurrence(
  tx: Transaction,
  ctx: CommandContext,
  schedule: Schedule,
  transaction: NewTransaction & { id: number; writerId: number },
): Promise<void> {
  const { id, account, categoryId, amount, description, transactionDate, labels = [], writerId } = transaction;
  const isOwnDay = isOccurrence(schedule, transactionDate);
  const skippedDates = isOwnDay ? [transactionDate] : [];
  const place = placeFrom(schedule, schedule.startDate, skippedDates);
  const row = {
    account: account.id,
    owner: account.ownerId,
    category: categoryId,
    amount,
    description,
    labels: [...labels],
    ...schedule,
    ...place,
    skippedDates: skippedDates.filter((day) => day > (place.lastOccurrence ?? '')),
    originTransaction: id,
    createdBy: writerId,
  };
  const made = await tx.first<{ id: number }>(
    sql`insert into recurrence_rules ${values(RecurrenceRule, row)} returning id`,
  );
  const { id: ruleId } = made as { id: number };
  await tx.send(sql`
    update transactions set recurrence_rule_id = ${ruleId}, occurrence_date = ${isOwnDay ? transactionDate : null}::date
     where id = ${id}`);
  const data = { bankAccountId: account.id, ownerId: account.ownerId, createdById: writerId };
  await emit(tx, ctx, 'recurrence.created', ['RecurrenceRule', ruleId], data);
  const today = await todayOf(tx, ctx.services, writerId);
  while (await postDue(tx, ctx, { ruleId, today }));
}
