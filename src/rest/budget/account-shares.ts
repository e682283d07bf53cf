import { z } from 'zod';
import { pathNumber } from '../engine/openapi-schemas.js';
import { type Route, route } from '../engine/route.js';
import {
  type BudgetAccountShareFragment,
  BudgetListAccountSharesOperation,
  BudgetShareAccountOperation,
  BudgetUnshareAccountOperation,
} from './operations.gen.js';
import { beyondContract, found, IdParams, listed, listOf, Moment } from './shapes.js';

const Permission = z.enum(['read', 'write']);
const Share = z
  .object({ id: z.int(), email: z.string(), permission: Permission, created_at: Moment })
  .meta({ id: 'BudgetAccountShare' });

const shareOut = ({ id, email, permission, createdAt }: BudgetAccountShareFragment): z.input<typeof Share> => ({
  id: Number(id),
  email,
  permission: permission === 'WRITE' ? 'write' : 'read',
  created_at: createdAt,
});

const example = { id: 1, email: 'bob@example.com', permission: 'write', created_at: '2026-02-03T10:00:00Z' };

/** DECISIONS.md, section 9: joint accounts, read or also written by others than their owner. */
export const accountShareRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/accounts/:id/shares',
    section: beyondContract,
    summary: 'Avec qui le compte est partagé',
    credential: 'required',
    params: IdParams,
    operation: BudgetListAccountSharesOperation,
    toVariables: ({ params }) => params,
    response: listOf(Share),
    toResponse: ({ bankAccount }) => listed(found(bankAccount, 'BankAccount').shares.map(shareOut)),
    examples: { response: { count: 1, results: [example] } },
  }),
  route({
    method: 'post',
    path: '/accounts/:id/shares',
    section: beyondContract,
    summary: 'Partager un compte joint, ou changer ce que la personne peut y faire',
    credential: 'required',
    params: IdParams,
    body: z.object({ email: z.string().trim().min(1).max(254), permission: Permission }),
    operation: BudgetShareAccountOperation,
    toVariables: ({ params, body }) => ({
      input: {
        accountId: params.id,
        email: body.email,
        permission: body.permission === 'write' ? ('WRITE' as const) : ('READ' as const),
      },
    }),
    fields: { accountId: 'id' },
    status: 201,
    response: Share,
    toResponse: ({ shareBankAccount }) => shareOut(shareBankAccount.accountShare),
    examples: { body: { email: 'bob@example.com', permission: 'write' }, response: example },
  }),
  route({
    method: 'delete',
    path: '/accounts/:id/shares/:shareId',
    section: beyondContract,
    summary: 'Cesser de partager un compte, ou le quitter',
    credential: 'required',
    params: z.object({ id: pathNumber('Numéro'), shareId: pathNumber('Numéro du partage') }),
    operation: BudgetUnshareAccountOperation,
    toVariables: ({ params }) => ({ input: { id: params.shareId, accountId: params.id } }),
    fields: { id: 'shareId' },
  }),
];
