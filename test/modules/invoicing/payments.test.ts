import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firmDay } from '../../support/days.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let manager: Person;
let customer: Person;
let today: string;

beforeAll(async () => {
  server = await startTestServer();
  manager = await server.person({ roles: ['manager'] });
  customer = await server.person();
  today = firmDay(server.services.now());
});
afterAll(() => server?.stop());

const v1 = (method: string, path: string, json?: unknown, { token }: Person = manager) =>
  server.request(method, `/v1${path}`, { token, ...(json !== undefined && { json }) });
/** An issued invoice of this total; its number as a record. */
const issued = async (total: number, { to = customer, ...rest }: { to?: Person; [key: string]: unknown } = {}) => {
  const items = [{ description: 'Conseil', quantity: 1, price: total }];
  const { json } = await v1('POST', '/invoices', { customerId: to.id, items, status: 'issued', ...rest });
  return json.invoiceId as number;
};
const pay = (invoiceId: number, amount: number, more: object = {}, who = manager) =>
  v1('POST', `/invoices/${invoiceId}/payments`, { amount, paidAt: today, ...more }, who);
const money = async (invoiceId: number): Promise<[string, number, number]> => {
  const { status, amountPaid, amountDue } = (await v1('GET', `/invoices/${invoiceId}`)).json.invoice;
  return [status, amountPaid, amountDue];
};
const paymentsOf = async (invoiceId: number): Promise<any[]> =>
  (await v1('GET', `/invoices/${invoiceId}/payments`)).json.payments;
const run = (field: string, input: object, selection: string, { token }: Person = manager) => {
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
  return server.graphql(`mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} } }`, { input }, token);
};
const paymentFields = `payment { id amountAllocated amountUnallocated allocations { amount invoice { id status } } }`;
const record = async (input: object) => {
  const answer = await run('recordPayment', { paymentDate: today, ...input }, paymentFields);
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.recordPayment.payment;
};
const problemsOf = ({ errors }: { errors?: any[] }): string[] =>
  (errors?.[0].extensions.fields ?? []).map((f: any) => `${f.path.slice(1).join('.')} ${f.code}`);

