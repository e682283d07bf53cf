import { z } from 'zod';
import { fromEnum, toEnum } from '../engine/enum-words.js';
import { answeredDay } from '../engine/openapi-schemas.js';
import { type Route, route } from '../engine/route.js';
import {
  BudgetReadBalanceEvolutionOperation,
  BudgetListExpensesByCategoryOperation,
  BudgetReadFinanceOverviewOperation,
} from './operations.gen.js';
import { CurrencyQuery, Day, TextId } from './shapes.js';

const Period = z.enum(['week', 'month', 'year']);
const Granularity = z.enum(['day', 'week', 'month']);

const days = z.object({ start_date: answeredDay, end_date: answeredDay });
const Overview = z
  .object({
    total_balance: z.number(),
    accounts_count: z.int(),
    budgets: z.object({
      active_count: z.int().meta({ description: "Budgets dont la date n'est pas passée" }),
      total_target: z.number(),
      total_saved: z.number(),
      average_progress: z.number(),
    }),
    current_period: z.object({
      period: Period,
      ...days.shape,
      total_income: z.number(),
      total_expenses: z.number(),
      net: z.number(),
      transactions_count: z.int(),
    }),
    top_categories: z
      .array(z.object({ category: z.string(), amount: z.number(), percentage: z.number() }))
      .meta({ description: 'Les cinq plus grandes dépenses' }),
  })
  .meta({ id: 'BudgetOverview' });

const Expenses = z
  .object({
    period: days,
    total_expenses: z.number(),
    categories: z.array(
      z.object({
        id: z.int().nullable().meta({ description: 'null : sans catégorie' }),
        name: z.string(),
        color: z.string(),
        amount: z.number(),
        percentage: z.number(),
        transactions_count: z.int(),
      }),
    ),
  })
  .meta({ id: 'BudgetExpensesByCategory' });

const Evolution = z
  .object({
    account_id: z.int().nullable(),
    account_name: z.string().nullable(),
    period: days,
    granularity: Granularity,
    data: z.array(z.object({ date: answeredDay, balance: z.number() })),
  })
  .meta({ id: 'BudgetBalanceEvolution' });

/** What is shown of money that has no category. */
const none = { name: 'Sans catégorie', color: '#9E9E9E' };

const fields = { startDate: 'start_date', endDate: 'end_date', accountId: 'account_id' };

/**
 * budget.md, « Statistiques ». Of one's own accounts in one currency; transfers between them are neither income nor
 * expenses.
 */
