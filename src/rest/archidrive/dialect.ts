import { z } from 'zod';
import type { Dialect } from '../engine/route.js';
import { english } from '../engine/words.js';
import { invoiceRoutes } from './invoices.js';
import { paymentRoutes } from './payments.js';
import { reminderRoutes } from './reminders.js';
import { userRoutes } from './users.js';

/** contracts/archidrive.md, with DECISIONS.md section 1. */
export const archidrive: Dialect = {
  name: 'archidrive',
  title: 'ArchiDrive API',
  version: '1.0.0',
  prefix: '/v1',
  description:
    'Users and invoices. Get a token by `POST /users` or from the dashboard and send it as ' +
    '`Authorization: Bearer <your-api-token>`.',
  errorSchema: z.object({
    success: z.literal(false),
    msg: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })),
  }),
  toError: ({ message, fields }) => ({
    success: false,
    msg: message,
    errors: fields.map(({ name, message }) => ({ field: name, message })),
  }),
  // The contract has 400, 401 and 404 only. What is forbidden is 404, so that the answer doesn't reveal that it exists.
  statusOf: { FORBIDDEN: 404, CONFLICT: 400 },
  words: english,
  habits: { unknownKeys: 'ignored' },
  quotas: () => [
    { name: 'minute', requests: 100, seconds: 60, per: 'account' },
    { name: 'day', requests: 10_000, seconds: 86_400, per: 'account' },
  ],
  authenticationQuota: { name: 'authentication', requests: 30, seconds: 60, per: 'address' },
  limits: ['100 requests a minute and account', '10,000 requests a day and account'],
  securitySchemes: {
    bearer: { type: 'http', scheme: 'bearer', description: 'An API token, or the access token of a session.' },
    apiToken: { type: 'apiKey', in: 'header', name: 'Authorization', description: '`ApiToken <token>`' },
    apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
    session: { type: 'apiKey', in: 'cookie', name: 'kdocs_session' },
  },
  tags: { users: 'People, and the token that each program uses', invoices: 'Invoices, from the draft to their PDF' },
  sampleValues: {
    msg: 'Done',
    token: 'apt_4f8a2c…',
    email: 'claire.moreau@example.com',
    firstName: 'Claire',
    lastName: 'Moreau',
    telephone: '+33 6 12 34 56 78',
    street: '12 rue de la République',
    city: 'Lyon',
    postalCode: '69002',
    country: 'FR',
    isAdmin: false,
    number: 'FA2026-00001',
    description: 'Conseil',
    quantity: 3,
    price: 100,
    vatRate: 20,
    totalExcludingTax: 300,
    totalTax: 60,
    total: 360,
    amountPaid: 0,
    amountDue: 360,
    daysLate: 12,
    indemnity: 40,
    penalties: 0.98,
    amountAllocated: 144,
    amountUnallocated: 0,
    currency: 'EUR',
    what: 'issued invoices',
    reason: 'Issued invoices are kept for ten years',
  },
  routes: [...userRoutes, ...invoiceRoutes, ...paymentRoutes, ...reminderRoutes],
};
