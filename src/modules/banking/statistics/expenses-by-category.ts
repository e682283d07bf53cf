import { sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { badField } from '../../../lib/errors.js';
import { percentOf, sumAmounts } from '../../../lib/money.js';
import { periodOf } from '../../../lib/periods.js';
import { todayOf } from '../../identity/people/today-of.js';
import { moneyScope, type ScopeArgs } from './money-scope.js';
import { movedMoney } from './moved-money.js';
import type { ExpensesByCategory } from './statistics.types.js';

export interface ExpensesArgs extends ScopeArgs {
  /** `YYYY-MM-DD` */
  startDate?: string | null | undefined;
  endDate?: string | null | undefined;
}

/**
 * The expenses of a period by category, the largest first. Without dates it is the current month of the viewer; with
 * one of them, the other is the end or the beginning of that one's month. Throws NOT_FOUND, BAD_USER_INPUT.
 */
export async function expensesByCategory(
  ctx: Pick<Context, 'db' | 'viewer' | 'services'>,
  { startDate, endDate, ...args }: ExpensesArgs,
): Promise<ExpensesByCategory> {
  const { userId } = requireSignedIn(ctx.viewer);
  const day = startDate ?? endDate ?? (await todayOf(ctx.db, ctx.services, userId));
  const month = periodOf('month', day);
  const period = { start: startDate ?? month.start, end: endDate ?? month.end };
  if (period.end < period.start) throw badField('endDate', 'too_small', 'must not be before the start');
  const { accountIds, currency } = await moneyScope(ctx, args);
  const figures = await ctx.db.all<{ categoryId: number | null; amount: string; transactionsCount: number }>(sql`
    select category_id as "categoryId", sum(expense)::text as amount, count(*)::int as "transactionsCount"
      from (${movedMoney(accountIds, period)}) m
     where expense < 0 group by category_id order by sum(expense), category_id`);
  const totalExpenses = sumAmounts(figures.map(({ amount }) => amount));
  return {
    startDate: period.start,
    endDate: period.end,
    currency,
    totalExpenses,
    categories: figures.map((figure) => ({ ...figure, percentage: percentOf(figure.amount, totalExpenses) })),
  };
}
