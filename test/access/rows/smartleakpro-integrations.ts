import { unique } from '../objects.js';
import { restCells, type RestRow } from '../row.js';

const { grantedRead, grantedWrite } = restCells({ forbidden: 403 });
/** The firm's: whoever holds the permission has all of them. */
const frame = { who: ['integrations:read', 'integrations:write'], otherWho: 'technicien' } as const;
const configuration = { webhook_url: 'https://integration.invalid/' };

/** A row of a route below one integration. */
const ofOne =
  (path: string, json?: object): RestRow['request'] =>
  async ({ right, make }) => ({
    path: `/api/integrations/${(await make.integration(right)).id}${path}`,
    ...(json && { json }),
  });

export const smartleakproIntegrationRows: Record<string, RestRow> = {
  'GET /api/integrations': {
    ...frame,
    expect: grantedRead(),
    request: async ({ right, make }) => {
      const { name } = await make.integration(right);
      return { path: `/api/integrations?search=${name}`, shows: name };
    },
  },
  'GET /api/integrations/types/available': {
    ...frame,
    expect: grantedRead(),
    request: () => ({ path: '/api/integrations/types/available', shows: 'zapier' }),
  },
  'POST /api/integrations': {
    ...frame,
    usesUp: true,
    expect: grantedWrite(201),
    request: () => ({
      path: '/api/integrations',
      json: { nom: unique('integration'), type_integration: 'zapier', configuration },
    }),
  },
  'GET /api/integrations/:id': {
    ...frame,
    expect: grantedRead(),
    request: async ({ right, make }) => {
      const { id, name } = await make.integration(right);
      return { path: `/api/integrations/${id}`, shows: name };
    },
  },
  'GET /api/integrations/:id/status': {
    ...frame,
    expect: grantedRead(),
    request: async ({ right, make }) => {
      const { id, name } = await make.integration(right);
      return { path: `/api/integrations/${id}/status`, shows: name };
    },
  },
  'PUT /api/integrations/:id': { ...frame, expect: grantedWrite(), request: ofOne('', { statut: 'inactive' }) },
  'DELETE /api/integrations/:id': { ...frame, expect: grantedWrite(204), request: ofOne('') },
  'POST /api/integrations/:id/sync': { ...frame, expect: grantedWrite(), request: ofOne('/sync', {}) },
};
