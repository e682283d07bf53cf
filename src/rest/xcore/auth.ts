import { z } from 'zod';
import { forbidden } from '../../lib/errors.js';
import { type Route, route } from '../engine/route.js';
import { deviceHeaders, deviceTokenOf } from '../identity/device-cookie.js';
import { issued } from '../identity/issued.js';
import { emailShape, newPasswordShape } from '../identity/person-shapes.js';
import { duplicateIsConflict } from './envelope.js';
import { moment } from './lists.js';
import {
  XcoreChangePasswordOperation,
  XcoreLoginOperation,
  XcoreLogoutOperation,
  XcoreMeOperation,
  type XcorePersonFragment,
  XcoreRefreshOperation,
  XcoreRegisterOperation,
  XcoreUpdateMeOperation,
  type XcoreTokensFragment,
} from './operations.gen.js';

const RegisteredUser = z
  .object({ id: z.int(), email: z.string(), full_name: z.string(), is_active: z.boolean(), created_at: moment })
  .meta({ id: 'RegisteredUser' });
const CurrentUser = z
  .object({
    id: z.int(),
    email: z.string(),
    full_name: z.string(),
    roles: z.array(z.string()),
    permissions: z.array(z.string()),
  })
  .meta({ id: 'CurrentUser' });
const Token = z
  .strictObject({ access_token: z.string(), token_type: z.literal('bearer'), expires_in: z.int() })
  .meta({ id: 'Token' });
const RefreshedToken = z
  .strictObject({ ...Token.shape, refresh_token: z.string().meta({ description: 'Valable 7 jours, une seule fois' }) })
  .meta({ id: 'RefreshedToken' });

const Message = z.object({ message: z.string() }).meta({ id: 'Message' });

const personOut = (user: XcorePersonFragment): z.input<typeof RegisteredUser> => ({
  id: Number(user.id),
  email: user.email ?? '',
  full_name: user.fullName,
  is_active: user.isActive,
  created_at: user.createdAt,
});

const currentOut = (
  user: XcorePersonFragment & { roles: readonly { name: string }[]; permissions: readonly string[] },
): z.input<typeof CurrentUser> => {
  const { id, email, full_name } = personOut(user);
  return { id, email, full_name, roles: user.roles.map(({ name }) => name), permissions: [...user.permissions] };
};
const currentExample = {
  id: 1,
  email: 'user@example.com',
  full_name: 'John Doe',
  roles: ['user'],
  permissions: ['users:read'],
};

const fullName = z.string().trim().min(1).max(201);
/** `Jean de la Fontaine`: the first word is the given name. */
function namesOf(fullName: string): { firstName: string; lastName: string } {
  const name = fullName.trim();
  const space = name.search(/\s/);
  return space < 0
    ? { firstName: name, lastName: '' }
    : { firstName: name.slice(0, space), lastName: name.slice(space).trim() };
}

const tokenOut = ({ accessToken, expiresIn }: XcoreTokensFragment): z.input<typeof Token> => ({
  access_token: accessToken,
  token_type: 'bearer',
  expires_in: expiresIn,
});

const tokenExample = { access_token: 'eyJ0eXAi...', token_type: 'bearer', expires_in: 1800 };

