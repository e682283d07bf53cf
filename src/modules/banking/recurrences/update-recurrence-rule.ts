import { set, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import type { Frequency } from '../../../kernel/frequency.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { checkedSchedule } from '../../../lib/checked-schedule.js';
import { checkedAmount } from '../../../lib/checked-values.js';
import { badInput, conflict, type FieldProblem } from '../../../lib/errors.js';
import { placeAfterEdit } from '../../../lib/occurrences.js';
import { todayOf } from '../../identity/people/today-of.js';
import { requireWrite } from '../accounts/lock-accounts.js';
import { checkedCategory, checkedDescription, checkedLabels } from '../transactions/transaction-terms.js';
import { lockRule } from './lock-rule.js';
import { RecurrenceRule } from './recurrence-rule.entity.js';

/** What is undefined stays, and null where the rule cannot be without it. */
export interface RecurrenceChanges {
  id: string;
  frequency?: Frequency | null | undefined;
  interval?: number | null | undefined;
  startDate?: string | null | undefined;
  endDate?: string | null | undefined;
  accountId?: string | null | undefined;
  categoryId?: string | null | undefined;
  amount?: string | null | undefined;
  description?: string | null | undefined;
  labels?: readonly string[] | null | undefined;
}

/**
 * Changes what is to come of a rule and returns its id; what was written stays as it is. What is due by the new days is
 * written at once by a job. Throws NOT_FOUND, FORBIDDEN, CONFLICT for a rule that was stopped, BAD_USER_INPUT with
 * every problem.
 */
export async function updateRecurrenceRule(ctx: CommandContext, changes: RecurrenceChanges): Promise<number> {
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const { rule, account, target } = await lockRule(tx, ctx, changes.id, changes.accountId);
    if (rule.isStopped)
      throw conflict('The rule was stopped', { subject: 'RecurrenceRule', reason: 'recurrence.stopped' });
    const problems: FieldProblem[] = [];
    if (changes.accountId != null && !target)
      problems.push({ path: ['accountId'], code: 'unknown_reference', message: 'is no account of yours' });
    const into = target ?? account;
    requireWrite(ctx, into);
    const schedule = checkedSchedule(
      {
        frequency: changes.frequency ?? rule.frequency,
        interval: changes.interval ?? rule.interval,
        startDate: changes.startDate ?? rule.startDate,
        endDate: changes.endDate === undefined ? rule.endDate : changes.endDate,
      },
      [],
      problems,
    );
    const isSameCategory = changes.categoryId != null && Number(changes.categoryId) === rule.categoryId;
    const written = {
      ...schedule,
      account: into.id,
      owner: into.ownerId,
      category:
        changes.categoryId === undefined || isSameCategory
          ? rule.categoryId
          : await checkedCategory(tx, changes.categoryId, { ownerId: into.ownerId, writerId: userId }, problems),
      amount: changes.amount == null ? undefined : checkedAmount(changes.amount, ['amount'], problems),
      description: changes.description == null ? undefined : checkedDescription(changes.description, problems),
      labels: changes.labels === undefined ? undefined : checkedLabels(changes.labels ?? [], problems),
      refusedOn: null,
      updatedAt: ctx.services.now(),
    };
    if (problems.length > 0) throw badInput(problems);
    const today = await todayOf(tx, ctx.services, rule.createdById);
    const { nextOccurrence } = placeAfterEdit(rule, schedule, today);
    await tx.send(sql`
      update recurrence_rules set ${set(RecurrenceRule, { ...written, nextOccurrence })} where id = ${rule.id}`);
    const { id: _id, ...given } = changes;
    const fields = Object.keys(given).filter((name) => given[name as keyof typeof given] !== undefined);
    const data = { bankAccountId: into.id, ownerId: into.ownerId, createdById: rule.createdById, fields };
    await emit(tx, ctx, 'recurrence.updated', ['RecurrenceRule', rule.id], data);
    if (nextOccurrence !== null && nextOccurrence <= today)
      await ctx.services.jobs.send(tx, 'banking.post_recurrences', {});
    return rule.id;
  });
}
