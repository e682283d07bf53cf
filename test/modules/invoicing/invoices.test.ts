import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Context } from '../../../src/kernel/context.js';
import { createInvoice } from '../../../src/modules/invoicing/create-invoice.js';
import { InvoiceStatus } from '../../../src/modules/invoicing/invoice.entity.js';
import { endOfYear, issueYear } from '../../../src/modules/invoicing/issue-day.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let manager: Person;
let customer: Person;
let stranger: Person;

beforeAll(async () => {
  server = await startTestServer();
  manager = await server.person({ roles: ['manager'] });
  customer = await server.person();
  stranger = await server.person();
});
afterAll(() => server?.stop());

const create = `mutation ($input: CreateInvoiceInput!) { createInvoice(input: $input) { invoice {
  id number status totalExcludingTax totalTax total customerId vatLines { vatRate base tax } lines { position quantity unitPrice total } } } }`;
const update = `mutation ($input: UpdateInvoiceInput!) { updateInvoice(input: $input) { invoice { id number status total dueDate paidAt issuedAt } } }`;
const read = `query ($id: ID!) { invoice(id: $id) { id status } }`;

const one = { description: 'Archivage', quantity: 1, unitPrice: 10 };
const bill = async (input: object, { token }: Person = manager): Promise<any> =>
  server.graphql(create, { input: { customerId: customer.id, items: [one], ...input } }, token);
const billed = async (input: object = {}, by?: Person): Promise<any> =>
  (await bill(input, by)).data.createInvoice.invoice;
const change = (input: object, { token }: Person = manager) => server.graphql(update, { input }, token);
const problemsOf = ({ errors }: { errors?: any[] }): string[] =>
  (errors?.[0].extensions.fields ?? []).map((f: any) => `${f.path.join('.').replace(/^input\./, '')} ${f.code}`);
const codeOf = ({ errors }: { errors?: any[] }): string => errors?.[0].extensions.code;

describe('making an invoice', () => {
  test('amounts are exact, rounded a line and a rate', async () => {
    const invoice = await billed({
      items: [
        { description: 'Heures', quantity: 3.125, unitPrice: 62.125, vatRate: 20 },
        { description: 'Centimes', quantity: 1, unitPrice: 1.005, vatRate: 20 },
        { description: 'Débours', quantity: 2, unitPrice: 0.1 },
      ],
    });
    expect(invoice).toMatchObject({
      number: null,
      status: 'DRAFT',
      totalExcludingTax: 195.35,
      totalTax: 39.03,
      total: 234.38,
    });
    expect(invoice.lines.map((l: any) => [l.position, l.total])).toEqual([
      [1, 194.14],
      [2, 1.01],
      [3, 0.2],
    ]);
    expect(invoice.vatLines).toEqual([
      { vatRate: 20, base: 195.15, tax: 39.03 },
      { vatRate: 0, base: 0.2, tax: 0 },
    ]);
  });

  test('every problem is told at once', async () => {
    const answer = await bill({
      customerId: '999999',
      currency: 'XXZ',
      status: 'PAID',
      items: [
        { description: ' ', quantity: 0, unitPrice: -1, vatRate: 101 },
        { description: 'x'.repeat(2001), quantity: -1, unitPrice: 1, vatRate: 5.555 },
        { description: 'x', quantity: 1.2345, unitPrice: 99_999_999_999, vatRate: 0 },
      ],
    });
    expect(codeOf(answer)).toBe('BAD_USER_INPUT');
    expect(problemsOf(answer).toSorted()).toEqual([
      'currency invalid',
      'customerId unknown_reference',
      'items.0.description required',
      'items.0.quantity too_small',
      'items.0.unitPrice too_small',
      'items.0.vatRate too_large',
      'items.1.description too_long',
      'items.1.quantity too_small',
      'items.1.vatRate invalid',
      'items.2.quantity invalid',
      'items.2.unitPrice too_large',
      'status not_allowed',
    ]);
    expect(problemsOf(await bill({ items: [] }))).toEqual(['items too_short']);
    expect(problemsOf(await bill({ items: Array.from({ length: 201 }, () => one) }))).toEqual(['items too_long']);
    const huge = { description: 'x', quantity: 90_000_000_000, unitPrice: 9_000_000_000 };
    expect(problemsOf(await bill({ items: [huge] }))).toEqual(['items too_large']);
    expect(problemsOf(await bill({ status: 'ISSUED', dueDate: '2020-01-01' }))).toEqual(['dueDate too_small']);
  });

  test('without invoices:write only oneself is billed, and no answer tells who exists', async () => {
    expect(await billed({ customerId: stranger.id }, stranger)).toMatchObject({ customerId: String(stranger.id) });
    expect(codeOf(await bill({ customerId: customer.id }, stranger))).toBe('FORBIDDEN');
    expect(codeOf(await bill({ customerId: '999999' }, stranger))).toBe('FORBIDDEN');
    expect(codeOf(await server.graphql(create, { input: { customerId: customer.id, items: [one] } }))).toBe(
      'UNAUTHENTICATED',
    );
  });
});

