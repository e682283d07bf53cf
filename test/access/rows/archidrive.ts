import { unique } from '../objects.js';
import { restCells, type RestRow } from '../row.js';

// The document knows no 403: who may not is told that there is no such thing.
const { open, anyRead, anyWrite, grantedRead, ownRead, ownWrite } = restCells({ forbidden: 404 });

const items = [{ description: 'Archivage', quantity: 1, price: 120, vatRate: 20 }];

export const archidriveRows: Record<string, RestRow> = {
  'POST /v1/users': {
    expect: open(201),
    request: () => ({
      path: '/v1/users',
      json: {
        firstName: 'Claire',
        lastName: 'Moreau',
        email: `${unique('person')}@example.org`,
        password: 'Motdepasse-1',
      },
    }),
  },
  // A hundred a page, by number: what a new person of the role sees is enough here.
  'GET /v1/users': { who: ['users:read'], expect: grantedRead(), request: () => ({ path: '/v1/users' }) },
  'GET /v1/users/me': {
    expect: anyRead(),
    without: ['other', 'admin'],
    request: ({ right }) => ({ path: '/v1/users/me', shows: right.email }),
  },
  'GET /v1/users/:id': {
    expect: ownRead(),
    request: ({ right }) => ({ path: `/v1/users/${right.id}`, shows: right.email }),
  },
  'GET /v1/users/me/export': { expect: anyRead(), request: () => ({ path: '/v1/users/me/export' }) },
  'GET /v1/users/:id/export': { expect: ownRead(), request: ({ right }) => ({ path: `/v1/users/${right.id}/export` }) },
  'PUT /v1/users/me': {
    expect: anyWrite(),
    request: () => ({ path: '/v1/users/me', json: { firstName: unique('Prenom') } }),
  },
  'PUT /v1/users/:id': {
    expect: ownWrite(),
    request: ({ right }) => ({ path: `/v1/users/${right.id}`, json: { firstName: unique('Prenom') } }),
  },
  'DELETE /v1/users/me': { expect: anyWrite(), usesUp: true, request: () => ({ path: '/v1/users/me' }) },
  'DELETE /v1/users/:id': {
    expect: ownWrite(),
    usesUp: true,
    request: ({ right }) => ({ path: `/v1/users/${right.id}` }),
  },

  'POST /v1/invoices': {
    expect: ownWrite(201),
    request: ({ right }) => ({ path: '/v1/invoices', json: { customerId: right.id, items } }),
  },
  'GET /v1/invoices': {
    expect: anyRead(),
    without: ['other'],
    request: async ({ right, make }) => ({
      path: `/v1/invoices?user_id=${right.id}`,
      shows: (await make.invoice(right)).description,
    }),
  },
  'GET /v1/invoices/:id': {
    expect: ownRead(),
    request: async ({ right, make }) => {
      const { id, description } = await make.invoice(right);
      return { path: `/v1/invoices/${id}`, shows: description };
    },
  },
  'GET /v1/invoices/:id/pdf': {
    expect: ownRead(),
    request: async ({ right, make }) => ({ path: `/v1/invoices/${(await make.invoice(right)).id}/pdf` }),
  },
  'PUT /v1/invoices/:id': {
    expect: ownWrite(),
    request: async ({ right, make }) => ({ path: `/v1/invoices/${(await make.invoice(right)).id}`, json: { items } }),
  },
  'DELETE /v1/invoices/:id': {
    expect: ownWrite(),
    request: async ({ right, make }) => ({ path: `/v1/invoices/${(await make.invoice(right)).id}` }),
  },
  'POST /v1/invoices/:id/credit-notes': {
    expect: ownWrite(201),
    request: async ({ right, make }) => ({
      path: `/v1/invoices/${(await make.invoice(right, { status: 'ISSUED' })).id}/credit-notes`,
      json: { reason: 'Erreur de prix' },
    }),
  },
  'POST /v1/invoices/:id/reminders': {
    expect: ownWrite(201),
    request: async ({ right, make }) => ({
      path: `/v1/invoices/${(await make.invoice(right, { status: 'ISSUED' })).id}/reminders`,
    }),
  },
  'GET /v1/invoices/:id/reminders': {
    expect: ownRead(),
    request: async ({ right, make }) => ({ path: `/v1/invoices/${(await make.reminder(right)).invoiceId}/reminders` }),
  },
  'GET /v1/invoices/reminders/:id/pdf': {
    expect: ownRead(),
    request: async ({ right, make }) => ({ path: `/v1/invoices/reminders/${(await make.reminder(right)).id}/pdf` }),
  },
  'GET /v1/invoices/:id/payments': {
    expect: ownRead(),
    request: async ({ right, make }) => ({ path: `/v1/invoices/${(await make.payment(right)).invoiceId}/payments` }),
  },
  'POST /v1/invoices/:id/payments': {
    expect: ownWrite(201),
    request: async ({ right, make }) => ({
      path: `/v1/invoices/${(await make.invoice(right, { status: 'ISSUED' })).id}/payments`,
      json: { amount: 5, paidAt: '2026-02-02' },
    }),
  },
  'DELETE /v1/invoices/:id/payments/:paymentId': {
    expect: ownWrite(),
    request: async ({ right, make }) => {
      const { id, invoiceId } = await make.payment(right);
      return { path: `/v1/invoices/${invoiceId}/payments/${id}` };
    },
  },
};
