import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { issueYear } from '../../../src/modules/invoicing/issue-day.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let manager: Person;
let customer: Person;

beforeAll(async () => {
  server = await startTestServer();
  manager = await server.person({ roles: ['manager'] });
  customer = await server.person();
});
afterAll(() => server?.stop());

interface Item {
  description: string;
  quantity: number;
  price: number;
  vatRate?: number;
}

const item = (price: number, { quantity = 1, vatRate = 20 } = {}): Item => ({
  description: 'Conseil',
  quantity,
  price,
  vatRate,
});
const invoice = async (items: Item[], status = 'issued'): Promise<any> => {
  const { json } = await server.request('POST', '/v1/invoices', {
    token: manager.token,
    json: { customerId: customer.id, items, status },
  });
  return json.invoice;
};
const credit = (invoiceId: number, body: object = {}, { token }: Person = manager) =>
  server.request('POST', `/v1/invoices/${invoiceId}/credit-notes`, { token, json: { reason: 'Erreur', ...body } });
const read = async (id: number): Promise<any> =>
  (await server.request('GET', `/v1/invoices/${id}`, { token: manager.token })).json.invoice;
const vatOf = async (id: number): Promise<any> =>
  (
    await server.graphql(
      'query ($id: ID!) { invoice(id: $id) { amountCredited vatLines { vatRate base tax } } }',
      { id },
      manager.token,
    )
  ).data.invoice;

describe('a whole credit', () => {
  test('mirrors lines, cents and buyer, with a number of its own series, and refers to its origin', async () => {
    const origin = await invoice([
      item(2.01, { quantity: 0.5 }),
      item(33.333, { quantity: 3 }),
      item(7, { vatRate: 0 }),
    ]);
    const { status, json } = await credit(origin.invoiceId);
    expect(status).toBe(201);
    expect(json).toMatchObject({ success: true, invoiceId: json.invoice.invoiceId });
    const { totalExcludingTax, totalTax, total, items } = origin;
    expect(json.invoice).toMatchObject({
      type: 'credit_note',
      number: expect.stringMatching(new RegExp(`^AV${issueYear(server.services.now())}-\\d{5}$`)),
      originInvoiceId: origin.invoiceId,
      reason: 'Erreur',
      status: 'issued',
      customerId: customer.id,
      totalExcludingTax,
      totalTax,
      total,
      items,
    });
    // 0.5 × 2.01 = 1.005 → 1.01, and so in the credit.
    expect(
      (await credit((await invoice([item(2.01, { quantity: 0.5, vatRate: 0 })])).invoiceId)).json.invoice.total,
    ).toBe(1.01);
    expect(await vatOf(origin.invoiceId)).toMatchObject({ amountCredited: total });
    const again = await credit(origin.invoiceId);
    expect([again.status, again.json.success]).toEqual([400, false]);

    const pdf = await server.request('GET', `/v1/invoices/${json.invoiceId}/pdf`, { token: customer.token });
    expect([pdf.status, pdf.headers.get('content-disposition')]).toEqual([
      200,
      expect.stringContaining(`avoir-${json.invoice.number}.pdf`),
    ]);
  });

  test('the graph shows both ends', async () => {
    const origin = await invoice([item(10)]);
    await credit(origin.invoiceId, { items: [item(4)] });
    await credit(origin.invoiceId, { items: [item(6)] });
    const { data } = await server.graphql(
      `query ($id: ID!) { invoice(id: $id) { type creditNotes { totalCount nodes { type total originInvoice { id } } } } }`,
      { id: origin.invoiceId },
      customer.token,
    );
    const originInvoice = { id: String(origin.invoiceId) };
    expect(data.invoice).toEqual({
      type: 'INVOICE',
      creditNotes: {
        totalCount: 2,
        nodes: [
          { type: 'CREDIT_NOTE', total: 7.2, originInvoice },
          { type: 'CREDIT_NOTE', total: 4.8, originInvoice },
        ],
      },
    });
  });
});

