import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type Answer, type TestServer } from '../../support/harness.js';

/** A program of the firm's that knows archidrive.md alone: its requests, in its order, with its headers. */
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const call = (method: string, path: string, token?: string, json?: object): Promise<Answer> =>
  server.request(method, `/v1${path}`, {
    headers: { accept: 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    ...(json && { json }),
  });

test('somebody registers, is billed, pays, and is erased; what the law keeps is said', async () => {
  const registered = await call('POST', '/users', undefined, {
    firstName: 'Claire',
    lastName: 'Moreau',
    email: 'claire.moreau@example.org',
    password: 'Motdepasse-1',
    company: 'Moreau SARL',
  });
  expect([registered.status, registered.headers.get('warning')]).toEqual([201, '299 - "Ignored: company"']);
  const { token, user } = registered.json;
  expect((await call('GET', '/users/me', token)).json.user).toEqual(user);
  expect((await call('GET', `/users/${user.id}/`, token)).json.user).toEqual(user);
  // The profile's form sends all that it read.
  const saved = await call('PUT', `/users/${user.id}`, token, { ...user, telephone: '+33 6 12 34 56 78' });
  expect([saved.status, saved.json.user.telephone]).toEqual([200, '+33 6 12 34 56 78']);

  const invoices: { invoiceId: number; invoice: object }[] = [];
  for (const [index, dueAt] of ['2099-01-31', '2099-02-28T00:00:00', '2099-03-31T10:00:00+02:00'].entries()) {
    const made = await call('POST', '/invoices', token, {
      user_id: user.id,
      items: [{ description: `Archivage ${index}`, quantity: 1, price: 120.5 }],
      dueAt,
    });
    expect([made.status, made.json.invoice.total, made.json.invoice.dueAt]).toEqual([201, 120.5, dueAt.slice(0, 10)]);
    invoices.push(made.json);
  }
  // Without page and size everything comes, the newest first.
  const listed = (await call('GET', `/invoices?user_id=${user.id}`, token)).json;
  expect(listed).toMatchObject({ success: true, total: 3, page: 1, pages: 1 });
  expect(listed.invoices.map(({ invoiceId }: { invoiceId: number }) => invoiceId)).toEqual(
    invoices.map(({ invoiceId }) => invoiceId).toReversed(),
  );
  expect((await call('GET', '/invoices?page=&size=&status=', token)).json.invoices).toEqual(listed.invoices);

  const [first, second, third] = invoices as [any, any, any];
  const issued = await call('PUT', `/invoices/${first.invoiceId}`, token, { ...first.invoice, status: 'issued' });
  expect(issued.json.invoice).toMatchObject({ status: 'issued', number: expect.stringMatching(/^F/) });
  expect((await call('PUT', `/invoices/${first.invoiceId}`, token, { status: 'paid' })).json.invoice.status).toBe(
    'paid',
  );
  expect((await call('DELETE', `/invoices/${first.invoiceId}`, token)).status).toBe(400);
  expect((await call('DELETE', `/invoices/${second.invoiceId}`, token)).json).toEqual({
    success: true,
    msg: 'Invoice deleted',
  });
  const pdf = await call('GET', `/invoices/${third.invoiceId}/pdf`, token);
  expect([pdf.status, pdf.headers.get('content-type')]).toEqual([200, 'application/pdf']);

  const removed = await call('DELETE', `/users/${user.id}`, token);
  const tenYearsOn = new Date().getFullYear() + 10;
  expect([removed.status, removed.json]).toEqual([
    200,
    {
      success: true,
      msg: 'User removed',
      kept: [
        { what: 'account', count: 1, reason: expect.any(String), until: null },
        {
          what: 'invoices',
          count: 1,
          reason: 'the law demands that they are kept for ten years',
          until: expect.stringMatching(new RegExp(`^${tenYearsOn}-\\d\\d-\\d\\d$`)),
        },
      ],
    },
  ]);
  expect((await call('GET', '/users/me', token)).status).toBe(401);
  expect((await call('GET', `/invoices/${first.invoiceId}`, server.admin.token)).json.invoice.customerId).toBe(user.id);
});

test('lists without page and size come whole, the newest first, up to a thousand', async () => {
  await server.sql(`
    insert into users (username, email, first_name, last_name, created_at)
    select 'many' || n, 'many' || n || '@example.org', 'Many', n, now() + n * interval '1 second'
      from generate_series(1, 1010) n`);
  const { token } = server.admin;
  const { users, total } = (await call('GET', '/users', token)).json;
  expect([users.length, total > 1010]).toEqual([1000, true]);
  expect(users.slice(0, 2).map(({ email }: { email: string }) => email)).toEqual([
    'many1010@example.org',
    'many1009@example.org',
  ]);
  const second = (await call('GET', '/users?page=2', token)).json;
  expect([second.users.length, second.users[0].email, second.total]).toEqual([50, 'many960@example.org', total]);
  const [{ id }] = await server.sql(`select id from users where username = 'many1'`);
  await server.sql(
    `insert into invoices (customer_id, created_by_id, currency, total_excluding_tax, total_tax, total, created_at, updated_at)
     select ?, ?, 'EUR', n, 0, n, now() + n * interval '1 second', now() from generate_series(1, 150) n`,
    [id, server.admin.id],
  );
  const billed = (await call('GET', `/invoices?user_id=${id}`, token)).json;
  expect([billed.invoices.length, billed.total, billed.pages]).toEqual([150, 150, 1]);
  expect(billed.invoices[0].total).toBe(150);
});
