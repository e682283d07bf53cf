import { set, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { badField, tooMany } from '../../../lib/errors.js';
import { dayAfter, isOccurrence, placeFrom } from '../../../lib/occurrences.js';
import { lockRule } from './lock-rule.js';
import { RecurrenceRule } from './recurrence-rule.entity.js';

const mostSkipped = 366;

/**
 * Leaves out one day of a rule, pending or to come, and returns the rule's id. A day that is left out already stays so.
 * Throws NOT_FOUND, FORBIDDEN, and BAD_USER_INPUT for a day on which the rule has nothing to do.
 */
export async function skipOccurrence(ctx: CommandContext, { id, date }: { id: string; date: string }): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const { rule, account } = await lockRule(tx, ctx, id);
    const { nextOccurrence, skippedDates } = rule;
    if (nextOccurrence === null || date < nextOccurrence || !isOccurrence(rule, date))
      throw badField('date', 'invalid', 'is no day on which the rule has yet to happen');
    if (skippedDates.includes(date)) return rule.id;
    if (skippedDates.length === mostSkipped) throw tooMany('RecurrenceRule', mostSkipped);
    const changes =
      date === nextOccurrence
        ? { ...placeFrom(rule, dayAfter(date), skippedDates), refusedOn: null }
        : { skippedDates: [...skippedDates, date] };
    await tx.send(sql`update recurrence_rules set ${set(RecurrenceRule, changes)} where id = ${rule.id}`);
    await emit(tx, ctx, 'recurrence.skipped', ['RecurrenceRule', rule.id], {
      bankAccountId: account.id,
      ownerId: account.ownerId,
      createdById: rule.createdById,
      date,
    });
    return rule.id;
  });
}
