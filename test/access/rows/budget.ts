import { unique } from '../objects.js';
import { restCells, type RestRow } from '../row.js';

const { open, anyRead, anyWrite, inPerson, ownWrite } = restCells({ forbidden: 403 });
const api = '/api/v1';

export const budgetRows: Record<string, RestRow> = {
  'POST /api/v1/auth/register': {
    expect: open(201),
    request: () => ({
      path: `${api}/auth/register`,
      json: { email: `${unique('person')}@example.org`, username: unique('person') },
    }),
  },
  'POST /api/v1/auth/token/refresh': {
    expect: open(),
    request: async ({ right, make }) => ({
      path: `${api}/auth/token/refresh`,
      json: { refresh: await make.refreshToken(right) },
    }),
  },
  // Under no registration's cookie, as here, the ceremony is for oneself, in person. Challenges are not watched.
  'POST /api/v1/auth/webauthn/register/begin': {
    changes: false,
    expect: { ...inPerson(ownWrite()), admin: 404 },
    request: ({ right }) => ({ path: `${api}/auth/webauthn/register/begin`, json: { user_id: right.id } }),
  },
  'POST /api/v1/auth/webauthn/register/complete': {
    // The others began no such ceremony.
    expect: { ...inPerson(ownWrite(201)), other: 422, admin: 422 },
    request: async ({ right, make }) => ({
      path: `${api}/auth/webauthn/register/complete`,
      json: { credential: await make.newCredential(right), device_name: 'Proton Pass' },
    }),
  },
  'POST /api/v1/auth/webauthn/login/begin': {
    changes: false,
    expect: open(),
    request: ({ right }) => ({ path: `${api}/auth/webauthn/login/begin`, json: { email: right.email } }),
  },
  'POST /api/v1/auth/webauthn/login/complete': {
    expect: open(),
    request: async ({ right, make }) => ({
      path: `${api}/auth/webauthn/login/complete`,
      json: { credential: await make.provenCredential(right) },
      shows: right.email,
    }),
  },
  'GET /api/v1/auth/passkeys': {
    expect: inPerson(anyRead()),
    without: ['other', 'admin'],
    request: async ({ right, make }) => ({ path: `${api}/auth/passkeys`, shows: (await make.passkey(right)).name }),
  },
  'DELETE /api/v1/auth/passkeys/:id': {
    expect: { ...inPerson(ownWrite(204)), admin: 404 },
    request: async ({ right, make }) => ({ path: `${api}/auth/passkeys/${(await make.passkey(right)).id}` }),
  },

  'GET /api/v1/api-tokens': {
    expect: inPerson(anyRead()),
    without: ['other', 'admin'],
    request: async ({ right, make }) => ({ path: `${api}/api-tokens`, shows: (await make.apiToken(right)).name }),
  },
  'POST /api/v1/api-tokens': {
    expect: inPerson(anyWrite(201)),
    request: () => ({ path: `${api}/api-tokens`, json: { name: 'cli' } }),
  },
  'DELETE /api/v1/api-tokens/:id': {
    expect: inPerson(ownWrite(204)),
    request: async ({ right, make }) => ({ path: `${api}/api-tokens/${(await make.apiToken(right)).id}` }),
  },
};
