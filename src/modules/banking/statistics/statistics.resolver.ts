import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Extensions, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { CalendarDate } from '../../../kernel/scalars.js';
import { BankAccount } from '../accounts/bank-account.entity.js';
import { bankAccountReads } from '../accounts/bank-account.reads.js';
import { Category } from '../categories/category.entity.js';
import { balanceEvolution, mostPoints } from './balance-evolution.js';
import { expensesByCategory } from './expenses-by-category.js';
import { financeOverview } from './finance-overview.js';
import {
  BalanceEvolution,
  CategoryExpenses,
  CategoryShare,
  ExpensesByCategory,
  FinanceOverview,
  CurrencyArg,
  FinancePeriod,
  Granularity,
  type Spent,
} from './statistics.types.js';

@Resolver()
export class StatisticsResolver {
  @Query(() => FinanceOverview, { description: 'What the viewer has, saves and spends now.' })
  financeOverview(
    @Ctx() ctx: Context,
    @Arg('period', () => FinancePeriod, { defaultValue: FinancePeriod.MONTH, description: 'Which period.' })
    period: FinancePeriod,
    @CurrencyArg currency?: string | null,
  ): Promise<FinanceOverview> {
    return financeOverview(ctx, { period, currency });
  }

  @Query(() => ExpensesByCategory, {
    description: 'Expenses by category, of one account or of all of one’s own in one currency.',
  })
  expensesByCategory(
    @Ctx() ctx: Context,
    @Arg('startDate', () => CalendarDate, {
      nullable: true,
      description: 'First day: that of the month of `endDate`, else of the current month, when absent.',
    })
    startDate?: string | null,
    @Arg('endDate', () => CalendarDate, {
      nullable: true,
      description: 'Last day: that of the month of `startDate`, else of the current month, when absent.',
    })
    endDate?: string | null,
    @Arg('accountId', () => ID, { nullable: true, description: 'Of this account only, also one that is shared.' })
    accountId?: string | null,
    @CurrencyArg currency?: string | null,
  ): Promise<ExpensesByCategory> {
    return expensesByCategory(ctx, { startDate, endDate, accountId, currency });
  }

  @Query(() => BalanceEvolution, {
    description: 'How the balance went on, of one account or of all of one’s own in one currency.',
  })
  @Extensions({ complexity: ({ childComplexity }: { childComplexity: number }) => mostPoints + childComplexity })
  balanceEvolution(
    @Ctx() ctx: Context,
    @Arg('startDate', () => CalendarDate, { description: 'First day.' }) startDate: string,
    @Arg('endDate', () => CalendarDate, { description: 'Last day.' }) endDate: string,
    @Arg('granularity', () => Granularity, {
      defaultValue: Granularity.DAY,
      description: 'How far apart the points are.',
    })
    granularity: Granularity,
    @Arg('accountId', () => ID, { nullable: true, description: 'Of this account only, also one that is shared.' })
    accountId?: string | null,
    @CurrencyArg currency?: string | null,
  ): Promise<BalanceEvolution> {
    return balanceEvolution(ctx, { startDate, endDate, granularity, accountId, currency });
  }
}

const categoryField = {
  nullable: true,
  description: 'The category; null for what has none, or one that the viewer may not see any more.',
};

const categoryOf = (
  { categoryId }: Spent,
  { load }: Context,
  info: GraphQLResolveInfo,
): Promise<Category | undefined> | undefined =>
  categoryId === null ? undefined : load.spentCategory.load({ id: categoryId, info });

@Resolver(() => CategoryShare)
export class CategoryShareResolver {
  @FieldResolver(() => Category, categoryField)
  category(
    @Root() spent: CategoryShare,
    @Ctx() ctx: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Category | undefined> | undefined {
    return categoryOf(spent, ctx, info);
  }
}

@Resolver(() => CategoryExpenses)
export class CategoryExpensesResolver {
  @FieldResolver(() => Category, categoryField)
  category(
    @Root() spent: CategoryExpenses,
    @Ctx() ctx: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Category | undefined> | undefined {
    return categoryOf(spent, ctx, info);
  }
}

@Resolver(() => BalanceEvolution)
export class BalanceEvolutionResolver {
  @FieldResolver(() => BankAccount, { nullable: true, description: 'The account; null for all of one’s own.' })
  account(
    @Root() { account }: BalanceEvolution,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<BankAccount | undefined> | undefined {
    return account && read.one(bankAccountReads, account.id, info);
  }
}
