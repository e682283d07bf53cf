import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let manager: Person;
let person: Person;

beforeAll(async () => {
  server = await startTestServer();
  manager = await server.person({ roles: ['manager'] });
  person = await server.person();
});
afterAll(() => server?.stop());

const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const userKeys = ['id', 'email', 'firstName', 'lastName', 'telephone', 'address', 'isAdmin', 'createdAt', 'updatedAt'];
const invoiceKeys = [
  'invoiceId',
  'number',
  'customerId',
  'items',
  'totalExcludingTax',
  'totalTax',
  'total',
  'currency',
  'status',
  'issuedAt',
  'dueAt',
  'documentId',
  'createdAt',
  'updatedAt',
  'amountPaid',
  'amountDue',
  'type',
];
const keys = (value: object): string[] => Object.keys(value);
const v1 = (method: string, path: string, token?: string, json?: unknown): Promise<Answer> =>
  server.request(method, `/v1${path}`, { token, ...(json !== undefined && { json }) });

let registrations = 0;
const register = (changes: object = {}): Promise<Answer> =>
  v1('POST', '/users', undefined, {
    firstName: 'Claire',
    lastName: 'Moreau',
    email: `claire${(registrations += 1)}@example.org`,
    password: 'Motdepasse-1',
    ...changes,
  });

function expectError(answer: Answer, status: number, fields: string[] = []): void {
  expect({ status: answer.status, keys: keys(answer.json) }).toEqual({ status, keys: ['success', 'msg', 'errors'] });
  expect(answer.json.success).toBe(false);
  expect(answer.json.msg).not.toBe('');
  expect([...new Set(answer.json.errors.map((e: any) => e.field))].toSorted()).toEqual(fields.toSorted());
  for (const error of answer.json.errors) expect(keys(error)).toEqual(['field', 'message']);
}

