import { z } from 'zod';
import { type Route, route } from '../engine/route.js';
import { deviceCookie, deviceTokenOf } from '../identity/device-cookie.js';
import { issued } from '../identity/issued.js';
import {
  SmartleakproConfirmSecondFactorOperation,
  SmartleakproDisableSecondFactorOperation,
  SmartleakproLoginOperation,
  SmartleakproLogoutOperation,
  SmartleakproRefreshOperation,
  SmartleakproSetUpSecondFactorOperation,
  type SmartleakproTokensFragment,
} from './operations.gen.js';
import { roleOf } from './role.js';

const Tokens = z
  .object({
    access_token: z.string(),
    refresh_token: z.string().meta({ description: 'Valable 7 jours, une seule fois' }),
    token_type: z.literal('bearer'),
    expires_in: z.int(),
  })
  .meta({ id: 'Tokens' });
const LoggedIn = z
  .object({
    ...Tokens.shape,
    utilisateur: z.object({ id: z.uuid(), nom_utilisateur: z.string(), email: z.string(), role: z.string() }),
  })
  .meta({ id: 'LoggedIn' });
const Message = z.object({ message: z.string() }).meta({ id: 'Message' });

/** A code of the authenticator app or a recovery code. Absent, null and empty are the same: forms send empty fields. */
const codeShape = z.string().max(50).nullish();

const tokensOut = ({ accessToken, refreshToken, expiresIn }: SmartleakproTokensFragment): z.input<typeof Tokens> => ({
  access_token: accessToken,
  refresh_token: refreshToken,
  token_type: 'bearer',
  expires_in: expiresIn,
});

const tokensExample = { access_token: 'eyJ0eXAi...', refresh_token: 'rft_...', token_type: 'bearer', expires_in: 1800 };