describe('state follows the money', () => {
  test('100.00 by two payments of 50.00: 50.00 outstanding, then paid, and back when one is removed', async () => {
    const id = await issued(100);
    expect(await money(id)).toEqual(['issued', 0, 100]);
    const first = await pay(id, 50);
    expect(first.status).toBe(201);
    expect(first.json).toMatchObject({
      success: true,
      paymentId: first.json.payment.paymentId,
      payment: { amount: 50, amountAllocated: 50, amountUnallocated: 0, paidAt: today, transactionId: null },
      invoice: { invoiceId: id, status: 'issued', amountPaid: 50, amountDue: 50 },
    });
    await pay(id, 50);
    expect(await money(id)).toEqual(['paid', 100, 0]);

    const removed = await v1('DELETE', `/invoices/${id}/payments/${first.json.paymentId}`);
    expect([removed.status, removed.json.invoice.status, removed.json.invoice.amountDue]).toEqual([200, 'issued', 50]);
    expect((await paymentsOf(id)).map(({ amount }) => amount)).toEqual([50]);
    expect((await v1('DELETE', `/invoices/${id}/payments/${first.json.paymentId}`)).status).toBe(404);
    const states = await server.sql(
      `select data->>'from' as "from", data->>'to' as "to" from events
        where type = 'invoice.status_changed' and subject_id = ? order by id`,
      [String(id)],
    );
    expect(states).toEqual([
      { from: 'issued', to: 'paid' },
      { from: 'paid', to: 'issued' },
    ]);
  });

  test('1000.00 on 850.00: paid, and 150.00 left for another invoice of the customer', async () => {
    const id = await issued(850);
    const { json } = await pay(id, 1000);
    expect(json.payment).toMatchObject({ amount: 1000, amountAllocated: 850, amountUnallocated: 150 });
    expect(await money(id)).toEqual(['paid', 850, 0]);
    expect((await pay(id, 1)).json.errors).toEqual([{ field: 'invoiceId', message: expect.any(String) }]);

    const other = await issued(200);
    const { data } = await run(
      'allocatePayment',
      { id: json.paymentId, allocations: [{ invoiceId: other }] },
      paymentFields,
    );
    expect(data.allocatePayment.payment).toMatchObject({ amountAllocated: 1000, amountUnallocated: 0 });
    expect(await money(other)).toEqual(['issued', 150, 50]);

    // Only what is unlinked is unlinked.
    await v1('DELETE', `/invoices/${other}/payments/${json.paymentId}`);
    expect(await money(other)).toEqual(['issued', 0, 200]);
    expect(await money(id)).toEqual(['paid', 850, 0]);
    expect((await paymentsOf(id))[0]).toMatchObject({ amountAllocated: 850, amountUnallocated: 150 });
  });

  test('one payment settles several invoices, in their order; one of them is taken off alone', async () => {
    const ids = [await issued(30), await issued(50), await issued(100)];
    const made = await record({ amount: 100, allocations: ids.map((invoiceId) => ({ invoiceId })) });
    expect(made.allocations.map(({ amount }: any) => amount)).toEqual([30, 50, 20]);
    expect(await Promise.all(ids.map(money))).toEqual([
      ['paid', 30, 0],
      ['paid', 50, 0],
      ['issued', 20, 80],
    ]);
    const { data } = await run('unallocatePayment', { id: made.id, invoiceId: ids[1] }, 'invoice { status amountDue }');
    expect(data.unallocatePayment.invoice).toEqual({ status: 'ISSUED', amountDue: 50 });
    expect(await money(ids[0] as number)).toEqual(['paid', 30, 0]);
    await run('deletePayment', { id: made.id }, 'deletedId');
    expect((await Promise.all(ids.map(money))).map(([status, paid]) => [status, paid])).toEqual(
      ids.map(() => ['issued', 0]),
    );
  });

  test("who takes another's payment off their invoice does not delete it", async () => {
    const bill = { customerId: customer.id, items: [{ description: 'x', quantity: 1, price: 85 }], status: 'issued' };
    const { invoiceId } = (await v1('POST', '/invoices', bill, customer)).json;
    const { paymentId } = (await pay(invoiceId, 100)).json;
    expect((await v1('DELETE', `/invoices/${invoiceId}/payments/${paymentId}`, undefined, customer)).status).toBe(200);
    expect(await money(invoiceId)).toEqual(['issued', 0, 85]);
    const { data } = await server.graphql(`{ payment(id: "${paymentId}") { amountUnallocated } }`, {}, manager.token);
    expect(data.payment).toEqual({ amountUnallocated: 100 });
  });

  test('a deposit is paid in advance, and allocated to the final invoice', async () => {
    const deposit = await record({ amount: 300, customerId: customer.id });
    expect(deposit).toMatchObject({ amountAllocated: 0, amountUnallocated: 300, allocations: [] });
    const id = await issued(1000);
    await run('allocatePayment', { id: deposit.id, allocations: [{ invoiceId: id }] }, paymentFields);
    expect(await money(id)).toEqual(['issued', 300, 700]);
    await pay(id, 700);
    expect(await money(id)).toEqual(['paid', 1000, 0]);
    const { data } = await server.graphql(
      `query ($id: ID!) { payments(filter: { customerId: $id, isAllocated: true, startDate: "1900-01-01" }) {
         nodes { id } } before: payments(filter: { customerId: $id, endDate: "1900-01-01" }) { totalCount } }`,
      { id: customer.id },
      customer.token,
    );
    expect(data.payments.nodes).toContainEqual({ id: deposit.id });
    expect(data.before.totalCount).toBe(0);
  });

  test('credit notes lessen what is due, and free what was paid beyond it', async () => {
    const id = await issued(100);
    const { json } = await pay(id, 80);
    const credit = (price: number) =>
      v1('POST', `/invoices/${id}/credit-notes`, {
        reason: 'Remise',
        items: [{ description: 'Remise', quantity: 1, price }],
      });
    await credit(15);
    expect(await money(id)).toEqual(['issued', 80, 5]);
    await credit(35);
    expect(await money(id)).toEqual(['paid', 50, 0]);
    expect((await paymentsOf(id))[0]).toMatchObject({ amountAllocated: 50, amountUnallocated: 30 });
    await v1('DELETE', `/invoices/${id}/payments/${json.paymentId}`);
    expect(await money(id)).toEqual(['issued', 0, 50]);
    expect((await v1('PUT', `/invoices/${id}`, { status: 'cancelled' })).json.errors).toMatchObject([
      { field: 'status' },
    ]);
    await v1('POST', `/invoices/${id}/credit-notes`, { reason: 'Solde' });
    expect(await money(id)).toEqual(['paid', 0, 0]);
  });

  test('a consumer that writes `paid` records a payment of what is due, which can be taken back', async () => {
    const id = await issued(100);
    await pay(id, 40);
    expect((await v1('PUT', `/invoices/${id}`, { status: 'paid' })).json.invoice).toMatchObject({
      status: 'paid',
      amountPaid: 100,
      amountDue: 0,
    });
    const [, last] = await paymentsOf(id);
    expect(last).toMatchObject({ amount: 60, paidAt: today });
    await v1('DELETE', `/invoices/${id}/payments/${last.paymentId}`);
    expect(await money(id)).toEqual(['issued', 40, 60]);
    // Nothing is due on nothing.
    const free = await issued(0);
    expect((await v1('PUT', `/invoices/${free}`, { status: 'paid' })).json.invoice).toMatchObject({ status: 'paid' });
    expect(await paymentsOf(free)).toEqual([]);
  });

  test('an invoice that is overdue when its payment is taken back is overdue again', async () => {
    const id = await issued(10);
    const { json } = await pay(id, 10);
    await server.sql(`update invoices set due_at = '2020-01-01' where id = ?`, [id]);
    await v1('DELETE', `/invoices/${id}/payments/${json.paymentId}`);
    expect(await money(id)).toEqual(['overdue', 0, 10]);
  });
});

