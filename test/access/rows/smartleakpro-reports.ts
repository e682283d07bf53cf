import { unique } from '../objects.js';
import { restCells, type RestRow } from '../row.js';

const { grantedRead, grantedWrite } = restCells({ forbidden: 403 });

const read = { who: 'lecteur', expect: grantedRead() } as const;
const write = { who: 'technicien', otherWho: 'lecteur' } as const;

export const smartleakproReportRows: Record<string, RestRow> = {
  'GET /api/rapports': {
    ...read,
    request: async ({ right, make }) => {
      const { title } = await make.report(right);
      return { path: `/api/rapports?search=${title}`, shows: title };
    },
  },
  'POST /api/rapports': {
    ...write,
    expect: grantedWrite(201),
    request: async ({ right, make }) => ({
      path: '/api/rapports',
      json: { intervention_id: (await make.intervention(right)).id, type_rapport: 'inspection', titre: unique('r') },
    }),
  },
  'POST /api/rapports/generate': {
    ...write,
    expect: grantedWrite(201),
    request: async ({ right, make }) => ({
      path: '/api/rapports/generate',
      json: { intervention_id: (await make.intervention(right)).id, type_rapport: 'inspection', format: 'csv' },
    }),
  },
  'GET /api/rapports/stats/summary': { ...read, request: () => ({ path: '/api/rapports/stats/summary' }) },
  'POST /api/rapports/export': {
    ...read,
    changes: false,
    request: async ({ right, make }) => {
      const { title } = await make.report(right);
      return { path: '/api/rapports/export', json: { format: 'csv', filtres: { search: title } }, shows: title };
    },
  },
  'GET /api/rapports/:id': {
    ...read,
    request: async ({ right, make }) => {
      const { id, title } = await make.report(right);
      return { path: `/api/rapports/${id}`, shows: title };
    },
  },
  'PUT /api/rapports/:id': {
    ...write,
    expect: grantedWrite(),
    request: async ({ right, make }) => ({
      path: `/api/rapports/${(await make.report(right)).id}`,
      json: { titre: unique('r') },
    }),
  },
  'DELETE /api/rapports/:id': {
    ...write,
    expect: grantedWrite(204),
    request: async ({ right, make }) => ({ path: `/api/rapports/${(await make.report(right)).id}` }),
  },
  'POST /api/rapports/:id/generate': {
    ...write,
    expect: grantedWrite(),
    request: async ({ right, make }) => ({
      path: `/api/rapports/${(await make.report(right)).id}/generate`,
      json: { format: 'csv' },
    }),
  },
  // A draft has no file.
  'GET /api/rapports/:id/download': {
    ...read,
    expect: grantedRead(404),
    request: async ({ right, make }) => ({ path: `/api/rapports/${(await make.report(right)).id}/download` }),
  },
};
