import { z } from 'zod';
import { type Route, route } from '../engine/route.js';
import {
  BudgetCreateApiTokenOperation,
  BudgetListApiTokensOperation,
  BudgetRevokeApiTokenOperation,
} from './operations.gen.js';
import { IdParams, listed, listOf, Moment } from './shapes.js';

const frame = { id: z.int(), name: z.string() };
const dates = { is_active: z.boolean(), created_at: Moment, expires_at: Moment.nullable() };

const ListedToken = z.object({ ...frame, last_used: Moment.nullable(), ...dates }).meta({ id: 'BudgetApiToken' });
const CreatedToken = z
  .object({ ...frame, token: z.string(), ...dates, warning: z.string() })
  .meta({ id: 'BudgetCreatedApiToken' });

const warning = 'Copiez ce token maintenant, il ne sera plus visible';

/** budget.md, « Tokens API ». The list keeps revoked and expired tokens; revoking one again changes nothing. */
export const apiTokenRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api-tokens',
    section: 'budget.md#1-lister-les-tokens-api',
    summary: 'Lister les tokens API',
    credential: 'required',
    operation: BudgetListApiTokensOperation,
    toVariables: () => ({}),
    response: listOf(ListedToken),
    toResponse: ({ apiTokens }) =>
      listed(
        apiTokens.map(({ id, name, lastUsedAt, isActive, createdAt, expiresAt }) => ({
          id: Number(id),
          name,
          last_used: lastUsedAt ?? null,
          is_active: isActive,
          created_at: createdAt,
          expires_at: expiresAt ?? null,
        })),
      ),
    examples: {
      response: {
        count: 2,
        results: [
          {
            id: 1,
            name: 'iPhone Personnel',
            last_used: '2026-02-03T09:30:00Z',
            is_active: true,
            created_at: '2026-01-15T10:00:00Z',
            expires_at: null,
          },
          {
            id: 2,
            name: 'Script Python',
            last_used: null,
            is_active: false,
            created_at: '2026-01-20T14:00:00Z',
            expires_at: '2026-07-20T14:00:00Z',
          },
        ],
      },
    },
  }),
  route({
    method: 'post',
    path: '/api-tokens',
    section: 'budget.md#2-créer-un-token-api',
    summary: 'Créer un token API',
    credential: 'required',
    body: z.object({ name: z.string().trim().min(1).max(100), expires_at: z.iso.datetime({ offset: true }).nullish() }),
    operation: BudgetCreateApiTokenOperation,
    toVariables: ({ body }) => ({ input: { name: body.name, expiresAt: body.expires_at } }),
    fields: { expiresAt: 'expires_at' },
    status: 201,
    response: CreatedToken,
    toResponse: ({ createApiToken: { token, apiToken } }) => ({
      id: Number(apiToken.id),
      name: apiToken.name,
      token,
      is_active: apiToken.isActive,
      created_at: apiToken.createdAt,
      expires_at: apiToken.expiresAt ?? null,
      warning,
    }),
    examples: {
      body: { name: 'iPhone Personnel', expires_at: null },
      response: {
        id: 1,
        name: 'iPhone Personnel',
        token: 'apt_1a2b3c4d5e6f7g8h9i0j',
        is_active: true,
        created_at: '2026-02-03T10:00:00Z',
        expires_at: null,
        warning,
      },
    },
  }),
  route({
    method: 'delete',
    path: '/api-tokens/:id',
    section: 'budget.md#3-révoquer-un-token-api',
    summary: 'Révoquer un token API',
    credential: 'required',
    params: IdParams,
    operation: BudgetRevokeApiTokenOperation,
    toVariables: ({ params }) => ({ input: params }),
  }),
];
