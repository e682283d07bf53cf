import type { Transaction } from '../../../db/sql-client.js';
import { holds, sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { conflict, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { visibleInAccounts } from '../accounts/bank-account.policy.js';
import { type AccountRow, lockVisibleAccounts, requireWrite } from '../accounts/lock-accounts.js';

/** A transaction as commands see it. */
export interface TransactionRow {
  id: number;
  accountId: number;
  categoryId: number | null;
  amount: string;
  description: string;
  transactionDate: string;
  isSplit: boolean;
  /** The transfer that it is a leg of. */
  transferId: number | null;
  /** The reconciliation that marked it. */
  reconciliationId: number | null;
}

export interface LockedTransaction {
  transaction: TransactionRow;
  account: AccountRow;
  /** The account that it is to move to, when that is another one that the viewer sees. */
  target: AccountRow | undefined;
}

/**
 * A transaction that the viewer may write, with its account and the one that it is to move to, all locked: accounts
 * first, as everywhere. Throws NOT_FOUND, FORBIDDEN, and CONFLICT when it is moved elsewhere at this moment.
 */
export async function lockTransaction(
  tx: Transaction,
  ctx: CommandContext,
  id: string,
  targetId?: string | null,
): Promise<LockedTransaction> {
  const found = await tx.first<{ accountId: number }>(sql`
    select account_id as "accountId" from transactions t
     where id = ${rowId(id) ?? null}::int and ${holds(visibleInAccounts(ctx.viewer), 't')}`);
  if (!found) throw notFound('Transaction');
  const accounts = await lockVisibleAccounts(tx, ctx, [found.accountId, ...(targetId == null ? [] : [targetId])]);
  const account = accounts.get(found.accountId);
  if (!account) throw notFound('Transaction');
  requireWrite(ctx, account);
  const transaction = await tx.first<TransactionRow>(sql`
    select id, account_id as "accountId", category_id as "categoryId", amount, description,
           transaction_date as "transactionDate", is_split as "isSplit", transfer_id as "transferId",
           reconciliation_id as "reconciliationId"
      from transactions where id = ${rowId(id) ?? null}::int for no key update`);
  if (!transaction) throw notFound('Transaction');
  if (transaction.accountId !== account.id)
    throw conflict('The transaction is moved to another account at this moment', { subject: 'Transaction' });
  const target = targetId == null ? undefined : accounts.get(Number(targetId));
  return { transaction, account, target };
}
