import { z } from 'zod';
import { type Route, route } from '../engine/route.js';
import {
  BudgetCreateTransactionOperation,
  BudgetDeleteTransactionOperation,
  BudgetListTransactionsOperation,
  BudgetReadTransactionOperation,
  BudgetSearchTransactionsOperation,
  BudgetUpdateTransactionOperation,
} from './operations.gen.js';
import { RecurrenceBody, recurrenceIn } from './recurrence-shapes.js';
import {
  Day,
  found,
  Id,
  IdParams,
  listOf,
  Money,
  neighbours,
  pageOfList,
  PageQuery,
  patchAndPut,
  sliceOf,
} from './shapes.js';
import { Filters, filterOf, orderOf } from './transaction-filters.js';
import {
  Description,
  extras,
  extrasIn,
  fields,
  ListedTransaction,
  summaryOut,
  Transaction,
  TransactionDetail,
  transactionOut,
  TransactionSummary,
} from './transaction-shapes.js';

const courses = {
  id: 1,
  account: { id: 1, name: 'Compte Courant' },
  category: { id: 3, name: 'Alimentation', color: '#4CAF50', icon: 'shopping-cart' },
  amount: -45.8,
  description: 'Courses Carrefour',
  transaction_date: '2026-02-02',
  is_recurring: false,
};
const whole = {
  ...courses,
  recurrence_rule: null,
  transfer_id: null,
  reconciled: false,
  labels: [],
  notes: '',
  splits: [],
  created_at: '2026-02-02T18:30:00Z',
  updated_at: '2026-02-02T18:30:00Z',
};
const hasRuleIfRecurring = ({ is_recurring, recurrence_rule }: Record<string, unknown>): boolean =>
  is_recurring !== true || recurrence_rule != null;

const changed = { amount: -48.5, description: 'Courses Carrefour + essence' };

/** budget.md, « Transactions », with DECISIONS.md, sections 4 and 9. */
export const transactionRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/transactions',
    section: 'budget.md#1-lister-les-transactions',
    summary: 'Lister les transactions',
    credential: 'required',
    query: PageQuery.extend(Filters.shape),
    operation: BudgetListTransactionsOperation,
    toVariables: ({ query }) => ({
      ...sliceOf(query),
      orderBy: orderOf(query.ordering),
      filter: filterOf(query),
      withRunningBalance: (query.account_id ?? query.account) !== undefined,
    }),
    response: pageOfList(ListedTransaction),
    toResponse: ({ transactions: { nodes, totalCount } }, { query, request }) => ({
      count: totalCount,
      ...neighbours(query, totalCount, request),
      results: nodes.map(({ runningBalance, ...transaction }) => ({
        ...transactionOut(transaction),
        ...(runningBalance !== undefined && { running_balance: runningBalance }),
      })),
    }),
    examples: {
      response: {
        count: 156,
        next: 'http://localhost:8000/api/v1/transactions?page=2',
        previous: null,
        results: [whole],
      },
    },
  }),
  route({
    method: 'post',
    path: '/transactions',
    section: 'budget.md#2-créer-une-transaction',
    summary: 'Créer une transaction',
    credential: 'required',
    body: z
      .object({
        account_id: Id,
        amount: Money,
        description: Description,
        transaction_date: Day,
        ...extras,
        is_recurring: z.boolean().nullish().meta({ description: 'Par défaut, selon `recurrence_rule`' }),
        recurrence_rule: RecurrenceBody.nullish().meta({ description: 'Ignorée avec `is_recurring: false`' }),
      })
      .refine(hasRuleIfRecurring, {
        path: ['recurrence_rule'],
        message: 'Ce champ est requis',
        when: ({ value }) => typeof value === 'object' && value !== null,
      }),
    mayBeUnavailable: true,
    operation: BudgetCreateTransactionOperation,
    toVariables: ({ body }) => ({
      input: {
        accountId: body.account_id,
        amount: body.amount,
        description: body.description,
        transactionDate: body.transaction_date,
        ...extrasIn(body),
        recurrence:
          body.is_recurring === false || !body.recurrence_rule ? undefined : recurrenceIn(body.recurrence_rule),
      },
    }),
    fields,
    status: 201,
    response: Transaction,
    toResponse: ({ createTransaction }) => transactionOut(createTransaction.transaction),
    examples: {
      body: {
        account_id: 1,
        category_id: 3,
        amount: -45.8,
        description: 'Courses Carrefour',
        transaction_date: '2026-02-02',
        is_recurring: false,
      },
      response: whole,
    },
  }),
  route({
    method: 'get',
    path: '/transactions/search',
    section: 'budget.md#7-rechercher-des-transactions',
    summary: 'Rechercher des transactions',
    credential: 'required',
    query: PageQuery.extend({
      q: z.string().trim().min(1).max(200).meta({ description: 'Terme de recherche' }),
      page_size: PageQuery.shape.page_size.unwrap().default(100).meta({ description: 'Résultats par page' }),
    }),
    operation: BudgetSearchTransactionsOperation,
    toVariables: ({ query }) => ({ ...sliceOf(query), filter: { search: query.q } }),
    response: listOf(TransactionSummary),
    toResponse: ({ transactions: { nodes, totalCount } }) => ({ count: totalCount, results: nodes.map(summaryOut) }),
    examples: { response: { count: 12, results: [{ ...courses, ...changed }] } },
  }),
  route({
    method: 'get',
    path: '/transactions/:id',
    section: 'budget.md#4-détails-dune-transaction',
    summary: "Détails d'une transaction",
    credential: 'required',
    params: IdParams,
    operation: BudgetReadTransactionOperation,
    toVariables: ({ params }) => params,
    response: TransactionDetail,
    toResponse: ({ transaction }) => {
      const { account, category, runningBalance, ...rest } = found(transaction, 'Transaction');
      const out = transactionOut({ ...rest, account, category });
      return {
        ...out,
        account: { ...out.account, balance: account.balance },
        category:
          out.category && category
            ? { ...out.category, type: category.type === 'INCOME' ? ('income' as const) : ('expense' as const) }
            : null,
        running_balance: runningBalance,
      };
    },
    examples: {
      response: {
        ...whole,
        account: { ...whole.account, balance: 1204.7 },
        category: { ...whole.category, type: 'expense' },
        running_balance: 1204.7,
      },
    },
  }),
  ...patchAndPut(
    route({
      method: 'patch',
      path: '/transactions/:id',
      section: 'budget.md#5-modifier-une-transaction',
      summary: 'Modifier une transaction',
      credential: 'required',
      params: IdParams,
      body: z.object({
        account_id: Id.nullish(),
        amount: Money.nullish(),
        description: Description.nullish(),
        transaction_date: Day.nullish(),
        ...extras,
      }),
      operation: BudgetUpdateTransactionOperation,
      toVariables: ({ params, body }) => ({
        input: {
          id: params.id,
          accountId: body.account_id,
          amount: body.amount,
          description: body.description,
          transactionDate: body.transaction_date,
          ...extrasIn(body),
        },
      }),
      fields,
      response: Transaction,
      toResponse: ({ updateTransaction }) => transactionOut(updateTransaction.transaction),
      examples: { body: changed, response: { ...whole, ...changed, updated_at: '2026-02-03T14:00:00Z' } },
    }),
    'replaceTransaction',
  ),
  route({
    method: 'delete',
    path: '/transactions/:id',
    section: 'budget.md#6-supprimer-une-transaction',
    summary: 'Supprimer une transaction',
    credential: 'required',
    params: IdParams,
    operation: BudgetDeleteTransactionOperation,
    toVariables: ({ params }) => ({ input: params }),
  }),
];
