import type { Transaction } from '../../../db/sql-client.js';
import { set, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { onlyOwnRights, theSystem } from '../../../kernel/viewer.js';
import { moneyScale, parseDecimal } from '../../../lib/money.js';
import { dayAfter, occurrencesBetween, placeFrom } from '../../../lib/occurrences.js';
import { savingsTypes } from '../accounts/bank-account-type.entity.js';
import { type AccountRow, lockAccounts } from '../accounts/lock-accounts.js';
import { writeTransactions } from '../transactions/write-transactions.js';
import { type RuleRow, ruleColumns } from './lock-rule.js';
import { RecurrenceRule } from './recurrence-rule.entity.js';

const batchSize = 100;

/**
 * Writes what is due of a rule by `today`, a calendar day of whoever made it: at most a hundred transactions, each with
 * its own date, and the rule moves on with them. What would overdraw a savings account stays for another day, and
 * whoever made the rule is told the first time. Resolves to whether there is more to write. Throws NOT_FOUND or
 * FORBIDDEN when whoever made the rule may no longer write into its account.
 *
 * Several may do it at once: each takes the account and then the rule, which has moved on for all but the first.
 */
export async function postDue(
  tx: Transaction,
  ctx: CommandContext,
  { ruleId, today }: { ruleId: number; today: string },
): Promise<boolean> {
  const found = await tx.first<{ accountId: number; createdById: number }>(sql`
    select account_id as "accountId", created_by_id as "createdById" from recurrence_rules where id = ${ruleId}`);
  if (!found) return false;
  const maker = { ...ctx, viewer: onlyOwnRights(found.createdById) };
  const [account] = (await lockAccounts(tx, maker, [found.accountId])) as [AccountRow];
  const rule = await tx.first<RuleRow>(sql`
    select ${ruleColumns} from recurrence_rules
     where id = ${ruleId} and account_id = ${account.id} and next_occurrence <= ${today}::date
       and refused_on is distinct from ${today}::date
       for no key update skip locked`);
  if (!rule?.nextOccurrence) return false;

  const due = occurrencesBetween(rule, { from: rule.nextOccurrence, until: today, limit: batchSize });
  const wanted = due.filter((day) => !rule.skippedDates.includes(day));
  const posted = wanted.slice(0, affordable(account, rule.amount));
  const ids = await writeTransactions(
    tx,
    maker,
    posted.map((day) => ({ ...templateOf(rule), account, transactionDate: day, recurrence: { ruleId, day } })),
  );
  const refused = wanted[posted.length];
  const place = placeFrom(rule, refused ?? dayAfter(due.at(-1) as string), rule.skippedDates);
  const isMoved = place.nextOccurrence !== rule.nextOccurrence;
  const changes = {
    ...(isMoved ? place : {}),
    refusedOn: refused === undefined ? null : today,
    skippedDates: rule.skippedDates.filter((day) => day > (place.lastOccurrence ?? '')),
  };
  await tx.send(sql`update recurrence_rules set ${set(RecurrenceRule, changes)} where id = ${ruleId}`);

  const data = { bankAccountId: account.id, ownerId: account.ownerId, createdById: rule.createdById };
  const facts = { ...data, description: rule.description, amount: rule.amount, currency: account.currency };
  if (posted.length > 0)
    await emit(tx, ctx, 'recurrence.posted', ['RecurrenceRule', ruleId], {
      ...facts,
      dates: posted,
      transactionIds: ids,
    });
  if (refused !== undefined && (isMoved || rule.refusedOn === null))
    await emit(tx, { ...ctx, viewer: theSystem }, 'recurrence.refused', ['RecurrenceRule', ruleId], {
      ...facts,
      date: refused,
    });
  return refused === undefined && place.nextOccurrence !== null && place.nextOccurrence <= today;
}

const templateOf = ({ categoryId, amount, description, labels }: RuleRow) => ({
  categoryId,
  amount,
  description,
  labels,
});

/** How many times the amount can be written before a savings account would be overdrawn. */
function affordable({ typeId, balance }: AccountRow, amount: string): number {
  const [cents, held] = [amount, balance].map((text) => parseDecimal(text, moneyScale) as bigint) as [bigint, bigint];
  return savingsTypes.includes(typeId) && cents < 0n ? Number(held / -cents) : Infinity;
}
