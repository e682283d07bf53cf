/** The bank transaction by which a payment came in. */
import type { Transaction } from '../../../db/sql-client.js';
import { holds, sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { conflict, type FieldProblem } from '../../../lib/errors.js';
import { compareAmounts } from '../../../lib/money.js';
import { rowId } from '../../../lib/row-id.js';
import { writableInAccounts } from '../../banking/accounts/bank-account.policy.js';
import type { TransactionFacts } from '../../banking/transactions/transaction-hooks.js';

export interface Receipt {
  id: number;
  currency: string;
  transactionDate: string;
  /** What it brought and no payment has taken yet. Decimal text; not above 0 when it brought nothing. */
  left: string;
}

/**
 * The transaction, locked, when the viewer may write its account, since it can bring no less afterwards; adds a problem
 * otherwise.
 */
export async function lockReceipt(
  tx: Transaction,
  { viewer }: Pick<CommandContext, 'viewer'>,
  transactionId: string,
  problems: FieldProblem[],
): Promise<Receipt | undefined> {
  const id = rowId(transactionId) ?? null;
  const locked = await tx.first(sql`
    select 1 from transactions t where t.id = ${id}::int and ${holds(writableInAccounts(viewer), 't')}
       for no key update`);
  if (!locked) {
    problems.push({ path: ['transactionId'], code: 'unknown_reference', message: 'is no transaction of yours' });
    return undefined;
  }
  // A statement of its own, after the lock: it sees what others have taken meanwhile.
  return tx.first<Receipt>(sql`
    select t.id, a.currency, t.transaction_date as "transactionDate",
           t.amount - coalesce((select sum(p.amount) from payments p where p.transaction_id = t.id), 0) as left
      from transactions t join bank_accounts a on a.id = t.account_id where t.id = ${id}::int`);
}

/** Why a payment cannot have come in by the transaction. */
export function receiptProblems(
  { currency, left, transactionDate }: Receipt,
  payment: { amount: string; currency: string; today: string },
): FieldProblem[] {
  const problem = (message: string): FieldProblem[] => [{ path: ['transactionId'], code: 'not_allowed', message }];
  if (transactionDate > payment.today) return problem(`is dated ${transactionDate}: it has not come in yet`);
  if (compareAmounts(left, 0) <= 0) return problem('brought nothing, or nothing that is left');
  if (currency !== payment.currency) return problem(`is in ${currency}, the payment in ${payment.currency}`);
  if (compareAmounts(payment.amount, left) > 0)
    return [{ path: ['amount'], code: 'too_large', message: `is more than is left of the transaction: ${left}` }];
  return [];
}

/** Throws CONFLICT when payments came in by a locked transaction that is to bring less, or another currency. */
export async function refuseBelowSettled(
  tx: Transaction,
  id: number,
  before: TransactionFacts,
  after: TransactionFacts,
): Promise<void> {
  const isLess = compareAmounts(after.amount, before.amount) < 0;
  if (!isLess && after.accountId === before.accountId) return;
  const settled = await tx.first<{ amount: string; currency: string; currencyAfter: string }>(sql`
    select sum(p.amount) as amount, min(p.currency) as currency,
           (select currency from bank_accounts where id = ${after.accountId}) as "currencyAfter"
      from payments p where p.transaction_id = ${id} having count(*) > 0`);
  if (!settled) return;
  const { amount, currency, currencyAfter } = settled;
  if (compareAmounts(after.amount, amount) >= 0 && currency === currencyAfter) return;
  throw conflict(`Payments of ${amount} ${currency} came in by the transaction: take them back first`, {
    subject: 'Transaction',
    reason: 'payment.received',
  });
}

/** Adds those of the transactions by which a payment came in. */
export async function addPaying(tx: Transaction, ids: readonly number[], tied: Set<number>): Promise<void> {
  const rows = await tx.all<{ id: number }>(sql`
    select distinct transaction_id as id from payments where transaction_id = any(${ids}::int[])`);
  for (const { id } of rows) tied.add(id);
}