describe('credits in part', () => {
  test('line by line they add up to the invoice, also where each rounds by itself', async () => {
    const origin = await invoice([item(33.33), item(33.33), item(33.33), item(50, { vatRate: 5.5 })]);
    expect(origin).toMatchObject({ totalTax: 22.75, total: 172.74 });
    const taxes: number[] = [];
    for (let i = 0; i < 3; i += 1)
      taxes.push((await credit(origin.invoiceId, { items: [item(33.33)] })).json.invoice.totalTax);
    // 99.99 at 20 % is 20.00, and thrice 6.67 would be 20.01.
    expect(taxes).toEqual([6.67, 6.67, 6.66]);
    const rest = await credit(origin.invoiceId);
    expect(rest.json.invoice).toMatchObject({
      total: 52.75,
      items: [{ description: `Solde de la facture ${origin.number}`, quantity: 1, price: 50, vatRate: 5.5 }],
    });
    expect(await vatOf(origin.invoiceId)).toMatchObject({ amountCredited: origin.total });
    expect((await vatOf(rest.json.invoiceId)).vatLines).toEqual([{ vatRate: 5.5, base: 50, tax: 2.75 }]);
  });

  test('beyond what is left of a rate, at another rate, of nothing or without a reason they are refused', async () => {
    const { invoiceId } = await invoice([item(100), item(50, { vatRate: 5.5 })]);
    const fieldsOf = async (body: object): Promise<string[]> => {
      const { status, json } = await credit(invoiceId, body);
      expect(status).toBe(400);
      return json.errors.map(({ field }: { field: string }) => field);
    };
    expect(await fieldsOf({ items: [item(100.01)] })).toEqual(['items']);
    expect(await fieldsOf({ items: [item(50.01, { vatRate: 5.5 })] })).toEqual(['items']);
    expect(await fieldsOf({ items: [item(1, { vatRate: 10 })] })).toEqual(['items.0.vatRate']);
    expect(await fieldsOf({ items: [item(0)] })).toEqual(['items']);
    expect(await fieldsOf({ items: [] })).toEqual(['items']);
    expect(await fieldsOf({ items: [item(-5)], reason: ' ' })).toEqual(['reason', 'items.0.price']);
    expect(await server.sql('select 1 from invoices where origin_invoice_id = ?', [invoiceId])).toEqual([]);
  });
});

test('of many at once no more is credited than was billed, and numbers have no gap', async () => {
  const { invoiceId } = await invoice([item(100, { vatRate: 0 })]);
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => credit(invoiceId, { items: [item(30, { vatRate: 0 })] })),
  );
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
    201, 201, 201, 400, 400, 400, 400, 400,
  ]);
  const numbers = (await server.sql(`select number from invoices where type = 'credit_note' order by number`)).map(
    (row) => Number(row.number.slice(-5)),
  );
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect((await vatOf(invoiceId)).amountCredited).toBe(90);
});

test('neither drafts, cancelled ones nor credit notes are credited; a credit note stays as it is', async () => {
  const draft = await invoice([item(10)], 'draft');
  const cancelled = await invoice([item(10)]);
  const put = (id: number, json: object) => server.request('PUT', `/v1/invoices/${id}`, { token: manager.token, json });
  await put(cancelled.invoiceId, { status: 'cancelled' });
  const note = (await credit((await invoice([item(10)])).invoiceId)).json;
  for (const { invoiceId } of [draft, cancelled, note]) {
    const { status, json } = await credit(invoiceId);
    expect([status, json.errors[0].field]).toEqual([400, 'invoiceId']);
  }
  for (const status of ['paid', 'overdue', 'cancelled'])
    expect((await put(note.invoiceId, { status })).json.errors).toEqual([
      { field: 'status', message: expect.any(String) },
    ]);
  expect((await put(note.invoiceId, { items: [item(1)] })).status).toBe(400);
  expect((await server.request('DELETE', `/v1/invoices/${note.invoiceId}`, { token: manager.token })).status).toBe(400);
  expect(await read(note.invoiceId)).toMatchObject({ status: 'issued', type: 'credit_note' });
});

test('who does not make the invoice does not credit it: its customer neither, and others see nothing', async () => {
  const { invoiceId } = await invoice([item(10)]);
  const stranger = await server.person();
  for (const who of [customer, stranger]) expect((await credit(invoiceId, {}, who)).status).toBe(404);
  expect((await credit(999_999)).status).toBe(404);
});