/** xcore.md, « Endpoints d'Authentification ». */
export const authRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/auth/register',
    section: 'xcore.md#post-authregister',
    summary: 'Créer un nouvel utilisateur',
    credential: 'none',
    quota: 'authentication',
    body: z.object({ email: emailShape, password: newPasswordShape, full_name: fullName }),
    operation: XcoreRegisterOperation,
    toVariables: ({ body: { email, password, full_name } }) => ({ input: { email, password, ...namesOf(full_name) } }),
    fields: { firstName: 'full_name', lastName: 'full_name' },
    status: 201,
    response: RegisteredUser,
    toResponse: ({ registerUser }) => personOut(registerUser.user),
    onProblem: duplicateIsConflict,
    examples: {
      body: { email: 'user@example.com', password: 'SecurePassword123!', full_name: 'John Doe' },
      response: {
        id: 1,
        email: 'user@example.com',
        full_name: 'John Doe',
        is_active: true,
        created_at: '2024-01-15T10:30:00Z',
      },
    },
  }),
  route({
    method: 'post',
    path: '/auth/login',
    section: 'xcore.md#post-authlogin',
    summary: 'Authentifier un utilisateur',
    credential: 'none',
    quota: 'authentication',
    bodyTypes: ['form', 'json'],
    body: z.object({ username: z.string().min(1), password: z.string().min(1), code_2fa: z.string().nullish() }),
    operation: XcoreLoginOperation,
    toVariables: ({ body: { username, password, code_2fa }, request }) => ({
      input: {
        identifier: username,
        password,
        code: code_2fa ?? null,
        deviceToken: deviceTokenOf(request.headers),
        rememberDevice: true,
      },
    }),
    fields: { identifier: 'username', code: 'code_2fa' },
    response: Token,
    status: 200,
    reply: ({ login: { tokens, deviceToken } }, { request }) => ({
      ...deviceHeaders(deviceToken, request),
      json: tokenOut(issued(tokens)),
    }),
    examples: { body: { username: 'user@example.com', password: 'SecurePassword123!' }, response: tokenExample },
  }),
  route({
    method: 'get',
    path: '/auth/me',
    operationId: 'readCurrentUser',
    section: 'xcore.md#get-authme',
    summary: "Récupérer l'utilisateur connecté",
    credential: 'required',
    operation: XcoreMeOperation,
    toVariables: () => ({}),
    response: CurrentUser,
    toResponse: ({ viewer }) => {
      if (!viewer) throw forbidden('This credential lacks the scope read', 'scope');
      return currentOut(viewer);
    },
    examples: { response: currentExample },
  }),
  route({
    method: 'put',
    path: '/auth/me',
    section: 'CONSUMERS.md#3-xcore-plugins-and-tasks',
    summary: "Mettre à jour l'utilisateur connecté : les champs donnés",
    credential: 'required',
    body: z.object({ email: emailShape.optional(), full_name: fullName.optional() }),
    operation: XcoreUpdateMeOperation,
    toVariables: ({ body: { email, full_name }, request }) => ({
      input: { id: String(request.userId), email, ...(full_name !== undefined && namesOf(full_name)) },
    }),
    fields: { firstName: 'full_name', lastName: 'full_name' },
    response: CurrentUser,
    toResponse: ({ updateUser: { user } }) => currentOut(user),
    onProblem: duplicateIsConflict,
    examples: { body: { full_name: 'John Doe' }, response: currentExample },
  }),
  route({
    method: 'put',
    path: '/auth/password/change',
    section: 'CONSUMERS.md#3-xcore-plugins-and-tasks',
    summary: 'Changer son mot de passe ; les autres sessions se ferment',
    credential: 'required',
    quota: 'authentication_failures',
    body: z.object({
      current_password: z.string().max(1000).optional(),
      old_password: z.string().max(1000).optional().meta({ description: 'Au lieu de `current_password`' }),
      new_password: newPasswordShape,
    }),
    operation: XcoreChangePasswordOperation,
    toVariables: ({ body: { current_password, old_password, new_password }, request }) => ({
      input: {
        id: String(request.userId),
        currentPassword: current_password ?? old_password ?? null,
        newPassword: new_password,
      },
    }),
    fields: { currentPassword: 'current_password', newPassword: 'new_password' },
    response: Message,
    toResponse: () => ({ message: 'Mot de passe changé avec succès' }),
    examples: {
      body: { current_password: 'SecurePassword123!', new_password: 'BetterPassword456!' },
      response: { message: 'Mot de passe changé avec succès' },
    },
  }),
  route({
    method: 'post',
    path: '/auth/refresh',
    section: 'xcore.md#post-authrefresh',
    summary: "Rafraîchir le token d'accès",
    credential: 'required',
    operation: XcoreRefreshOperation,
    toVariables: () => ({}),
    response: RefreshedToken,
    toResponse: ({ refreshSession: { tokens } }) => ({ ...tokenOut(tokens), refresh_token: tokens.refreshToken }),
    examples: { response: { ...tokenExample, refresh_token: 'rft_...' } },
  }),
  route({
    method: 'post',
    path: '/auth/logout',
    section: 'CONSUMERS.md#3-xcore-plugins-and-tasks',
    summary: 'Fermer la session du token',
    credential: 'required',
    operation: XcoreLogoutOperation,
    toVariables: () => ({}),
    response: Message,
    toResponse: () => ({ message: 'Déconnexion réussie' }),
    examples: { response: { message: 'Déconnexion réussie' } },
  }),
];
