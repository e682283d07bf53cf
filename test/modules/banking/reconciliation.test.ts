import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';
import { statementsOf } from '../../support/sql-log.js';

/** contracts/DECISIONS.md, section 9: reconciliation. */
let server: TestServer;
let me: Person;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const call = (method: string, path: string, json?: unknown, who = me): Promise<Answer> =>
  server.request(method, `/api/v1${path}`, { token: who.token, ...(json !== undefined && { json }) });
const account = async (facts: object = {}): Promise<number> =>
  (await call('POST', '/accounts', { name: 'Compte Courant', account_type_id: 1, balance: 100, ...facts })).json.id;
const pay = async (account_id: number, amount: number, transaction_date = '2026-02-02'): Promise<number> =>
  (await call('POST', '/transactions', { account_id, amount, description: 'Courses', transaction_date })).json.id;
const reconcile = (id: number, transaction_ids: number[], statement_balance: number, day = '2026-02-28') =>
  call('POST', `/accounts/${id}/reconcile`, { transaction_ids, statement_balance, statement_date: day });
const marks = async (id: number): Promise<boolean[]> =>
  (await call('GET', `/transactions?account_id=${id}&ordering=id`)).json.results.map((row: any) => row.reconciled);

let current: number;
let rows: number[];
beforeEach(async () => {
  me = await server.person();
  current = await account();
  rows = [await pay(current, -30.1), await pay(current, -20.2), await pay(current, 500)];
});

describe('a reconciliation', () => {
  test('marks rows when opening balance and all reconciled rows are the statement’s balance, old ones too', async () => {
    const first = await reconcile(current, [rows[0] as number], 69.9);
    expect([first.status, first.json]).toEqual([
      200,
      {
        id: expect.any(Number),
        statement_date: '2026-02-28',
        statement_balance: 69.9,
        transaction_count: 1,
        created_at: expect.any(String),
      },
    ]);
    // A row that was reconciled before may be ticked again: it counts once, and stays with its own statement.
    const second = await reconcile(current, [rows[0] as number, rows[2] as number], 569.9, '2026-03-31');
    expect([second.status, second.json.transaction_count]).toEqual([200, 1]);
    expect(await marks(current)).toEqual([true, false, true]);
    const list = (await call('GET', `/accounts/${current}/reconciliations`)).json;
    expect(list).toEqual({ count: 2, next: null, previous: null, results: [second.json, first.json] });
    expect((await call('GET', `/transactions?account_id=${current}&reconciled=false`)).json.count).toBe(1);
    const { data } = await server.graphql(
      `{ bankAccount(id: ${current}) {
           reconciledBalance balance reconciliations { nodes { transactions { nodes { id } } } } }
         transactions(filter: { isReconciled: true }, orderBy: ID_ASC) {
           nodes { reconciliation { statementBalance } } } }`,
      {},
      me.token,
    );
    expect(data).toEqual({
      bankAccount: {
        reconciledBalance: 569.9,
        balance: 549.7,
        reconciliations: {
          nodes: [rows[2], rows[0]].map((id) => ({ transactions: { nodes: [{ id: String(id) }] } })),
        },
      },
      transactions: {
        nodes: [{ reconciliation: { statementBalance: 69.9 } }, { reconciliation: { statementBalance: 569.9 } }],
      },
    });
  });

  test('that does not add up writes nothing and names the difference', async () => {
    const { status, json } = await reconcile(current, rows.slice(0, 2), 50);
    expect([status, json.error]).toEqual([
      422,
      {
        code: 'VALIDATION_ERROR',
        message: "Écart de 0,30 entre le relevé et le solde pointé, 49,70 : rien n'a été pointé",
        details: { statement_balance: ['Valeur invalide'] },
      },
    ]);
    expect(await marks(current)).toEqual([false, false, false]);
    expect((await call('GET', `/accounts/${current}/reconciliations`)).json.count).toBe(0);
  });

  test('takes no row of another account, none that there is not, none later than the statement', async () => {
    const other = await pay(await account(), 1);
    const later = await pay(current, 7, '2026-03-01');
    const { status, json } = await reconcile(current, [other, later, rows[0] as number, 999_999], 69.9);
    expect([status, Object.keys(json.error.details)]).toEqual([
      422,
      ['transaction_ids.0', 'transaction_ids.1', 'transaction_ids.3'],
    ]);
  });

  test('is undone from the latest on, by its account’s path only', async () => {
    const first = (await reconcile(current, [rows[0] as number], 69.9)).json.id;
    const second = (await reconcile(current, [], 69.9, '2026-03-31')).json.id;
    const path = (id: number, of = current): string => `/accounts/${of}/reconciliations/${id}`;
    const refused = await call('DELETE', path(first));
    expect([refused.status, refused.json.detail]).toEqual([
      409,
      `Annulez d'abord le rapprochement ${second}, plus récent`,
    ]);
    expect((await call('DELETE', path(second, await account()))).status).toBe(404);
    expect((await call('DELETE', path(second))).status).toBe(204);
    expect((await call('DELETE', path(second))).status).toBe(404);
    expect((await call('DELETE', path(first))).status).toBe(204);
    expect(await marks(current)).toEqual([false, false, false]);
    expect((await call('PATCH', `/transactions/${rows[0]}`, { amount: -31 })).status).toBe(200);
  });
});

