import { z } from 'zod';
import { type Route, route } from '../engine/route.js';
import {
  BudgetCreateTransferOperation,
  BudgetDeleteTransferOperation,
  BudgetListTransfersOperation,
  BudgetReadTransferOperation,
  type BudgetTransferFragment,
  BudgetUpdateTransferOperation,
} from './operations.gen.js';
import {
  beyondContract,
  Day,
  found,
  Id,
  IdParams,
  Money,
  neighbours,
  pageOfList,
  PageQuery,
  patchAndPut,
  sliceOf,
  TextId,
} from './shapes.js';
import { Description, Transaction, transactionOut } from './transaction-shapes.js';

const Transfer = z
  .object({
    id: z.int(),
    amount: z.number(),
    transfer_date: Day,
    description: z.string(),
    from_transaction: Transaction.nullable().meta({ description: 'null si le compte de départ n’est pas visible' }),
    to_transaction: Transaction.nullable().meta({ description: 'null si le compte d’arrivée n’est pas visible' }),
  })
  .meta({ id: 'BudgetTransfer' });

const transferOut = (transfer: BudgetTransferFragment): z.input<typeof Transfer> => ({
  id: Number(transfer.id),
  amount: transfer.amount,
  transfer_date: transfer.transferDate,
  description: transfer.description,
  from_transaction: transfer.fromTransaction ? transactionOut(transfer.fromTransaction) : null,
  to_transaction: transfer.toTransaction ? transactionOut(transfer.toTransaction) : null,
});

const fields = { fromAccountId: 'from_account_id', toAccountId: 'to_account_id', transferDate: 'transfer_date' };

const leg = {
  category: null,
  description: 'Épargne de février',
  transaction_date: '2026-02-02',
  is_recurring: false,
  recurrence_rule: null,
  transfer_id: 1,
  reconciled: false,
  labels: [],
  notes: '',
  splits: [],
  created_at: '2026-02-02T18:30:00Z',
  updated_at: '2026-02-02T18:30:00Z',
};
const example = {
  id: 1,
  amount: 200,
  transfer_date: '2026-02-02',
  description: 'Épargne de février',
  from_transaction: { ...leg, id: 11, account: { id: 1, name: 'Compte Courant' }, amount: -200 },
  to_transaction: { ...leg, id: 12, account: { id: 2, name: 'Livret A' }, amount: 200 },
};

/** Money between two accounts: two linked transactions (DECISIONS.md, section 9). */
export const transferRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/transfers',
    section: beyondContract,
    summary: 'Lister les virements entre comptes',
    credential: 'required',
    query: PageQuery.extend({
      account_id: TextId.optional().meta({ description: 'De ou vers ce compte' }),
      start_date: Day.optional().meta({ description: 'Date de début (YYYY-MM-DD)' }),
      end_date: Day.optional().meta({ description: 'Date de fin (YYYY-MM-DD)' }),
    }),
    operation: BudgetListTransfersOperation,
    toVariables: ({ query }) => ({
      ...sliceOf(query),
      filter: { accountId: query.account_id, startDate: query.start_date, endDate: query.end_date },
    }),
    response: pageOfList(Transfer),
    toResponse: ({ transfers: { nodes, totalCount } }, { query, request }) => ({
      count: totalCount,
      ...neighbours(query, totalCount, request),
      results: nodes.map(transferOut),
    }),
    examples: { response: { count: 1, next: null, previous: null, results: [example] } },
  }),
  route({
    method: 'post',
    path: '/transfers',
    section: beyondContract,
    summary: 'Virer de l’argent d’un compte à un autre',
    credential: 'required',
    body: z.object({
      from_account_id: Id,
      to_account_id: Id,
      amount: Money.positive(),
      transfer_date: Day,
      description: Description,
    }),
    operation: BudgetCreateTransferOperation,
    toVariables: ({ body }) => ({
      input: {
        fromAccountId: body.from_account_id,
        toAccountId: body.to_account_id,
        amount: body.amount,
        transferDate: body.transfer_date,
        description: body.description,
      },
    }),
    fields,
    status: 201,
    response: Transfer,
    toResponse: ({ createTransfer }) => transferOut(createTransfer.transfer),
    examples: {
      body: {
        from_account_id: 1,
        to_account_id: 2,
        amount: 200,
        transfer_date: '2026-02-02',
        description: 'Épargne de février',
      },
      response: example,
    },
  }),
  route({
    method: 'get',
    path: '/transfers/:id',
    section: beyondContract,
    summary: 'Détails d’un virement',
    credential: 'required',
    params: IdParams,
    operation: BudgetReadTransferOperation,
    toVariables: ({ params }) => params,
    response: Transfer,
    toResponse: ({ transfer }) => transferOut(found(transfer, 'Transfer')),
    examples: { response: example },
  }),
  ...patchAndPut(
    route({
      method: 'patch',
      path: '/transfers/:id',
      section: beyondContract,
      summary: 'Modifier un virement, avec ses deux transactions',
      credential: 'required',
      params: IdParams,
      body: z.object({
        from_account_id: Id.nullish(),
        to_account_id: Id.nullish(),
        amount: Money.positive().nullish(),
        transfer_date: Day.nullish(),
        description: Description.nullish(),
      }),
      operation: BudgetUpdateTransferOperation,
      toVariables: ({ params, body }) => ({
        input: {
          id: params.id,
          fromAccountId: body.from_account_id,
          toAccountId: body.to_account_id,
          amount: body.amount,
          transferDate: body.transfer_date,
          description: body.description,
        },
      }),
      fields,
      response: Transfer,
      toResponse: ({ updateTransfer }) => transferOut(updateTransfer.transfer),
      examples: { body: { description: 'Épargne de février' }, response: example },
    }),
    'replaceTransfer',
  ),
  route({
    method: 'delete',
    path: '/transfers/:id',
    section: beyondContract,
    summary: 'Supprimer un virement, avec ses deux transactions',
    credential: 'required',
    params: IdParams,
    operation: BudgetDeleteTransferOperation,
    toVariables: ({ params }) => ({ input: params }),
  }),
];
