import type { SqlRunner, Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { checkedAmount } from '../../../lib/checked-values.js';
import { badInput, DomainError, type FieldProblem } from '../../../lib/errors.js';
import { fold } from '../../../lib/fold.js';
import { negateAmount } from '../../../lib/money.js';
import { tidyName } from '../../../lib/names.js';
import { todayOf } from '../../identity/people/today-of.js';
import { currentType } from '../accounts/bank-account-type.entity.js';
import { type AccountRow, lockAccounts } from '../accounts/lock-accounts.js';
import { miscellaneous } from '../categories/category.entity.js';
import { categorizeNew } from '../categorization/categorize.js';
import { checkedDescription } from './transaction-terms.js';
import { writeTransactions } from './write-transactions.js';

export interface Expense {
  /** Decimal text: what was spent, more than zero. */
  amount: string;
  description: string;
  /** Empty or absent: none was named. */
  categoryName?: string | null | undefined;
}

export interface RecordedExpense {
  id: number;
  /** False when a category was named that is none of the person's for expenses. */
  isCategoryKnown: boolean;
}

/**
 * Writes what the viewer has just spent into their first current account, on the day that it is for them
 * (CONSUMERS.md, section 2). Without a category it gets that of the viewer's rules; when they give none, or the name is
 * unknown, it is among « Divers ». Throws BAD_USER_INPUT with every problem, or `account.none_current`.
 */
export async function recordExpense(ctx: CommandContext, spent: Expense): Promise<RecordedExpense> {
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  const problems: FieldProblem[] = [];
  const amount = checkedAmount(spent.amount, ['amount'], problems, { isPositive: true });
  const description = checkedDescription(spent.description, problems);
  if (problems.length > 0) throw badInput(problems);
  const name = tidyName(spent.categoryName ?? '');
  return ctx.db.transaction(async (tx) => {
    const account = await lockCurrentAccount(tx, ctx, userId);
    const named = name === '' ? undefined : await expenseCategory(tx, userId, name);
    const row = {
      account,
      categoryId: name === '' ? null : (named ?? miscellaneous),
      amount: negateAmount(amount),
      description,
      transactionDate: await todayOf(tx, ctx.services, userId),
    };
    const [expense = row] = await categorizeNew(tx, ctx, [row]);
    const [id] = await writeTransactions(tx, ctx, [{ ...expense, categoryId: expense.categoryId ?? miscellaneous }]);
    return { id: id as number, isCategoryKnown: name === '' || named !== undefined };
  });
}

/** The person's first current account, locked. */
async function lockCurrentAccount(tx: Transaction, ctx: CommandContext, userId: number): Promise<AccountRow> {
  const first = await tx.first<{ id: number }>(sql`
    select id from bank_accounts where owner_id = ${userId} and account_type_id = ${currentType} order by id limit 1`);
  const [account] = first ? await lockAccounts(tx, ctx, [first.id]) : [];
  if (account?.typeId !== currentType)
    throw new DomainError('BAD_USER_INPUT', 'There is no current account', {
      subject: 'BankAccount',
      reason: 'account.none_current',
    });
  return account;
}

/**
 * The category for expenses with this name, without regard to case, then also to accents; one's own come first. It
 * stays until the transaction ends.
 */
async function expenseCategory(tx: SqlRunner, userId: number, name: string): Promise<number | undefined> {
  const categories = await tx.all<{ id: number; name: string }>(sql`
    select id, name from categories where type = 'expense' and (owner_id is null or owner_id = ${userId})
     order by owner_id nulls last, id`);
  const lower = (text: string): string => text.normalize('NFC').toLowerCase();
  const found =
    categories.find((category) => lower(category.name) === lower(name)) ??
    categories.find((category) => fold(category.name) === fold(name));
  if (!found) return undefined;
  const kept = await tx.first<{ id: number }>(sql`select id from categories where id = ${found.id} for key share`);
  return kept?.id;
}