describe('users', () => {
  test('one registers, gets an API token, reads and changes oneself with it', async () => {
    const address = { street: '12 rue de la République', city: 'Lyon', postalCode: '69002', country: 'FR' };
    const { status, json } = await register({ telephone: '+33 6 12 34 56 78', address, unknown: 'ignored' });
    expect(status).toBe(201);
    expect(keys(json)).toEqual(['success', 'msg', 'token', 'user']);
    expect(json).toMatchObject({ success: true, msg: 'User created', token: expect.stringMatching(/^apt_/) });
    expect(keys(json.user)).toEqual(userKeys);
    expect(json.user).toMatchObject({
      id: expect.any(Number),
      email: expect.stringContaining('claire'),
      telephone: '+33 6 12 34 56 78',
      address,
      isAdmin: false,
      createdAt: expect.stringMatching(moment),
      updatedAt: expect.stringMatching(moment),
    });
    const { token } = json;

    for (const id of ['me', 'me/', json.user.id]) {
      const me = await v1('GET', `/users/${id}`, token);
      expect(me.status).toBe(200);
      expect(me.json).toEqual({ success: true, user: json.user });
    }
    const changed = await v1('PUT', '/users/me', token, { telephone: null, address: { city: 'Villeurbanne' } });
    expect(changed.status).toBe(200);
    expect(keys(changed.json)).toEqual(['success', 'msg', 'user']);
    expect(changed.json).toMatchObject({
      success: true,
      msg: 'User profile updated',
      user: { telephone: null, address: { ...address, city: 'Villeurbanne' } },
    });
    const renamed = await v1('PUT', `/users/${json.user.id}`, token, { firstName: 'Clara' });
    expect(renamed.json.user).toMatchObject({ firstName: 'Clara', lastName: 'Moreau' });
  });

  test('one removes oneself, by `me` or by number', async () => {
    for (const name of ['me', 'number']) {
      const leaver = await server.person();
      const removed = await v1('DELETE', `/users/${name === 'me' ? 'me' : leaver.id}`, leaver.token);
      expect({ status: removed.status, json: removed.json }).toEqual({
        status: 200,
        json: {
          success: true,
          msg: 'User removed',
          kept: [{ what: 'account', count: 1, reason: expect.stringMatching(/refer to it$/), until: null }],
        },
      });
      expectError(await v1('GET', '/users/me', leaver.token), 401);
    }
  });

  test('problems of a registration come with the field names of the contract; a duplicate is 400', async () => {
    expectError(await v1('POST', '/users', undefined, {}), 400, ['firstName', 'lastName', 'email', 'password']);
    expectError(
      await register({
        email: 'nobody',
        password: 'short',
        telephone: 'no digits',
        address: { postalCode: '9'.repeat(30) },
      }),
      400,
      ['email', 'password', 'telephone', 'address.postalCode'],
    );
    expectError(await register({ email: person.email.toUpperCase() }), 400, ['email']);
    const malformed = await server.request('POST', '/v1/users', {
      body: '{',
      headers: { 'content-type': 'application/json' },
    });
    expectError(malformed, 400);
  });

  test('only administrators list, change and remove others; for the rest there is nobody', async () => {
    const list = await v1('GET', '/users', server.admin.token);
    expect(list.status).toBe(200);
    expect(keys(list.json)).toEqual(['success', 'users', 'total']);
    expect(list.json.total).toBe(list.json.users.length);
    expect(list.json.users.find((u: any) => u.id === server.admin.id)).toMatchObject({ isAdmin: true });
    expect(list.json.users.map(keys)).toEqual(list.json.users.map(() => userKeys));
    expect((await v1('GET', '/users?page=2&size=1', server.admin.token)).json.users).toHaveLength(1);
    expectError(await v1('GET', '/users?size=101', server.admin.token), 400, ['size']);
    expectError(await v1('GET', '/users', person.token), 404);
    expectError(await v1('GET', `/users/${manager.id}`, person.token), 404);
    expectError(await v1('PUT', `/users/${manager.id}`, person.token, { firstName: 'X' }), 404);
    expectError(await v1('DELETE', `/users/${manager.id}`, person.token), 404);
    expectError(await v1('GET', '/users/999999', server.admin.token), 404);
    expectError(await v1('GET', '/users/nobody', server.admin.token), 404);

    const { json } = await register();
    expect((await v1('GET', `/users/${json.user.id}`, server.admin.token)).json.user).toEqual(json.user);
    expect((await v1('DELETE', `/users/${json.user.id}`, server.admin.token)).status).toBe(200);
    expectError(await v1('GET', '/users/me', json.token), 401);
  });

  test('without a valid credential everything else is 401, an unknown path 404, a wrong method 405', async () => {
    const routes = [
      ['GET', '/users'],
      ['GET', '/users/me'],
      ['GET', '/users/1'],
      ['PUT', '/users/me'],
      ['PUT', '/users/1'],
      ['DELETE', '/users/me'],
      ['DELETE', '/users/1'],
      ['POST', '/invoices'],
      ['GET', '/invoices'],
      ['GET', '/invoices/1'],
      ['GET', '/invoices/1/pdf'],
      ['PUT', '/invoices/1'],
      ['DELETE', '/invoices/1'],
    ] as const;
    for (const [method, path] of routes) {
      expectError(await v1(method, path), 401);
      expectError(await v1(method, path, 'apt_wrong'), 401);
    }
    expectError(await v1('GET', '/nowhere', person.token), 404);
    const wrong = await v1('PATCH', '/users/me', person.token);
    expectError(wrong, 405);
    expect(wrong.headers.get('allow')).toContain('PUT');
  });
});

