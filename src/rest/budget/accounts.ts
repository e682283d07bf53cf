import { z } from 'zod';
import { type Route, route } from '../engine/route.js';
import {
  type BudgetAccountFragment,
  BudgetCreateAccountOperation,
  BudgetDeleteAccountOperation,
  BudgetListAccountsOperation,
  BudgetReadAccountOperation,
  BudgetUpdateAccountOperation,
} from './operations.gen.js';
import { Currency, found, Id, IdParams, listed, listOf, Moment, Money, patchAndPut, TextId } from './shapes.js';

const AccountType = z.object({ id: z.int(), name: z.string() });

const frame = {
  id: z.int(),
  name: z.string(),
  account_type: AccountType,
  balance: z.number(),
  currency: z.string(),
  created_at: Moment,
  updated_at: Moment,
};
const Account = z.object(frame).meta({ id: 'BudgetAccount' });
const AccountDetail = z
  .object({
    ...frame,
    account_type: AccountType.extend({ description: z.string() }),
    transaction_count: z.int(),
    last_transaction_date: Moment.nullable(),
  })
  .meta({ id: 'BudgetAccountDetail' });

const accountOut = ({ id, name, type, ...rest }: BudgetAccountFragment): z.input<typeof Account> => ({
  id: Number(id),
  name,
  account_type: { id: Number(type.id), name: type.name },
  balance: rest.balance,
  currency: rest.currency,
  created_at: rest.createdAt,
  updated_at: rest.updatedAt,
});

const Name = z.string().trim().min(1).max(100);
const fields = { typeId: 'account_type_id', openingBalance: 'balance' };

const example = {
  id: 1,
  name: 'Compte Courant',
  account_type: { id: 1, name: 'Compte courant' },
  balance: 1250.5,
  currency: 'EUR',
  created_at: '2026-01-01T12:00:00Z',
  updated_at: '2026-02-03T10:00:00Z',
};

/** budget.md, « Comptes bancaires ». */
export const accountRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/accounts',
    section: 'budget.md#1-lister-les-comptes',
    summary: 'Lister les comptes',
    credential: 'required',
    query: z.object({
      search: z.string().max(200).optional().meta({ description: 'Partie du nom' }),
      type: TextId.optional().meta({ description: 'Type de compte' }),
    }),
    operation: BudgetListAccountsOperation,
    toVariables: ({ query }) => ({ filter: { search: query.search, typeId: query.type } }),
    response: listOf(Account),
    toResponse: ({ bankAccounts }) => listed(bankAccounts.nodes.map(accountOut)),
    examples: {
      response: {
        count: 2,
        results: [
          example,
          {
            id: 2,
            name: 'Livret A',
            account_type: { id: 2, name: 'Compte épargne' },
            balance: 5000,
            currency: 'EUR',
            created_at: '2026-01-01T12:00:00Z',
            updated_at: '2026-02-03T10:00:00Z',
          },
        ],
      },
    },
  }),
  route({
    method: 'post',
    path: '/accounts',
    section: 'budget.md#2-créer-un-compte',
    summary: 'Créer un compte',
    credential: 'required',
    body: z.object({ name: Name, account_type_id: Id, balance: Money.nullish(), currency: Currency.nullish() }),
    operation: BudgetCreateAccountOperation,
    toVariables: ({ body }) => ({
      input: {
        name: body.name,
        typeId: body.account_type_id,
        openingBalance: body.balance,
        currency: body.currency,
      },
    }),
    fields,
    status: 201,
    response: Account,
    toResponse: ({ createBankAccount }) => accountOut(createBankAccount.bankAccount),
    examples: {
      body: { name: 'Compte joint', account_type_id: 4, balance: 0, currency: 'EUR' },
      response: {
        id: 3,
        name: 'Compte joint',
        account_type: { id: 4, name: 'Compte joint' },
        balance: 0,
        currency: 'EUR',
        created_at: '2026-02-03T10:30:00Z',
        updated_at: '2026-02-03T10:30:00Z',
      },
    },
  }),
  route({
    method: 'get',
    path: '/accounts/:id',
    section: 'budget.md#3-détails-dun-compte',
    summary: "Détails d'un compte",
    credential: 'required',
    params: IdParams,
    operation: BudgetReadAccountOperation,
    toVariables: ({ params }) => params,
    response: AccountDetail,
    toResponse: ({ bankAccount }) => {
      const account = found(bankAccount, 'BankAccount');
      const out = accountOut(account);
      const { lastTransactionDate } = account;
      return {
        ...out,
        account_type: { ...out.account_type, description: account.type.description },
        transaction_count: account.transactionCount,
        // A day where a moment is shown is its first instant (DECISIONS.md, section 8).
        last_transaction_date: lastTransactionDate ? `${lastTransactionDate}T00:00:00Z` : null,
      };
    },
    examples: {
      response: {
        ...example,
        account_type: { ...example.account_type, description: 'Compte bancaire pour les opérations courantes' },
        transaction_count: 45,
        last_transaction_date: '2026-02-02T15:30:00Z',
      },
    },
  }),
  ...patchAndPut(
    route({
      method: 'patch',
      path: '/accounts/:id',
      section: 'budget.md#4-modifier-un-compte',
      summary: 'Modifier un compte',
      credential: 'required',
      params: IdParams,
      body: z.object({
        name: Name.nullish(),
        account_type_id: Id.nullish(),
        currency: Currency.nullish(),
        balance: Money.nullish().meta({ description: 'Le solde actuel : seules les transactions le font bouger' }),
      }),
      operation: BudgetUpdateAccountOperation,
      toVariables: ({ params, body }) => ({
        input: {
          id: params.id,
          name: body.name,
          typeId: body.account_type_id,
          currency: body.currency,
          balance: body.balance,
        },
      }),
      fields: { typeId: 'account_type_id' },
      response: Account,
      toResponse: ({ updateBankAccount }) => accountOut(updateBankAccount.bankAccount),
      examples: {
        body: { name: 'Compte Courant Principal' },
        response: { ...example, name: 'Compte Courant Principal', updated_at: '2026-02-03T11:00:00Z' },
      },
    }),
    'replaceAccount',
  ),
  route({
    method: 'delete',
    path: '/accounts/:id',
    section: 'budget.md#5-supprimer-un-compte',
    summary: 'Supprimer un compte',
    credential: 'required',
    params: IdParams,
    query: z.object({
      force: z
        .enum(['true', 'false', '1', '0'])
        .default('false')
        .meta({ description: 'Supprime aussi ses transactions' }),
    }),
    operation: BudgetDeleteAccountOperation,
    toVariables: ({ params, query }) => ({ input: { id: params.id, force: ['true', '1'].includes(query.force) } }),
  }),
];
