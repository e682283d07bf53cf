import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
  const inFrancs = await send('POST', '', { customerId: customer.id, items, currency: 'CHF', status: 'issued' });
  expect([inFrancs.status, fieldsOf(inFrancs)]).toEqual([400, ['currency']]);
  const untaxed = [{ ...items[0], vatRate: 0 }];
  const free = await send('POST', '', { customerId: customer.id, items: untaxed, currency: 'CHF', status: 'issued' });
  expect(free.status).toBe(201);
  await server.sql('update users set country = ? where id = ?', ['Allemagne', abroad.id]);
  expect((await send('PUT', `/${id}`, { status: 'issued' })).status).toBe(200);
});
