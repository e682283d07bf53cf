import { unique } from '../objects.js';
import { restCells, type RestRow } from '../row.js';

const { open, anyRead, anyWrite, grantedRead, grantedWrite, inPerson, ownRead, ownWrite } = restCells({
  forbidden: 403,
});
const api = '/kdocs/api';

export const kdocsRows: Record<string, RestRow> = {
  'GET /kdocs/api/documents': {
    expect: anyRead(),
    without: ['other'],
    request: async ({ right, make }) => ({ path: `${api}/documents`, shows: (await make.document(right)).title }),
  },
  'GET /kdocs/api/documents/trash': {
    expect: anyRead(),
    without: ['other'],
    request: async ({ right, make }) => ({
      path: `${api}/documents/trash`,
      shows: (await make.document(right, { trashed: true })).title,
    }),
  },
  'GET /kdocs/api/documents/:id': {
    expect: ownRead(),
    request: async ({ right, make }) => {
      const { id, title } = await make.document(right);
      return { path: `${api}/documents/${id}`, shows: title };
    },
  },
  // The folder belongs to the firm: only who sees all documents may take from it.
  'POST /kdocs/api/documents': {
    who: 'technicien',
    expect: grantedWrite(201),
    request: async ({ make }) => {
      const name = await make.ingestFile();
      return { path: `${api}/documents`, json: { filename: name, file_path: name } };
    },
  },
  'POST /kdocs/api/documents/upload': {
    expect: anyWrite(201),
    request: () => {
      const body = new FormData();
      body.set('files', new Blob([unique('Texte')]), 'lettre.txt');
      return { path: `${api}/documents/upload`, body };
    },
  },
  'POST /kdocs/api/documents/bulk': {
    // What one may not change is left out, and said so.
    expect: anyWrite(),
    without: ['other'],
    request: async ({ right, make }) => ({
      path: `${api}/documents/bulk`,
      json: { ids: [Number((await make.document(right)).id)], delete: true },
    }),
  },
  'POST /kdocs/api/documents/bulk-action': {
    expect: anyWrite(),
    without: ['other'],
    request: async ({ right, make }) => ({
      path: `${api}/documents/bulk-action`,
      json: { action: 'delete', document_ids: [Number((await make.document(right)).id)] },
    }),
  },
  'PUT /kdocs/api/documents/:id': {
    expect: ownWrite(),
    request: async ({ right, make }) => ({
      path: `${api}/documents/${(await make.document(right)).id}`,
      json: { title: unique('Titre') },
    }),
  },
  'DELETE /kdocs/api/documents/:id': {
    expect: ownWrite(),
    request: async ({ right, make }) => ({ path: `${api}/documents/${(await make.document(right)).id}` }),
  },
  'POST /kdocs/api/documents/:id/restore': {
    expect: ownWrite(),
    request: async ({ right, make }) => ({
      path: `${api}/documents/${(await make.document(right, { trashed: true })).id}/restore`,
      json: {},
    }),
  },
  'DELETE /kdocs/api/documents/:id/purge': {
    expect: ownWrite(),
    request: async ({ right, make }) => ({
      path: `${api}/documents/${(await make.document(right, { trashed: true })).id}/purge`,
    }),
  },
  'GET /kdocs/api/documents/:id/download': {
    expect: ownRead(),
    request: async ({ right, make }) => {
      const { id, title } = await make.document(right);
      return { path: `${api}/documents/${id}/download`, shows: `Contrat ${title}` };
    },
  },
  'GET /kdocs/api/documents/:id/preview': {
    expect: ownRead(),
    request: async ({ right, make }) => ({
      path: `${api}/documents/${(await make.document(right, { picture: true })).id}/preview`,
      shows: 'PNG',
    }),
  },
  'GET /kdocs/api/documents/:id/pages/:page': {
    expect: ownRead(),
    request: async ({ right, make }) => ({
      path: `${api}/documents/${(await make.document(right, { picture: true })).id}/pages/1`,
      shows: 'PNG',
    }),
  },

  // How documents are filed is common knowledge; changing it needs the permission.
  'GET /kdocs/api/tags': {
    expect: anyRead(),
    request: async ({ make }) => {
      const { name } = await make.tag();
      return { path: `${api}/tags?search=${name}`, shows: name };
    },
  },
  'GET /kdocs/api/tags/:id': {
    expect: anyRead(),
    request: async ({ make }) => {
      const { id, name } = await make.tag();
      return { path: `${api}/tags/${id}`, shows: name };
    },
  },
  'POST /kdocs/api/tags': {
    who: ['tags:write'],
    expect: grantedWrite(201),
    request: () => ({ path: `${api}/tags`, json: { name: unique('Tag') } }),
  },
  'PUT /kdocs/api/tags/:id': {
    who: ['tags:write'],
    expect: grantedWrite(),
    request: async ({ make }) => ({ path: `${api}/tags/${(await make.tag()).id}`, json: { name: unique('Tag') } }),
  },
  'DELETE /kdocs/api/tags/:id': {
    who: ['tags:write'],
    expect: grantedWrite(),
    request: async ({ make }) => ({ path: `${api}/tags/${(await make.tag()).id}` }),
  },
  'POST /kdocs/api/tags/:id/dry-run': {
    who: ['tags:write'],
    changes: false,
    expect: grantedWrite(),
    request: async ({ make }) => ({
      path: `${api}/tags/${(await make.tag()).id}/dry-run`,
      json: { match: 'facture', matching_algorithm: 'any' },
    }),
  },

  'GET /kdocs/api/correspondents': {
    expect: anyRead(),
    request: async ({ make }) => {
      const { name } = await make.correspondent();
      return { path: `${api}/correspondents?search=${name}`, shows: name };
    },
  },
  'GET /kdocs/api/correspondents/:id': {
    expect: anyRead(),
    request: async ({ make }) => {
      const { id, name } = await make.correspondent();
      return { path: `${api}/correspondents/${id}`, shows: name };
    },
  },
  'GET /kdocs/api/correspondents/search': {
    expect: anyRead(),
    request: async ({ make }) => {
      const { name } = await make.correspondent();
      return { path: `${api}/correspondents/search?q=${name}`, shows: name };
    },
  },
  'POST /kdocs/api/correspondents': {
    who: ['correspondents:write'],
    expect: grantedWrite(201),
    request: () => ({ path: `${api}/correspondents`, json: { name: unique('EDF') } }),
  },
  'PUT /kdocs/api/correspondents/:id': {
    who: ['correspondents:write'],
    expect: grantedWrite(),
    request: async ({ make }) => ({
      path: `${api}/correspondents/${(await make.correspondent()).id}`,
      json: { name: unique('EDF') },
    }),
  },
  'DELETE /kdocs/api/correspondents/:id': {
    who: ['correspondents:write'],
    expect: grantedWrite(),
    request: async ({ make }) => ({ path: `${api}/correspondents/${(await make.correspondent()).id}` }),
  },

  'GET /kdocs/api/document-types': {
    expect: anyRead(),
    request: async ({ make }) => ({ path: `${api}/document-types`, shows: (await make.documentType()).label }),
  },
  'GET /kdocs/api/document-types/:id': {
    expect: anyRead(),
    request: async ({ make }) => {
      const { id, label } = await make.documentType();
      return { path: `${api}/document-types/${id}`, shows: label };
    },
  },
  'POST /kdocs/api/document-types': {
    who: ['document_types:write'],
    expect: grantedWrite(201),
    request: () => ({ path: `${api}/document-types`, json: { code: unique('TYPE').toUpperCase(), label: 'Bulletin' } }),
  },
  'PUT /kdocs/api/document-types/:id': {
    who: ['document_types:write'],
    expect: grantedWrite(),
    request: async ({ make }) => ({
      path: `${api}/document-types/${(await make.documentType()).id}`,
      json: { label: unique('Bulletin') },
    }),
  },
  'DELETE /kdocs/api/document-types/:id': {
    who: ['document_types:write'],
    expect: grantedWrite(),
    request: async ({ make }) => ({ path: `${api}/document-types/${(await make.documentType()).id}` }),
  },

  'GET /kdocs/api/roles': {
    who: ['roles:read'],
    expect: grantedRead(),
    request: () => ({ path: `${api}/roles`, shows: 'VALIDATOR_L1' }),
  },
  'GET /kdocs/api/roles/user/:userId': {
    who: 'VALIDATOR_L1',
    expect: ownRead(),
    request: ({ right }) => ({ path: `${api}/roles/user/${right.id}`, shows: 'VALIDATOR_L1' }),
  },
  // Only an administrator assigns.
  'POST /kdocs/api/roles/user/:userId/assign': {
    who: 'admin',
    otherWho: 'manager',
    expect: grantedWrite(),
    request: async ({ make }) => ({
      path: `${api}/roles/user/${(await make.person()).id}/assign`,
      json: { role_code: 'VALIDATOR_L1', max_amount: 5000 },
    }),
  },
  'DELETE /kdocs/api/roles/user/:userId/:roleCode': {
    who: 'admin',
    otherWho: 'manager',
    expect: grantedWrite(),
    request: async ({ server }) => {
      const { id } = await server.person({ roles: ['VALIDATOR_L1'] });
      return { path: `${api}/roles/user/${id}/VALIDATOR_L1` };
    },
  },

  'GET /kdocs/health': { expect: open(), request: () => ({ path: '/kdocs/health' }) },
  'GET /kdocs/api/health': { expect: open(), request: () => ({ path: `${api}/health` }) },
  'GET /kdocs/login': { expect: open(), request: () => ({ path: '/kdocs/login' }) },
  'POST /kdocs/login': {
    expect: open(),
    request: ({ right }) => ({ path: '/kdocs/login', json: { username: right.username, password: right.password } }),
  },
  // Whoever has no session any more is signed out already; a token is no session.
  'POST /kdocs/logout': {
    expect: inPerson(open()),
    without: ['none', 'broken', 'expired', 'revoked'],
    usesUp: true,
    request: () => ({ path: '/kdocs/logout', json: {} }),
  },
};
