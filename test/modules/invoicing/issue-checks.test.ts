import { Profile, validateXsd } from '@stackforge-eu/factur-x';
import { getDocumentProxy } from 'unpdf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ElectronicInvoice, publicRules } from '../../support/electronic-invoice-rules.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let manager: Person;
let customer: Person;
const now = () => new Date('2026-11-29T10:00:00Z');

beforeAll(async () => {
  server = await startTestServer({
    now,
    env: { SELLER: '{"name": "Cabinet Martin", "city": "Lyon", "siren": "123456782", "vatNumber": "FR11123456782"}' },
  });
  manager = await server.person({ roles: ['manager'] });
  customer = await server.person();
});
afterAll(() => server?.stop());

const items = [{ description: 'Recherche de fuite', quantity: 1, price: 480, vatRate: 20 }];
const send = (method: string, path: string, json?: object) =>
  server.request(method, `/v1/invoices${path}`, { token: manager.token, json });
async function draft(changes: object = {}): Promise<number> {
  const { json } = await send('POST', '', { customerId: customer.id, items, ...changes });
  return json.invoiceId;
}
const fieldsOf = ({ json }: { json: any }): string[] => json.errors.map(({ field }: { field: string }) => field);

test('what the operator has not set of the firm is known before issuing, to whoever may issue', async () => {
  const ask = async (token: string | undefined) =>
    (await server.graphql('{ firm { missingSellerFacts } }', {}, token)).data.firm;
  expect(await ask(customer.token)).toEqual({ missingSellerFacts: ['STREET', 'POSTAL_CODE'] });
  expect(await ask(undefined)).toBeNull();
  const { data } = await server.graphql(
    'mutation { createApiToken(input: { name: "Reads", scopes: [READ] }) { token } }',
    {},
    customer.token,
  );
  expect(await ask(data.createApiToken.token)).toEqual({ missingSellerFacts: null });
});

describe('a draft whose due date passed before its issue', () => {
  test('is refused on dueAt, also when the date was stored long ago', async () => {
    const id = await draft({ dueAt: '2026-10-15' });
    const issued = await send('PUT', `/${id}`, { status: 'issued' });
    expect([issued.status, fieldsOf(issued)]).toEqual([400, ['dueAt']]);
    const together = await send('PUT', `/${id}`, { status: 'issued', dueAt: '2026-11-28' });
    expect([together.status, fieldsOf(together)]).toEqual([400, ['dueAt']]);
    // The refusal took nothing: still a draft without a number, and the next one gets the first number.
    expect((await send('GET', `/${id}`)).json.invoice).toMatchObject({ status: 'draft', number: null });
    const mended = await send('PUT', `/${id}`, { status: 'issued', dueAt: '2026-11-29' });
    expect([mended.status, mended.json.invoice.number]).toEqual([200, expect.stringMatching(/2026-00001$/)]);
  });

  test('no electronic invoice bears a date of the next century', async () => {
    const answer = await send('PUT', `/${await draft({ dueAt: '2100-01-01' })}`, { status: 'issued' });
    expect([answer.status, fieldsOf(answer)]).toEqual([400, ['dueAt']]);
  });
});

test('what EN 16931 has no code for is refused at the issue, by its field, and a draft may still say it', async () => {
  const abroad = await server.person();
  await server.sql('update users set country = ? where id = ?', ['Syldavie', abroad.id]);
  const id = await draft({ customerId: abroad.id });
  const answer = await send('PUT', `/${id}`, { status: 'issued' });
  expect([answer.status, fieldsOf(answer)]).toEqual([400, ['customerId']]);
  const atOnce = await send('POST', '', { customerId: abroad.id, items, status: 'issued' });
  expect([atOnce.status, fieldsOf(atOnce)]).toEqual([400, ['customerId']]);
  const untaxed = [{ ...items[0], vatRate: 0 }];
  const free = await send('POST', '', { customerId: customer.id, items: untaxed, currency: 'CHF', status: 'issued' });
  expect(free.status).toBe(201);
  await server.sql('update users set country = ? where id = ?', ['Allemagne', abroad.id]);
  expect((await send('PUT', `/${id}`, { status: 'issued' })).status).toBe(200);
});

const xmlOf = async (id: number): Promise<string> => {
  const pdf = await fetch(`${server.url}/v1/invoices/${id}/pdf`, {
    headers: { authorization: `Bearer ${manager.token}` },
  });
  const document = await getDocumentProxy(new Uint8Array(await pdf.arrayBuffer()));
  const { 'factur-x.xml': xml } = (await document.getAttachments()) as Record<string, { content: Uint8Array }>;
  return Buffer.from(xml?.content ?? []).toString();
};

