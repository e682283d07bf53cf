import { extractText, getDocumentProxy } from 'unpdf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { markOverdue } from '../../../src/modules/invoicing/mark-overdue.js';
import { latePenalties } from '../../../src/modules/invoicing/reminders/reminder-terms.js';
import { settled } from '../../support/events.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';
import { startSmtpServer } from '../../support/smtp-server.js';

let server: TestServer;
let manager: Person;
let customer: Person;
let smtp: Awaited<ReturnType<typeof startSmtpServer>>;
let now = new Date('2026-03-02T10:00:00Z');

beforeAll(async () => {
  smtp = await startSmtpServer();
  server = await startTestServer({
    now: () => now,
    env: {
      SMTP_URL: smtp.url,
      MAIL_FROM: 'Cabinet <cabinet@example.org>',
      LATE_PENALTY_RATE: '8.28',
      SELLER: JSON.stringify({ name: 'Cabinet Martin', siren: '732829320', iban: 'FR7630006000011234567890189' }),
    },
  });
  manager = await server.person({ roles: ['manager'] });
  customer = await server.person();
});
afterAll(async () => {
  await server?.stop();
  await smtp?.stop();
});

/** A token that holds at the moment that the test has come to. */
const tokenOf = async ({ id }: Person): Promise<string> => {
  const [{ id: sessionId }] = await server.sql('select id from sessions where user_id = ?', [id]);
  return server.services.accessTokens.sign(id, sessionId, now);
};
const v1 = async (method: string, path: string, json?: unknown, who: Person = manager) =>
  server.request(method, `/v1${path}`, { token: await tokenOf(who), ...(json !== undefined && { json }) });
const issued = async (total: number, dueAt?: string): Promise<number> => {
  const items = [{ description: 'Conseil', quantity: 1, price: total }];
  const { json } = await v1('POST', '/invoices', { customerId: customer.id, items, dueAt, status: 'issued' });
  return json.invoiceId;
};
const statusOf = async (id: number): Promise<string> => (await v1('GET', `/invoices/${id}`)).json.invoice.status;
const remind = (id: number, who?: Person) => v1('POST', `/invoices/${id}/reminders`, undefined, who);
const textOf = async (pdf: ArrayBuffer): Promise<string> => {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: true });
  return text.replace(/\s+/g, ' ');
};

describe('overdue', () => {
  test('from the day after the last one in the firm’s time zone, once, by however many processes', async () => {
    now = new Date('2026-03-02T10:00:00Z');
    const [late, paid, open, draft] = [
      await issued(100, '2026-03-10'),
      await issued(100, '2026-03-10'),
      await issued(100),
      (
        await v1('POST', '/invoices', {
          customerId: customer.id,
          items: [{ description: 'x', quantity: 1, price: 1 }],
          dueAt: '2026-03-10',
        })
      ).json.invoiceId,
    ];
    await v1('POST', `/invoices/${paid}/payments`, { amount: 100, paidAt: '2026-03-02' });
    const run = () => Promise.all(Array.from({ length: 3 }, () => markOverdue(server.app.contextFor(system, facts))));
    // 23:30 in Paris: still the last day to pay.
    now = new Date('2026-03-10T22:30:00Z');
    await run();
    expect(await statusOf(late)).toBe('issued');
    now = new Date('2026-03-10T23:30:00Z');
    await run();
    expect(await Promise.all([late, paid, open, draft].map(statusOf))).toEqual(['overdue', 'paid', 'issued', 'draft']);
    const events = await server.sql(
      `select data->>'to' as "to" from events where type = 'invoice.status_changed' and subject_id = ?`,
      [String(late)],
    );
    expect(events).toEqual([{ to: 'overdue' }]);
    await settled(server.app);
    const notices = await server.sql('select user_id, type, message from notifications where link = ?', [
      `/invoices/${late}`,
    ]);
    expect(notices).toEqual([
      {
        user_id: manager.id,
        type: 'invoice_overdue',
        message: expect.stringMatching(/^FA2026-\d{5} n’est pas réglée/),
      },
    ]);
    // Paid in part it stays so, paid whole it does not.
    await v1('POST', `/invoices/${late}/payments`, { amount: 40, paidAt: '2026-03-10' });
    expect(await statusOf(late)).toBe('overdue');
    await v1('POST', `/invoices/${late}/payments`, { amount: 60, paidAt: '2026-03-10' });
    expect(await statusOf(late)).toBe('paid');
  });
});

