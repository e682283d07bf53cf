import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { objects } from '../../access/objects.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let person: Person;
let now = new Date('2026-02-03T10:00:00Z');
beforeAll(async () => {
  server = await startTestServer({ now: () => now });
});
beforeEach(async () => {
  now = new Date('2026-02-03T10:00:00Z');
  person = await server.person();
});
afterAll(() => server?.stop());

async function ask(query: string, variables: object = {}, { token } = person): Promise<any> {
  const { data, errors } = await server.graphql(query, variables, token);
  expect(errors).toBeUndefined();
  return data;
}

const change = async (name: string, input: object, selection: string, by = person): Promise<any> => {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const data = await ask(`mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`, { input }, by);
  return data[name];
};
const account = async (input: object = {}): Promise<string> =>
  (await change('createBankAccount', { name: 'Compte', typeId: '1', ...input }, 'bankAccount { id }')).bankAccount.id;
const pay = (accountId: string, amount: number, transactionDate: string, more: object = {}): Promise<any> =>
  change(
    'createTransaction',
    { accountId, amount, transactionDate, description: 'Test', ...more },
    'transaction { id }',
  );

const overview = (args = ''): Promise<any> =>
  ask(`{ financeOverview${args} { currency totalBalance bankAccountsCount
    budgets { activeCount totalTarget totalSaved averageProgress }
    currentPeriod { period startDate endDate totalIncome totalExpenses net transactionsCount }
    topCategories { category { name } amount percentage } } }`).then((data) => data.financeOverview);
const expenses = (args = ''): Promise<any> =>
  ask(`{ expensesByCategory${args} { startDate endDate currency totalExpenses
    categories { category { id name } amount percentage transactionsCount } } }`).then(
    (data) => data.expensesByCategory,
  );
const evolution = async (args: string): Promise<any[]> =>
  (await ask(`{ balanceEvolution(${args}) { data { date balance } } }`)).balanceEvolution.data.map(
    ({ date, balance }: any) => [date, balance],
  );

describe('the edges of periods, in the time zone of the person', () => {
  const periodAt = async (moment: string, period: string, zone?: string): Promise<string[]> => {
    now = new Date(moment);
    person = await server.person();
    if (zone) await server.sql('update users set time_zone = ? where id = ?', [zone, person.id]);
    const { currentPeriod } = await overview(`(period: ${period})`);
    return [currentPeriod.startDate, currentPeriod.endDate];
  };

  test.each([
    ['2026-02-28T23:30:00Z', 'MONTH', undefined, '2026-03-01', '2026-03-31'],
    ['2026-02-28T23:30:00Z', 'MONTH', 'America/New_York', '2026-02-01', '2026-02-28'],
    ['2025-12-31T23:30:00Z', 'YEAR', undefined, '2026-01-01', '2026-12-31'],
    ['2025-12-31T23:30:00Z', 'YEAR', 'UTC', '2025-01-01', '2025-12-31'],
    // The night in which summer time ended: Sunday until 23:00 UTC.
    ['2026-10-25T22:59:59Z', 'WEEK', undefined, '2026-10-19', '2026-10-25'],
    ['2026-10-25T23:00:00Z', 'WEEK', undefined, '2026-10-26', '2026-11-01'],
    ['2024-02-29T12:00:00Z', 'MONTH', undefined, '2024-02-01', '2024-02-29'],
    ['2026-01-01T12:00:00Z', 'WEEK', undefined, '2025-12-29', '2026-01-04'],
  ])('at %s the %s (%s) is %s to %s', async (moment, period, zone, start, end) => {
    expect(await periodAt(moment, period, zone)).toEqual([start, end]);
  });

  test('first and last day count, their neighbours do not', async () => {
    const id = await account();
    for (const [day, amount] of [
      ['2026-01-31', -1],
      ['2026-02-01', -10],
      ['2026-02-28', -100],
      ['2026-03-01', -1000],
    ] as const)
      await pay(id, amount, day);
    expect((await overview()).currentPeriod).toMatchObject({ totalExpenses: -110, transactionsCount: 2 });
    expect(await expenses()).toMatchObject({ startDate: '2026-02-01', endDate: '2026-02-28', totalExpenses: -110 });
    expect((await expenses('(startDate: "2026-02-28", endDate: "2026-02-28")')).totalExpenses).toBe(-100);
    expect(await expenses('(startDate: "2026-03-01")')).toMatchObject({ endDate: '2026-03-31', totalExpenses: -1000 });
    expect(await expenses('(endDate: "2026-01-31")')).toMatchObject({ startDate: '2026-01-01', totalExpenses: -1 });
  });
});

