import { unique } from '../objects.js';
import { accountRights, roleRights } from '../people.js';
import { restCells, type RestRow } from '../row.js';

const { open, anyRead, anyWrite, grantedRead, grantedWrite, inPerson } = restCells({ forbidden: 403 });

export const xcoreRows: Record<string, RestRow> = {
  'POST /auth/register': {
    // Each column registers somebody else: the body is made when it is sent.
    expect: open(201),
    request: () => ({
      path: '/auth/register',
      json: { email: `${unique('person')}@example.org`, password: 'Motdepasse-1', full_name: 'Claire Moreau' },
    }),
  },
  'POST /auth/login': {
    expect: open(),
    request: ({ right }) => ({ path: '/auth/login', json: { username: right.email, password: right.password } }),
  },
  'GET /auth/me': {
    expect: anyRead(),
    without: ['other', 'admin'],
    request: ({ right }) => ({ path: '/auth/me', shows: right.email }),
  },
  'POST /auth/refresh': { expect: inPerson(anyWrite()), request: () => ({ path: '/auth/refresh', json: {} }) },

  'PUT /auth/me': {
    expect: anyWrite(),
    request: () => ({ path: '/auth/me', json: { full_name: `${unique('Claire')} Moreau` } }),
  },
  'PUT /auth/password/change': {
    usesUp: true,
    expect: inPerson(anyWrite()),
    request: ({ right }) => ({
      path: '/auth/password/change',
      json: { current_password: right.password, new_password: 'Autrement-2' },
    }),
  },
  'POST /auth/logout': {
    usesUp: true,
    expect: inPerson(anyWrite()),
    request: () => ({ path: '/auth/logout', json: {} }),
  },

  'GET /admin/users': {
    who: ['users:read'],
    expect: grantedRead(),
    request: ({ right }) => ({ path: `/admin/users?search=${right.email}`, shows: right.email }),
  },
  'GET /admin/users/:user_id': {
    who: ['users:read'],
    expect: grantedRead(),
    request: async ({ make }) => {
      const { id, email } = await make.person();
      return { path: `/admin/users/${id}`, shows: email };
    },
  },
  'POST /admin/users/:user_id/activate': {
    who: accountRights,
    expect: grantedWrite(),
    request: async ({ make }) => ({
      path: `/admin/users/${(await make.person({ isActive: false })).id}/activate`,
      json: {},
    }),
  },
  'POST /admin/users/:user_id/deactivate': {
    who: accountRights,
    expect: grantedWrite(),
    request: async ({ make }) => ({ path: `/admin/users/${(await make.person()).id}/deactivate`, json: {} }),
  },
  'DELETE /admin/users/:user_id': {
    who: 'admin',
    otherWho: 'manager',
    expect: grantedWrite(204),
    request: async ({ make }) => ({ path: `/admin/users/${(await make.person()).id}` }),
  },
  'PUT /admin/users/:user_id/roles': {
    who: roleRights,
    expect: grantedWrite(),
    request: async ({ make }) => ({
      path: `/admin/users/${(await make.person()).id}/roles`,
      json: { roles: ['user', (await make.role()).name] },
    }),
  },
  'POST /admin/users/:user_id/roles/:role_id': {
    who: roleRights,
    expect: grantedWrite(),
    request: async ({ other, make }) => ({
      path: `/admin/users/${other.id}/roles/${(await make.role()).id}`,
      json: {},
    }),
  },
  'DELETE /admin/users/:user_id/roles/:role_id': {
    who: roleRights,
    expect: grantedWrite(204),
    request: async ({ other, make }) => ({
      path: `/admin/users/${other.id}/roles/${(await make.role({ holder: other })).id}`,
    }),
  },

  // A hundred a page, by number: those that are seeded are enough here.
  'GET /admin/roles': {
    who: ['roles:read'],
    expect: grantedRead(),
    request: () => ({ path: '/admin/roles', shows: 'technicien' }),
  },
  'GET /admin/roles/:role_id': {
    who: ['roles:read'],
    expect: grantedRead(),
    request: async ({ make }) => {
      const { id, name } = await make.role();
      return { path: `/admin/roles/${id}`, shows: name };
    },
  },
  'POST /admin/roles': {
    who: roleRights,
    expect: grantedWrite(201),
    request: () => ({ path: '/admin/roles', json: { name: unique('role') } }),
  },
  'PUT /admin/roles/:role_id': {
    who: roleRights,
    expect: grantedWrite(),
    request: async ({ make }) => ({
      path: `/admin/roles/${(await make.role()).id}`,
      json: { description: unique('Pour') },
    }),
  },
  'DELETE /admin/roles/:role_id': {
    who: roleRights,
    expect: grantedWrite(204),
    request: async ({ make }) => ({ path: `/admin/roles/${(await make.role()).id}` }),
  },
  'GET /admin/roles/:role_id/permissions': {
    who: ['roles:read'],
    expect: grantedRead(),
    request: async ({ make }) => ({
      path: `/admin/roles/${(await make.role({ permission: 'users:read' })).id}/permissions`,
      shows: 'users:read',
    }),
  },
  'POST /admin/roles/:role_id/permissions': {
    who: roleRights,
    expect: grantedWrite(),
    request: async ({ make }) => ({
      path: `/admin/roles/${(await make.role()).id}/permissions`,
      json: { name: 'users:read' },
    }),
  },
  'DELETE /admin/roles/:role_id/permissions': {
    who: roleRights,
    expect: grantedWrite(204),
    request: async ({ make }) => ({
      path: `/admin/roles/${(await make.role({ permission: 'users:read' })).id}/permissions`,
      json: { name: 'users:read' },
    }),
  },
  'GET /admin/permissions': {
    who: ['roles:read'],
    expect: grantedRead(),
    request: () => ({ path: '/admin/permissions', shows: 'users:read' }),
  },
  'POST /admin/permissions': {
    who: roleRights,
    expect: grantedWrite(201),
    request: () => ({ path: '/admin/permissions', json: { name: `${unique('reports')}:read` } }),
  },

  'GET /admin/permissions/:permission_id': {
    who: ['roles:read'],
    expect: grantedRead(),
    request: async ({ make }) => {
      const { id, name } = await make.permission();
      return { path: `/admin/permissions/${id}`, shows: name };
    },
  },
  'PUT /admin/permissions/:permission_id': {
    who: 'admin',
    expect: grantedWrite(),
    request: async ({ make }) => ({
      path: `/admin/permissions/${(await make.permission()).id}`,
      json: { description: unique('Pour') },
    }),
  },
  'DELETE /admin/permissions/:permission_id': {
    who: 'admin',
    expect: grantedWrite(204),
    request: async ({ make }) => ({ path: `/admin/permissions/${(await make.permission()).id}` }),
  },

  'GET /health': { expect: open(), request: () => ({ path: '/health' }) },
  'GET /health/live': { expect: open(), request: () => ({ path: '/health/live' }) },
  'GET /health/ready': { expect: open(), request: () => ({ path: '/health/ready' }) },
  'GET /metrics': { expect: open(), request: () => ({ path: '/metrics' }) },
};
