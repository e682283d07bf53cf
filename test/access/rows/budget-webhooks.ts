import { unique } from '../objects.js';
import { restCells, type RestRow } from '../row.js';

const { anyRead, anyWrite, ownRead, ownWrite } = restCells({ forbidden: 403 });
const api = '/api/v1/webhooks';
/** Everybody's own, administrators' too. */
const read = (ok = 200) => ({ ...ownRead(ok), admin: 404 });
const write = (ok = 200) => ({ ...ownWrite(ok), admin: 404 });

export const budgetWebhookRows: Record<string, RestRow> = {
  'GET /api/v1/webhooks': {
    expect: anyRead(),
    without: ['other', 'admin'],
    request: async ({ right, make }) => ({ path: api, shows: (await make.webhook(right)).name }),
  },
  'POST /api/v1/webhooks': {
    expect: anyWrite(201),
    request: () => ({
      path: api,
      json: { name: unique('webhook'), url: 'https://webhook.invalid/', events: ['invoice.*'] },
    }),
  },
  'GET /api/v1/webhooks/:id': {
    expect: read(),
    request: async ({ right, make }) => {
      const { id, name } = await make.webhook(right);
      return { path: `${api}/${id}`, shows: name };
    },
  },
  'PATCH /api/v1/webhooks/:id': {
    expect: write(),
    request: async ({ right, make }) => ({
      path: `${api}/${(await make.webhook(right)).id}`,
      json: { name: unique('webhook') },
    }),
  },
  'PUT /api/v1/webhooks/:id': {
    expect: write(),
    request: async ({ right, make }) => ({
      path: `${api}/${(await make.webhook(right)).id}`,
      json: { name: unique('webhook') },
    }),
  },
  'DELETE /api/v1/webhooks/:id': {
    expect: write(204),
    request: async ({ right, make }) => ({ path: `${api}/${(await make.webhook(right)).id}` }),
  },
  'POST /api/v1/webhooks/:id/rotate-secret': {
    expect: write(),
    request: async ({ right, make }) => ({ path: `${api}/${(await make.webhook(right)).id}/rotate-secret` }),
  },
  'POST /api/v1/webhooks/:id/test': {
    expect: write(),
    request: async ({ right, make }) => ({ path: `${api}/${(await make.webhook(right)).id}/test` }),
  },
  'GET /api/v1/webhooks/:id/deliveries': {
    expect: read(),
    request: async ({ right, make }) => {
      const { id, name } = await make.webhook(right);
      return { path: `${api}/${id}/deliveries`, shows: name };
    },
  },
  'POST /api/v1/webhooks/:id/deliveries/:deliveryId/replay': {
    expect: write(202),
    request: async ({ right, make }) => {
      const { id, deliveryId } = await make.webhook(right);
      return { path: `${api}/${id}/deliveries/${deliveryId}/replay` };
    },
  },
};
