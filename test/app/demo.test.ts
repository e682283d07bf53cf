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
    }`,
    {},
    server.admin.token,
  );
  expect(errors).toBeUndefined();
  expect(data.documents.totalCount).toBeGreaterThanOrEqual(200);
  expect(data.interventions.totalCount).toBe(30);
  expect(data.clients.totalCount).toBe(15);
  expect(data.appointments.totalCount).toBe(62);
  // A credit note among them.
  expect(data.invoices.totalCount).toBe(18);
  const [{ months, drift }] = await server.sql(`
    select count(distinct date_trunc('month', transaction_date))::int as months,
           (select count(*)::int from bank_accounts a
             where a.balance <> a.opening_balance +
                   coalesce((select sum(t.amount) from transactions t where t.account_id = a.id), 0)) as drift
      from transactions`);
  expect(months).toBeGreaterThanOrEqual(25);
  expect(drift).toBe(0);
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
