import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { lockVisibleAccounts, requireWrite } from '../accounts/lock-accounts.js';
import {
  checkedAmount,
  checkedCategory,
  checkedDay,
  checkedDescription,
  checkedLabels,
  checkedNotes,
  checkedSplits,
  type SplitTerms,
} from './transaction-terms.js';
import { writeTransactions } from './write-transactions.js';

export interface TransactionTerms {
  accountId: string;
  categoryId?: string | null | undefined;
  /** Decimal text. */
  amount: string;
  description: string;
  /** `YYYY-MM-DD` */
  transactionDate: string;
  labels?: readonly string[] | null | undefined;
  notes?: string | null | undefined;
  /** Parts with a category each; the transaction itself then has none. */
  splits?: readonly SplitTerms[] | null | undefined;
}

/**
 * Writes a transaction into an account that the viewer may write and returns its id. Throws FORBIDDEN for an account
 * that is shared for reading only, or BAD_USER_INPUT with every problem, an unknown account among them, or when a
 * savings account would be overdrawn.
 */
export async function createTransaction(ctx: CommandContext, terms: TransactionTerms): Promise<number> {
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  const problems: FieldProblem[] = [];
  const amount = checkedAmount(terms.amount, ['amount'], problems);
  const row = {
    amount,
    description: checkedDescription(terms.description, problems),
    transactionDate: checkedDay(terms.transactionDate, ['transactionDate'], problems),
    labels: checkedLabels(terms.labels ?? [], problems),
    notes: checkedNotes(terms.notes ?? '', problems),
  };
  return ctx.db.transaction(async (tx) => {
    const account = (await lockVisibleAccounts(tx, ctx, [terms.accountId])).get(Number(terms.accountId));
    if (!account) problems.push({ path: ['accountId'], code: 'unknown_reference', message: 'is no account of yours' });
    else requireWrite(ctx, account);
    const owners = { ownerId: account?.ownerId ?? userId, writerId: userId };
    const splits = await checkedSplits(tx, terms.splits ?? [], amount, owners, problems);
    const categoryId = splits.length > 0 ? null : await checkedCategory(tx, terms.categoryId, owners, problems);
    if (problems.length > 0 || !account) throw badInput(problems);
    const [id] = await writeTransactions(tx, ctx, [{ ...row, account, categoryId, splits }]);
    return id as number;
  });
}