describe('what is refused', () => {
  test('amounts and days that cannot be, by field', async () => {
    const id = await issued(10);
    const fieldsOf = async (body: object): Promise<string[]> => {
      const { status, json } = await v1('POST', `/invoices/${id}/payments`, { amount: 1, paidAt: today, ...body });
      expect(status).toBe(400);
      return json.errors.map(({ field }: { field: string }) => field);
    };
    for (const amount of [0, -1, 0.001, 1e14, 'x', null]) expect(await fieldsOf({ amount })).toEqual(['amount']);
    for (const paidAt of ['2999-01-01', '1800-01-01', '2026-02-30', 'hier', null])
      expect(await fieldsOf({ paidAt })).toEqual(['paidAt']);
    expect(await fieldsOf({ transactionId: 999_999 })).toEqual(['transactionId']);
    expect(await money(id)).toEqual(['issued', 0, 10]);
  });

  test('drafts, credit notes, void ones, other customers and currencies, and more than is due or left', async () => {
    const other = await server.person();
    const [id, foreign, dollars] = [
      await issued(10),
      await issued(10, { to: other }),
      await issued(10, { currency: 'USD' }),
    ];
    const draft = await issued(10, { status: 'draft' });
    const cancelled = await issued(10);
    await v1('PUT', `/invoices/${cancelled}`, { status: 'cancelled' });
    const credit = (await v1('POST', `/invoices/${await issued(10)}/credit-notes`, { reason: 'x' })).json.invoiceId;
    for (const invoice of [draft, cancelled, credit]) expect((await pay(invoice, 1)).status).toBe(400);
    const refused = async (allocations: object[], amount = 10, more: object = {}) =>
      problemsOf(await run('recordPayment', { amount, paymentDate: today, allocations, ...more }, paymentFields));
    expect(await refused([{ invoiceId: id }, { invoiceId: foreign }, { invoiceId: dollars }])).toEqual([
      'allocations.1.invoiceId not_allowed',
      'allocations.2.invoiceId not_allowed',
    ]);
    expect(await refused([{ invoiceId: id, amount: 10.01 }], 20)).toEqual(['allocations.0.amount too_large']);
    expect(await refused([{ invoiceId: id, amount: 9 }], 5)).toEqual(['allocations.0.amount too_large']);
    expect(await refused([{ invoiceId: id, amount: 0 }, { invoiceId: id }])).toEqual([
      'allocations.0.amount too_small',
      'allocations.1.invoiceId duplicate',
    ]);
    expect(await refused([])).toEqual(['customerId required']);
    expect(await refused([{ invoiceId: id }], 10, { customerId: other.id })).toEqual(['customerId not_allowed']);
    expect(await server.sql('select 1 from payment_allocations where invoice_id in (?, ?)', [id, foreign])).toEqual([]);
  });

  test("a customer pays nothing by themselves, sees their payments, and others don't", async () => {
    const stranger = await server.person();
    const id = await issued(10);
    const { paymentId } = (await pay(id, 4)).json;
    for (const who of [customer, stranger]) {
      expect((await pay(id, 1, {}, who)).status).toBe(404);
      expect((await v1('DELETE', `/invoices/${id}/payments/${paymentId}`, undefined, who)).status).toBe(404);
      for (const [field, input] of [
        ['deletePayment', { id: paymentId }],
        ['allocatePayment', { id: paymentId, allocations: [{ invoiceId: id }] }],
        ['unallocatePayment', { id: paymentId, invoiceId: id }],
      ] as const) {
        const answer = await run(field, input, '__typename', who);
        expect(answer.errors?.[0].extensions.code).toBe(who === customer ? 'FORBIDDEN' : 'NOT_FOUND');
      }
    }
    expect((await v1('GET', `/invoices/${id}/payments`, undefined, customer)).json.total).toBe(1);
    expect((await v1('GET', `/invoices/${id}/payments`, undefined, stranger)).status).toBe(404);
    const mine = `query ($id: ID!) { payment(id: $id) { amount allocations { invoice { id } } } }`;
    expect((await server.graphql(mine, { id: paymentId }, stranger.token)).data.payment).toBeNull();
    expect((await server.graphql(mine, { id: paymentId }, customer.token)).data.payment).toEqual({
      amount: 4,
      allocations: [{ invoice: { id: String(id) } }],
    });
  });

  test('what no command does, the database refuses: more than there is, and a state without its money', async () => {
    const id = await issued(10);
    const { paymentId } = (await pay(id, 4)).json;
    for (const [statement, constraint] of [
      [`update payment_allocations set amount = 5 where payment_id = ${paymentId}`, 'payments_not_over_allocated'],
      [`update payments set amount = 3 where id = ${paymentId}`, 'payments_not_over_allocated'],
      [`update invoices set status = 'paid' where id = ${id}`, 'invoices_state_follows_money'],
      [`update invoices set total = 3, total_excluding_tax = 3 where id = ${id}`, 'invoices_not_over_settled'],
    ] as const)
      await expect(server.sql(statement)).rejects.toThrow(new RegExp(`${constraint}|does not follow its money`));
  });
});

