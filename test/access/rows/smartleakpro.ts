import { unique } from '../objects.js';
import { keyRights } from '../people.js';
import { restCells, type RestRow } from '../row.js';

const { open, anyWrite, grantedRead, grantedWrite, inPerson, ownRead, ownWrite } = restCells({ forbidden: 403 });
const password = 'Motdepasse-1';

export const smartleakproRows: Record<string, RestRow> = {
  'POST /api/auth/login': {
    expect: open(),
    request: ({ right }) => ({
      path: '/api/auth/login',
      json: { nom_utilisateur: right.username, mot_de_passe: right.password },
      shows: right.email,
    }),
  },
  'POST /api/auth/refresh': {
    expect: open(),
    request: async ({ right, make }) => ({
      path: '/api/auth/refresh',
      json: { refresh_token: await make.refreshToken(right) },
    }),
  },
  // A token is no session.
  'POST /api/auth/logout': {
    usesUp: true,
    expect: inPerson(anyWrite()),
    request: () => ({ path: '/api/auth/logout', json: {} }),
  },
  'POST /api/auth/2fa/setup': {
    usesUp: true,
    expect: inPerson(anyWrite()),
    request: () => ({ path: '/api/auth/2fa/setup', json: {} }),
  },
  'POST /api/auth/2fa/verify': {
    usesUp: true,
    // The others have nothing to confirm, and nothing to turn off.
    expect: { ...inPerson(anyWrite()), other: 409, admin: 409 },
    request: async ({ right, make }) => ({
      path: '/api/auth/2fa/verify',
      json: { code: await make.pendingSecondFactor(right) },
    }),
  },
  'POST /api/auth/2fa/disable': {
    usesUp: true,
    expect: { ...inPerson(anyWrite()), other: 409, admin: 409 },
    request: async ({ right, make }) => {
      await make.secondFactor(right);
      return { path: '/api/auth/2fa/disable', json: { mot_de_passe: password } };
    },
  },

  // A manager reads people's names at other doors, but accounts are the administrators'.
  'GET /api/utilisateurs': {
    who: 'admin',
    otherWho: 'manager',
    expect: grantedRead(),
    request: ({ right }) => ({ path: `/api/utilisateurs?search=${right.email}`, shows: right.email }),
  },
  'GET /api/utilisateurs/:id': {
    who: 'admin',
    otherWho: 'manager',
    expect: grantedRead(),
    request: async ({ make }) => {
      const { uuid, email } = await make.person();
      return { path: `/api/utilisateurs/${uuid}`, shows: email };
    },
  },
  'POST /api/utilisateurs': {
    who: 'admin',
    otherWho: 'manager',
    expect: grantedWrite(201),
    request: () => {
      const name = unique('tech');
      const person = {
        nom_utilisateur: name,
        email: `${name}@example.org`,
        nom: 'Durand',
        prenom: 'Jeanne',
        role: 'technicien',
        consentement_rgpd: true,
      };
      return {
        path: '/api/utilisateurs',
        json: { ...person, mot_de_passe: password, confirmer_mot_de_passe: password },
      };
    },
  },
  'PUT /api/utilisateurs/:id': {
    who: 'admin',
    otherWho: 'manager',
    expect: grantedWrite(),
    request: async ({ make }) => ({
      path: `/api/utilisateurs/${(await make.person()).uuid}`,
      json: { role: 'manager', statut: 'inactif' },
    }),
  },
  'DELETE /api/utilisateurs/:id': {
    who: 'admin',
    otherWho: 'manager',
    expect: grantedWrite(204),
    request: async ({ make }) => ({ path: `/api/utilisateurs/${(await make.person()).uuid}` }),
  },

  'GET /api/api-keys': {
    who: keyRights,
    expect: inPerson(grantedRead()),
    request: async ({ right, make }) => {
      const { name } = await make.apiKey(right);
      return { path: `/api/api-keys?search=${name}`, shows: name };
    },
  },
  'POST /api/api-keys': {
    who: keyRights,
    expect: inPerson(grantedWrite(201)),
    request: () => ({ path: '/api/api-keys', json: { nom: 'cli' } }),
  },
  'GET /api/api-keys/:id': {
    who: keyRights,
    otherWho: keyRights,
    expect: inPerson(ownRead()),
    request: async ({ right, make }) => {
      const { id, name } = await make.apiKey(right);
      return { path: `/api/api-keys/${id}`, shows: name };
    },
  },
  'GET /api/api-keys/:id/usage': {
    who: keyRights,
    otherWho: keyRights,
    expect: inPerson(ownRead()),
    request: async ({ right, make }) => {
      const { id } = await make.apiKey(right);
      return { path: `/api/api-keys/${id}/usage`, shows: id };
    },
  },
  'PUT /api/api-keys/:id': {
    who: keyRights,
    otherWho: keyRights,
    expect: inPerson(ownWrite()),
    request: async ({ right, make }) => ({
      path: `/api/api-keys/${(await make.apiKey(right)).id}`,
      json: { nom: unique('cle') },
    }),
  },
  'DELETE /api/api-keys/:id': {
    who: keyRights,
    otherWho: keyRights,
    expect: inPerson(ownWrite(204)),
    request: async ({ right, make }) => ({ path: `/api/api-keys/${(await make.apiKey(right)).id}` }),
  },
  'POST /api/api-keys/:id/regenerate': {
    who: keyRights,
    otherWho: keyRights,
    expect: inPerson(ownWrite()),
    request: async ({ right, make }) => ({
      path: `/api/api-keys/${(await make.apiKey(right)).id}/regenerate`,
      json: {},
    }),
  },

  'GET /api/clients': {
    who: 'technicien',
    expect: grantedRead(),
    request: async ({ right, make }) => {
      const { name } = await make.client(right);
      return { path: `/api/clients?search=${name}`, shows: name };
    },
  },
  'GET /api/clients/:id': {
    who: 'lecteur',
    expect: grantedRead(),
    request: async ({ right, make }) => {
      const { id, name } = await make.client(right);
      return { path: `/api/clients/${id}`, shows: name };
    },
  },
  'POST /api/clients': {
    who: 'manager',
    otherWho: 'technicien',
    expect: grantedWrite(201),
    request: () => ({ path: '/api/clients', json: { nom: unique('Client') } }),
  },
  'PUT /api/clients/:id': {
    who: 'manager',
    otherWho: 'technicien',
    expect: grantedWrite(),
    request: async ({ right, make }) => ({
      path: `/api/clients/${(await make.client(right)).id}`,
      json: { notes: unique('Note') },
    }),
  },
  'DELETE /api/clients/:id': {
    who: 'manager',
    otherWho: 'consultant',
    expect: grantedWrite(204),
    request: async ({ right, make }) => ({ path: `/api/clients/${(await make.client(right)).id}` }),
  },

  'GET /api/audit/logs': {
    who: ['events:read'],
    otherWho: 'manager',
    expect: grantedRead(),
    request: () => ({ path: '/api/audit/logs' }),
  },

  'POST /api/rgpd/anonymize': {
    who: 'admin',
    otherWho: 'manager',
    expect: grantedWrite(),
    request: async ({ make }) => ({
      path: '/api/rgpd/anonymize',
      json: { resource_type: 'utilisateur', resource_id: (await make.person()).uuid },
    }),
  },
};
