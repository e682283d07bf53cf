import { unique } from '../objects.js';
import { keyRights } from '../people.js';
import { change, graphqlCells as cells, type GraphqlRow, inPerson, input } from '../row.js';

const password = 'Motdepasse-1';

/** Signing in and up, and what one signs in with. */
export const credentialMutationRows: Record<string, GraphqlRow> = {
  login: {
    document: change('login', 'LoginInput', 'tokens { expiresIn } cookie { expiresAt }'),
    variables: input(({ right }) => ({ identifier: right.username, password: right.password })),
    signsIn: true,
    expect: cells.open,
  },
  refreshSession: {
    document: change('refreshSession', 'RefreshSessionInput', 'tokens { expiresIn }'),
    variables: input(async ({ right, make }) => ({ refreshToken: await make.refreshToken(right) })),
    signsIn: true,
    expect: cells.open,
  },
  registerUser: {
    document: change('registerUser', 'RegisterUserInput', 'user { id }'),
    variables: input(() => ({ email: `${unique('person')}@example.org`, password })),
    signsIn: true,
    expect: cells.open,
  },
  logout: { document: 'mutation { logout { session { id } } }', usesUp: true, expect: inPerson(cells.anyWrite) },
  revokeSession: {
    document: change('revokeSession', 'RevokeSessionInput', 'session { id }'),
    variables: input(({ right, make }) => make.session(right)),
    expect: inPerson(cells.ownWrite),
  },
  createApiToken: {
    document: change('createApiToken', 'CreateApiTokenInput', 'apiToken { id }'),
    variables: input(() => ({ name: 'cli' })),
    expect: inPerson(cells.anyWrite),
  },
  revokeApiToken: {
    document: change('revokeApiToken', 'RevokeApiTokenInput', 'apiToken { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.apiToken(right)).id })),
    expect: inPerson(cells.ownWrite),
  },
  revokeOtherSessions: {
    document: 'mutation { revokeOtherSessions { user { id } } }',
    // Everybody's own, and everybody has another one.
    variables: async ({ right, other, admin, make }) => {
      for (const person of [right, other, admin]) await make.session(person);
      return {};
    },
    expect: inPerson(cells.anyWrite),
  },
  revokeDevice: {
    document: change('revokeDevice', 'RevokeDeviceInput', 'device { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.device(right)).id })),
    expect: inPerson(cells.ownWrite),
  },

  registerWithoutPassword: {
    document: change('registerWithoutPassword', 'RegisterWithoutPasswordInput', 'user { id }'),
    variables: input(() => ({ email: `${unique('person')}@example.org`, username: unique('person') })),
    signsIn: true,
    expect: cells.open,
  },
  beginPasskeyLogin: {
    // Challenges are not watched.
    changes: false,
    document: change('beginPasskeyLogin', 'BeginPasskeyLoginInput', 'options'),
    variables: input(({ right }) => ({ email: right.email })),
    signsIn: true,
    expect: cells.open,
  },
  completePasskeyLogin: {
    document: change('completePasskeyLogin', 'CompletePasskeyLoginInput', 'user { id }'),
    variables: input(async ({ right, make }) => ({ credential: await make.provenCredential(right) })),
    signsIn: true,
    expect: cells.open,
  },
  // Without a registration's token, as here, it is for oneself.
  beginPasskeyRegistration: {
    changes: false,
    document: change('beginPasskeyRegistration', 'BeginPasskeyRegistrationInput', 'options'),
    variables: input(({ right }) => ({ userId: String(right.id) })),
    signsIn: true,
    expect: { ...inPerson(cells.ownWrite), none: 'UNAUTHENTICATED', admin: 'NOT_FOUND' },
  },
  completePasskeyRegistration: {
    document: change('completePasskeyRegistration', 'CompletePasskeyRegistrationInput', 'passkey { id }'),
    variables: input(async ({ right, make }) => ({ credential: await make.newCredential(right), name: 'Proton Pass' })),
    signsIn: true,
    expect: { ...inPerson(cells.ownWrite), other: 'BAD_USER_INPUT', admin: 'BAD_USER_INPUT' },
  },
  deletePasskey: {
    document: change('deletePasskey', 'DeletePasskeyInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.passkey(right)).id })),
    expect: { ...inPerson(cells.ownWrite), admin: 'NOT_FOUND' },
  },

  setUpSecondFactor: {
    usesUp: true,
    document: 'mutation { setUpSecondFactor { otpauthUrl } }',
    expect: inPerson(cells.anyWrite),
  },
  confirmSecondFactor: {
    usesUp: true,
    document: change('confirmSecondFactor', 'ConfirmSecondFactorInput', 'user { id }'),
    variables: input(async ({ right, make }) => ({ code: await make.pendingSecondFactor(right) })),
    // The others have nothing to confirm.
    expect: { ...inPerson(cells.anyWrite), other: 'CONFLICT', admin: 'CONFLICT' },
  },
  disableSecondFactor: {
    usesUp: true,
    document: change('disableSecondFactor', 'DisableSecondFactorInput', 'user { id }'),
    variables: input(async ({ right, make }) => {
      await make.secondFactor(right);
      return { id: String(right.id), password };
    }),
    expect: inPerson(cells.ownWrite),
  },
  regenerateRecoveryCodes: {
    usesUp: true,
    document: change('regenerateRecoveryCodes', 'RegenerateRecoveryCodesInput', 'user { id }'),
    variables: input(async ({ right, make }) => {
      await make.secondFactor(right);
      return { password };
    }),
    expect: { ...inPerson(cells.anyWrite), other: 'CONFLICT', admin: 'CONFLICT' },
  },

  createApiKey: {
    who: keyRights,
    document: change('createApiKey', 'CreateApiKeyInput', 'apiKey { id }'),
    variables: input(() => ({ name: 'cli' })),
    expect: inPerson(cells.grantedWrite),
  },
  updateApiKey: {
    who: keyRights,
    otherWho: keyRights,
    document: change('updateApiKey', 'UpdateApiKeyInput', 'apiKey { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.apiKey(right)).id, name: unique('cle') })),
    expect: inPerson(cells.ownWrite),
  },
  regenerateApiKey: {
    who: keyRights,
    otherWho: keyRights,
    document: change('regenerateApiKey', 'RegenerateApiKeyInput', 'apiKey { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.apiKey(right)).id })),
    expect: inPerson(cells.ownWrite),
  },
  deleteApiKey: {
    who: keyRights,
    otherWho: keyRights,
    document: change('deleteApiKey', 'DeleteApiKeyInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.apiKey(right)).id })),
    expect: inPerson(cells.ownWrite),
  },
};