describe('bank transactions', () => {
  const account = async (currency = 'EUR', typeId = '1'): Promise<string> =>
    (await run('createBankAccount', { name: 'Courant', typeId, openingBalance: 0, currency }, 'bankAccount { id }'))
      .data.createBankAccount.bankAccount.id;
  const received = async (amount: number, accountId?: string): Promise<string> => {
    const input = { accountId: accountId ?? (await account()), amount, description: 'VIR', transactionDate: today };
    return (await run('createTransaction', input, 'transaction { id }')).data.createTransaction.transaction.id;
  };

  test('one joins account, transactions and the invoices that they settle', async () => {
    const accountId = await account();
    const transactionId = Number(await received(100, accountId));
    const [first, second] = [await issued(60), await issued(40)];
    expect((await pay(first, 60, { transactionId })).json.payment).toMatchObject({ transactionId });
    await pay(second, 40, { transactionId });
    expect((await pay(await issued(1), 1, { transactionId })).json.errors).toMatchObject([{ field: 'transactionId' }]);
    const { data } = await server.graphql(
      `query ($id: ID!) { bankAccount(id: $id) { transactions { nodes { settles { amount invoice { id customer { id } payments { transaction { id } } } } } } } }`,
      { id: accountId },
      manager.token,
    );
    const settled = (id: number, amount: number) => ({
      amount,
      invoice: {
        id: String(id),
        customer: { id: String(customer.id) },
        payments: [{ transaction: { id: String(transactionId) } }],
      },
    });
    expect(data.bankAccount.transactions.nodes).toEqual([{ settles: [settled(first, 60), settled(second, 40)] }]);
    // Who paid sees the payment, and nothing of the account that it went to.
    expect((await v1('GET', `/invoices/${first}/payments`, undefined, customer)).json.payments).toMatchObject([
      { amount: 60, transactionId: null },
    ]);
  });

  test('only what came in, in the currency, of an account that one may write', async () => {
    const stranger = await server.person();
    const id = await issued(10);
    const [spent, dollars, mine] = [await received(-10), await received(10, await account('USD')), await received(10)];
    const refused = async (transactionId: string, amount = 10) =>
      (await pay(id, amount, { transactionId: Number(transactionId) })).json.errors.map(({ field }: any) => field);
    expect(await refused(spent)).toEqual(['transactionId']);
    expect(await refused(dollars)).toEqual(['transactionId']);
    expect(await refused(mine, 10.01)).toEqual(['amount']);
    const own = (
      await v1(
        'POST',
        '/invoices',
        {
          customerId: stranger.id,
          items: [{ description: 'x', quantity: 1, price: 10 }],
          status: 'issued',
        },
        stranger,
      )
    ).json.invoiceId;
    const isRefused = async (transactionId: string): Promise<void> =>
      expect((await pay(own, 10, { transactionId: Number(transactionId) }, stranger)).json.errors).toMatchObject([
        { field: 'transactionId' },
      ]);
    await isRefused(mine);
    // What a payment came in by can bring no less afterwards: whoever only reads the account says no such thing.
    const joint = await account('EUR', '4');
    await run(
      'shareBankAccount',
      { accountId: joint, email: stranger.email, permission: 'READ' },
      'accountShare { id }',
    );
    await isRefused(await received(10, joint));
  });

  test('keep what payments came in by them; with them the payments go, and invoices are due again', async () => {
    const accountId = await account();
    const id = await received(100, accountId);
    const invoices = [await issued(60), await issued(30)];
    for (const invoice of invoices)
      await pay(invoice, invoice === invoices[0] ? 60 : 30, { transactionId: Number(id) });
    const change = (input: object) => run('updateTransaction', { id, ...input }, 'transaction { amount }');
    expect((await change({ amount: 89.99 })).errors?.[0].extensions).toMatchObject({
      code: 'CONFLICT',
      reason: 'payment.received',
    });
    expect((await change({ accountId: await account('USD') })).errors?.[0].extensions.reason).toBe('payment.received');
    expect((await change({ amount: 90, accountId: await account() })).errors).toBeUndefined();
    await expect(server.sql('update transactions set amount = 89 where id = ?', [id])).rejects.toThrow(/settles more/);

    await run('deleteTransaction', { id }, 'deletedId');
    expect(await Promise.all(invoices.map(money))).toEqual([
      ['issued', 0, 60],
      ['issued', 0, 30],
    ]);
    expect(await server.sql('select 1 from payments where transaction_id = ?', [id])).toEqual([]);

    // They come back with it, as they were, but for what was paid otherwise meanwhile.
    const restore = async () =>
      (await run('restoreTransaction', { id }, 'lost transaction { id }')).data.restoreTransaction.lost;
    expect(await restore()).toEqual([]);
    expect(await Promise.all(invoices.map(money))).toEqual([
      ['paid', 60, 0],
      ['paid', 30, 0],
    ]);
    const made = await server.sql('select id, amount from payments where transaction_id = ? order by id', [id]);
    expect(made.map(({ amount }) => amount)).toEqual(['60.00', '30.00']);
    await run('deleteTransaction', { id }, 'deletedId');
    await pay(invoices[0] as number, 5);
    expect(await restore()).toEqual(['PAYMENT']);
    expect(await Promise.all(invoices.map(money))).toEqual([
      ['issued', 5, 55],
      ['paid', 30, 0],
    ]);
    expect(await server.sql('select id, amount from payments where transaction_id = ?', [id])).toEqual(made.slice(1));
    expect(await restore()).toEqual([]);
  });

  test('a payment of several invoices comes back for those that have room, its rest unallocated', async () => {
    const id = await received(100);
    const [first, second] = [await issued(60), await issued(40)];
    const allocations = [first, second].map((invoiceId) => ({ invoiceId: String(invoiceId) }));
    await record({ amount: 100, transactionId: id, allocations });
    await run('deleteTransaction', { id }, 'deletedId');
    await pay(second, 40);
    const { data } = await run('restoreTransaction', { id }, 'lost transaction { id }');
    expect(data.restoreTransaction.lost).toEqual(['PAYMENT']);
    expect([await money(first), await money(second)]).toEqual([
      ['paid', 60, 0],
      ['paid', 40, 0],
    ]);
    const [payment] = await server.sql('select amount, amount_allocated from payments where transaction_id = ?', [id]);
    expect(payment).toEqual({ amount: '100.00', amount_allocated: '60.00' });
  });

  test('of a person who is erased go; what came in by them has paid all the same', async () => {
    const seller = await server.person({ roles: ['manager'] });
    const { data } = await run(
      'createBankAccount',
      { name: 'x', typeId: '1', openingBalance: 0 },
      'bankAccount { id }',
      seller,
    );
    const input = {
      accountId: data.createBankAccount.bankAccount.id,
      amount: 10,
      description: 'VIR',
      transactionDate: today,
    };
    const made = await run('createTransaction', input, 'transaction { id }', seller);
    const id = await issued(10);
    await pay(id, 10, { transactionId: Number(made.data.createTransaction.transaction.id) }, seller);
    const gone = await run('deleteUser', { id: seller.id }, 'deletedId', server.admin);
    expect(gone.errors).toBeUndefined();
    expect(await money(id)).toEqual(['paid', 10, 0]);
    expect(await paymentsOf(id)).toMatchObject([{ amount: 10, transactionId: null }]);
  });
});