export const statsRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/stats/overview',
    section: 'budget.md#1-vue-densemble-dashboard',
    summary: "Vue d'ensemble",
    credential: 'required',
    query: z.object({
      period: Period.default('month').meta({ description: "'week' (depuis lundi), 'month' ou 'year'" }),
      currency: CurrencyQuery,
    }),
    operation: BudgetReadFinanceOverviewOperation,
    toVariables: ({ query }) => ({ period: toEnum(query.period), currency: query.currency }),
    response: Overview,
    toResponse: ({ financeOverview: { budgets, currentPeriod, topCategories, ...overview } }) => ({
      total_balance: overview.totalBalance,
      accounts_count: overview.bankAccountsCount,
      budgets: {
        active_count: budgets.activeCount,
        total_target: budgets.totalTarget,
        total_saved: budgets.totalSaved,
        average_progress: budgets.averageProgress,
      },
      current_period: {
        period: fromEnum(currentPeriod.period),
        start_date: currentPeriod.startDate,
        end_date: currentPeriod.endDate,
        total_income: currentPeriod.totalIncome,
        total_expenses: currentPeriod.totalExpenses,
        net: currentPeriod.net,
        transactions_count: currentPeriod.transactionsCount,
      },
      top_categories: topCategories.map(({ category, amount, percentage }) => ({
        category: (category ?? none).name,
        amount,
        percentage,
      })),
    }),
    examples: {
      response: {
        total_balance: 6250.5,
        accounts_count: 2,
        budgets: { active_count: 2, total_target: 2500, total_saved: 570, average_progress: 22.8 },
        current_period: {
          period: 'month',
          start_date: '2026-02-01',
          end_date: '2026-02-28',
          total_income: 2500,
          total_expenses: -1345.3,
          net: 1154.7,
          transactions_count: 45,
        },
        top_categories: [
          { category: 'Alimentation', amount: -456.8, percentage: 34 },
          { category: 'Transport', amount: -234.5, percentage: 17.4 },
        ],
      },
    },
  }),
  route({
    method: 'get',
    path: '/stats/expenses-by-category',
    section: 'budget.md#2-dépenses-par-catégorie',
    summary: 'Dépenses par catégorie',
    credential: 'required',
    query: z.object({
      start_date: Day.optional().meta({ description: 'Date de début ; par défaut le début du mois' }),
      end_date: Day.optional().meta({ description: 'Date de fin ; par défaut la fin du mois' }),
      account_id: TextId.optional().meta({ description: 'Filtrer par compte' }),
      currency: CurrencyQuery,
    }),
    operation: BudgetListExpensesByCategoryOperation,
    toVariables: ({ query }) => ({
      startDate: query.start_date,
      endDate: query.end_date,
      accountId: query.account_id,
      currency: query.currency,
    }),
    fields,
    response: Expenses,
    toResponse: ({ expensesByCategory: { categories, ...expenses } }) => ({
      period: { start_date: expenses.startDate, end_date: expenses.endDate },
      total_expenses: expenses.totalExpenses,
      categories: categories.map(({ category, ...figures }) => ({
        id: category ? Number(category.id) : null,
        name: (category ?? none).name,
        color: (category ?? none).color,
        amount: figures.amount,
        percentage: figures.percentage,
        transactions_count: figures.transactionsCount,
      })),
    }),
    examples: {
      response: {
        period: { start_date: '2026-02-01', end_date: '2026-02-28' },
        total_expenses: -1345.3,
        categories: [
          { id: 3, name: 'Alimentation', color: '#4CAF50', amount: -456.8, percentage: 34, transactions_count: 12 },
          { id: 4, name: 'Transport', color: '#FF9800', amount: -234.5, percentage: 17.4, transactions_count: 8 },
        ],
      },
    },
  }),
  route({
    method: 'get',
    path: '/stats/balance-evolution',
    section: 'budget.md#3-évolution-du-solde',
    summary: 'Évolution du solde',
    credential: 'required',
    query: z.object({
      account_id: TextId.optional().meta({ description: 'ID du compte (si omis, tous les comptes)' }),
      start_date: Day.meta({ description: 'Date de début (YYYY-MM-DD)' }),
      end_date: Day.meta({ description: 'Date de fin (YYYY-MM-DD)' }),
      granularity: Granularity.default('day').meta({
        description: "'day', 'week' (le dimanche) ou 'month' (le dernier jour) ; au plus 3700 points",
      }),
      currency: CurrencyQuery,
    }),
    operation: BudgetReadBalanceEvolutionOperation,
    toVariables: ({ query }) => ({
      startDate: query.start_date,
      endDate: query.end_date,
      granularity: toEnum(query.granularity),
      accountId: query.account_id,
      currency: query.currency,
    }),
    fields,
    response: Evolution,
    toResponse: ({ balanceEvolution: { account, granularity, data, ...evolution } }) => ({
      account_id: account ? Number(account.id) : null,
      account_name: account?.name ?? null,
      period: { start_date: evolution.startDate, end_date: evolution.endDate },
      granularity: fromEnum(granularity),
      data,
    }),
    examples: {
      response: {
        account_id: 1,
        account_name: 'Compte Courant',
        period: { start_date: '2026-01-01', end_date: '2026-02-03' },
        granularity: 'day',
        data: [
          { date: '2026-01-01', balance: 1000 },
          { date: '2026-01-02', balance: 955.2 },
          { date: '2026-02-03', balance: 1250.5 },
        ],
      },
    },
  }),
];
