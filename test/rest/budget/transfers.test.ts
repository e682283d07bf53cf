import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

/** contracts/DECISIONS.md, section 9: transfers. */
let server: TestServer;
let me: Person;
beforeAll(async () => {
  server = await startTestServer();
  me = await server.person();
});
afterAll(() => server?.stop());

const call = (method: string, path: string, json?: unknown): Promise<Answer> =>
  server.request(method, `/api/v1${path}`, { token: me.token, ...(json !== undefined && { json }) });
const account = async (facts: object = {}): Promise<number> =>
  (await call('POST', '/accounts', { name: 'Compte Courant', account_type_id: 1, balance: 500, ...facts })).json.id;

test('a transfer is created, listed, shown, changed and deleted with both its transactions', async () => {
  const from = await account();
  const to = await account({ name: 'Livret A', account_type_id: 3, balance: 0 });
  const body = {
    from_account_id: from,
    to_account_id: to,
    amount: 200.1,
    transfer_date: '2026-02-02',
    description: 'Épargne de février',
  };
  const { status, json } = await call('POST', '/transfers', body);
  expect(status).toBe(201);
  expect(json).toEqual({
    id: expect.any(Number),
    amount: 200.1,
    transfer_date: '2026-02-02',
    description: 'Épargne de février',
    from_transaction: expect.objectContaining({
      account: { id: from, name: 'Compte Courant' },
      amount: -200.1,
      transaction_date: '2026-02-02',
      transfer_id: json.id,
    }),
    to_transaction: expect.objectContaining({ account: { id: to, name: 'Livret A' }, amount: 200.1 }),
  });
  expect((await call('GET', `/transfers/${json.id}`)).json).toEqual(json);
  expect((await call('GET', `/transfers?account_id=${to}&start_date=2026-02-02&end_date=2026-02-02`)).json).toEqual({
    count: 1,
    next: null,
    previous: null,
    results: [json],
  });
  expect((await call('GET', `/transfers?account_id=${to}&start_date=2026-02-03`)).json.count).toBe(0);

  const leg = await call('GET', `/transactions/${json.to_transaction.id}`);
  expect(leg.json).toMatchObject({ transfer_id: json.id, account: { balance: 200.1 } });
  const refused = await call('DELETE', `/transactions/${json.to_transaction.id}`);
  expect([refused.status, refused.json.error.message]).toEqual([
    409,
    `Cette transaction fait partie du virement ${json.id} : modifiez ou supprimez le virement`,
  ]);
  expect((await call('PATCH', `/transactions/${json.to_transaction.id}`, { amount: 1 })).status).toBe(409);
  expect((await call('PATCH', `/transactions/${json.to_transaction.id}`, { notes: 'vu', amount: 200.1 })).status).toBe(
    200,
  );

  const changed = await call('PUT', `/transfers/${json.id}`, { ...json, amount: 50 });
  expect([changed.status, changed.json.from_transaction.amount, changed.json.to_transaction.notes]).toEqual([
    200,
    -50,
    'vu',
  ]);
  expect((await call('DELETE', `/transfers/${json.id}`)).status).toBe(204);
  expect((await call('GET', `/transfers/${json.id}`)).json).toMatchObject({ detail: 'Virement non trouvé' });
  expect((await call('GET', `/accounts/${from}`)).json).toMatchObject({ balance: 500, transaction_count: 0 });
});

test('what is refused says why: the balance, the currency, the same account, an amount that moves nothing', async () => {
  const from = await account({ account_type_id: 2, balance: 10 });
  const to = await account();
  const dollars = await account({ currency: 'USD' });
  const body = {
    from_account_id: from,
    to_account_id: to,
    amount: 10.01,
    transfer_date: '2026-02-02',
    description: 'x',
  };
  const problem = async (facts: object): Promise<unknown> => {
    const { status, json } = await call('POST', '/transfers', { ...body, ...facts });
    return [status, json.error.code, json.error.details];
  };
  expect(await problem({})).toEqual([422, 'INSUFFICIENT_BALANCE', {}]);
  expect((await call('GET', `/accounts/${to}`)).json).toMatchObject({ balance: 500, transaction_count: 0 });
  const invalid = (details: object): unknown => [422, 'VALIDATION_ERROR', details];
  expect(await problem({ to_account_id: dollars })).toEqual(
    invalid({ to_account_id: ['Les deux comptes doivent avoir la même devise'] }),
  );
  expect(await problem({ to_account_id: from })).toEqual(
    invalid({ to_account_id: ["Le compte d'arrivée doit être un autre compte"] }),
  );
  expect(await problem({ to_account_id: 999_999 })).toEqual(
    invalid({ to_account_id: ['Compte invalide ou inexistant'] }),
  );
  for (const amount of [0, -5, 0.001])
    expect(await problem({ amount })).toEqual(invalid({ amount: [expect.any(String)] }));
});