test.each([
  ['UK', 'GB'],
  ['USA', 'US'],
  ['FRA', 'FR'],
  ['Pays Bas', 'NL'],
  ['Deutschland', 'DE'],
])('a buyer in « %s » is billed by an electronic invoice', async (written, code) => {
  const abroad = await server.person();
  await server.sql('update users set country = ? where id = ?', [written, abroad.id]);
  const issued = await send('POST', '', { customerId: abroad.id, items, status: 'issued' });
  expect(issued.status).toBe(201);
  const buyer = /<ram:BuyerTradeParty>[^]*<\/ram:BuyerTradeParty>/.exec(await xmlOf(issued.json.invoiceId))?.[0];
  expect(buyer).toContain(`<ram:CountryID>${code}</ram:CountryID>`);
});

test.each([
  ['Hauptstraße 1\n10115 Berlin\nDeutschland', 'DE', 'Berlin'],
  ['10 Downing Street, London SW1A 2AA, UK', 'GB', undefined],
  ['12 rue Victor Hugo, 69002 Lyon', 'FR', 'Lyon'],
])('a client at « %s » is billed by an electronic invoice', async (address, code, city) => {
  const [client] = await server.sql('insert into clients (name, address) values (?, ?) returning id', ['X', address]);
  const { data, errors } = await server.graphql(
    'mutation ($input: CreateInvoiceInput!) { createInvoice(input: $input) { invoice { id } } }',
    { input: { clientId: client.id, items: [{ description: 'x', quantity: '1', unitPrice: '10' }], status: 'ISSUED' } },
    manager.token,
  );
  expect(errors).toBeUndefined();
  const xml = await xmlOf(data.createInvoice.invoice.id);
  const buyer = /<ram:BuyerTradeParty>[^]*<\/ram:BuyerTradeParty>/.exec(xml)?.[0];
  expect(buyer).toContain(`<ram:CountryID>${code}</ram:CountryID>`);
  if (city) expect(buyer).toContain(`<ram:CityName>${city}</ram:CityName>`);
});

test('VAT in another currency is stated in the firm’s too, by the rate of exchange that the issue asks for', async () => {
  const foreign = { customerId: customer.id, items, currency: 'USD' };
  const refused = await send('POST', '', { ...foreign, status: 'issued' });
  expect([refused.status, fieldsOf(refused)]).toEqual([400, ['exchangeRate']]);
  const id = await draft(foreign);
  const before = await send('PUT', `/${id}`, { status: 'issued' });
  expect([before.status, fieldsOf(before)]).toEqual([400, ['exchangeRate']]);
  for (const exchangeRate of [0, -1, 1.08521, 1e12])
    expect(fieldsOf(await send('PUT', `/${id}`, { exchangeRate, status: 'issued' }))).toEqual(['exchangeRate']);
  expect((await send('GET', `/${id}`)).json.invoice).toMatchObject({ status: 'draft', number: null });
  const issued = await send('PUT', `/${id}`, { exchangeRate: 1.0852, status: 'issued' });
  expect(issued.json).toMatchObject({ success: true, invoice: { exchangeRate: 1.0852 } });
  // What was read may come back with the next status, and nothing else than it.
  expect((await send('PUT', `/${id}`, { exchangeRate: 0.5, status: 'paid' })).status).toBe(400);
  const xml = await xmlOf(id);
  expect(xml).toContain('<ram:TaxCurrencyCode>EUR</ram:TaxCurrencyCode>');
  expect(xml).toContain('<ram:TaxTotalAmount currencyID="USD">96.00</ram:TaxTotalAmount>');
  expect(xml).toContain('<ram:TaxTotalAmount currencyID="EUR">88.46</ram:TaxTotalAmount>');
  await keepsRules(xml);
  const credit = await send('POST', `/${id}/credit-notes`, { reason: 'Remise', items: [{ ...items[0], price: 100 }] });
  expect([credit.status, credit.json.invoice.exchangeRate]).toEqual([201, 1.0852]);
  const credited = await xmlOf(credit.json.invoiceId);
  expect(credited).toContain('<ram:TaxTotalAmount currencyID="EUR">18.43</ram:TaxTotalAmount>');
  await keepsRules(credited);
});

/** The schema of Factur-X, our wording of the rules, and the published ones where they are (`INVOICE_RULES`). */
async function keepsRules(xml: string): Promise<void> {
  expect((await validateXsd(xml, Profile.EN16931)).errors).toEqual([]);
  expect((await ElectronicInvoice.read(xml)).brokenRules()).toEqual([]);
  const folder = process.env['INVOICE_RULES'];
  if (folder) expect(publicRules(folder)(xml)).toEqual([]);
}
