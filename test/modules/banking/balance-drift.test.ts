import { afterAll, beforeAll, expect, test } from 'vitest';
import { objects } from '../../access/objects.js';
import { startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const check = (): Promise<void> => server.services.jobs.run('banking.check_balances', {});
const figure = async (): Promise<string | undefined> =>
  /^xcore_balance_drift_accounts (.*)$/m.exec((await server.request('GET', '/metrics')).text)?.[1];
const alerts = async (): Promise<any[]> => {
  await expect
    .poll(async () => (await server.sql('select count(*)::int as n from events where position is null'))[0].n)
    .toBe(0);
  const { data } = await server.graphql(
    '{ notifications(orderBy: CREATED_AT_ASC) { nodes { type priority title message } } }',
    {},
    server.admin.token,
  );
  return data.notifications.nodes;
};

test('a balance that was changed behind the triggers is shown, told of once, and forgotten once it is right', async () => {
  const { transaction } = objects(server, async () => undefined);
  const [one, other] = [await transaction(server.admin), await transaction(server.admin)];
  await check();
  expect([await figure(), await alerts()]).toEqual(['0', []]);

  const shift = (accountId: string, cents: number): Promise<any> =>
    server.sql('update bank_accounts set balance = balance + ? / 100.0 where id = ?', [cents, accountId]);
  await shift(one.accountId, 1);
  await check();
  expect(await figure()).toBe('1');
  const told = {
    type: 'ALERT',
    priority: 'URGENT',
    title: 'Soldes incohérents',
    message: `1 compte dont le solde n'est pas l'ouverture plus les transactions : n° ${one.accountId}`,
  };
  await expect.poll(alerts).toEqual([told]);

  // What is known is not told again, until it changes.
  await check();
  await shift(one.accountId, 1);
  await shift(other.accountId, -1);
  await check();
  expect(await figure()).toBe('2');
  const message =
    "2 comptes dont le solde n'est pas l'ouverture plus les transactions : " +
    `n° ${one.accountId}, ${other.accountId}`;
  await expect.poll(alerts).toEqual([told, { ...told, message }]);

  await shift(one.accountId, -2);
  await check();
  expect(await figure()).toBe('1');
  const gone = await server.graphql(
    'mutation ($input: DeleteBankAccountInput!) { deleteBankAccount(input: $input) { deletedId } }',
    { input: { id: other.accountId, force: true } },
    server.admin.token,
  );
  expect(gone.errors).toBeUndefined();
  expect(await figure()).toBe('0');
});