describe('numbers', () => {
  test('twenty at once, a third of which roll back, leave no gap and rise with the dates', async () => {
    const viewer = {
      userId: manager.id,
      permissions: new Set(['invoices:*']),
      scopes: new Set(['read', 'write'] as const),
      credential: { kind: 'none' } as const,
    };
    const facts = { credential: undefined, requestId: 'test', ip: undefined, userAgent: undefined };
    const issue = async (fails: boolean): Promise<void> => {
      const ctx = server.app.contextFor(viewer, facts);
      const input = {
        customerId: String(customer.id),
        items: [{ ...one, quantity: '1', unitPrice: '10', vatRate: '0' }],
        status: InvoiceStatus.ISSUED,
      };
      const transaction: Context['db']['transaction'] = (work) =>
        ctx.db.transaction(async (tx) => {
          const result = await work(tx);
          if (fails) throw new Error('rolled back');
          return result;
        });
      const { services, requestId, ip } = ctx;
      await createInvoice({ viewer, services, requestId, ip, db: { ...ctx.db, transaction } } as never, input);
    };
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => issue(i % 3 === 1)));
    expect(outcomes.filter((o) => o.status === 'rejected').map((o) => o.reason.message)).toEqual(
      Array(7).fill('rolled back'),
    );

    const rows = await server.sql('select number, issued_at from invoices where number is not null order by number');
    const year = issueYear(server.services.now());
    expect(rows.map((r) => r.number)).toEqual(rows.map((_, i) => `FA${year}-${String(i + 1).padStart(5, '0')}`));
    expect(rows.length).toBe(13);
    const dates = rows.map((r) => new Date(r.issued_at).valueOf());
    expect(dates).toEqual(dates.toSorted((a, b) => a - b));
    expect(await server.sql(`select count(*)::int as n from events where type = 'invoice.issued'`)).toEqual([
      { n: 13 },
    ]);
  });

  test('the year is the one in Paris', () => {
    expect(issueYear(new Date('2026-12-31T22:59:59Z'))).toBe(2026);
    expect(issueYear(new Date('2026-12-31T23:00:00Z'))).toBe(2027);
    expect(issueYear(endOfYear(2026))).toBe(2026);
  });
});