test('a split transaction counts by its parts, and as one; halves are rounded away from zero', async () => {
  const id = await account();
  await pay(id, -100, '2026-02-02', {
    splits: [
      { categoryId: '3', amount: -70 },
      { categoryId: '3', amount: -20 },
      { categoryId: '4', amount: -12 },
      { amount: 2 },
    ],
  });
  await pay(id, -18, '2026-02-02', { categoryId: '4' });
  await pay(id, -0.06, '2026-02-02');
  expect(await overview()).toMatchObject({
    currentPeriod: { totalIncome: 2, totalExpenses: -120.06, net: -118.06, transactionsCount: 3 },
    topCategories: [
      { category: { name: 'Alimentation' }, amount: -90, percentage: 75 },
      { category: { name: 'Transport' }, amount: -30, percentage: 25 },
      { category: null, amount: -0.06, percentage: 0 },
    ],
  });
  expect((await expenses()).categories).toMatchObject([
    { category: { id: '3' }, transactionsCount: 1 },
    { category: { id: '4' }, transactionsCount: 2 },
    { category: null, transactionsCount: 1 },
  ]);
  await pay(id, 0, '2026-02-02');
  expect((await overview()).currentPeriod.transactionsCount).toBe(4);
  await pay(id, -199.9, '2026-03-02', { categoryId: '3' });
  await pay(id, -0.1, '2026-03-02', { categoryId: '4' });
  // 99.95 % and 0.05 %
  const march = await expenses('(startDate: "2026-03-01")');
  expect(march.categories.map(({ percentage }: any) => percentage)).toEqual([100, 0.1]);
});

test('a transfer between own accounts is neither income nor expense, whichever account is asked', async () => {
  const [from, to] = [await account({ openingBalance: 100 }), await account()];
  await pay(from, -20, '2026-02-02');
  const input = {
    fromAccountId: from,
    toAccountId: to,
    amount: 30,
    transferDate: '2026-02-02',
    description: 'Épargne',
  };
  await change('createTransfer', input, 'transfer { id }');
  expect(await overview()).toMatchObject({
    totalBalance: 80,
    currentPeriod: { totalIncome: 0, totalExpenses: -20, transactionsCount: 1 },
  });
  expect(await expenses(`(accountId: "${from}")`)).toMatchObject({ totalExpenses: -20, categories: [{ amount: -20 }] });
  expect(await expenses(`(accountId: "${to}")`)).toMatchObject({ totalExpenses: 0, categories: [] });
  expect(await evolution(`accountId: "${to}", startDate: "2026-02-01", endDate: "2026-02-02"`)).toEqual([
    ['2026-02-01', 0],
    ['2026-02-02', 30],
  ]);
});

