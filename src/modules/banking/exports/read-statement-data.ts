import type { Transaction as SqlTransaction } from '../../../db/sql-client.js';
import { holds, sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { foundBy, storableFilter } from '../../../kernel/read-model.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { badInput } from '../../../lib/errors.js';
import { subtractAmounts, sumAmounts } from '../../../lib/money.js';
import { isRowId } from '../../../lib/row-id.js';
import { visibleAccounts, visibleInAccounts } from '../accounts/bank-account.policy.js';
import { runningBalances } from '../transactions/running-balances.js';
import type { TransactionFilter } from '../transactions/transaction.inputs.js';
import { transactionReads } from '../transactions/transaction.reads.js';
import type { BalanceCurve, Statement, StatementAccount, StatementRow, StatementTotals } from './statement.js';

export const mostStatementRows = 5000;

type Row = StatementRow & { id: number };
type Account = StatementAccount & { id: number };

/**
 * What a statement of the transactions that a filter finds says, all of one moment. Throws BAD_USER_INPUT
 * (`statement.too_many_rows`) beyond 5,000 rows.
 */
export async function readStatementData(
  ctx: CommandContext,
  filter: TransactionFilter | null | undefined,
): Promise<Statement> {
  const { userId } = requireSignedIn(ctx.viewer);
  const printedAt = ctx.services.now();
  return ctx.db.transaction(async (tx) => {
    await tx.send(sql`set transaction isolation level repeatable read, read only`);
    const rows = await readRows(tx, ctx, filter);
    const today = printedAt.toISOString().slice(0, 10);
    const from = filter?.startDate ?? rows[0]?.day ?? today;
    const to = filter?.endDate ?? [from, rows.at(-1)?.day ?? from].toSorted().at(-1) ?? from;
    const accounts = await readAccounts(tx, ctx, filter?.accountId, { from, to });
    const person = await tx.first<{ name: string }>(sql`select full_name as name from users where id = ${userId}`);
    const { accountId: _account, startDate: _start, endDate: _end, ...others } = filter ?? {};
    return {
      holder: person?.name ?? '',
      from,
      to,
      printedAt,
      isFiltered: Object.values(others).some((value) => value !== undefined),
      accounts: accounts.map(({ id: _id, ...account }) => account),
      totals: totalsOf(rows, accounts),
      curves: await readCurves(tx, accounts, { from, to }),
      rows: rows.map(({ id: _id, ...row }) => row),
    };
  });
}

async function readRows(
  tx: SqlTransaction,
  { viewer }: CommandContext,
  filter: TransactionFilter | null | undefined,
): Promise<Row[]> {
  const rows = await tx.all<Omit<Row, 'balance'>>(sql`
    select t.id, t.transaction_date as day, t.description, a.name as account, a.currency, t.amount,
           t.transfer_id is not null as "isTransfer",
           coalesce(c.name, (select string_agg(distinct k.name, ', ') from transaction_splits s
                               join categories k on k.id = s.category_id where s.transaction_id = t.id), '') as category
      from transactions t join bank_accounts a on a.id = t.account_id left join categories c on c.id = t.category_id
     where ${holds(visibleInAccounts(viewer), 't')}
       and ${holds(foundBy(transactionReads.list, 'int', storableFilter(filter)), 't')}
     order by t.transaction_date, t.id limit ${mostStatementRows + 1}`);
  if (rows.length > mostStatementRows)
    throw badInput(
      [{ path: ['filter'], code: 'too_large', message: `finds more than ${mostStatementRows} transactions` }],
      { reason: 'statement.too_many_rows', details: { limit: mostStatementRows } },
    );
  const balances = await tx.all<{ id: number; balance: string }>(runningBalances(rows.map(({ id }) => id)));
  const byId = new Map(balances.map(({ id, balance }) => [id, balance]));
  return rows.map((row) => ({ ...row, balance: byId.get(row.id) ?? '0.00' }));
}

interface Period {
  from: string;
  to: string;
}

/** The accounts, with their balances at both ends of the period. */
const readAccounts = (
  tx: SqlTransaction,
  { viewer }: CommandContext,
  accountId: string | null | undefined,
  { from, to }: Period,
): Promise<Account[]> =>
  tx.all<Account>(sql`
    select a.id, a.name, y.name as type, a.currency,
           (a.balance - coalesce((select sum(amount) from transactions
             where account_id = a.id and transaction_date >= ${from}::date), 0))::numeric(14,2) as opening,
           (a.balance - coalesce((select sum(amount) from transactions
             where account_id = a.id and transaction_date > ${to}::date), 0))::numeric(14,2) as closing
      from bank_accounts a join bank_account_types y on y.id = a.account_type_id
     where ${holds(visibleAccounts(viewer), 'a')}
       and ${accountId == null ? sql`true` : sql`a.id = ${isRowId(accountId) ? Number(accountId) : null}::int`}
     order by a.id`);

async function readCurves(tx: SqlTransaction, accounts: readonly Account[], period: Period): Promise<BalanceCurve[]> {
  const ids = accounts.map(({ id }) => id);
  const moves = await tx.all<{ currency: string; day: string; amount: string }>(sql`
    select a.currency, t.transaction_date as day, sum(t.amount) as amount
      from transactions t join bank_accounts a on a.id = t.account_id
     where t.account_id = any(${ids}::int[]) and t.transaction_date between ${period.from}::date and ${period.to}::date
     group by 1, 2 order by 1, 2`);
  return currenciesOf(accounts).map((currency) => {
    const opening = sumAmounts(accounts.filter((a) => a.currency === currency).map((a) => a.opening));
    let balance = opening;
    const points = moves
      .filter((move) => move.currency === currency)
      .map(({ day, amount }) => ({ day, balance: (balance = sumAmounts([balance, amount])) }));
    return { currency, opening, points };
  });
}

const currenciesOf = (accounts: readonly StatementAccount[]): string[] => [
  ...new Set(accounts.map(({ currency }) => currency)),
];

const totalsOf = (rows: readonly StatementRow[], accounts: readonly StatementAccount[]): StatementTotals[] =>
  currenciesOf(accounts).map((currency) => {
    const own = rows.filter((row) => row.currency === currency);
    const sumOf = (which: (row: StatementRow) => boolean): string =>
      sumAmounts(own.filter(which).map(({ amount }) => amount));
    const transfers = sumOf(({ isTransfer }) => isTransfer);
    const income = sumOf(({ isTransfer, amount }) => !isTransfer && !amount.startsWith('-'));
    const expense = subtractAmounts(
      subtractAmounts(
        sumOf(() => true),
        transfers,
      ),
      income,
    );
    return { currency, income, expense, transfers };
  });
