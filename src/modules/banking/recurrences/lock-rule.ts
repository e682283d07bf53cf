import type { Transaction } from '../../../db/sql-client.js';
import { holds, raw, sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { conflict, notFound } from '../../../lib/errors.js';
import type { Place, Schedule } from '../../../lib/occurrences.js';
import { rowId } from '../../../lib/row-id.js';
import { visibleInAccounts } from '../accounts/bank-account.policy.js';
import { type AccountRow, lockVisibleAccounts, requireWrite } from '../accounts/lock-accounts.js';

/** A rule as commands see it. */
export interface RuleRow extends Schedule, Place {
  id: number;
  accountId: number;
  categoryId: number | null;
  amount: string;
  description: string;
  labels: string[];
  skippedDates: string[];
  refusedOn: string | null;
  isStopped: boolean;
  createdById: number;
}

export const ruleColumns = raw(`
  id, account_id as "accountId", category_id as "categoryId", amount, description, labels, frequency, "interval",
  start_date as "startDate", end_date as "endDate", next_occurrence as "nextOccurrence",
  last_occurrence as "lastOccurrence", skipped_dates as "skippedDates", refused_on as "refusedOn",
  stopped_at is not null as "isStopped", created_by_id as "createdById"`);

export interface LockedRule {
  rule: RuleRow;
  account: AccountRow;
  /** The account that it is to write into from now on, when that is another one that the viewer sees. */
  target: AccountRow | undefined;
}

/**
 * A rule of an account that the viewer may write, with the account and the one that it is to write into, all locked:
 * accounts first, as everywhere. Throws NOT_FOUND, FORBIDDEN, CONFLICT.
 */
export async function lockRule(
  tx: Transaction,
  ctx: CommandContext,
  id: string,
  targetId?: string | null,
): Promise<LockedRule> {
  const found = await tx.first<{ accountId: number }>(sql`
    select account_id as "accountId" from recurrence_rules t
     where id = ${rowId(id) ?? null}::int and ${holds(visibleInAccounts(ctx.viewer), 't')}`);
  if (!found) throw notFound('RecurrenceRule');
  const accounts = await lockVisibleAccounts(tx, ctx, [found.accountId, ...(targetId == null ? [] : [targetId])]);
  const account = accounts.get(found.accountId);
  if (!account) throw notFound('RecurrenceRule');
  requireWrite(ctx, account);
  const rule = await tx.first<RuleRow>(sql`
    select ${ruleColumns} from recurrence_rules where id = ${rowId(id) ?? null}::int for no key update`);
  if (!rule) throw notFound('RecurrenceRule');
  if (rule.accountId !== account.id)
    throw conflict('The rule is moved to another account at this moment', { subject: 'RecurrenceRule' });
  return { rule, account, target: targetId == null ? undefined : accounts.get(Number(targetId)) };
}
