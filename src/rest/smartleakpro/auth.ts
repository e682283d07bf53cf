import { z } from 'zod';
import { type FieldIssue, type RequestFacts, type Route, route } from '../engine/route.js';
import { deviceHeaders, deviceTokenOf } from '../identity/device-cookie.js';
import { issued } from '../identity/issued.js';
import {
  SmartleakproConfirmSecondFactorOperation,
  SmartleakproDisableSecondFactorOperation,
  type SmartleakproLoggedInFragment,
  SmartleakproLoginOperation,
  SmartleakproLogoutOperation,
  SmartleakproRefreshOperation,
  SmartleakproSetUpSecondFactorOperation,
  type SmartleakproTokensFragment,
} from './operations.gen.js';
import { Role, roleOf } from './role.js';

const LoggedIn = z
  .object({
    access_token: z.string(),
    refresh_token: z.string().meta({ description: 'Valable 7 jours, une seule fois' }),
    token_type: z.literal('bearer'),
    expires_in: z.int(),
    utilisateur: z.object({ id: z.uuid(), nom_utilisateur: z.string(), email: z.string(), role: Role }),
  })
  .meta({ id: 'LoggedIn' });
const Message = z.object({ message: z.string() }).meta({ id: 'Message' });

/** A code of the authenticator app or a recovery code. Absent, null and empty are the same: forms send empty fields. */
const codeShape = z.string().max(50).nullish();

const loggedInOut = (
  { accessToken, refreshToken, expiresIn }: SmartleakproTokensFragment,
  user: SmartleakproLoggedInFragment,
): z.input<typeof LoggedIn> => ({
  access_token: accessToken,
  refresh_token: refreshToken,
  token_type: 'bearer',
  expires_in: expiresIn,
  utilisateur: {
    id: user.uuid,
    nom_utilisateur: user.username,
    email: user.email ?? '',
    role: roleOf(user.roles),
  },
});

const loggedInExample = {
  access_token: 'eyJ0eXAi...',
  refresh_token: 'rft_...',
  token_type: 'bearer',
  expires_in: 1800,
  utilisateur: {
    id: '5b2ad1a4-3f0e-4d1c-9a55-0f6a1c1f8a11',
    nom_utilisateur: 'jean.dupont',
    email: 'jean@example.com',
    role: 'technicien',
  },
};

/** Who signs in: by the contract's names, or by those of OAuth's password form. One of each pair is needed. */
const Login = z.object({
  nom_utilisateur: z.string().max(320).nullish(),
  mot_de_passe: z.string().max(1000).nullish(),
  username: z.string().max(320).nullish().meta({ description: 'Au lieu de `nom_utilisateur`' }),
  password: z.string().max(1000).nullish().meta({ description: 'Au lieu de `mot_de_passe`' }),
  code_2fa: codeShape,
});
type Login = z.output<typeof Login>;
const nameOf = ({ nom_utilisateur, username }: Login): string => nom_utilisateur || username || '';
const passwordOf = ({ mot_de_passe, password }: Login): string => mot_de_passe || password || '';

const loginFrame = {
  method: 'post',
  credential: 'none',
  quota: 'authentication',
  bodyTypes: ['json', 'form'],
  body: Login,
  check: ({ body }: { body: Login }): FieldIssue[] =>
    Object.entries({ nom_utilisateur: nameOf(body), mot_de_passe: passwordOf(body) }).flatMap(([name, value]) =>
      value === '' ? [{ name, code: 'required', message: 'Ce champ est obligatoire' }] : [],
    ),
  operation: SmartleakproLoginOperation,
  toVariables: ({ body, request }: { body: Login; request: RequestFacts }) => ({
    input: {
      identifier: nameOf(body),
      password: passwordOf(body),
      code: body.code_2fa ?? null,
      deviceToken: deviceTokenOf(request.headers),
      rememberDevice: true,
    },
  }),
  fields: { identifier: 'nom_utilisateur', password: 'mot_de_passe', code: 'code_2fa' },
  status: 200,
} as const;

/** smartleakpro.md, « Authentification »; the second factor by DECISIONS.md, sections 2 and 7. */
export const authRoutes: readonly Route[] = [
  route({
    ...loginFrame,
    path: '/auth/login',
    section: 'smartleakpro.md#post-authlogin',
    summary: 'Connexion utilisateur',
    response: LoggedIn,
    reply: ({ login: { deviceToken, tokens, user } }, { request }) => ({
      ...deviceHeaders(deviceToken, request),
      json: loggedInOut(issued(tokens), user),
    }),
    examples: {
      body: { nom_utilisateur: 'jean.dupont', mot_de_passe: 'Motdepasse-1', code_2fa: '123456' },
      response: loggedInExample,
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
    response: LoggedIn,
    toResponse: ({ refreshSession }) => loggedInOut(refreshSession.tokens, refreshSession.user),
    examples: { body: { refresh_token: 'rft_...' }, response: loggedInExample },
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

/** The only login of the dialect's web application; served where the server shows a made-up firm (DECISIONS.md, 8). */
export const testLoginRoute: Route = route({
  ...loginFrame,
  path: '/auth/test-login',
  section: 'DECISIONS.md#8-settled-later',
  summary: "Connexion de l'application web ; avec `DEMO=1` seulement",
  response: z.object({ access_token: z.string(), token_type: z.literal('bearer') }).meta({ id: 'TestLogin' }),
  reply: ({ login: { tokens, deviceToken } }, { request }) => ({
    ...deviceHeaders(deviceToken, request),
    json: { access_token: issued(tokens).accessToken, token_type: 'bearer' },
  }),
  examples: {
    body: { username: 'jean.dupont', password: 'Motdepasse-1' },
    response: { access_token: 'eyJ0eXAi...', token_type: 'bearer' },
  },
});
