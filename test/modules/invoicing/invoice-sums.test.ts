import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let manager: Person;
let customer: Person;
let stranger: Person;
beforeAll(async () => {
  server = await startTestServer();
  manager = await server.person({ roles: ['manager'] });
  [customer, stranger] = await Promise.all([server.person(), server.person()]);
});
afterAll(() => server?.stop());

const bill = async (unitPrice: number, { status = 'issued', currency = 'EUR' } = {}): Promise<any> => {
  const items = [{ description: 'Conseil', quantity: 1, price: unitPrice, vatRate: 0 }];
  const json = { customerId: customer.id, items, status, currency };
  return (await server.request('POST', '/v1/invoices', { token: manager.token, json })).json.invoice;
};
const sums = async (filter: object = {}, who = manager): Promise<any> => {
  const query = `query ($filter: InvoiceFilter) {
    invoiceSums(filter: $filter) { currency count billed due overdueCount overdue } }`;
  const { data, errors } = await server.graphql(query, { filter }, who.token);
  return errors ? errors[0].extensions : data.invoiceSums;
};

test('what a filter finds adds up exactly by currency, whatever page is shown, for whoever may see it', async () => {
  // More than any page, with cents that no binary fraction holds.
  await server.sql(
    `insert into invoices (number, issued_at, due_at, customer_id, created_by_id, status, currency,
                           total_excluding_tax, total_tax, total)
     select 'F-' || i, now(), '2026-01-01', ?, ?, case when i <= 3 then 'overdue' else 'issued' end, 'EUR', 0.1, 0, 0.1
       from generate_series(1, 1200) i`,
    [customer.id, manager.id],
  );
  const own = await bill(100);
  await bill(7.3, { currency: 'CHF' });
  await bill(50, { status: 'draft' });
  const credit = { reason: 'Erreur', items: [{ description: 'Conseil', quantity: 1, price: 40, vatRate: 0 }] };
  const credited = await server.request('POST', `/v1/invoices/${own.invoiceId}/credit-notes`, {
    token: manager.token,
    json: credit,
  });
  expect(credited.status).toBe(201);
  const chf = { currency: 'CHF', count: 1, billed: 7.3, due: 7.3, overdueCount: 0, overdue: 0 };
  // 1200 × 0.10, 100 less 40; the draft and the credit note are counted.
  const eur = { currency: 'EUR', count: 1203, billed: 180, due: 180, overdueCount: 3, overdue: 0.3 };
  expect(await sums()).toEqual([chf, eur]);
  expect(await sums({ status: 'OVERDUE' })).toEqual([
    { currency: 'EUR', count: 3, billed: 0.3, due: 0.3, overdueCount: 3, overdue: 0.3 },
  ]);
  expect(await sums({ type: 'CREDIT_NOTE' })).toMatchObject([{ count: 1, billed: -40, due: 0 }]);
  expect(await sums({ number: 'F-7' })).toMatchObject([{ count: 1, billed: 0.1 }]);
  expect(await sums({ number: 'F-0' })).toEqual([]);
  // The draft is its author's.
  expect(await sums({}, customer)).toMatchObject([{ count: 1 }, { count: 1202, billed: 180 }]);
  expect(await sums({}, stranger)).toEqual([]);
  const { json } = await server.request('POST', '/graphql', {
    token: server.admin.token,
    headers: { 'x-graphql-sql': 'include' },
    json: { query: '{ invoiceSums { currency count billed due overdueCount overdue } }' },
  });
  expect(json.extensions.sql.statements).toHaveLength(1);
});

test('a filter that cannot be meant is refused as that of the list', async () => {
  expect(await sums({ customerId: 'x' })).toMatchObject({ code: 'BAD_USER_INPUT' });
  const ids = Array.from({ length: 101 }, (_, i) => String(i + 1));
  expect(await sums({ ids })).toMatchObject({ code: 'BAD_USER_INPUT' });
  expect(await sums({ ids: ['x'], number: '\0' })).toEqual([]);
});
