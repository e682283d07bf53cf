import { afterAll, beforeAll, expect, test } from 'vitest';
import { dialects } from '../../src/app/dialects.js';
import { type Objects, objects } from '../access/objects.js';
import { startTestServer, type TestServer } from '../support/harness.js';

/**
 * Forms send back whole what they read, with numbers and ids as the selects hold them: for every route that changes an
 * object, that changes nothing.
 */
let server: TestServer;
let make: Objects;
beforeAll(async () => {
  server = await startTestServer();
  make = objects(server, async () => undefined);
});
afterAll(() => server?.stop());

interface RoundTrip {
  /** Makes the object; where it is read and changed. */
  path: () => Promise<string>;
  /** Below that, when only a part is changed. */
  part?: string;
  /** The object in the answer of a GET. */
  of: (json: any) => any;
  /** The body, when it is more than the object. */
  body?: (object: any) => object;
  /** Whether numbers may come as text and texts be empty. */
  isLoose?: boolean;
}

const data = (json: any): any => json.data;
const kdocs = (path: () => Promise<string>): RoundTrip => ({
  path: async () => `/kdocs/api${await path()}`,
  of: data,
  isLoose: true,
});

const budget = (path: () => Promise<string>): RoundTrip => ({
  path: async () => `/api/v1${await path()}`,
  of: (json) => json,
  isLoose: true,
});
const bothWays = (path: string, trip: RoundTrip): Record<string, RoundTrip> => ({
  [`PUT ${path}`]: trip,
  [`PATCH ${path}`]: trip,
});

