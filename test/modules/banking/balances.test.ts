import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';
import { statementsOf } from '../../support/sql-log.js';

let server: TestServer;
let me: Person;
beforeAll(async () => {
  server = await startTestServer();
  me = await server.person();
});
afterAll(() => server?.stop());

const ask = async (query: string, variables: object = {}, token = me.token): Promise<any> => {
  const { data, errors } = await server.graphql(query, variables, token);
  expect(errors).toBeUndefined();
  return data;
};
const open = async (typeId = '1', openingBalance = 0): Promise<string> =>
  (
    await ask(
      'mutation ($input: CreateBankAccountInput!) { createBankAccount(input: $input) { bankAccount { id } } }',
      { input: { name: 'Compte', typeId, openingBalance } },
    )
  ).createBankAccount.bankAccount.id;
const create = (accountId: string, amount: number, transactionDate = '2026-02-02') =>
  server.graphql(
    'mutation ($input: CreateTransactionInput!) { createTransaction(input: $input) { transaction { id } } }',
    { input: { accountId, amount, description: 'Courses', transactionDate } },
    me.token,
  );
const balances = async (...ids: string[]): Promise<number[]> => {
  const { bankAccounts } = await ask(
    'query ($ids: [ID!]) { bankAccounts(filter: { ids: $ids }) { nodes { id balance } } }',
    {
      ids,
    },
  );
  const byId = new Map(bankAccounts.nodes.map(({ id, balance }: any) => [id, balance]));
  return ids.map((id) => byId.get(id) as number);
};

describe('the balance', () => {
  test('is kept by the database, also for statements that write many rows of several accounts', async () => {
    const [one, other] = [await open('1', 10), await open('1', 20)];
    await server.sql(
      `insert into transactions (account_id, owner_id, amount, description, transaction_date)
       select (array[?::int, ?::int])[1 + n % 2], ?, n + 0.01, 'x', '2026-02-02' from generate_series(1, 100) n`,
      [one, other, me.id],
    );
    expect(await balances(one, other)).toEqual([10 + 2550.5, 20 + 2500.5]);
    await server.sql('update transactions set account_id = ?, amount = -amount where account_id = ?', [other, one]);
    expect(await balances(one, other)).toEqual([10, 20 + 2500.5 - 2550.5]);
    await server.sql('delete from transactions where account_id = ?', [other]);
    expect(await balances(one, other)).toEqual([10, 20]);
  });

  test('is right under writers that create, move, change and delete at the same time', async () => {
    const accounts = [await open('1', 100), await open('1', 200), await open('1', 300)];
    const made = await Promise.all(Array.from({ length: 30 }, (_, n) => create(accounts[n % 3] as string, n - 10)));
    const ids = made.map(({ data }) => data.createTransaction.transaction.id);
    const update =
      'mutation ($input: UpdateTransactionInput!) { updateTransaction(input: $input) { transaction { id } } }';
    const answers = await Promise.all(
      ids.flatMap((id, n) => [
        server.graphql(update, { input: { id, accountId: accounts[(n + 1) % 3], amount: n } }, me.token),
        server.graphql(update, { input: { id, accountId: accounts[(n + 2) % 3] } }, me.token),
        ...(n % 5 === 0
          ? [server.graphql(`mutation { deleteTransaction(input: { id: ${id} }) { deletedId } }`, {}, me.token)]
          : []),
      ]),
    );
    const codes = answers.flatMap(({ errors }) => errors?.map((error) => error.extensions.code) ?? []);
    expect(codes.filter((code) => !['NOT_FOUND', 'CONFLICT'].includes(code))).toEqual([]);
    const sums = await server.sql(
      `select a.id, a.balance = a.opening_balance + coalesce(sum(t.amount), 0) as "isRight"
         from bank_accounts a left join transactions t on t.account_id = a.id group by a.id order by a.id`,
    );
    expect(sums.every(({ isRight }) => isRight)).toBe(true);
  });

  test('of a savings account stops writers at zero: of many that withdraw at once, as many as it can pay', async () => {
    const savings = await open('2', 100);
    const answers = await Promise.all(Array.from({ length: 12 }, () => create(savings, -15)));
    const refused = answers.filter(({ errors }) => errors);
    expect([answers.length - refused.length, await balances(savings)]).toEqual([6, [10]]);
    for (const { errors } of refused) expect(errors?.[0].extensions.reason).toBe('account.insufficient_balance');
  });

  test('never outgrows its column: the amount is blamed', async () => {
    const full = await open('1', 999_999_999_999.99);
    const { errors } = await create(full, 0.01);
    expect(errors?.[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: ['input', 'amount'] }] });
  });

  test('runs beside each row, in one statement for all rows', async () => {
    const account = await open('1', 1000);
    const rows = [
      ['2026-02-03', -1.1],
      ['2026-02-01', 20],
      ['2026-02-03', -300.25],
      ['2026-02-02', 0.05],
    ] as const;
    for (const [day, amount] of rows) await create(account, amount, day);
    const list = 'query ($id: ID!) { transactions(filter: { accountId: $id }) { nodes { runningBalance } } }';
    const statements = await statementsOf(server, async () => {
      const { transactions } = await ask(list, { id: account });
      expect(transactions.nodes.map((row: any) => row.runningBalance)).toEqual([718.7, 1018.95, 1020.05, 1020]);
    });
    expect(statements.length).toBeLessThanOrEqual(2);
  });
});

