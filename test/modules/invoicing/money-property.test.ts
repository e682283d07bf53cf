import { afterAll, beforeAll, expect, test } from 'vitest';
import { isFull } from '../../support/full.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';
import { Random } from '../../support/random.js';

let server: TestServer;
let manager: Person;

beforeAll(async () => {
  server = await startTestServer();
  manager = await server.person({ roles: ['manager'] });
});
afterAll(() => server?.stop());

const mutate = async (field: string, input: object, selection: string): Promise<any> => {
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} } }`;
  const { data, errors } = await server.graphql(query, { input }, manager.token);
  // What cannot be done at the moment is refused; nothing else may go wrong.
  for (const { extensions } of errors ?? [])
    expect(['BAD_USER_INPUT', 'CONFLICT', 'NOT_FOUND']).toContain(extensions.code);
  return data[field];
};
const cents = (amount: string | number): bigint => BigInt(Math.round(Number(amount) * 100));

/** What the log says happened, reckoned in whole cents. */
interface Model {
  /** By payment: its amount, and what it settles by invoice. */
  payments: Map<string, { amount: bigint; settles: Map<number, bigint> }>;
  /** By invoice: the sum of its credit notes. */
  credited: Map<number, bigint>;
}

async function modelOf(creditTotals: ReadonlyMap<number, bigint>): Promise<Model> {
  const model: Model = { payments: new Map(), credited: new Map() };
  const events = await server.sql(
    `select type, subject_id as subject, data from events where type like 'payment.%' or type = 'invoice.credited' order by id`,
  );
  // Each customer's events are in the order of their lock, and no two customers share a payment.
  for (const { type, subject, data } of events) {
    const facts = typeof data === 'string' ? JSON.parse(data) : data;
    if (type === 'payment.recorded') model.payments.set(subject, { amount: cents(facts.amount), settles: new Map() });
    if (type === 'payment.deleted') model.payments.delete(subject);
    if (type === 'invoice.credited')
      model.credited.set(
        Number(subject),
        (model.credited.get(Number(subject)) ?? 0n) + (creditTotals.get(facts.creditNoteId) as bigint),
      );
    const sign = type === 'payment.allocated' ? 1n : type === 'payment.unallocated' ? -1n : 0n;
    for (const { invoiceId, amount } of sign === 0n ? [] : facts.allocations) {
      const { settles } = model.payments.get(subject) as { settles: Map<number, bigint> };
      settles.set(invoiceId, (settles.get(invoiceId) ?? 0n) + sign * cents(amount));
    }
  }
  return model;
}

test('random payments, credits and removals by several connections agree with a plain model to the cent', async () => {
  const random = new Random(20_260_228);
  const pick = <T>(list: readonly T[]): T => random.pick(list);
  const customers = [await server.person(), await server.person()];
  const invoices: { id: string; customer: number; total: number }[] = [];
  for (let n = 0; n < 10; n += 1) {
    const customer = pick(customers).id;
    const unitPrice = random.int(1, 20_000) / 100;
    const items = [{ description: 'Conseil', quantity: random.int(1, 3), unitPrice, vatRate: pick([0, 5.5, 20]) }];
    const made = await mutate(
      'createInvoice',
      { customerId: customer, items, status: 'ISSUED' },
      'invoice { id total }',
    );
    invoices.push({ ...made.invoice, customer });
  }
  const payments: string[] = [];
  const anyPayment = (): string => (payments.length ? pick(payments) : '0');
  const money = (): number => random.int(1, 30_000) / 100;
  const wanted = (): { invoiceId: string; amount?: number }[] => {
    const { customer } = pick(invoices);
    const own = invoices.filter((invoice) => invoice.customer === customer);
    const chosen = new Set(Array.from({ length: random.int(1, 3) }, () => pick(own).id));
    return [...chosen].map((invoiceId) => (random.chance(0.5) ? { invoiceId } : { invoiceId, amount: money() }));
  };
  const step: (() => Promise<unknown>)[] = [
    async () => {
      const input = { amount: money(), paymentDate: '2026-02-02', allocations: wanted() };
      const made = await mutate('recordPayment', input, 'payment { id }');
      if (made) payments.push(made.payment.id);
    },
    async () => {
      const input = { amount: money(), paymentDate: '2026-02-02', customerId: pick(customers).id };
      payments.push((await mutate('recordPayment', input, 'payment { id }')).payment.id);
    },
    () => mutate('allocatePayment', { id: anyPayment(), allocations: wanted() }, 'payment { id }'),
    () =>
      mutate(
        'unallocatePayment',
        { id: anyPayment(), invoiceId: pick(invoices).id, deletesEmpty: random.chance(0.5) },
        'invoice { id }',
      ),
    () => mutate('deletePayment', { id: anyPayment() }, 'deletedId'),
    () => mutate('updateInvoice', { id: pick(invoices).id, status: 'PAID' }, 'invoice { id }'),
    () => {
      const vatRate = pick([0, 5.5, 20]);
      const items = [{ description: 'Remise', quantity: 1, unitPrice: random.int(1, 900) / 100, vatRate }];
      return mutate('createCreditNote', { invoiceId: pick(invoices).id, reason: 'Remise', items }, 'invoice { id }');
    },
  ];
  const worker = async (): Promise<void> => {
    for (let n = 0; n < (isFull ? 120 : 25); n += 1) await pick(step)();
  };
  await Promise.all(Array.from({ length: 6 }, worker));

  const credits = await server.sql(`select id, total from invoices where type = 'credit_note'`);
  const model = await modelOf(new Map(credits.map(({ id, total }) => [id, cents(total)])));
  const rows = await server.sql(
    `select id, total, amount_paid, amount_credited, amount_due, status from invoices where type = 'invoice' order by id`,
  );
  for (const row of rows) {
    const credited = model.credited.get(row.id) ?? 0n;
    let paid = 0n;
    for (const { settles } of model.payments.values()) paid += settles.get(row.id) ?? 0n;
    const due = cents(row.total) - credited - paid;
    expect({ ...row, total: undefined }).toEqual({
      id: row.id,
      amount_paid: text(paid),
      amount_credited: text(credited),
      amount_due: text(due),
      status: due === 0n ? 'paid' : 'issued',
      total: undefined,
    });
    expect(due >= 0n).toBe(true);
  }
  const kept = await server.sql('select id, amount, amount_allocated, amount_unallocated from payments order by id');
  expect(kept).toEqual(
    // In the model they stand in the order of the answers.
    [...model.payments]
      .toSorted(([one], [other]) => Number(one) - Number(other))
      .map(([id, { amount, settles }]) => {
        const allocated = [...settles.values()].reduce((sum, part) => sum + part, 0n);
        return {
          id: Number(id),
          amount: text(amount),
          amount_allocated: text(allocated),
          amount_unallocated: text(amount - allocated),
        };
      }),
  );
  // Something of each kind has happened.
  expect([kept.length > 0, credits.length > 0, rows.some(({ status }) => status === 'paid')]).toEqual([
    true,
    true,
    true,
  ]);
});

const text = (amount: bigint): string => `${amount / 100n}.${String(amount % 100n).padStart(2, '0')}`;
