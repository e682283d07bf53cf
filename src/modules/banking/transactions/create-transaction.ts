import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { checkedAmount, checkedDay } from '../../../lib/checked-values.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { lockVisibleAccounts, requireWrite } from '../accounts/lock-accounts.js';
import { categorizeNew } from '../categorization/categorize.js';
import {
  checkedRecurrence,
  type RecurrenceTerms,
  refuseTooManyRules,
  startRecurrence,
} from '../recurrences/start-recurrence.js';
import {
  checkedCategory,
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

export interface NewTransactionTerms extends TransactionTerms {
  /** It happens again; not with parts. */
  recurrence?: RecurrenceTerms | null | undefined;
}

/**
 * Writes a transaction into an account that the viewer may write and returns its id. Without a category it gets that of
 * the viewer's rules. Throws FORBIDDEN for an account that is shared for reading only, or BAD_USER_INPUT with every
 * problem, an unknown account among them, or when a savings account would be overdrawn. With a recurrence it is the
 * first of many: those of days that have passed are written too.
 */
export async function createTransaction(ctx: CommandContext, terms: NewTransactionTerms): Promise<number> {
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
  const { recurrence } = terms;
  return ctx.db.transaction(async (tx) => {
    if (recurrence) await refuseTooManyRules(tx, userId);
    const account = (await lockVisibleAccounts(tx, ctx, [terms.accountId])).get(Number(terms.accountId));
    if (!account) problems.push({ path: ['accountId'], code: 'unknown_reference', message: 'is no account of yours' });
    else requireWrite(ctx, account);
    const owners = { ownerId: account?.ownerId ?? userId, writerId: userId };
    const splits = await checkedSplits(tx, terms.splits ?? [], amount, owners, problems);
    const categoryId = splits.length > 0 ? null : await checkedCategory(tx, terms.categoryId, owners, problems);
    if (recurrence && splits.length > 0)
      problems.push({ path: ['recurrence'], code: 'not_allowed', message: 'does not go with parts' });
    const first = { transactionDate: row.transactionDate, writerId: userId };
    const schedule = recurrence && (await checkedRecurrence(tx, ctx, recurrence, first, problems));
    if (problems.length > 0 || !account) throw badInput(problems);
    const given = { ...row, account, categoryId, splits };
    const [transaction = given] = await categorizeNew(tx, ctx, [given]);
    const [id] = (await writeTransactions(tx, ctx, [transaction])) as [number];
    if (schedule) await startRecurrence(tx, ctx, schedule, { ...transaction, id, writerId: userId });
    return id;
  });
}
