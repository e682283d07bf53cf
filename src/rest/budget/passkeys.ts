import { z } from 'zod';
import { type Route, route } from '../engine/route.js';
import { issued } from '../identity/issued.js';
import { emailShape } from '../identity/person-shapes.js';
import {
  BudgetBeginPasskeyLoginOperation,
  BudgetBeginPasskeyRegistrationOperation,
  BudgetCompletePasskeyLoginOperation,
  BudgetCompletePasskeyRegistrationOperation,
  BudgetDeletePasskeyOperation,
  BudgetListPasskeysOperation,
} from './operations.gen.js';
import { endedRegistrationCookie, registrationToken } from './registration-cookie.js';
import { IdParams, listed, listOf, Moment } from './shapes.js';

const Base64 = z
  .string()
  .max(16_384)
  .regex(/^[A-Za-z0-9+/_-]+={0,2}$/)
  .meta({ description: 'base64 ou base64url' });
const frame = { id: Base64, rawId: Base64, type: z.literal('public-key') };

const NewCredential = z
  .object({
    ...frame,
    response: z.object({
      attestationObject: Base64,
      clientDataJSON: Base64,
      transports: z.array(z.string().max(50)).max(20).nullish(),
    }),
  })
  .meta({ id: 'BudgetNewCredential' });
const ProvenCredential = z
  .object({
    ...frame,
    response: z.object({
      authenticatorData: Base64,
      clientDataJSON: Base64,
      signature: Base64,
      userHandle: z.union([z.literal(''), Base64]).nullish(),
    }),
  })
  .meta({ id: 'BudgetProvenCredential' });

const KnownCredential = z.object({ type: z.literal('public-key'), id: z.string() });
const CreationOptions = z
  .object({
    challenge: z.string(),
    rp: z.object({ name: z.string(), id: z.string() }),
    user: z.object({
      id: z.string().meta({ description: 'base64url de « user_<id> »' }),
      name: z.string(),
      displayName: z.string(),
    }),
    pubKeyCredParams: z.array(z.object({ type: z.literal('public-key'), alg: z.int() })),
    timeout: z.int(),
    attestation: z.literal('none'),
    excludeCredentials: z.array(KnownCredential).optional(),
    authenticatorSelection: z
      .object({ residentKey: z.string(), requireResidentKey: z.boolean(), userVerification: z.string() })
      .optional(),
  })
  .meta({ id: 'BudgetCreationOptions' });
const RequestOptions = z
  .object({
    challenge: z.string(),
    timeout: z.int(),
    rpId: z.string(),
    allowCredentials: z.array(KnownCredential),
    userVerification: z.string().optional(),
  })
  .meta({ id: 'BudgetRequestOptions' });

const SignedIn = z
  .object({
    access: z.string(),
    refresh: z.string(),
    user: z.object({ id: z.int(), email: z.string(), username: z.string() }),
  })
  .meta({ id: 'BudgetSignedIn' });
const PasskeyOut = z
  .object({
    id: z.int(),
    device_name: z.string(),
    is_backed_up: z.boolean(),
    created_at: Moment,
    last_used: Moment.nullable(),
  })
  .meta({ id: 'BudgetPasskey' });

const registration = 'budget.md#2-enregistrer-une-passkey-webauthn';
const login = 'budget.md#3-connexion-avec-passkey';
const decisions = 'DECISIONS.md#4-budget-apiv1';