/** smartleakpro.md, « Authentification »; the second factor by DECISIONS.md, sections 2 and 7. */
export const authRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/auth/login',
    section: 'smartleakpro.md#post-authlogin',
    summary: 'Connexion utilisateur',
    credential: 'none',
    quota: 'authentication',
    body: z.object({
      nom_utilisateur: z.string().min(1).max(320),
      mot_de_passe: z.string().min(1).max(1000),
      code_2fa: codeShape,
    }),
    operation: SmartleakproLoginOperation,
    toVariables: ({ body, request }) => ({
      input: {
        identifier: body.nom_utilisateur,
        password: body.mot_de_passe,
        code: body.code_2fa ?? null,
        deviceToken: deviceTokenOf(request.headers),
        rememberDevice: true,
      },
    }),
    fields: { identifier: 'nom_utilisateur', password: 'mot_de_passe', code: 'code_2fa' },
    response: LoggedIn,
    status: 200,
    reply: ({ login: { user, deviceToken, tokens } }, { request }) => ({
      ...(deviceToken && { headers: { 'Set-Cookie': deviceCookie(deviceToken, request) } }),
      json: {
        ...tokensOut(issued(tokens)),
        utilisateur: {
          id: user.uuid,
          nom_utilisateur: user.username,
          email: user.email ?? '',
          role: roleOf(user.roles),
        },
      },
    }),
    examples: {
      body: { nom_utilisateur: 'jean.dupont', mot_de_passe: 'Motdepasse-1', code_2fa: '123456' },
      response: {
        ...tokensExample,
        utilisateur: {
          id: '5b2ad1a4-3f0e-4d1c-9a55-0f6a1c1f8a11',
          nom_utilisateur: 'jean.dupont',
          email: 'jean@example.com',
          role: 'technicien',
        },
      },
    },
  }),
  route({
    method: 'post',
    path: '/auth/refresh',
    section: 'smartleakpro.md#post-authrefresh',
    summary: 'Rafraîchir le token',
    credential: 'none',
    quota: 'authentication',
    body: z.object({ refresh_token: z.string().min(1).max(1000) }),
    operation: SmartleakproRefreshOperation,
    toVariables: ({ body }) => ({ input: { refreshToken: body.refresh_token } }),
    fields: { refreshToken: 'refresh_token' },
    response: Tokens,
    toResponse: ({ refreshSession }) => tokensOut(refreshSession.tokens),
    examples: { body: { refresh_token: 'rft_...' }, response: tokensExample },
  }),
  route({
    method: 'post',
    path: '/auth/logout',
    section: 'smartleakpro.md#post-authlogout',
    summary: 'Déconnexion',
    credential: 'required',
    operation: SmartleakproLogoutOperation,
    toVariables: () => ({}),
    response: Message,
    toResponse: () => ({ message: 'Déconnexion réussie' }),
    examples: { response: { message: 'Déconnexion réussie' } },
  }),
  route({
    method: 'post',
    path: '/auth/2fa/setup',
    section: 'DECISIONS.md#2-smartleakpro-api',
    summary: 'Préparer la double authentification',
    credential: 'required',
    operation: SmartleakproSetUpSecondFactorOperation,
    toVariables: () => ({}),
    response: z
      .object({
        secret: z.string(),
        otpauth_url: z.string(),
        qr_code: z.string().meta({ description: 'PNG, en URL `data:`' }),
      })
      .meta({ id: 'SecondFactorSetUp' }),
    toResponse: ({ setUpSecondFactor: { secret, otpauthUrl, qrCode } }) => ({
      secret,
      otpauth_url: otpauthUrl,
      qr_code: qrCode,
    }),
    examples: {
      response: {
        secret: 'KMCZAD5ZAFY336QEIY5CBS5DJAYVMSRW',
        otpauth_url:
          'otpauth://totp/Passerelle:jean%40example.com?secret=KMCZAD5ZAFY336QEIY5CBS5DJAYVMSRW&issuer=Passerelle',
        qr_code: 'data:image/png;base64,iVBORw0KGgo...',
      },
    },
  }),
  route({
    method: 'post',
    path: '/auth/2fa/verify',
    section: 'DECISIONS.md#2-smartleakpro-api',
    summary: 'Activer la double authentification par un premier code',
    credential: 'required',
    quota: 'authentication_failures',
    body: z.object({ code: z.string().min(1).max(50) }),
    operation: SmartleakproConfirmSecondFactorOperation,
    toVariables: ({ body: { code } }) => ({ input: { code } }),
    response: z
      .object({
        codes_recuperation: z
          .array(z.string())
          .length(10)
          .meta({ description: 'Chacun valable une fois; ils ne sont plus montrés' }),
      })
      .meta({ id: 'RecoveryCodes' }),
    toResponse: ({ confirmSecondFactor }) => ({ codes_recuperation: confirmSecondFactor.recoveryCodes }),
    examples: {
      body: { code: '123456' },
      response: { codes_recuperation: Array.from({ length: 10 }, (_, i) => `${i}k7m-2xqp-9tva-4hwz`) },
    },
  }),
  route({
    method: 'post',
    path: '/auth/2fa/disable',
    section: 'DECISIONS.md#2-smartleakpro-api',
    summary: 'Désactiver la double authentification, par le mot de passe ou un code',
    credential: 'required',
    quota: 'authentication_failures',
    body: z.object({ mot_de_passe: z.string().max(1000).nullish(), code: codeShape }),
    operation: SmartleakproDisableSecondFactorOperation,
    toVariables: ({ body: { mot_de_passe, code }, request }) => ({
      input: { id: String(request.userId), password: mot_de_passe ?? null, code: code ?? null },
    }),
    fields: { password: 'mot_de_passe' },
    response: Message,
    toResponse: () => ({ message: 'Double authentification désactivée' }),
    examples: { body: { mot_de_passe: 'Motdepasse-1' }, response: { message: 'Double authentification désactivée' } },
  }),
];