test('currencies are never added: the firm’s own, or the one that is asked for', async () => {
  const [euro, dollar] = [await account({ openingBalance: 10 }), await account({ currency: 'USD', openingBalance: 7 })];
  await pay(euro, -1, '2026-02-02');
  await pay(dollar, -2, '2026-02-02');
  expect(await overview()).toMatchObject({ currency: 'EUR', totalBalance: 9, bankAccountsCount: 1 });
  expect(await overview('(currency: "USD")')).toMatchObject({
    currency: 'USD',
    totalBalance: 5,
    bankAccountsCount: 1,
    currentPeriod: { totalExpenses: -2 },
  });
  expect(await expenses(`(accountId: "${dollar}")`)).toMatchObject({ currency: 'USD', totalExpenses: -2 });
  const { errors } = await server.graphql('{ financeOverview(currency: "XXZ") { currency } }', {}, person.token);
  expect(errors?.[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: ['currency'] }] });
  // Who has no account in the firm's own currency sees that of their first one.
  person = await server.person();
  expect(await overview()).toMatchObject({ currency: 'EUR', totalBalance: 0, bankAccountsCount: 0, topCategories: [] });
  await account({ currency: 'CHF', openingBalance: 3 });
  expect(await overview()).toMatchObject({ currency: 'CHF', totalBalance: 3, bankAccountsCount: 1 });
});

test('of a shared account others see the figures when they ask for it, not in their own', async () => {
  const owner = person;
  const joint = await account({ typeId: '4', openingBalance: 50 });
  await pay(joint, -5, '2026-02-02', { categoryId: '3' });
  const alone = `(accountId: "${joint}")`;
  person = await server.person();
  const hidden = await server.graphql(`{ expensesByCategory${alone} { currency } }`, {}, person.token);
  expect(hidden.errors?.[0].extensions).toMatchObject({ code: 'NOT_FOUND', subject: 'BankAccount' });
  await server.sql(`insert into account_shares (account_id, user_id, permission) values (?, ?, 'read')`, [
    joint,
    person.id,
  ]);
  expect(await expenses(alone)).toMatchObject({ totalExpenses: -5 });
  expect(await overview()).toMatchObject({ totalBalance: 0, currentPeriod: { totalExpenses: 0 } });
  person = owner;
  expect(await overview()).toMatchObject({ totalBalance: 45, currentPeriod: { totalExpenses: -5 } });
});

test('budgets count until their day has passed', async () => {
  for (const [targetAmount, currentAmount, targetDate] of [
    [500, 120, '2026-06-30'],
    [2000, 450, '2026-02-03'],
    [9000, 9000, '2026-02-02'],
  ])
    await change('createBudget', { name: 'But', targetAmount, currentAmount, targetDate }, 'budget { id }');
  expect((await overview()).budgets).toEqual({
    activeCount: 2,
    totalTarget: 2500,
    totalSaved: 570,
    averageProgress: 22.8,
  });
});