describe('at the same time', () => {
  test('twenty payments of 10.00 on 100.00: ten settle it, the others find nothing due', async () => {
    const id = await issued(100);
    const answers = await Promise.all(Array.from({ length: 20 }, () => pay(id, 10)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(10);
    expect(await money(id)).toEqual(['paid', 100, 0]);
  });

  test('payments of the same invoices in opposite orders, credits and removals neither wait for ever nor lose a cent', async () => {
    const ids = [await issued(100), await issued(100), await issued(100)];
    const forth = ids.map((invoiceId) => ({ invoiceId, amount: 10 }));
    const work = Array.from({ length: 6 }, async (_, n) => {
      const made = await record({ amount: 30, allocations: n % 2 ? forth : forth.toReversed() });
      if (n % 3 === 0) await run('deletePayment', { id: made.id }, 'deletedId');
      const items = [{ description: 'x', quantity: 1, price: 5 }];
      await v1('POST', `/invoices/${ids[n % 3]}/credit-notes`, { reason: 'x', items });
    });
    await Promise.all(work);
    expect(await Promise.all(ids.map(money))).toEqual(ids.map(() => ['issued', 40, 50]));
  });

  test('a transaction does not settle more than it brought', async () => {
    const { data } = await run(
      'createBankAccount',
      { name: 'x', typeId: '1', openingBalance: 0 },
      'bankAccount { id }',
    );
    const input = {
      accountId: data.createBankAccount.bankAccount.id,
      amount: 50,
      description: 'VIR',
      transactionDate: today,
    };
    const transactionId = Number(
      (await run('createTransaction', input, 'transaction { id }')).data.createTransaction.transaction.id,
    );
    const others = await Promise.all(Array.from({ length: 4 }, () => server.person()));
    const ids = await Promise.all(others.map((to) => issued(20, { to })));
    const answers = await Promise.all(ids.map((id) => pay(id, 20, { transactionId })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 400, 400]);
  });
});
