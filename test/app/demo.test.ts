import pino from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type DemoPeople, fillDemoFirm } from '../../src/app/demo.js';
import { startTestServer, type TestServer } from '../support/harness.js';

vi.setConfig({ hookTimeout: 300_000 });

let server: TestServer;
let people: DemoPeople;
beforeAll(async () => {
  server = await startTestServer();
  people = await fillDemoFirm(server.app, { isWhole: true, log: pino({ level: 'silent' }) });
});
afterAll(() => server?.stop());

test('the whole made-up firm has two years behind it, and nothing in it is wrong', async () => {
  const { data, errors } = await server.graphql(
    `{
      documents { totalCount }
      transactions { totalCount nodes { id } }
      interventions { totalCount }
      appointments { totalCount }
      clients { totalCount }
      invoices { totalCount }
      pendingApprovals { totalCount }
      maintenanceContracts { totalCount }
      supplierInvoices { totalCount nodes { dueDate paidAt problems } }
      reportTemplates { totalCount }
    }`,
    {},
    server.admin.token,
  );
  expect(errors).toBeUndefined();
  expect(data.documents.totalCount).toBeGreaterThanOrEqual(200);
  expect(data.interventions.totalCount).toBe(33);
  expect(data.clients.totalCount).toBe(15);
  expect(data.appointments.totalCount).toBe(65);
  // A credit note among them.
  expect(data.invoices.totalCount).toBe(18);
  expect(data.maintenanceContracts).toMatchObject({ totalCount: 3 });
  expect(data.reportTemplates.totalCount).toBe(2);
  expect(data.supplierInvoices.totalCount).toBe(3);
  for (const { problems } of data.supplierInvoices.nodes) expect(problems).toEqual([]);
  const today = new Date().toISOString().slice(0, 10);
  expect(data.supplierInvoices.nodes.filter(({ dueDate }: { dueDate: string }) => dueDate < today)).toHaveLength(1);
  expect(data.supplierInvoices.nodes.filter(({ paidAt }: { paidAt: string | null }) => paidAt)).toHaveLength(1);
  const [{ months, drift }] = await server.sql(`
    select count(distinct date_trunc('month', transaction_date))::int as months,
           (select count(*)::int from bank_accounts a
             where a.balance <> a.opening_balance +
                   coalesce((select sum(t.amount) from transactions t where t.account_id = a.id), 0)) as drift
      from transactions`);
  expect(months).toBeGreaterThanOrEqual(25);
  expect(drift).toBe(0);
});

test('what its manager saves for, what recurs and a webhook are there', async () => {
  const { data: signedIn } = await server.graphql(
    `mutation ($input: LoginInput!) { login(input: $input) { tokens { accessToken } } }`,
    { input: { identifier: 'claire.demo', password: people.password } },
  );
  const { data } = await server.graphql(
    `{ budgets { totalCount } recurrenceRules { totalCount } webhookEndpoints { nodes { url isActive } } }`,
    {},
    signedIn.login.tokens.accessToken,
  );
  expect(data).toMatchObject({ budgets: { totalCount: 3 }, recurrenceRules: { totalCount: 4 } });
  // Nothing is sent anywhere: that is nobody's address.
  expect(data.webhookEndpoints.nodes).toEqual([{ url: expect.stringContaining('.invalid/'), isActive: false }]);
});

test('its people sign in with the password that was printed, and see what is theirs', async () => {
  for (const identifier of people.usernames) {
    const { data } = await server.graphql(
      `mutation ($input: LoginInput!) { login(input: $input) { user { fullName } } }`,
      { input: { identifier, password: people.password } },
    );
    expect(data.login.user.fullName).toMatch(/\(démo\)$/);
  }
});