/** budget.md, « Authentification », sections 2 and 3; the list of one's passkeys by DECISIONS.md, section 4. */
export const passkeyRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/auth/webauthn/register/begin',
    section: registration,
    summary: "Commencer l'enregistrement d'une passkey",
    credential: 'optional',
    quota: 'authentication',
    body: z.object({ user_id: z.int() }),
    operation: BudgetBeginPasskeyRegistrationOperation,
    toVariables: ({ body, request }) => ({
      input: { userId: String(body.user_id), registrationToken: registrationToken(request) },
    }),
    fields: { userId: 'user_id' },
    response: CreationOptions,
    toResponse: ({ beginPasskeyRegistration: { options } }) => CreationOptions.parse(options),
    examples: {
      body: { user_id: 1 },
      response: {
        challenge: 'base64_encoded_challenge',
        rp: { name: 'Budget Tracker', id: 'localhost' },
        user: { id: 'dXNlcl8x', name: 'user@example.com', displayName: 'john_doe' },
        pubKeyCredParams: [
          { type: 'public-key', alg: -7 },
          { type: 'public-key', alg: -257 },
        ],
        timeout: 60000,
        attestation: 'none',
      },
    },
  }),
  route({
    method: 'post',
    path: '/auth/webauthn/register/complete',
    section: registration,
    summary: "Terminer l'enregistrement d'une passkey",
    credential: 'optional',
    quota: 'authentication_failures',
    body: z.object({ credential: NewCredential, device_name: z.string().trim().min(1).max(100) }),
    operation: BudgetCompletePasskeyRegistrationOperation,
    toVariables: ({ body, request }) => ({
      input: { credential: body.credential, name: body.device_name, registrationToken: registrationToken(request) },
    }),
    fields: { name: 'device_name' },
    status: 201,
    response: z.object({ success: z.literal(true), message: z.string() }),
    reply: (_data, { request }) => ({
      headers: { 'Set-Cookie': endedRegistrationCookie(request) },
      json: { success: true, message: 'Passkey enregistrée avec succès' },
    }),
    examples: {
      body: {
        credential: {
          id: 'credential_id',
          rawId: 'base64_raw_id',
          response: { attestationObject: 'base64_attestation', clientDataJSON: 'base64_client_data' },
          type: 'public-key',
        },
        device_name: 'Proton Pass',
      },
      response: { success: true, message: 'Passkey enregistrée avec succès' },
    },
  }),
  route({
    method: 'post',
    path: '/auth/webauthn/login/begin',
    section: login,
    summary: 'Commencer la connexion avec une passkey',
    credential: 'none',
    quota: 'authentication',
    body: z.object({
      email: emailShape.nullish().meta({ description: "Sans adresse, l'appareil propose ses passkeys" }),
    }),
    operation: BudgetBeginPasskeyLoginOperation,
    toVariables: ({ body }) => ({ input: { email: body.email } }),
    response: RequestOptions,
    toResponse: ({ beginPasskeyLogin: { options } }) => RequestOptions.parse(options),
    examples: {
      body: { email: 'user@example.com' },
      response: {
        challenge: 'base64_encoded_challenge',
        timeout: 60000,
        rpId: 'localhost',
        allowCredentials: [{ type: 'public-key', id: 'base64_credential_id' }],
      },
    },
  }),
  route({
    method: 'post',
    path: '/auth/webauthn/login/complete',
    section: login,
    summary: 'Terminer la connexion avec une passkey',
    credential: 'none',
    quota: 'authentication_failures',
    body: z.object({ credential: ProvenCredential }),
    operation: BudgetCompletePasskeyLoginOperation,
    toVariables: ({ body }) => ({ input: body }),
    response: SignedIn,
    toResponse: ({ completePasskeyLogin: { tokens, user } }) => ({
      access: issued(tokens).accessToken,
      refresh: issued(tokens).refreshToken,
      user: { id: Number(user.id), email: user.email ?? '', username: user.username },
    }),
    examples: {
      body: {
        credential: {
          id: 'credential_id',
          rawId: 'base64_raw_id',
          response: {
            authenticatorData: 'base64_auth_data',
            clientDataJSON: 'base64_client_data',
            signature: 'base64_signature',
          },
          type: 'public-key',
        },
      },
      response: {
        access: 'eyJ0eXAiOiJKV1QiLCJhbGc...',
        refresh: 'eyJ0eXAiOiJKV1QiLCJhbGc...',
        user: { id: 1, email: 'user@example.com', username: 'john_doe' },
      },
    },
  }),
  route({
    method: 'get',
    path: '/auth/passkeys',
    section: decisions,
    summary: 'Lister ses passkeys',
    credential: 'required',
    operation: BudgetListPasskeysOperation,
    toVariables: () => ({}),
    response: listOf(PasskeyOut),
    toResponse: ({ passkeys }) =>
      listed(
        passkeys.map(({ id, name, isBackedUp, createdAt, lastUsedAt }) => ({
          id: Number(id),
          device_name: name,
          is_backed_up: isBackedUp,
          created_at: createdAt,
          last_used: lastUsedAt ?? null,
        })),
      ),
  }),
  route({
    method: 'delete',
    path: '/auth/passkeys/:id',
    section: decisions,
    summary: 'Supprimer une passkey',
    credential: 'required',
    params: IdParams,
    operation: BudgetDeletePasskeyOperation,
    toVariables: ({ params }) => ({ input: params }),
  }),
];