const trips: Record<string, RoundTrip | { not: string }> = {
  'PUT /kdocs/api/documents/:id': kdocs(async () => {
    const { id, fieldId } = await make.fieldValue(server.admin);
    const [{ id: tag }, { id: correspondent }] = await Promise.all([make.tag(), make.correspondent()]);
    const changes = {
      tags: [Number(tag)],
      correspondent_id: Number(correspondent),
      document_type_id: 2,
      document_date: '2026-01-21',
      amount: 120.5,
      custom_field_values: { [fieldId]: 'Nord' },
      asn: 4711,
    };
    await server.request('PUT', `/kdocs/api/documents/${id}`, { token: server.admin.token, json: changes });
    return `/documents/${id}`;
  }),
  ...bothWays(
    '/api/v1/accounts/:id',
    budget(async () => `/accounts/${(await make.bankAccount(server.admin)).id}`),
  ),
  ...bothWays(
    '/api/v1/budgets/:id',
    budget(async () => `/budgets/${(await make.budget(server.admin)).id}`),
  ),
  ...bothWays(
    '/api/v1/categories/:id',
    budget(async () => `/categories/${(await make.category(server.admin)).id}`),
  ),
  ...bothWays(
    '/api/v1/categorization-rules/:id',
    budget(async () => `/categorization-rules/${(await make.categorizationRule(server.admin)).id}`),
  ),
  ...bothWays(
    '/api/v1/transactions/:id',
    budget(async () => `/transactions/${(await make.transaction(server.admin)).id}`),
  ),
  ...bothWays(
    '/api/v1/transfers/:id',
    budget(async () => `/transfers/${(await make.transfer(server.admin)).id}`),
  ),
  ...bothWays(
    '/api/v1/recurrence-rules/:id',
    budget(async () => `/recurrence-rules/${(await make.recurrenceRule(server.admin)).id}`),
  ),
  'PUT /kdocs/api/documents/:id/fields': {
    ...kdocs(async () => `/documents/${(await make.fieldValue(server.admin)).id}/fields`),
    body: (fields) => ({ fields }),
  },
  'PUT /kdocs/api/documents/:id/file': { not: 'takes a file' },
  'PUT /kdocs/api/tags/:id': kdocs(async () => {
    const [{ id }, { id: parentId }] = await Promise.all([make.tag(), make.tag()]);
    await server.sql('update tags set parent_id = ? where id = ?', [parentId, id]);
    return `/tags/${id}`;
  }),
  'PUT /kdocs/api/correspondents/:id': kdocs(async () => `/correspondents/${(await make.correspondent()).id}`),
  'PUT /kdocs/api/document-types/:id': kdocs(async () => `/document-types/${(await make.documentType()).id}`),
  'PUT /kdocs/api/custom-fields/:id': kdocs(async () => `/custom-fields/${(await make.customField()).id}`),
  'PUT /kdocs/api/saved-views/:id': kdocs(async () => {
    const json = {
      name: 'Factures',
      filter: { document_type_id: 1, amount_min: 10 },
      order_by: 'amount',
      order: 'ASC',
    };
    const made = await server.request('POST', '/kdocs/api/saved-views', { token: server.admin.token, json });
    return `/saved-views/${made.json.data.id}`;
  }),
  'PUT /v1/users/me': { path: async () => '/v1/users/me', of: ({ user }) => user },
  'PUT /v1/users/:id': { path: async () => `/v1/users/${(await make.person()).id}`, of: ({ user }) => user },
  'PUT /v1/invoices/:id': {
    path: async () => `/v1/invoices/${(await make.invoice(server.admin)).id}`,
    of: ({ invoice }) => invoice,
  },
  'PUT /api/utilisateurs/:id': {
    path: async () => {
      const { id } = await server.person({ roles: ['technicien'] });
      const [{ uuid }] = await server.sql('select uuid from users where id = ?', [id]);
      return `/api/utilisateurs/${uuid}`;
    },
    of: (json) => json,
    isLoose: true,
  },
  'PUT /api/clients/:id': {
    path: async () => `/api/clients/${(await make.client(server.admin)).id}`,
    of: (json) => json,
    isLoose: true,
  },
  'PUT /api/medias/:id': {
    path: async () => `/api/medias/${(await make.medium(server.admin)).id}`,
    of: (json) => json,
    isLoose: true,
  },
  'PUT /api/planning/:id': {
    path: async () => `/api/planning/${(await make.appointment(server.admin)).id}`,
    of: (json) => json,
    isLoose: true,
  },
  'PUT /api/interventions/:id': {
    path: async () => `/api/interventions/${(await make.intervention(server.admin)).id}`,
    of: (json) => json,
    isLoose: true,
  },
  'PUT /api/integrations/:id': {
    path: async () => `/api/integrations/${(await make.integration(server.admin)).id}`,
    of: (json) => json,
    isLoose: true,
  },
  'PUT /api/webhooks/:id': {
    path: async () => {
      const made = await server.request('POST', '/api/webhooks', {
        token: server.admin.token,
        json: {
          nom: 'Essai',
          url: 'https://webhook.invalid/',
          type_webhook: 'user_created',
          conditions: [{ field: 'data.role', operator: 'in', value: ['admin', 'manager'] }],
          headers_customises: { 'X-Key': 'a' },
        },
      });
      return `/api/webhooks/${made.json.id}`;
    },
    of: (json) => json,
    isLoose: true,
  },
  'PUT /api/rapports/:id': {
    path: async () => `/api/rapports/${(await make.report(server.admin)).id}`,
    of: (json) => json,
    isLoose: true,
  },
  'PUT /api/api-keys/:id': {
    path: async () => `/api/api-keys/${(await make.apiKey(server.admin)).id}`,
    of: (json) => json,
    isLoose: true,
  },
  ...Object.fromEntries(
    ['PUT', 'PATCH'].map((method) => [
      `${method} /api/v1/webhooks/:id`,
      {
        path: async () => `/api/v1/webhooks/${(await make.webhook(server.admin)).id}`,
        of: (json: any) => json,
        isLoose: true,
      },
    ]),
  ),
  'PUT /system/plugins/:plugin_id/enable': { not: 'enables a plugin' },
  'PUT /system/plugins/:plugin_id/disable': { not: 'disables a plugin' },
  'PUT /system/tasks/:task_id': {
    path: async () => {
      const json = { id: 'round_trip', name: 'Essai', type: 'interval', interval: { hours: 1 }, enabled: false };
      await server.request('POST', '/system/tasks', { token: server.admin.token, json });
      return '/system/tasks/round_trip';
    },
    of: (json) => json,
  },
  'PUT /auth/me': { path: async () => '/auth/me', of: (json) => json },
  'PUT /auth/password/change': { not: 'changes a password' },
  'PUT /admin/users/:user_id/roles': {
    path: async () => `/admin/users/${(await server.person({ roles: ['user', 'manager'] })).id}`,
    part: '/roles',
    of: (json) => json,
  },
  'PUT /admin/permissions/:permission_id': {
    path: async () => {
      const [{ id }] = await server.sql(
        `insert into permissions (resource, action, description) values ('plans', 'read', 'Lire') returning id`,
      );
      return `/admin/permissions/${id}`;
    },
    of: (json) => json,
  },
  'PUT /admin/roles/:role_id': { path: async () => `/admin/roles/${(await make.role()).id}`, of: (json) => json },
};

const changes = dialects().flatMap(({ prefix, routes }) =>
  routes
    .filter(({ method }) => method === 'put' || method === 'patch')
    .map(({ method, path }) => `${method.toUpperCase()} ${prefix}${path}`),
);

test('no route that changes an object is missing', () => {
  expect(Object.keys(trips).toSorted()).toEqual(changes.toSorted());
});

/** What the moment of the change alters. */
const without = (value: any): any =>
  JSON.parse(JSON.stringify(value), (key, inner) => (/^(updated_?at|date_modification)$/i.test(key) ? '' : inner));

/** As a form holds it: every number as text. */
const asForm = (value: any): any =>
  JSON.parse(JSON.stringify(value), (_key, inner) => (typeof inner === 'number' ? String(inner) : inner));