describe('the evolution of a balance', () => {
  test('has a point a day; the opening balance counts at every earlier date, what comes later does not', async () => {
    const id = await account({ openingBalance: 1000 });
    await account({ openingBalance: 1 });
    await pay(id, -44.8, '2026-01-02');
    await pay(id, 10, '2026-01-05');
    await pay(id, -500, '2026-03-01');
    const own = `accountId: "${id}", startDate`;
    expect(await evolution(`${own}: "2026-01-01", endDate: "2026-01-03"`)).toEqual([
      ['2026-01-01', 1000],
      ['2026-01-02', 955.2],
      ['2026-01-03', 955.2],
    ]);
    expect(await evolution(`${own}: "1999-12-31", endDate: "1999-12-31"`)).toEqual([['1999-12-31', 1000]]);
    expect(await evolution(`startDate: "2026-03-01", endDate: "2026-03-01"`)).toEqual([['2026-03-01', 466.2]]);
  });

  test('has a point at the end of each week and month, and a last one at its end', async () => {
    const id = await account();
    for (const day of [
      '2025-12-31',
      '2026-01-01',
      '2026-01-04',
      '2026-01-05',
      '2026-01-31',
      '2026-02-01',
      '2026-02-03',
    ])
      await pay(id, 1, day);
    expect(await evolution('granularity: WEEK, startDate: "2026-01-01", endDate: "2026-01-14"')).toEqual([
      ['2026-01-04', 3],
      ['2026-01-11', 4],
      ['2026-01-14', 4],
    ]);
    expect(await evolution('granularity: MONTH, startDate: "2025-12-15", endDate: "2026-02-02"')).toEqual([
      ['2025-12-31', 1],
      ['2026-01-31', 5],
      ['2026-02-02', 6],
    ]);
    expect(await evolution('granularity: MONTH, startDate: "2026-02-28", endDate: "2026-02-28"')).toEqual([
      ['2026-02-28', 7],
    ]);
    expect(await evolution('granularity: WEEK, startDate: "2026-01-04", endDate: "2026-01-05"')).toEqual([
      ['2026-01-04', 3],
      ['2026-01-05', 4],
    ]);
  });

  test('has at most 3,700 points, and no end before its start', async () => {
    const countOf = async (args: string): Promise<number> => (await evolution(args)).length;
    expect(await countOf('startDate: "2020-01-01", endDate: "2030-02-16"')).toBe(3700);
    // From a Sunday to a Monday.
    expect(await countOf('granularity: WEEK, startDate: "2026-01-04", endDate: "2096-11-19"')).toBe(3700);
    expect(await countOf('granularity: MONTH, startDate: "1900-01-31", endDate: "2199-12-01"')).toBe(3600);
    for (const [args, code] of [
      ['startDate: "2020-01-01", endDate: "2030-02-17"', 'too_large'],
      ['granularity: WEEK, startDate: "2026-01-04", endDate: "2096-11-26"', 'too_large'],
      ['startDate: "0001-01-01", endDate: "9999-12-31", granularity: MONTH', 'too_large'],
      ['startDate: "2026-01-02", endDate: "2026-01-01"', 'too_small'],
    ]) {
      const { errors } = await server.graphql(`{ balanceEvolution(${args}) { currency } }`, {}, person.token);
      expect(errors?.[0].extensions.fields).toMatchObject([{ path: ['endDate'], code }]);
    }
  });
});

test('figures of many transactions are read from one index, without the table', async () => {
  const { bankAccount } = objects(server, async () => undefined);
  const { id } = await bankAccount(person);
  // Rows whose commit is not on the disk yet are not noted as visible to all.
  await server.sql(
    `insert into transactions (account_id, owner_id, category_id, amount, description, transaction_date)
     select ?, ?, 3 + i % 12, -1 - i % 7, 'Achat', date '2020-01-01' + i % 2200
       from generate_series(1, 5000) i, set_config('synchronous_commit', 'on', true)`,
    [id, person.id],
  );
  await server.sql('vacuum analyze transactions');
  const plans: string[] = [];
  const { all, first } = server.db.client;
  const explained =
    (run: typeof all | typeof first) =>
    async (statement: any): Promise<any> => {
      const [before, ...rest] = statement.strings;
      const text = { strings: [`explain ${before}`, ...rest], parts: statement.parts };
      const rows: any[] = await all.call(
        server.db.client,
        Object.assign(Object.create(Object.getPrototypeOf(statement)), text),
      );
      plans.push(rows.map((row) => Object.values(row)[0]).join('\n'));
      return run.call(server.db.client, statement);
    };
  Object.assign(server.db.client, { all: explained(all), first: explained(first) });
  try {
    await overview('(period: YEAR)');
    await expenses('(startDate: "2024-01-01", endDate: "2024-12-31")');
    await evolution('startDate: "2024-01-01", endDate: "2026-02-03"');
  } finally {
    Object.assign(server.db.client, { all, first });
  }
  const figures = plans.filter((plan) => /transactions/.test(plan));
  expect(figures).toHaveLength(3);
  for (const plan of figures) {
    expect(plan).toContain('Index Only Scan using transactions_account_date_idx');
    expect(plan).not.toMatch(/Seq Scan on transactions /);
  }
});
