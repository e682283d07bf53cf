import { unique } from '../objects.js';
import { restCells, type RestRow } from '../row.js';

const { open, anyRead, anyWrite } = restCells({ forbidden: 403 });

export const xcoreRows: Record<string, RestRow> = {
  'POST /auth/register': {
    // Each column registers somebody else: the body is made when it is sent.
    expect: open(201),
    request: () => ({ path: '/auth/register', json: { email: `${unique('person')}@example.org`, password: 'Motdepasse-1', full_name: 'Claire Moreau' } }),
  },
  'POST /auth/login': {
    expect: open(),
    request: ({ right }) => ({ path: '/auth/login', json: { username: right.email, password: right.password } }),
  },
  'GET /auth/me': { expect: anyRead(), without: ['other', 'admin'], request: ({ right }) => ({ path: '/auth/me', shows: right.email }) },
  'POST /auth/refresh': { expect: anyWrite(), request: () => ({ path: '/auth/refresh', json: {} }) },
  'GET /health': { expect: open(), request: () => ({ path: '/health' }) },
  'GET /health/live': { expect: open(), request: () => ({ path: '/health/live' }) },
  'GET /health/ready': { expect: open(), request: () => ({ path: '/health/ready' }) },
  'GET /metrics': { expect: open(), request: () => ({ path: '/metrics' }) },
};