describe('states', () => {
  test('a draft is edited, then issued; what is issued is fixed and only moves on', async () => {
    const { id } = await billed();
    const edited = await change({ id, items: [{ ...one, quantity: 3 }, one], dueDate: '2099-01-31' });
    expect(edited.data.updateInvoice.invoice).toMatchObject({ total: 40, status: 'DRAFT', dueDate: '2099-01-31' });
    expect(problemsOf(await change({ id, status: 'PAID' }))).toEqual(['status not_allowed']);
    const issued = await change({ id, status: 'ISSUED' });
    expect(issued.data.updateInvoice.invoice).toMatchObject({
      status: 'ISSUED',
      number: expect.stringMatching(/^FA\d{4}-\d{5}$/),
    });

    for (const input of [{ items: [one] }, { status: 'PAID', dueDate: null }]) {
      const refused = await change({ id, ...input });
      expect(refused.errors?.[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', reason: 'invoice.issued' });
      expect(refused.errors?.[0].message).toContain('credit note');
    }
    const remove = `mutation ($input: DeleteInvoiceInput!) { deleteInvoice(input: $input) { deletedId } }`;
    expect((await server.graphql(remove, { input: { id } }, manager.token)).errors?.[0].extensions.reason).toBe(
      'invoice.issued',
    );
    expect(problemsOf(await change({ id, status: 'DRAFT' }))).toEqual(['status not_allowed']);
    expect((await change({ id, status: 'OVERDUE' })).data.updateInvoice.invoice.status).toBe('OVERDUE');
    expect((await change({ id, status: 'PAID' })).data.updateInvoice.invoice).toMatchObject({
      status: 'PAID',
      paidAt: expect.any(String),
    });
    expect(problemsOf(await change({ id, status: 'CANCELLED' }))).toEqual(['status not_allowed']);
    const types = await server.sql(
      `select type from events where subject_type = 'Invoice' and subject_id = ? order by id`,
      [id],
    );
    expect(types.map((e) => e.type)).toEqual([
      'invoice.created',
      'invoice.updated',
      'invoice.issued',
      'invoice.status_changed',
      'invoice.status_changed',
    ]);
  });

  test('of two who issue the same draft at once, one wins', async () => {
    const { id } = await billed();
    const answers = await Promise.all([change({ id, status: 'ISSUED' }), change({ id, status: 'ISSUED' })]);
    expect(answers.filter((a) => !a.errors)).toHaveLength(1);
    expect(problemsOf(answers.find((a) => a.errors) ?? {})).toEqual(['status not_allowed']);
  });

  test("others' invoices are not found; the customer sees an issued one and may not change it", async () => {
    const { id } = await billed();
    for (const who of [customer, stranger]) {
      expect((await server.graphql(read, { id }, who.token)).data.invoice).toBeNull();
      expect(codeOf(await change({ id, currency: 'USD' }, who))).toBe('NOT_FOUND');
    }
    const issue = 'mutation ($id: ID!) { issueInvoice(input: { id: $id }) { invoice { status } } }';
    expect((await server.graphql(issue, { id }, manager.token)).data.issueInvoice.invoice.status).toBe('ISSUED');
    expect((await server.graphql(read, { id }, customer.token)).data.invoice.status).toBe('ISSUED');
    expect(codeOf(await change({ id, status: 'PAID' }, customer))).toBe('FORBIDDEN');
    expect(codeOf(await change({ id: 'x', status: 'PAID' }))).toBe('NOT_FOUND');
  });
});

test('a list filters, and takes one statement for the lines of all VAT', async () => {
  const list = `query ($filter: InvoiceFilter) { invoices(first: 100, filter: $filter) { totalCount nodes { id status vatLines { tax } pdfUrl } } }`;
  await Promise.all([billed(), billed()]);
  const execute = vi.spyOn(server.db.client, 'all');
  const { data } = await server.graphql(list, { filter: { customerId: customer.id, status: 'DRAFT' } }, manager.token);
  const lineStatements = execute.mock.calls.filter(([{ strings }]) => strings.join().includes('from invoice_lines'));
  execute.mockRestore();
  expect(lineStatements).toHaveLength(1);
  expect(data.invoices.nodes.length).toBe(data.invoices.totalCount);
  expect(data.invoices.nodes.length).toBeGreaterThan(1);
  expect(new Set(data.invoices.nodes.map((n: any) => n.status))).toEqual(new Set(['DRAFT']));
  expect(data.invoices.nodes[0].pdfUrl).toMatch(/\/v1\/invoices\/\d+\/pdf$/);
  expect(problemsOf(await server.graphql(list, { filter: { customerId: 'x' } }, manager.token))).toEqual([
    'filter.customerId invalid',
  ]);
});

test("a draft's PDF follows its edits; an issued one's stays as issued, also when paid or when the customer moves", async () => {
  const pdf = async (id: string): Promise<{ key: string; name: string; bytes: Buffer }> => {
    const { data } = await server.graphql(
      'query ($id: ID!) { invoicePdf(id: $id) { key name mimeType } }',
      { id },
      manager.token,
    );
    return { ...data.invoicePdf, bytes: await server.services.store.bytes(data.invoicePdf.key) };
  };
  const { id } = await billed({ items: [{ ...one, vatRate: 20 }] });
  const first = await pdf(id);
  expect(first.bytes.subarray(0, 5).toString()).toBe('%PDF-');
  await change({ id, items: [{ ...one, quantity: 2 }] });
  const second = await pdf(id);
  expect(second.key).not.toBe(first.key);
  expect(await server.services.store.exists(first.key)).toBe(false);

  const { number } = (await change({ id, status: 'ISSUED' })).data.updateInvoice.invoice;
  expect(await server.services.store.exists(second.key)).toBe(false);
  const issued = await pdf(id);
  expect(issued).toMatchObject({ key: `invoices/${id}-${number}.pdf`, name: `facture-${number}.pdf` });
  await server.sql('update users set first_name = ? where id = ?', ['Renommée', customer.id]);
  await change({ id, status: 'PAID' });
  expect((await pdf(id)).bytes.equals(issued.bytes)).toBe(true);
  // Rendered for the first time only after it was paid: still as it was issued.
  await server.services.store.remove(issued.key);
  expect((await pdf(id)).bytes.equals(issued.bytes)).toBe(true);
});
