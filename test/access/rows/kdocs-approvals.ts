import { restCells, type RestRow } from '../row.js';

const { anyRead, grantedWrite, ownRead, ownWrite } = restCells({ forbidden: 403 });
const api = '/kdocs/api/validation';

/** Of a document that its owner has submitted. A `lecteur` sees all documents and has no part in any approval. */
export const kdocsApprovalRows: Record<string, RestRow> = {
  'GET /kdocs/api/validation/pending': {
    who: 'VALIDATOR_L1',
    expect: anyRead(),
    without: ['other'],
    request: async ({ make }) => ({
      path: `${api}/pending?limit=100`,
      shows: (await make.submitted(await make.person())).title,
    }),
  },
  'GET /kdocs/api/validation/statistics': {
    expect: anyRead(),
    request: () => ({ path: `${api}/statistics`, shows: '"statistics"' }),
  },
  'GET /kdocs/api/validation/:documentId/status': {
    expect: ownRead(),
    request: async ({ right, make }) => ({
      path: `${api}/${(await make.submitted(right)).id}/status`,
      shows: '"status":"pending"',
    }),
  },
  'GET /kdocs/api/validation/:documentId/history': {
    expect: ownRead(),
    request: async ({ right, make }) => ({
      path: `${api}/${(await make.submitted(right)).id}/history`,
      shows: '"action":"submitted"',
    }),
  },
  'GET /kdocs/api/validation/can-validate/:documentId': {
    expect: ownRead(),
    request: async ({ right, make }) => ({
      path: `${api}/can-validate/${(await make.submitted(right)).id}`,
      shows: '"can_validate"',
    }),
  },
  'GET /kdocs/api/validation/:documentId/can-validate': {
    expect: ownRead(),
    request: async ({ right, make }) => ({
      path: `${api}/${(await make.submitted(right)).id}/can-validate`,
      shows: '"can_validate"',
    }),
  },
  'POST /kdocs/api/validation/:documentId/submit': {
    otherWho: 'lecteur',
    expect: grantedWrite(),
    request: async ({ right, make }) => ({ path: `${api}/${(await make.document(right)).id}/submit`, json: {} }),
  },
  'POST /kdocs/api/validation/:documentId/comment': {
    otherWho: 'lecteur',
    expect: grantedWrite(201),
    request: async ({ right, make }) => ({
      path: `${api}/${(await make.submitted(right)).id}/comment`,
      json: { comment: 'Bon de commande joint' },
    }),
  },
  'POST /kdocs/api/validation/:documentId/approve': {
    who: 'VALIDATOR_L1',
    otherWho: 'lecteur',
    expect: grantedWrite(),
    request: async ({ make }) => ({
      path: `${api}/${(await make.submitted(await make.person())).id}/approve`,
      json: {},
    }),
  },
  // Nobody decides what they submitted, whatever their role.
  'POST /kdocs/api/validation/:documentId/reject': {
    who: 'VALIDATOR_L1',
    otherWho: 'VALIDATOR_L1',
    expect: grantedWrite(),
    request: async ({ other, make }) => ({
      path: `${api}/${(await make.submitted(other)).id}/reject`,
      json: { comment: 'Information manquante' },
    }),
  },
  'POST /kdocs/api/validation/:documentId/status': {
    who: 'VALIDATOR_L1',
    expect: ownWrite(),
    request: async ({ make }) => ({
      path: `${api}/${(await make.submitted(await make.person())).id}/status`,
      json: { status: 'approved' },
    }),
  },
};