test('what is shared out is the amount, which the database holds at the commit', async () => {
  const account = await open();
  const id = (await create(account, -45.8)).data.createTransaction.transaction.id;
  await expect(
    server.sql("insert into transaction_splits (transaction_id, position, amount) values (?, 1, '-45.80')", [id]),
  ).rejects.toThrow(/splits of transaction/);
  await expect(server.sql('update transactions set is_split = true where id = ?', [id])).rejects.toThrow(/splits/);
});

test('a nested query takes one statement a level, however many accounts there are', async () => {
  for (let n = 0; n < 3; n += 1) {
    const account = await open();
    await create(account, -1);
    await create(account, -2);
  }
  const nested = `{ bankAccounts(first: 100) { nodes { name type { name } transactions(first: 5) {
    nodes { amount category { name } splits { amount category { name } } } } } } }`;
  const statements = await statementsOf(server, () => ask(nested));
  expect(statements.length).toBe(3);
});

test('a category that is deleted while transactions take it is theirs, or unknown to them', async () => {
  const accountId = await open('1', 0);
  for (let round = 0; round < 5; round += 1) {
    const { createCategory } = await ask(
      'mutation ($input: CreateCategoryInput!) { createCategory(input: $input) { category { id } } }',
      { input: { name: `Brève ${round}`, color: '#112233', icon: 'tag', type: 'EXPENSE' } },
    );
    const categoryId = createCategory.category.id;
    const spend = (terms: object) =>
      server.graphql(
        'mutation ($input: CreateTransactionInput!) { createTransaction(input: $input) { transaction { id } } }',
        { input: { accountId, amount: -1, description: 'x', transactionDate: '2026-02-02', ...terms } },
        me.token,
      );
    const note = 'mutation ($input: RecordExpenseInput!) { recordExpense(input: $input) { isCategoryKnown } }';
    const remove = 'mutation ($input: DeleteCategoryInput!) { deleteCategory(input: $input) { deletedId } }';
    const [removed, ...writes] = await Promise.all([
      server.graphql(remove, { input: { id: categoryId } }, me.token),
      spend({ categoryId }),
      spend({ splits: [{ categoryId, amount: -1 }] }),
      server.graphql(note, { input: { amount: 1, description: 'x', categoryName: `brève ${round}` } }, me.token),
      spend({ categoryId }),
    ]);
    const codes = [removed, ...writes].map(({ errors }) => errors?.[0]?.extensions.code ?? 'done');
    expect(['done', 'CONFLICT']).toContain(codes[0]);
    const refused = codes.slice(1).filter((code) => code !== 'done');
    expect(refused).toEqual(refused.map(() => 'BAD_USER_INPUT'));
  }
});

test('what is deleted between a list and its computed fields is not found, and no defect', async () => {
  const account = await open();
  await create(account, -1);
  const ask = (condition: string): ReturnType<typeof server.graphql> => {
    const asked = `transactions(filter: { accountId: $id }) ${condition} { nodes { runningBalance } }`;
    return server.graphql(`query ($id: ID!) { ${asked} }`, { id: account }, me.token);
  };
  // Known from here on, and answered by a plan; with a condition at its root a text is graphql-js's.
  expect((await ask('')).data.transactions.nodes).toHaveLength(1);
  const { all } = server.db.client;
  server.db.client.all = async (statement) => {
    if (/rows between unbounded preceding/.test(statement.strings.join('')))
      await server.sql('delete from transactions where account_id = ?', [account]);
    return all(statement) as Promise<never>;
  };
  try {
    const { errors } = await ask('@include(if: true)');
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['NOT_FOUND']);
    await create(account, -1);
    // What a plan cannot answer is read again, by then without it.
    expect(await ask('')).toMatchObject({ data: { transactions: { nodes: [] } } });
  } finally {
    server.db.client.all = all;
  }
});
