import { z } from 'zod';
import { pathNumber } from '../engine/openapi-schemas.js';
import { type Route, route } from '../engine/route.js';
import {
  type BudgetReconciliationFragment,
  BudgetListReconciliationsOperation,
  BudgetReconcileBankAccountOperation,
  BudgetUndoReconciliationOperation,
} from './operations.gen.js';
import {
  beyondContract,
  Day,
  found,
  Id,
  IdParams,
  Moment,
  Money,
  neighbours,
  pageOfList,
  PageQuery,
  sliceOf,
} from './shapes.js';

const Reconciliation = z
  .object({
    id: z.int(),
    statement_date: Day,
    statement_balance: z.number(),
    transaction_count: z.int().meta({ description: 'Nombre de transactions pointées par ce rapprochement' }),
    created_at: Moment,
  })
  .meta({ id: 'BudgetReconciliation' });

const reconciliationOut = (reconciliation: BudgetReconciliationFragment): z.input<typeof Reconciliation> => ({
  id: Number(reconciliation.id),
  statement_date: reconciliation.statementDate,
  statement_balance: reconciliation.statementBalance,
  transaction_count: reconciliation.transactions.totalCount,
  created_at: reconciliation.createdAt,
});

const example = {
  id: 1,
  statement_date: '2026-02-28',
  statement_balance: 1204.7,
  transaction_count: 2,
  created_at: '2026-03-02T10:00:00Z',
};

/** Transactions found on a statement of the bank (DECISIONS.md, section 9). */
export const reconciliationRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/accounts/:id/reconcile',
    section: beyondContract,
    summary: 'Pointer les transactions d’un relevé, si son solde est juste',
    credential: 'required',
    params: IdParams,
    body: z.object({
      transaction_ids: z.array(Id).max(10_000),
      statement_balance: Money,
      statement_date: Day,
    }),
    operation: BudgetReconcileBankAccountOperation,
    toVariables: ({ params, body }) => ({
      input: {
        accountId: params.id,
        transactionIds: body.transaction_ids.map(String),
        statementBalance: body.statement_balance,
        statementDate: body.statement_date,
      },
    }),
    fields: {
      transactionIds: 'transaction_ids',
      statementBalance: 'statement_balance',
      statementDate: 'statement_date',
    },
    response: Reconciliation,
    toResponse: ({ reconcileBankAccount }) => reconciliationOut(reconcileBankAccount.reconciliation),
    examples: {
      body: { transaction_ids: [1, 2], statement_balance: 1204.7, statement_date: '2026-02-28' },
      response: example,
    },
  }),
  route({
    method: 'get',
    path: '/accounts/:id/reconciliations',
    section: beyondContract,
    summary: 'Lister les rapprochements d’un compte',
    credential: 'required',
    params: IdParams,
    query: PageQuery,
    operation: BudgetListReconciliationsOperation,
    toVariables: ({ params, query }) => ({ ...params, ...sliceOf(query) }),
    response: pageOfList(Reconciliation),
    toResponse: ({ bankAccount }, { query, request }) => {
      const { nodes, totalCount } = found(bankAccount, 'BankAccount').reconciliations;
      return {
        count: totalCount,
        ...neighbours(query, totalCount, request),
        results: nodes.map(reconciliationOut),
      };
    },
    examples: { response: { count: 1, next: null, previous: null, results: [example] } },
  }),
  route({
    method: 'delete',
    path: '/accounts/:id/reconciliations/:reconciliationId',
    section: beyondContract,
    summary: 'Annuler le dernier rapprochement d’un compte',
    credential: 'required',
    params: IdParams.extend({ reconciliationId: pathNumber('Numéro du rapprochement') }),
    operation: BudgetUndoReconciliationOperation,
    toVariables: ({ params }) => ({ input: { id: params.reconciliationId, accountId: params.id } }),
  }),
];
