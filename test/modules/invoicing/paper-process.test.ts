import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stopPaperWorker } from '../../../src/modules/invoicing/rendering/paper-jobs.js';
import { ellipsize } from '../../../src/print/text.js';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let manager: Person;

beforeAll(async () => {
  server = await startTestServer();
  manager = await server.person({ roles: ['manager'] });
});
afterAll(() => server?.stop());

const item = { description: 'Archivage', quantity: 1, unitPrice: 10 };
const create = `mutation ($input: CreateInvoiceInput!) { createInvoice(input: $input) { invoice { id } } }`;

async function billed(count: number): Promise<string> {
  const input = { customerId: String(manager.id), items: Array.from({ length: count }, () => item) };
  return (await server.graphql(create, { input }, manager.token)).data.createInvoice.invoice.id;
}

/** Asks for the PDF, and does `meanwhile` again and again until it is answered; returns how often. */
async function drawing(id: string, meanwhile: () => Promise<unknown>): Promise<{ answer: Answer; rounds: number }> {
  let answer: Answer | undefined;
  const asked = server.request('GET', `/v1/invoices/${id}/pdf`, { token: manager.token }).then((a) => (answer = a));
  let rounds = 0;
  for (; !answer; rounds += 1) {
    await meanwhile();
    await setImmediate();
  }
  return { answer: await asked, rounds };
}

test('a text of a thousand line breaks is refused, in an item and in the reason of a credit note', async () => {
  const customerId = String(manager.id);
  const description = `a${'\n'.repeat(100)}b`;
  const refused = await server.graphql(
    create,
    { input: { customerId, items: [item, { ...item, description }] } },
    manager.token,
  );
  const problem = { code: 'too_long', message: 'has more than 100 lines' };
  expect(refused.errors?.[0].extensions.fields).toEqual([{ path: ['input', 'items', 1, 'description'], ...problem }]);
  const lines = { ...item, description: `a${'\r\n'.repeat(99)}b` };
  const taken = await server.graphql(
    create,
    { input: { customerId, status: 'ISSUED', items: [lines] } },
    manager.token,
  );
  const credit = `mutation ($input: CreateCreditNoteInput!) { createCreditNote(input: $input) { invoice { id } } }`;
  const { id: invoiceId } = taken.data.createInvoice.invoice;
  const credited = await server.graphql(credit, { input: { invoiceId, reason: description } }, manager.token);
  expect(credited.errors?.[0].extensions.fields).toMatchObject([{ path: ['input', 'reason'], code: 'too_long' }]);
});

test('others are served while an invoice of hundreds of sheets, from before there was a limit, is drawn', async () => {
  const id = await billed(60);
  await server.sql("update invoice_lines set description = repeat(E'x\\n', 999) || 'y' where invoice_id = ?", [id]);
  const { answer, rounds } = await drawing(id, () => server.request('GET', '/health'));
  expect(answer.status).toBe(200);
  expect(answer.text.startsWith('%PDF-')).toBe(true);
  expect(rounds).toBeGreaterThan(10);
});

test('a drawing that is ended is a clear refusal that says when to come again, and the next one is drawn', async () => {
  const id = await billed(1);
  const { answer } = await drawing(id, stopPaperWorker);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '60']);
  expect(answer.json).toMatchObject({ success: false });
  expect((await drawing(id, () => server.request('GET', '/health'))).answer.status).toBe(200);
});

test('an invoice of many lines is checked beside the event loop as it is issued, and stays a draft when that ends', async () => {
  const id = await billed(30);
  const issue = 'mutation ($id: ID!) { issueInvoice(input: { id: $id }) { invoice { status number } } }';
  const ask = () => server.graphql(issue, { id }, manager.token);
  let refused: Awaited<ReturnType<typeof ask>> | undefined;
  const asked = ask().then((answer) => (refused = answer));
  for (; !refused; await setImmediate()) await stopPaperWorker();
  expect((await asked).errors?.[0].extensions).toMatchObject({ code: 'UNAVAILABLE', reason: 'invoice.not_drawn' });
  expect((await ask()).data.issueInvoice.invoice).toMatchObject({ status: 'ISSUED', number: expect.any(String) });
  // What is found there is told as it is of a short one.
  const wrong = await billed(30);
  await server.sql("update invoices set currency = 'ZZZ' where id = ?", [wrong]);
  const { errors } = await server.graphql(issue, { id: wrong }, manager.token);
  expect(errors?.[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: expect.any(Array) });
});

test('a text is measured a few times to cut it, however long it is', () => {
  let measured = 0;
  const widthOfString = (text: string): number => {
    measured += 1;
    return text.length;
  };
  const cut = ellipsize('x'.repeat(20_000), 50, { widthOfString, hasGlyph: () => true });
  expect(cut).toBe(`${'x'.repeat(49)}…`);
  expect(measured).toBeLessThan(20);
});
