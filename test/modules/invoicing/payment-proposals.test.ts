import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let manager: Person;
let customer: Person;
let accountId: string;
const day = '2026-02-02';

beforeAll(async () => {
  server = await startTestServer();
  manager = await server.person({ roles: ['manager'] });
  customer = await server.person();
  accountId = (
    await mutate('createBankAccount', { name: 'Courant', typeId: '1', openingBalance: 0 }, 'bankAccount { id }')
  ).bankAccount.id;
});
afterAll(() => server?.stop());

const send = (field: string, input: object, selection: string, { token }: Person = manager) => {
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
  return server.graphql(`mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} } }`, { input }, token);
};
const mutate = async (field: string, input: object, selection: string): Promise<any> => {
  const { data, errors } = await send(field, input, selection);
  if (errors) throw new Error(JSON.stringify(errors));
  return data[field];
};
const issued = async (unitPrice: number, more: object = {}): Promise<{ id: string; number: string }> =>
  (
    await mutate(
      'createInvoice',
      {
        customerId: customer.id,
        status: 'ISSUED',
        items: [{ description: 'Conseil', quantity: 1, unitPrice }],
        ...more,
      },
      'invoice { id number }',
    )
  ).invoice;
const received = async (amount: number, description: string, transactionDate = day): Promise<string> =>
  (await mutate('createTransaction', { accountId, amount, description, transactionDate }, 'transaction { id }'))
    .transaction.id;
const proposals = async (filter: object, { token }: Person = manager): Promise<any[]> =>
  (
    await server.graphql(
      `query ($filter: PaymentProposalFilter) { paymentProposals(filter: $filter) {
         reason amount invoice { id customer { id } } transaction { id } } }`,
      { filter },
      token,
    )
  ).data.paymentProposals;
const accept = (transactionId: string, ...invoiceIds: string[]) =>
  send(
    'acceptPaymentProposal',
    { transactionId, invoiceIds },
    'payment { amount amountUnallocated paymentDate allocations { amount invoice { id status } } }',
  );

test('a number is recognised in any case, with any blanks and dashes; the amount alone comes last', async () => {
  const { id, number } = await issued(123.45);
  const twin = await issued(123.45);
  const spaced = number.replace('FA', 'fa ').replace('-', ' - ').toLowerCase();
  const whole = await received(123.45, `VIR SEPA DURAND REF: ${spaced}/XY`);
  const part = await received(23.45, `Acompte ${number.replace('-', '')}`);
  expect(
    (await proposals({ transactionId: whole })).map(({ reason, amount, invoice }) => [reason, amount, invoice.id]),
  ).toEqual([
    ['NUMBER_AND_AMOUNT', 123.45, id],
    ['AMOUNT', 123.45, twin.id],
  ]);
  expect(
    (await proposals({ transactionId: part })).map(({ reason, amount, invoice }) => [reason, amount, invoice.id]),
  ).toEqual([['NUMBER', 23.45, id]]);
  expect((await proposals({ invoiceId: id })).map(({ transaction }) => transaction.id)).toEqual([whole, part]);

  const { data } = await accept(whole, id);
  expect(data.acceptPaymentProposal.payment).toEqual({
    amount: 123.45,
    amountUnallocated: 0,
    paymentDate: day,
    allocations: [{ amount: 123.45, invoice: { id, status: 'PAID' } }],
  });
  expect(await proposals({ transactionId: whole })).toEqual([]);
  expect(await proposals({ transactionId: part })).toEqual([]);
  const again = await accept(whole, twin.id);
  expect(again.errors?.[0].extensions.fields).toMatchObject([{ path: ['input', 'transactionId'] }]);
});

test('one transfer pays several invoices; what is too much is left', async () => {
  const [first, second] = [await issued(60), await issued(30)];
  const id = await received(100, `${first.number} + ${second.number}`);
  expect((await proposals({ transactionId: id })).map(({ invoice }) => invoice.id)).toEqual([first.id, second.id]);
  const { data } = await accept(id, first.id, second.id);
  expect(data.acceptPaymentProposal.payment).toMatchObject({ amount: 100, amountUnallocated: 10 });
});

test('what is dated after today has not come in yet', async () => {
  const { id, number } = await issued(78);
  const planned = await received(78, number, '2099-01-01');
  expect(await proposals({ transactionId: planned })).toEqual([]);
  expect((await accept(planned, id)).errors?.[0].extensions.fields).toMatchObject([
    { path: ['input', 'transactionId'] },
  ]);
});

test('what left, drafts, other currencies and what is paid is never proposed, nor what is not one’s own', async () => {
  const stranger = await server.person();
  const { id, number } = await issued(77);
  const dollars = await issued(77, { currency: 'USD' });
  const spent = await received(-77, number);
  expect(await proposals({ transactionId: spent })).toEqual([]);
  const came = await received(77, `${number} ${dollars.number}`);
  expect((await proposals({ transactionId: came })).map(({ invoice }) => invoice.id)).toEqual([id]);
  for (const who of [customer, stranger, server.admin])
    expect(await proposals({ transactionId: came }, who)).toEqual([]);
  for (const who of [customer, stranger])
    expect(
      (await send('acceptPaymentProposal', { transactionId: came, invoiceIds: [id] }, '__typename', who)).errors,
    ).toHaveLength(1);
  expect(
    (await send('acceptPaymentProposal', { transactionId: came, invoiceIds: [] }, '__typename')).errors,
  ).toHaveLength(1);
  expect((await accept(came, dollars.id)).errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
});
