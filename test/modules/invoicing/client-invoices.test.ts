import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';
import { statementsOf } from '../../support/sql-log.js';

let server: TestServer;
let manager: Person;
beforeAll(async () => {
  server = await startTestServer();
  manager = await server.person({ roles: ['manager'] });
});
afterAll(() => server?.stop());

const items = [{ description: 'Recherche de fuite', quantity: 1, unitPrice: 100, vatRate: 20 }];
async function change(name: string, input: object, selection: string, { token } = manager): Promise<any> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const { data, errors } = await server.graphql(
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`,
    { input },
    token,
  );
  if (errors) throw Object.assign(new Error(errors[0].message), errors[0].extensions);
  return data[name];
}
const client = async (input: object = {}): Promise<string> =>
  (await change('createClient', { name: 'Dupont', ...input }, 'client { id }')).client.id;
const invoice = async (input: object, by = manager): Promise<any> =>
  (await change('createInvoice', { items, ...input }, 'invoice { id status customerId client { id } }', by)).invoice;
const buyerOf = async (id: string): Promise<any> =>
  (await server.sql('select buyer from invoices where id = ?', [id]))[0].buyer;

test('an issued invoice names the client as its buyer, and is found from it', async () => {
  const address = '12 rue des Lilas\n75011 Paris';
  const clientId = await client({ companyName: 'SARL Dupont', email: 'sarl@example.org', address });
  const made = await invoice({ clientId, status: 'ISSUED' });
  expect(made).toMatchObject({ status: 'ISSUED', customerId: String(manager.id), client: { id: clientId } });
  expect(await buyerOf(made.id)).toEqual({
    name: 'SARL Dupont',
    email: 'sarl@example.org',
    street: '12 rue des Lilas',
    postalCode: '75011',
    city: 'Paris',
  });
  const list = `{ clients(filter: { search: "sarl" }) { nodes { invoices(first: 5) { nodes { id client { name } } } } } }`;
  const statements = await statementsOf(server, async () => {
    const { data } = await server.graphql(list, {}, manager.token);
    expect(data.clients.nodes).toEqual([{ invoices: { nodes: [{ id: made.id, client: { name: 'Dupont' } }] } }]);
  });
  expect(statements).toHaveLength(2);
  const query = 'query ($id: ID) { invoices(filter: { clientId: $id }) { nodes { id } } }';
  expect((await server.graphql(query, { id: clientId }, manager.token)).data.invoices.nodes).toEqual([{ id: made.id }]);
  // A technician sees clients, and not what they are billed.
  const technicien = await server.person({ roles: ['technicien'] });
  expect((await server.graphql(list, {}, technicien.token)).data.clients.nodes).toEqual([{ invoices: { nodes: [] } }]);
  const pdf = await server.graphql('query ($id: ID!) { invoicePdf(id: $id) { key } }', { id: made.id }, manager.token);
  expect(pdf.errors).toBeUndefined();
});

test('the person stays who is billed when one is given; a draft changes its client until it is issued', async () => {
  const person = await server.person();
  const [one, two] = [await client({ name: 'Un', address: 'Lieu-dit Le Bout' }), await client({ name: 'Deux' })];
  const { id, customerId } = await invoice({ customerId: String(person.id), clientId: one });
  expect(customerId).toBe(String(person.id));
  const update = async (input: object): Promise<any> =>
    (await change('updateInvoice', { id, ...input }, 'invoice { status client { id } }')).invoice;
  expect(await update({ clientId: two })).toMatchObject({ client: { id: two } });
  expect(await update({ clientId: null })).toMatchObject({ client: null });
  expect(await update({ clientId: one, status: 'ISSUED' })).toMatchObject({ status: 'ISSUED', client: { id: one } });
  expect(await buyerOf(id)).toMatchObject({ name: 'Un', email: null, street: 'Lieu-dit Le Bout' });
  await expect(update({ clientId: two })).rejects.toMatchObject({ reason: 'invoice.issued' });
  // The client goes, its invoice stays.
  await change('deleteClient', { id: one }, 'deletedId');
  const query = 'query ($id: ID!) { invoice(id: $id) { id client { id } } }';
  expect((await server.graphql(query, { id }, person.token)).data.invoice).toEqual({ id, client: null });
});

test('whoever bills in their own name only names no client, and nobody one that is gone', async () => {
  const clientId = await client();
  const user = await server.person();
  await expect(invoice({ customerId: String(user.id), clientId }, user)).rejects.toMatchObject({
    code: 'FORBIDDEN',
    reason: 'invoice.for_others',
  });
  const draft = await invoice({ clientId });
  await change('deleteClient', { id: clientId }, 'deletedId');
  const unknown = { code: 'BAD_USER_INPUT', fields: [expect.objectContaining({ path: ['input', 'clientId'] })] };
  await expect(invoice({ clientId })).rejects.toMatchObject(unknown);
  await expect(invoice({ clientId: 'x' })).rejects.toMatchObject(unknown);
  await expect(change('issueInvoice', { id: draft.id }, 'invoice { id }')).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
  });
  await expect(invoice({})).rejects.toMatchObject({
    fields: [expect.objectContaining({ path: ['input', 'customerId'], code: 'required' })],
  });
});

test("one client's money does not pay another client's invoice", async () => {
  const [one, two] = [await client({ name: 'Un' }), await client({ name: 'Deux' })];
  const [first, second] = [
    await invoice({ clientId: one, status: 'ISSUED' }),
    await invoice({ clientId: two, status: 'ISSUED' }),
  ];
  const pay = (ids: string[]) =>
    change(
      'recordPayment',
      { amount: 240, paymentDate: '2026-02-02', allocations: ids.map((invoiceId) => ({ invoiceId })) },
      'payment { id }',
    );
  await expect(pay([first.id, second.id])).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  const { payment } = await pay([first.id]);
  await expect(
    change('allocatePayment', { id: payment.id, allocations: [{ invoiceId: second.id }] }, 'payment { id }'),
  ).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
});
