import { Arg, Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { CalendarDate, Decimal } from '../../../kernel/scalars.js';

/** The argument `currency` of figures that are about several accounts. */
export const CurrencyArg: ParameterDecorator = Arg('currency', () => String, {
  nullable: true,
  description:
    'Which accounts, by ISO 4217 code. When absent: the firm’s own currency, or that of the first account of whoever ' +
    'has none in it.',
}) as ParameterDecorator;

export enum FinancePeriod {
  WEEK = 'week',
  MONTH = 'month',
  YEAR = 'year',
}

registerEnumType(FinancePeriod, {
  name: 'FinancePeriod',
  description: 'A calendar period around today, in the time zone of the person.',
  valuesConfig: {
    WEEK: { description: 'This week, from Monday.' },
    MONTH: { description: 'This month.' },
    YEAR: { description: 'This year.' },
  },
});

export enum Granularity {
  DAY = 'day',
  WEEK = 'week',
  MONTH = 'month',
}

registerEnumType(Granularity, {
  name: 'BalanceGranularity',
  description: 'How far apart the points of a balance are.',
  valuesConfig: {
    DAY: { description: 'One a day.' },
    WEEK: { description: 'One at the end of each week, on Sunday.' },
    MONTH: { description: 'One at the end of each month.' },
  },
});

@ObjectType({ simpleResolvers: true, description: 'Budgets whose target date has not passed, together.' })
export class BudgetTotals {
  @Field(() => Int, { description: 'How many.' })
  activeCount!: number;

  @Field(() => Decimal, { description: 'What they are to be.' })
  totalTarget!: string;

  @Field(() => Decimal, { description: 'What there is.' })
  totalSaved!: string;

  @Field(() => Decimal, { description: 'What there is in percent of what it is to be, with one decimal; 0 of none.' })
  averageProgress!: string;
}

@ObjectType({
  simpleResolvers: true,
  description:
    'What came in and went out in a period. Transfers between one’s own accounts are neither, and are not counted; ' +
    'the parts of a split transaction count each by its sign.',
})
export class PeriodTotals {
  @Field(() => FinancePeriod, { description: 'Which period.' })
  period!: FinancePeriod;

  @Field(() => CalendarDate, { description: 'Its first day.' })
  startDate!: string;

  @Field(() => CalendarDate, { description: 'Its last day.' })
  endDate!: string;

  @Field(() => Decimal, { description: 'What came in.' })
  totalIncome!: string;

  @Field(() => Decimal, { description: 'What went out: 0 or negative.' })
  totalExpenses!: string;

  @Field(() => Decimal, { description: 'Income and expenses together.' })
  net!: string;

  @Field(() => Int, { description: 'How many transactions.' })
  transactionsCount!: number;
}

/** What was spent in a category; its field `category` is resolved. */
export interface Spent {
  /** null: without a category. */
  categoryId: number | null;
}

@ObjectType({ simpleResolvers: true, description: 'What was spent in a category.' })
export class CategoryShare implements Spent {
  categoryId!: number | null;

  @Field(() => Decimal, { description: 'How much: negative.' })
  amount!: string;

  @Field(() => Decimal, { description: 'Its part of all expenses in percent, with one decimal.' })
  percentage!: string;
}

@ObjectType({ simpleResolvers: true, description: 'What was spent in a category, and in how many transactions.' })
export class CategoryExpenses implements Spent {
  categoryId!: number | null;

  @Field(() => Decimal, { description: 'How much: negative.' })
  amount!: string;

  @Field(() => Decimal, { description: 'Its part of all expenses in percent, with one decimal.' })
  percentage!: string;

  @Field(() => Int, { description: 'In how many transactions, split ones among them.' })
  transactionsCount!: number;
}

@ObjectType({
  simpleResolvers: true,
  description:
    'What the viewer has, saves and spends, of all of their own accounts in one currency: amounts of several ' +
    'currencies are never added. Accounts that others share with them are not among them.',
})
export class FinanceOverview {
  @Field(() => String, { description: 'Currency of all amounts, as ISO 4217 code.' })
  currency!: string;

  @Field(() => Decimal, { description: 'What the accounts hold together.' })
  totalBalance!: string;

  @Field(() => Int, { description: 'How many accounts that is.' })
  bankAccountsCount!: number;

  @Field(() => BudgetTotals, { description: 'Budgets, which have no currency of their own.' })
  budgets!: BudgetTotals;

  @Field(() => PeriodTotals, { description: 'The period that is asked for.' })
  currentPeriod!: PeriodTotals;

  @Field(() => [CategoryShare], {
    description: 'The categories of the largest expenses in it, at most five, largest first.',
  })
  topCategories!: CategoryShare[];
}

@ObjectType({
  simpleResolvers: true,
  description: 'Expenses of a period by category. What counts is what counts in `financeOverview`.',
})
export class ExpensesByCategory {
  @Field(() => CalendarDate, { description: 'First day of the period.' })
  startDate!: string;

  @Field(() => CalendarDate, { description: 'Its last day.' })
  endDate!: string;

  @Field(() => String, { description: 'Currency of all amounts, as ISO 4217 code.' })
  currency!: string;

  @Field(() => Decimal, { description: 'All expenses: 0 or negative.' })
  totalExpenses!: string;

  @Field(() => [CategoryExpenses], {
    description: 'One for each category, the largest expenses first; without a category they are one too.',
  })
  categories!: CategoryExpenses[];
}

@ObjectType({ simpleResolvers: true, description: 'A balance at the end of a day.' })
export class BalancePoint {
  @Field(() => CalendarDate, { description: 'The day.' })
  date!: string;

  @Field(() => Decimal, { description: 'The balance.' })
  balance!: string;
}

@ObjectType({
  simpleResolvers: true,
  description:
    'How a balance went on: of one account, or of all of one’s own in one currency, which amounts of others are ' +
    'never added to. The opening balance counts on every day, also before the account was opened here.',
})
export class BalanceEvolution {
  account?: { id: number; name: string } | undefined;

  @Field(() => String, { description: 'Currency of the balances, as ISO 4217 code.' })
  currency!: string;

  @Field(() => CalendarDate, { description: 'First day of the period.' })
  startDate!: string;

  @Field(() => CalendarDate, { description: 'Its last day.' })
  endDate!: string;

  @Field(() => Granularity, { description: 'How far apart the points are.' })
  granularity!: Granularity;

  @Field(() => [BalancePoint], {
    description: 'A point at the end of each step, at most 3,700; the last one is on the last day of the period.',
  })
  data!: BalancePoint[];
}
