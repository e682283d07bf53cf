import type { Transaction as SqlTransaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import { emit, emitEach } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { checkedAmount, checkedDay } from '../../../lib/checked-values.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { subtractAmounts, sumAmounts } from '../../../lib/money.js';
import { isRowId } from '../../../lib/row-id.js';
import { type AccountRow, lockAccounts } from '../accounts/lock-accounts.js';

export interface Statement {
  accountId: string;
  transactionIds: readonly string[];
  /** Decimal text. */
  statementBalance: string;
  /** `YYYY-MM-DD` */
  statementDate: string;
}

const mostTransactions = 10_000;

interface Row {
  id: number;
  amount: string;
  transactionDate: string;
  isReconciled: boolean;
}

/**
 * Marks transactions of an account as reconciled with a statement and returns the reconciliation's id. Throws NOT_FOUND
 * or FORBIDDEN for the account, and BAD_USER_INPUT with every problem: transactions that are none of the account's or
 * later than the statement, and a difference (`reconciliation.difference`): then nothing is marked.
 */
export async function reconcileBankAccount(ctx: CommandContext, statement: Statement): Promise<number> {
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  const problems: FieldProblem[] = [];
  const balance = checkedAmount(statement.statementBalance, ['statementBalance'], problems);
  const day = checkedDay(statement.statementDate, ['statementDate'], problems);
  if (statement.transactionIds.length > mostTransactions)
    throw badInput([{ path: ['transactionIds'], code: 'too_long', message: `at most ${mostTransactions}` }]);

  return ctx.db.transaction(async (tx) => {
    const [account] = (await lockAccounts(tx, ctx, [statement.accountId])) as [AccountRow];
    const rows = await statedRows(tx, account.id, { ...statement, statementDate: day }, problems);
    if (problems.length > 0) throw badInput(problems);
    const added = rows.filter(({ isReconciled }) => !isReconciled);
    const before = await tx.first<{ balance: string }>(sql`
      select (a.opening_balance + coalesce(
               (select sum(amount) from transactions where account_id = a.id and is_reconciled), 0))::text as balance
        from bank_accounts a where a.id = ${account.id}`);
    const reconciled = sumAmounts([before?.balance ?? '0', ...added.map(({ amount }) => amount)]);
    const difference = subtractAmounts(balance, reconciled);
    if (difference !== '0.00')
      throw badInput(
        [
          {
            path: ['statementBalance'],
            code: 'invalid',
            message: `differs by ${difference} from the reconciled balance, ${reconciled}`,
          },
        ],
        { reason: 'reconciliation.difference', details: { difference, reconciledBalance: reconciled } },
      );

    const now = ctx.services.now();
    const made = await tx.first<{ id: number }>(sql`
      insert into reconciliations (account_id, owner_id, statement_date, statement_balance, created_by_id, created_at)
      values (${account.id}, ${account.ownerId}, ${day}, ${balance}, ${userId}, ${now}) returning id`);
    const { id } = made as { id: number };
    const ids = added.map((row) => row.id);
    await tx.send(sql`
      update transactions set reconciliation_id = ${id}, updated_at = ${now} where id = any(${ids}::int[])`);
    await emitReconciled(tx, ctx, account, ids);
    const data = { bankAccountId: account.id, ownerId: account.ownerId, transactions: ids.length };
    await emit(tx, ctx, 'reconciliation.created', ['Reconciliation', id], data);
    return id;
  });
}

/** Says of each transaction that it is reconciled, or is no more. */
export const emitReconciled = (
  tx: SqlTransaction,
  ctx: CommandContext,
  { id: bankAccountId, ownerId }: Pick<AccountRow, 'id' | 'ownerId'>,
  ids: readonly number[],
): Promise<void> =>
  emitEach(
    tx,
    ctx,
    'transaction.updated',
    'Transaction',
    ids.map((id) => ({ id, data: { bankAccountId, ownerId, fields: ['isReconciled'] } })),
  );

/** The transactions, each once; adds a problem for each that cannot stand on the statement. */
async function statedRows(
  tx: SqlTransaction,
  accountId: number,
  { transactionIds, statementDate }: Pick<Statement, 'transactionIds' | 'statementDate'>,
  problems: FieldProblem[],
): Promise<Row[]> {
  const rows = await tx.all<Row>(sql`
    select id, amount, transaction_date as "transactionDate", is_reconciled as "isReconciled" from transactions
     where account_id = ${accountId} and id = any(${transactionIds.filter(isRowId).map(Number)}::int[])`);
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const [index, id] of transactionIds.entries()) {
    const row = byId.get(Number(id));
    const path = ['transactionIds', String(index)];
    if (!row) problems.push({ path, code: 'unknown_reference', message: 'is no transaction of the account' });
    else if (row.transactionDate > statementDate)
      problems.push({ path, code: 'too_large', message: `is of ${row.transactionDate}, later than the statement` });
  }
  return rows;
}