describe('reminders', () => {
  test('become firmer, say what the law says, and are mailed with the letter and the invoice', async () => {
    now = new Date('2026-03-02T10:00:00Z');
    const id = await issued(1000, '2026-03-10');
    await v1('POST', `/invoices/${id}/payments`, { amount: 150.5, paidAt: '2026-03-02' });
    const before = await remind(id);
    expect([before.status, before.json.reminder]).toEqual([
      201,
      expect.objectContaining({ level: 'first', daysLate: 0, amountDue: 849.5, indemnity: 0, penalties: 0 }),
    ]);
    expect((await remind(id)).status).toBe(400);

    const late: any[] = [];
    for (const day of ['2026-03-20', '2026-03-30', '2026-04-10', '2026-04-20']) {
      now = new Date(`${day}T10:00:00Z`);
      const { json } = await remind(id);
      late.push(json.reminder);
    }
    expect(late.map(({ level, daysLate, indemnity, penalties }) => [level, daysLate, indemnity, penalties])).toEqual([
      ['first', 10, 40, 1.93],
      ['second', 20, 40, 3.85],
      ['formal_notice', 31, 40, 5.97],
      ['formal_notice', 41, 40, 7.9],
    ]);
    const listed = (await v1('GET', `/invoices/${id}/reminders`, undefined, customer)).json;
    expect([listed.total, listed.reminders[3].pdfUrl]).toEqual([5, late[2].pdfUrl]);

    const letter = await fetch(`${server.url}${new URL(late[2].pdfUrl).pathname}`, {
      headers: { authorization: `Bearer ${await tokenOf(customer)}` },
    });
    const text = await textOf(await letter.arrayBuffer());
    for (const said of [
      'Cabinet Martin',
      'Mise en demeure de payer',
      '849,50 €',
      'Indemnité forfaitaire pour frais de recouvrement 40,00 €',
      'Pénalités de retard, 31 j 5,97 €',
      'Total à régler 895,47 €',
      'L. 441-10 et D. 441-5',
      'échéance le 10/03/2026',
      'FR76 3000 6000 0112 3456 7890 189',
    ])
      expect(text).toContain(said);

    for (const { reminderId } of late) await server.services.jobs.run('invoicing.mail_reminder', { reminderId });
    const mails = smtp.mails.filter(({ text: body }) => body.includes('relance-FA2026'));
    expect(mails.length).toBeGreaterThanOrEqual(4);
    expect(mails.every(({ to }) => to === customer.email)).toBe(true);
    expect(mails[0]?.text).toContain('application/pdf');
    expect((await v1('GET', `/invoices/${id}/reminders`)).json.reminders[2].mailedAt).toMatch(/^2026-04-20T/);
    // Once only.
    const count = smtp.mails.length;
    await server.services.jobs.run('invoicing.mail_reminder', { reminderId: late[2].reminderId });
    expect(smtp.mails).toHaveLength(count);
  });

  test('of what is not due, or by whom the invoice is not, there are none', async () => {
    now = new Date('2026-05-02T10:00:00Z');
    const id = await issued(10, '2026-05-10');
    const stranger = await server.person();
    for (const who of [customer, stranger]) expect((await remind(id, who)).status).toBe(404);
    expect((await v1('GET', `/invoices/${id}/reminders`, undefined, stranger)).status).toBe(404);
    await v1('PUT', `/invoices/${id}`, { status: 'paid' });
    const refused = await remind(id);
    expect([refused.status, refused.json.msg]).toEqual([400, 'Nothing is due on the invoice']);
    expect((await remind(await issued(0))).status).toBe(400);
    const draft = (
      await v1('POST', '/invoices', {
        customerId: customer.id,
        items: [{ description: 'x', quantity: 1, price: 1 }],
      })
    ).json.invoiceId;
    expect((await remind(draft)).status).toBe(400);
  });

  test('of ten at once one is sent', async () => {
    const id = await issued(10, '2026-05-10');
    const answers = await Promise.all(Array.from({ length: 10 }, () => remind(id)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  test('penalties are exact, halves away from zero', () => {
    expect(latePenalties('1000.00', '8.28', 365)).toBe('82.80');
    expect(latePenalties('0.01', '50', 365)).toBe('0.01');
    expect(latePenalties('999999999999.99', '99.9999', 1)).toBe('2739723287.67');
  });
});

const system = {
  userId: undefined,
  permissions: new Set(['*:*']),
  scopes: new Set(['read', 'write', 'admin'] as const),
  credential: { kind: 'none' } as const,
};
const facts = { credential: undefined, requestId: 'test', ip: undefined, userAgent: undefined };
