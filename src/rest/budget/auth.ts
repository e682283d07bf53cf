import { z } from 'zod';
import { longestPersonField } from '../../lib/person-rules.js';
import { conflictOnDuplicate } from '../engine/conflict.js';
import { type Route, route } from '../engine/route.js';
import { emailShape } from '../identity/person-shapes.js';
import { envelope } from './envelope.js';
import { BudgetRefreshTokenOperation, BudgetRegisterOperation } from './operations.gen.js';
import { registrationCookie } from './registration-cookie.js';
import { Moment } from './shapes.js';

const Registered = z
  .object({ id: z.int(), email: z.string(), username: z.string(), created_at: Moment })
  .meta({ id: 'BudgetRegistered' });

const duplicateIsConflict = conflictOnDuplicate(envelope, 'Un compte existe déjà avec ces données');

/** budget.md, « Authentification », sections 1 and 4. */
export const authRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/auth/register',
    section: 'budget.md#1-enregistrement-register',
    summary: 'Créer un nouveau compte utilisateur',
    credential: 'none',
    quota: 'authentication',
    body: z.object({ email: emailShape, username: z.string().trim().min(2).max(longestPersonField.username) }),
    operation: BudgetRegisterOperation,
    toVariables: ({ body }) => ({ input: body }),
    status: 201,
    response: Registered,
    reply: ({ registerWithoutPassword: { registrationToken, user } }, { request }) => ({
      headers: { 'Set-Cookie': registrationCookie(registrationToken, request) },
      json: { id: Number(user.id), email: user.email, username: user.username, created_at: user.createdAt },
    }),
    onProblem: duplicateIsConflict,
    examples: {
      body: { email: 'user@example.com', username: 'john_doe' },
      response: { id: 1, email: 'user@example.com', username: 'john_doe', created_at: '2026-02-03T10:00:00Z' },
    },
  }),
  route({
    method: 'post',
    path: '/auth/token/refresh',
    section: 'budget.md#4-rafraîchir-le-token',
    summary: 'Obtenir un nouveau access token avec le refresh token',
    credential: 'none',
    body: z.object({ refresh: z.string().min(1).max(1000) }),
    operation: BudgetRefreshTokenOperation,
    toVariables: ({ body }) => ({ input: { refreshToken: body.refresh } }),
    fields: { refreshToken: 'refresh' },
    response: z
      .object({ access: z.string(), refresh: z.string().meta({ description: 'Valable 7 jours, une seule fois' }) })
      .meta({ id: 'BudgetTokens' }),
    toResponse: ({ refreshSession: { tokens } }) => ({ access: tokens.accessToken, refresh: tokens.refreshToken }),
    examples: { body: { refresh: 'rft_...' }, response: { access: 'eyJ0eXAiOiJKV1QiLCJhbGc...', refresh: 'rft_...' } },
  }),
];