test.each(Object.entries(trips).flatMap(([name, trip]) => ('not' in trip ? [] : [{ name, trip }])))(
  '$name',
  async ({ name, trip }) => {
    const path = await trip.path();
    const { token } = server.admin;
    const read = async (): Promise<any> => trip.of((await server.request('GET', path, { token })).json);
    const before = await read();
    expect(before).toBeTruthy();
    const bodyOf = trip.body ?? ((object) => object);
    for (const sent of trip.isLoose ? [before, asForm(before)] : [before]) {
      const method = name.split(' ')[0] as string;
      const changed = path + (trip.part ?? '');
      const { status, text } = await server.request(method, changed, { token, json: bodyOf(sent) });
      expect([status, status < 300 ? '' : text]).toEqual([expect.toSatisfy((code: number) => code < 300), '']);
      expect(without(await read())).toEqual(without(before));
    }
  },
);

test('zone-less date-times are UTC, days their first instant, numbers may come as text, nothing is null', async () => {
  const { token } = server.admin;
  const send = async (method: string, path: string, json: object): Promise<any> => {
    const answer = await server.request(method, path, { token, json });
    expect([path, answer.status < 300 ? '' : answer.text]).toEqual([path, '']);
    return answer.json;
  };
  for (const [sent, shown] of [
    ['2999-12-31T10:00', '2999-12-31T10:00:00Z'],
    ['2999-11-30T03:16:45.123456', '2999-11-30T03:16:45Z'],
    ['2999-12-31T10:00:00.000Z', '2999-12-31T10:00:00Z'],
    ['2999-12-31', '2999-12-31T00:00:00Z'],
    ['', null],
  ]) {
    expect((await send('POST', '/api/v1/api-tokens/', { name: 'iPhone', expires_at: sent })).expires_at).toBe(shown);
    const key = { nom: 'Clé', date_expiration: sent, limite_requetes_par_jour: '1000', description: '', inconnu: 1 };
    expect(await send('POST', '/api/api-keys', key)).toMatchObject({
      date_expiration: shown,
      limite_requetes_par_jour: 1000,
      description: '',
    });
    const { id } = await make.document(server.admin);
    const link = { expires_at: sent, password: '', max_downloads: '3' };
    expect((await send('POST', `/kdocs/api/documents/${id}/share-links/`, link)).data).toMatchObject({
      expires_at: shown && shown.slice(0, 19).replace('T', ' '),
      has_password: false,
      max_downloads: 3,
    });
  }
  const { id } = await make.person();
  const role = {
    role_code: 'VALIDATOR_L1',
    max_amount: '5000.50',
    currency: '',
    valid_from: '2026-01-01T00:00:00.000Z',
  };
  expect((await send('POST', `/kdocs/api/roles/user/${id}/assign`, role)).role).toMatchObject({
    max_amount: 5000.5,
    currency: null,
    valid_from: '2026-01-01',
    valid_to: null,
  });
  const { id: technician } = await server.person({ roles: ['technicien'] });
  const [{ uuid }] = await server.sql('select uuid from users where id = ?', [technician]);
  const form = { telephone: '', mot_de_passe: '', confirmer_mot_de_passe: '', mot_de_passe_actuel: '', statut: '' };
  expect(await send('PUT', `/api/utilisateurs/${uuid}/`, { ...form, nom: 'Durand' })).toMatchObject({
    nom: 'Durand',
    telephone: null,
    statut: 'actif',
  });
  const listed = await server.request('GET', '/api/utilisateurs/?role=&statut=&search=&page=', { token });
  expect(listed.json.utilisateurs.length).toBeGreaterThan(0);
});

test('a key that nobody knows is refused by name, or told of where a contract ignores it', async () => {
  const { token } = server.admin;
  const { id } = await make.document(server.admin);
  const link = await server.request('POST', `/kdocs/api/documents/${id}/share-links`, {
    token,
    json: { expires_in_days: 7 },
  });
  expect([link.status, link.json.errors]).toEqual([400, { expires_in_days: ['Champ inconnu'] }]);
  const { username, password } = server.admin;
  const login = await server.request('POST', '/auth/login', { json: { username, password, grant_type: 'password' } });
  expect([login.status, login.headers.get('warning')]).toEqual([200, '299 - "Ignored: grant_type"']);
  for (const [path, json] of [
    ['/admin/roles', { name: 'avec-surplus', colour: 'red' }],
    ['/kdocs/api/tags', { name: 'Avec surplus', colour: 'red' }],
    ['/api/api-keys', { nom: 'Avec surplus', colour: 'red' }],
    ['/api/v1/api-tokens', { name: 'Avec surplus', colour: 'red' }],
    ['/v1/invoices', { user_id: server.admin.id, items: [{ description: 'x', quantity: 1, price: 1 }], colour: 'red' }],
  ] as const) {
    const { status, headers } = await server.request('POST', path, { token, json });
    expect([path, status, headers.get('warning')]).toEqual([path, 201, '299 - "Ignored: colour"']);
  }
  // A body that may have one of several shapes.
  const roles = await server.request('PUT', `/admin/users/${(await server.person()).id}/roles`, {
    token,
    json: { roles: ['user'], colour: 'red' },
  });
  expect([roles.status, roles.headers.get('warning')]).toEqual([200, '299 - "Ignored: colour"']);
});
