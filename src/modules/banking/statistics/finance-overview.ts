import { raw, sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { percentOf, sumAmounts } from '../../../lib/money.js';
import { type Period, periodOf } from '../../../lib/periods.js';
import { todayOf } from '../../identity/people/today-of.js';
import { type MoneyScope, moneyScope, type ScopeArgs } from './money-scope.js';
import { movedMoney } from './moved-money.js';
import type { FinanceOverview, FinancePeriod } from './statistics.types.js';

const topCategories = 5;

interface Totals {
  totalIncome: string;
  totalExpenses: string;
  transactionsCount: number;
  /** The categories with the largest expenses; amounts are decimal text. */
  top: { categoryId: number | null; amount: string }[];
  /** Of those whose day has not passed. */
  budgets: BudgetTotals;
}

interface BudgetTotals {
  activeCount: number;
  totalTarget: string;
  totalSaved: string;
}

/** What the viewer has, saves and spends now. Throws BAD_USER_INPUT. */
export async function financeOverview(
  ctx: Pick<Context, 'db' | 'viewer' | 'services'>,
  { period, currency }: Pick<ScopeArgs, 'currency'> & { period: FinancePeriod },
): Promise<FinanceOverview> {
  const { userId } = requireSignedIn(ctx.viewer);
  const [scope, today] = await Promise.all([moneyScope(ctx, { currency }), todayOf(ctx.db, ctx.services, userId)]);
  const days = periodOf(period, today);
  const { budgets, ...moved } = await totalsOf(ctx, scope, { userId, today, days });
  return {
    currency: scope.currency,
    totalBalance: scope.balance,
    bankAccountsCount: scope.accountIds.length,
    budgets: { ...budgets, averageProgress: percentOf(budgets.totalSaved, budgets.totalTarget) },
    currentPeriod: {
      period,
      startDate: days.start,
      endDate: days.end,
      totalIncome: moved.totalIncome,
      totalExpenses: moved.totalExpenses,
      net: sumAmounts([moved.totalIncome, moved.totalExpenses]),
      transactionsCount: moved.transactionsCount,
    },
    topCategories: moved.top.map((figure) => ({
      ...figure,
      percentage: percentOf(figure.amount, moved.totalExpenses),
    })),
  };
}

async function totalsOf(
  { db }: Pick<Context, 'db'>,
  { accountIds }: MoneyScope,
  { userId, today, days }: { userId: number; today: string; days: Period },
): Promise<Totals> {
  const totals = await db.first<Totals>(sql`
    with by_category as materialized (
      select category_id, sum(income) as income, sum(expense) as expense, sum(counted) as counted
        from (${movedMoney(accountIds, days)}) m group by category_id)
    select coalesce(sum(income), 0.00)::text as "totalIncome", coalesce(sum(expense), 0.00)::text as "totalExpenses",
           coalesce(sum(counted), 0)::int as "transactionsCount",
           (select coalesce(json_agg(json_build_object('categoryId', category_id, 'amount', expense::text)), '[]')
              from (select category_id, expense from by_category where expense < 0
                     order by expense, category_id limit ${raw(String(topCategories))}) top) as top,
           (select json_build_object('activeCount', count(*),
                                     'totalTarget', coalesce(sum(target_amount), 0.00)::text,
                                     'totalSaved', coalesce(sum(current_amount), 0.00)::text)
              from budgets where owner_id = ${userId} and target_date >= ${today}::date) as budgets
      from by_category`);
  return totals as Totals;
}
