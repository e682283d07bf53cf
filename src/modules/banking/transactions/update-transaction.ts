import { set, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { checkedAmount, checkedDay } from '../../../lib/checked-values.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { movingBalances } from '../accounts/balance-limits.js';
import { requireWrite } from '../accounts/lock-accounts.js';
import type { TransactionTerms } from './create-transaction.js';
import { refuseMove } from './held-transaction.js';
import { lockTransaction } from './lock-transaction.js';
import {
  checkedCategory,
  checkedDescription,
  checkedLabels,
  checkedNotes,
  checkedSplits,
} from './transaction-terms.js';
import { Transaction } from './transaction.entity.js';
import { writeSplits } from './write-transactions.js';

/** What is undefined stays, and null where the transaction cannot be without it. */
export type TransactionChanges = { [K in keyof TransactionTerms]?: TransactionTerms[K] | null | undefined } & {
  id: string;
};

const fieldNames = [
  'accountId',
  'categoryId',
  'amount',
  'description',
  'transactionDate',
  'labels',
  'notes',
  'splits',
] as const;

/**
 * Changes a transaction, possibly into another account, and returns its id. A category takes the place of splits, and
 * splits that of a category. Throws NOT_FOUND, FORBIDDEN, CONFLICT, BAD_USER_INPUT with every problem.
 */
export async function updateTransaction(ctx: CommandContext, changes: TransactionChanges): Promise<number> {
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const { transaction, account, target } = await lockTransaction(tx, ctx, changes.id, changes.accountId);
    const { id } = transaction;
    const problems: FieldProblem[] = [];
    if (changes.accountId != null && !target)
      problems.push({ path: ['accountId'], code: 'unknown_reference', message: 'is no account of yours' });
    const into = target ?? account;
    requireWrite(ctx, into);
    const amount = changes.amount == null ? transaction.amount : checkedAmount(changes.amount, ['amount'], problems);
    const transactionDate =
      changes.transactionDate == null
        ? transaction.transactionDate
        : checkedDay(changes.transactionDate, ['transactionDate'], problems);
    const owners = { ownerId: into.ownerId, writerId: userId };
    const splits = changes.splits && (await checkedSplits(tx, changes.splits, amount, owners, problems));
    const isSplitAfter = splits ? splits.length > 0 : transaction.isSplit && changes.categoryId == null;
    if (!splits && isSplitAfter && amount !== transaction.amount)
      problems.push({ path: ['splits'], code: 'required', message: 'must be given anew with another amount' });
    // A category that it has already stays usable, whoever's it is.
    const isSameCategory = changes.categoryId != null && Number(changes.categoryId) === transaction.categoryId;
    const categoryId = isSplitAfter
      ? null
      : changes.categoryId === undefined || isSameCategory
        ? transaction.categoryId
        : await checkedCategory(tx, changes.categoryId, owners, problems);
    const written = {
      account: into.id,
      owner: into.ownerId,
      category: categoryId,
      amount,
      transactionDate,
      isSplit: isSplitAfter,
      description: changes.description == null ? undefined : checkedDescription(changes.description, problems),
      labels: changes.labels === undefined ? undefined : checkedLabels(changes.labels ?? [], problems),
      notes: changes.notes === undefined ? undefined : checkedNotes(changes.notes ?? '', problems),
      updatedAt: ctx.services.now(),
    };
    if (problems.length > 0) throw badInput(problems);
    const before = { accountId: account.id, amount: transaction.amount, transactionDate: transaction.transactionDate };
    const after = { accountId: into.id, amount, transactionDate };
    refuseMove(transaction, before, after);
    await ctx.services.runHook('transactionChanges', tx, ctx, { id, before, after });
    await movingBalances(() => tx.run(sql`update transactions set ${set(Transaction, written)} where id = ${id}`));
    if (splits || (transaction.isSplit && !isSplitAfter)) {
      await tx.send(sql`delete from transaction_splits where transaction_id = ${id}`);
      await writeSplits(tx, [{ id, splits: splits ?? [] }]);
    }
    const fields = fieldNames.filter((field) => changes[field] !== undefined);
    const data = { bankAccountId: into.id, ownerId: into.ownerId, fields };
    await emit(tx, ctx, 'transaction.updated', ['Transaction', id], data);
    return id;
  });
}