describe('what is reconciled', () => {
  const locked = { detail: 'Cette transaction est pointée : annulez d’abord le rapprochement' };

  test('keeps amount, day, account and existence; the rest may change', async () => {
    const [id] = rows as [number];
    await reconcile(current, [id], 69.9);
    for (const changes of [
      { amount: -30.11 },
      { transaction_date: '2026-02-03' },
      { account_id: await account() },
      { amount: -1, description: 'x' },
    ]) {
      const { status, json } = await call('PATCH', `/transactions/${id}`, changes);
      expect([status, json]).toMatchObject([409, locked]);
    }
    expect(await call('DELETE', `/transactions/${id}`)).toMatchObject({ status: 409, json: locked });
    const same = { amount: -30.1, transaction_date: '2026-02-02', account_id: current, category_id: 3, notes: 'vu' };
    expect((await call('PATCH', `/transactions/${id}`, same)).json).toMatchObject({ reconciled: true, notes: 'vu' });
    const splits = [
      { category_id: 3, amount: -30 },
      { category_id: 4, amount: -0.1 },
    ];
    expect((await call('PATCH', `/transactions/${id}`, { splits })).status).toBe(200);
  });

  test('holds a whole transfer when it is a leg of one', async () => {
    const savings = await account({ account_type_id: 3 });
    const transfer = await call('POST', '/transfers', {
      from_account_id: current,
      to_account_id: savings,
      amount: 40,
      transfer_date: '2026-02-02',
      description: 'Épargne',
    });
    expect((await reconcile(savings, [transfer.json.to_transaction.id], 140)).status).toBe(200);
    const path = `/transfers/${transfer.json.id}`;
    for (const changes of [{ amount: 41 }, { transfer_date: '2026-02-03' }, { to_account_id: await account() }])
      expect(await call('PATCH', path, changes)).toMatchObject({ status: 409, json: locked });
    expect(await call('DELETE', path)).toMatchObject({ status: 409, json: locked });
    expect((await call('PATCH', path, { description: 'Vacances', amount: 40 })).status).toBe(200);
    // The leg that is not reconciled may come from another account.
    expect((await call('PATCH', path, { from_account_id: await account() })).status).toBe(200);
  });

  test('is held against any statement, and goes with its account by force only', async () => {
    const [id] = rows as [number];
    await reconcile(current, [id], 69.9);
    for (const statement of [
      `update transactions set amount = -1 where id = ${id}`,
      `update transactions set account_id = ${await account()} where id = ${id}`,
      `delete from transactions where id = ${id}`,
    ])
      await expect(server.sql(statement)).rejects.toThrow(`Transaction ${id} is reconciled`);
    expect((await call('DELETE', `/accounts/${current}`)).status).toBe(409);
    expect((await call('DELETE', `/accounts/${current}?force=true`)).status).toBe(204);
    expect(await server.sql('select 1 from reconciliations where account_id = ?', [current])).toEqual([]);
  });
});

test('two statements at once and a change between them: each counts what the other one marked', async () => {
  const answers = await Promise.all([
    reconcile(current, [rows[0] as number], 69.9),
    reconcile(current, [rows[1] as number], 79.8),
    reconcile(current, [rows[1] as number], 49.7),
    call('PATCH', `/transactions/${rows[2]}`, { amount: 600 }),
  ]);
  const statuses = answers.map(({ status }) => status);
  expect(statuses[3]).toBe(200);
  const { data } = await server.graphql(`{ bankAccount(id: ${current}) { reconciledBalance } }`, {}, me.token);
  const balances = (await call('GET', `/accounts/${current}/reconciliations`)).json.results;
  expect(balances[0].statement_balance).toBe(data.bankAccount.reconciledBalance);
});

test('whoever reads a shared account sees its reconciliations and makes none', async () => {
  const joint = await account({ account_type_id: 4 });
  const reader = await server.person();
  await server.sql(`insert into account_shares (account_id, user_id, permission) values (?, ?, 'read')`, [
    joint,
    reader.id,
  ]);
  const { id } = (await reconcile(joint, [], 100)).json;
  expect((await call('GET', `/accounts/${joint}/reconciliations`, undefined, reader)).json.count).toBe(1);
  expect((await call('DELETE', `/accounts/${joint}/reconciliations/${id}`, undefined, reader)).status).toBe(403);
  const body = { transaction_ids: [], statement_balance: 100, statement_date: '2026-02-28' };
  expect((await call('POST', `/accounts/${joint}/reconcile`, body, reader)).status).toBe(403);
});

test('a list of reconciliations with their transactions is a statement a level', async () => {
  await reconcile(current, rows, 549.7);
  const statements = await statementsOf(server, () =>
    server.graphql('{ reconciliations { nodes { id transactions { totalCount nodes { id } } } } }', {}, me.token),
  );
  expect(statements).toHaveLength(3);
});