describe('invoices', () => {
  const items = [
    { description: 'Archivage', quantity: 2, price: 60.5, vatRate: 20 },
    { description: 'Envoi', quantity: 1, price: 4 },
  ];

  test('a manager bills somebody, under either name of the customer', async () => {
    const { status, json } = await v1('POST', '/invoices', manager.token, {
      customerId: person.id,
      items,
      dueAt: '2099-12-31',
    });
    expect(status).toBe(201);
    expect(keys(json)).toEqual(['success', 'msg', 'invoiceId', 'invoice']);
    expect(keys(json.invoice)).toEqual(invoiceKeys);
    expect(json).toMatchObject({ success: true, msg: 'Invoice created', invoiceId: json.invoice.invoiceId });
    expect(json.invoice).toEqual({
      invoiceId: expect.any(Number),
      number: null,
      customerId: person.id,
      items: [items[0], { ...items[1], vatRate: 0 }],
      totalExcludingTax: 125,
      totalTax: 24.2,
      total: 149.2,
      currency: 'EUR',
      status: 'draft',
      issuedAt: null,
      dueAt: '2099-12-31',
      documentId: null,
      amountPaid: 0,
      amountDue: 149.2,
      type: 'invoice',
      createdAt: expect.stringMatching(moment),
      updatedAt: expect.stringMatching(moment),
    });
    const { json: issued } = await v1('POST', '/invoices', manager.token, {
      user_id: person.id,
      items,
      status: 'issued',
    });
    expect(issued.invoice).toMatchObject({
      customerId: person.id,
      status: 'issued',
      number: expect.stringMatching(/^FA\d{4}-\d{5}$/),
      issuedAt: expect.stringMatching(moment),
    });

    const { json: found } = await v1('GET', `/invoices/${json.invoiceId}`, manager.token);
    expect(found).toEqual({ success: true, invoice: json.invoice });
    // The customer sees what was issued to them, and no draft.
    expectError(await v1('GET', `/invoices/${json.invoiceId}`, person.token), 404);
    expect((await v1('GET', `/invoices/${issued.invoiceId}`, person.token)).json.invoice).toEqual(issued.invoice);
    expectError(await v1('PUT', `/invoices/${issued.invoiceId}`, person.token, { status: 'paid' }), 404);
  });

  test('a draft is its author’s and the administrators’, until it is issued', async () => {
    const { json } = await v1('POST', '/invoices', manager.token, { customerId: person.id, items });
    const path = `/invoices/${json.invoiceId}`;
    const colleague = await server.person({ roles: ['manager'] });
    const seen = async (): Promise<number[]> =>
      Promise.all(
        [manager, server.admin, colleague, person].map(async ({ token }) => (await v1('GET', path, token)).status),
      );
    expect(await seen()).toEqual([200, 200, 404, 404]);
    for (const { token } of [colleague, person]) {
      expectError(await v1('PUT', path, token, { status: 'issued' }), 404);
      expectError(await v1('DELETE', path, token), 404);
      expect((await v1('GET', '/invoices?status=draft', token)).json.invoices).not.toContainEqual(
        expect.objectContaining({ invoiceId: json.invoiceId }),
      );
    }
    expect((await v1('PUT', path, manager.token, { status: 'issued' })).status).toBe(200);
    expect(await seen()).toEqual([200, 200, 200, 200]);
  });

  test('a rate of VAT that is none in France is refused when an invoice is issued, not before', async () => {
    const odd = [items[0], { ...items[1], vatRate: 17 }, { ...items[1], vatRate: 5.5 }, { ...items[1], vatRate: 0.95 }];
    const { json } = await v1('POST', '/invoices', person.token, { customerId: person.id, items: odd });
    const wrong = ['items.1.vatRate', 'items.3.vatRate'];
    expectError(await v1('PUT', `/invoices/${json.invoiceId}`, person.token, { status: 'issued' }), 400, wrong);
    const direct = { customerId: person.id, items: odd, status: 'issued', dueAt: '2020-01-01' };
    expectError(await v1('POST', '/invoices', person.token, direct), 400, [...wrong, 'dueAt']);
    const rates = [0, 0.9, 1.05, 1.75, 2.1, 5.5, 7, 8.5, 9.2, 9.6, 10, 13, 19.6, 20, 20.6];
    const right = rates.map((vatRate) => ({ ...items[0], vatRate }));
    const issued = await v1('POST', '/invoices', person.token, {
      customerId: person.id,
      items: right,
      status: 'issued',
    });
    expect(issued.status).toBe(201);
  });

  test('what was read goes back whole, also once it is issued, along with a new status', async () => {
    const { json } = await v1('POST', '/invoices', person.token, {
      user_id: person.id,
      items,
      dueAt: '2099-12-31T23:30:00.000Z',
    });
    expect(json.invoice.dueAt).toBe('2099-12-31');
    const path = `/invoices/${json.invoiceId}`;
    const put = (changes: object = {}): Promise<Answer> => {
      const whole = { ...json.invoice, ...changes };
      return v1('PUT', path, person.token, whole);
    };
    const same = await put();
    expect([same.status, { ...same.json.invoice, updatedAt: '' }]).toEqual([200, { ...json.invoice, updatedAt: '' }]);
    expect(same.headers.get('warning')).toContain('invoiceId, number');
    json.invoice = (await put({ status: 'issued' })).json.invoice;
    expect(json.invoice.status).toBe('issued');
    expect((await put()).json.invoice).toEqual(json.invoice);
    for (const change of [{ currency: 'CHF' }, { dueAt: null }, { items: items.slice(1) }, { customerId: manager.id }])
      expectError(await put(change), 400);
    expect((await put({ status: 'paid' })).json.invoice.status).toBe('paid');
    expectError(await v1('PUT', path, person.token, { status: 'paid' }), 400, ['status']);
  });

  test('what is wrong is told by the names of the contract', async () => {
    expectError(await v1('POST', '/invoices', manager.token, { items: 'none' }), 400, ['items']);
    expectError(await v1('POST', '/invoices', manager.token, { items }), 400, ['customerId']);
    expectError(await v1('POST', '/invoices', manager.token, { customerId: 1, user_id: 2, items }), 400, ['user_id']);
    expectError(
      await v1('POST', '/invoices', manager.token, {
        customerId: 999_999,
        currency: 'XXZ',
        items: [{ ...items[0], price: -1, quantity: 0 }],
      }),
      400,
      ['customerId', 'currency', 'items.0.price', 'items.0.quantity'],
    );
    expectError(
      await v1('POST', '/invoices', manager.token, { customerId: person.id, items: [{ ...items[0], price: 1e300 }] }),
      400,
      ['items.0.price'],
    );
    // Billing somebody else is for admin and manager.
    expectError(await v1('POST', '/invoices', person.token, { customerId: manager.id, items }), 404);
  });

  test('a draft is changed and deleted, an issued one only moves on', async () => {
    const { json } = await v1('POST', '/invoices', person.token, { customerId: person.id, items });
    const path = `/invoices/${json.invoiceId}`;
    const updated = await v1('PUT', path, person.token, {
      items: [{ description: 'Un', quantity: 1, price: 1 }],
      currency: 'CHF',
    });
    expect(updated.status).toBe(200);
    expect(keys(updated.json)).toEqual(['success', 'msg', 'invoice']);
    expect(updated.json).toMatchObject({
      success: true,
      msg: 'Invoice updated',
      invoice: { total: 1, currency: 'CHF', status: 'draft' },
    });
    const deleted = await v1('DELETE', path, person.token);
    expect({ status: deleted.status, json: deleted.json }).toEqual({
      status: 200,
      json: { success: true, msg: 'Invoice deleted' },
    });
    expectError(await v1('DELETE', path, person.token), 404);

    const { json: issued } = await v1('POST', '/invoices', person.token, {
      customerId: person.id,
      items,
      status: 'issued',
    });
    const fixed = await v1('PUT', `/invoices/${issued.invoiceId}`, person.token, { currency: 'CHF' });
    expectError(fixed, 400);
    expect(fixed.json.msg).toContain('credit note');
    expectError(await v1('DELETE', `/invoices/${issued.invoiceId}`, person.token), 400);
    expectError(await v1('PUT', `/invoices/${issued.invoiceId}`, person.token, { status: 'draft' }), 400, ['status']);
    expect(
      (await v1('PUT', `/invoices/${issued.invoiceId}`, person.token, { status: 'paid' })).json.invoice.status,
    ).toBe('paid');
  });

  test("lists hold everyone's for those who may, one's own for others, page by page", async () => {
    const mine = await v1('GET', '/invoices', person.token);
    expect(mine.status).toBe(200);
    expect(keys(mine.json)).toEqual(['success', 'invoices', 'total', 'page', 'pages']);
    expect(mine.json).toMatchObject({ success: true, total: mine.json.invoices.length, page: 1, pages: 1 });
    expect(mine.json.invoices.map(keys)).toEqual(mine.json.invoices.map(() => invoiceKeys));
    const all = (await v1('GET', '/invoices', server.admin.token)).json;
    expect(all.total).toBeGreaterThan(mine.json.total);
    const billed = (await v1('GET', `/invoices?user_id=${person.id}`, manager.token)).json;
    expect(new Set(billed.invoices.map((i: any) => i.customerId))).toEqual(new Set([person.id]));
    expect((await v1('GET', `/invoices?user_id=${manager.id}`, person.token)).json).toMatchObject({
      invoices: [],
      total: 0,
      pages: 0,
    });
    const page = (await v1('GET', '/invoices?page=2&size=1&status=draft', manager.token)).json;
    expect(page).toMatchObject({ page: 2, pages: page.total });
    expectError(await v1('GET', '/invoices?size=101&page=0&status=lost&user_id=x', manager.token), 400, [
      'size',
      'page',
      'status',
      'user_id',
    ]);
  });

  test('the PDF comes as a file', async () => {
    const { json } = await v1('POST', '/invoices', manager.token, { customerId: person.id, items, status: 'issued' });
    const answer = await v1('GET', `/invoices/${json.invoiceId}/pdf`, person.token);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(answer.headers.get('content-disposition')).toBe(`inline; filename="facture-${json.invoice.number}.pdf"`);
    expect(answer.text.startsWith('%PDF-')).toBe(true);
    expectError(await v1('GET', '/invoices/999999/pdf', person.token), 404);
  });
});

test('a registration is told all its problems at once', async () => {
  const { status, json } = await server.request('POST', '/v1/users', {
    json: { firstName: '', email: 'x', password: 'short' },
  });
  expect(status).toBe(400);
  expect(json).toMatchObject({ success: false });
  expect([...new Set(json.errors.map((e: { field: string }) => e.field))].toSorted()).toEqual([
    'email',
    'firstName',
    'lastName',
    'password',
  ]);
  expect(await server.sql("select 1 from users where email = 'x'")).toEqual([]);
});
