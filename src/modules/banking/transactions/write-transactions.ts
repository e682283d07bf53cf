import type { Transaction } from '../../../db/sql-client.js';
import { json, sql } from '../../../db/sql.js';
import { emitEach } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { movingBalances } from '../accounts/balance-limits.js';
import type { AccountRow } from '../accounts/lock-accounts.js';

export interface SplitRow {
  categoryId: number | null;
  /** Decimal text with two decimals. */
  amount: string;
  description: string;
}

/** A transaction to write. Nothing of it is checked here but by the database. */
export interface NewTransaction {
  account: Pick<AccountRow, 'id' | 'ownerId'>;
  /** null when it has splits. */
  categoryId: number | null;
  /** Decimal text with two decimals. */
  amount: string;
  description: string;
  /** `YYYY-MM-DD` */
  transactionDate: string;
  labels?: readonly string[];
  notes?: string;
  /** Their sum is the amount; none by default. */
  splits?: readonly SplitRow[];
  /** The rule that writes it, and which of its days it stands for. */
  recurrence?: { ruleId: number; day: string };
  /** The transfer that it is a leg of, which is written in the same database transaction. */
  transferId?: number;
  /** The file of a bank that it is from. */
  imported?: { importId: number; bankReference: string | null; isFlagged: boolean };
}

/**
 * Writes transactions into accounts that are locked, all in one statement, so that only the balances after the last one
 * count. Returns their ids in the same order. Throws BAD_USER_INPUT (`account.insufficient_balance`) when a savings
 * account would be overdrawn: then none is written.
 */
export async function writeTransactions(
  tx: Transaction,
  ctx: CommandContext,
  transactions: readonly NewTransaction[],
): Promise<number[]> {
  if (transactions.length === 0) return [];
  const rows = transactions.map((row, n) => ({
    n,
    account_id: row.account.id,
    owner_id: row.account.ownerId,
    category_id: row.categoryId,
    amount: row.amount,
    description: row.description,
    transaction_date: row.transactionDate,
    labels: row.labels ?? [],
    notes: row.notes ?? '',
    is_split: (row.splits ?? []).length > 0,
    recurrence_rule_id: row.recurrence?.ruleId,
    occurrence_date: row.recurrence?.day,
    transfer_id: row.transferId,
    import_id: row.imported?.importId,
    bank_reference: row.imported?.bankReference,
    is_flagged: row.imported?.isFlagged ?? false,
  }));
  const written = await movingBalances(() =>
    tx.all<{ id: number }>(sql`
      insert into transactions (account_id, owner_id, category_id, amount, description, transaction_date, labels, notes,
                                is_split, transfer_id, recurrence_rule_id, occurrence_date, import_id, bank_reference,
                                is_flagged, created_by_id, created_at, updated_at)
      select r.account_id, r.owner_id, r.category_id, r.amount, r.description, r.transaction_date,
             array(select jsonb_array_elements_text(r.labels)), r.notes, r.is_split, r.transfer_id,
             r.recurrence_rule_id, r.occurrence_date, r.import_id, r.bank_reference, r.is_flagged,
             ${ctx.viewer.userId ?? null}::int, ${ctx.services.now()}, ${ctx.services.now()}
        from jsonb_to_recordset(${json(rows)}) as r(
               n int, account_id int, owner_id int, category_id int, amount numeric, description text,
               transaction_date date, labels jsonb, notes text, is_split boolean, transfer_id int,
               recurrence_rule_id int, occurrence_date date, import_id int, bank_reference text, is_flagged boolean)
       order by r.n returning id`),
  );
  const ids = written.map(({ id }) => id);
  await writeSplits(
    tx,
    ids.map((id, index) => ({ id, splits: transactions[index]?.splits ?? [] })),
  );
  const subjects = transactions.map(({ account }, index) => ({
    id: ids[index] as number,
    data: { bankAccountId: account.id, ownerId: account.ownerId },
  }));
  await emitEach(tx, ctx, 'transaction.created', 'Transaction', subjects);
  return ids;
}

/** Adds the parts of transactions that have none. */
export async function writeSplits(
  tx: Transaction,
  transactions: readonly { id: number; splits: readonly SplitRow[] }[],
): Promise<void> {
  const rows = transactions.flatMap(({ id, splits }) =>
    splits.map((split, index) => ({
      transaction_id: id,
      position: index + 1,
      category_id: split.categoryId,
      amount: split.amount,
      description: split.description,
    })),
  );
  if (rows.length === 0) return;
  await tx.send(sql`
    insert into transaction_splits (transaction_id, position, category_id, amount, description)
    select transaction_id, position, category_id, amount, description from jsonb_to_recordset(${json(rows)})
        as r(transaction_id int, position int, category_id int, amount numeric, description text)`);
}

/**
 * Deletes transactions of accounts that are locked. Throws BAD_USER_INPUT (`account.insufficient_balance`) when a
 * savings account would be overdrawn without them: then none is deleted.
 */
export async function removeTransactions(tx: Transaction, ctx: CommandContext, ids: readonly number[]): Promise<void> {
  await ctx.services.runHook('transactionsRemoved', tx, ctx, ids);
  const gone = await movingBalances(() =>
    tx.all<{ id: number; bankAccountId: number; ownerId: number }>(sql`
      delete from transactions where id = any(${ids}::int[])
      returning id, account_id as "bankAccountId", owner_id as "ownerId"`),
  );
  await emitEach(
    tx,
    ctx,
    'transaction.deleted',
    'Transaction',
    gone.map(({ id, ...data }) => ({ id, data })),
  );
}
