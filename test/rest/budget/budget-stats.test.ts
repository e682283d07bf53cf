import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

/** budget.md, « Statistiques », at the moment that its examples are of. */
let server: TestServer;
let person: Person;
beforeAll(async () => {
  server = await startTestServer({ now: () => new Date('2026-02-03T10:00:00Z') });
  person = await server.person();
  const made = (path: string, json: object): Promise<Answer> => call('POST', path, json);
  await made('/accounts', { name: 'Compte Courant', account_type_id: 1, balance: 1000, currency: 'EUR' });
  await made('/accounts', { name: 'Livret A', account_type_id: 2, balance: 4091.0, currency: 'EUR' });
  await made('/budgets', { name: 'Sono', target_amount: 500, current_amount: 120, target_date: '2026-06-30' });
  await made('/budgets', { name: 'Vacances été', target_amount: 2000, current_amount: 450, target_date: '2026-07-01' });
  const pay = (category_id: number | null, amount: number, transaction_date: string, account_id = 1): Promise<Answer> =>
    made('/transactions', { account_id, category_id, amount, transaction_date, description: 'Test' });
  await pay(null, -44.8, '2026-01-02');
  // February: 45 of them, 2500.00 in, 1345.30 out, 12 for food, 8 for transport.
  await pay(1, 2500, '2026-02-01', 2);
  for (let i = 0; i < 11; i += 1) await pay(3, -40, '2026-02-02');
  await pay(3, -16.8, '2026-02-28');
  for (let i = 0; i < 7; i += 1) await pay(4, -30, '2026-02-03');
  await pay(4, -24.5, '2026-02-03', 2);
  for (let i = 0; i < 5; i += 1) await pay(5 + i, -100, '2026-02-03');
  for (let i = 0; i < 18; i += 1) await pay(null, -8, '2026-02-03');
  await pay(null, -10, '2026-02-01');
  // In the account of the example, until the balance of its last day comes out.
  await pay(null, 3, '2026-03-01');
});
afterAll(() => server?.stop());

const call = (method: string, path: string, json?: object): Promise<Answer> =>
  server.request(method, `/api/v1${path}`, { token: person.token, ...(json && { json }) });

test('the overview of the document: 22.8, 34.0 and 17.4', async () => {
  const { status, json } = await call('GET', '/stats/overview');
  expect([status, json]).toEqual([
    200,
    {
      total_balance: 6203.9,
      accounts_count: 2,
      budgets: { active_count: 2, total_target: 2500.0, total_saved: 570.0, average_progress: 22.8 },
      current_period: {
        period: 'month',
        start_date: '2026-02-01',
        end_date: '2026-02-28',
        total_income: 2500.0,
        total_expenses: -1345.3,
        net: 1154.7,
        transactions_count: 45,
      },
      top_categories: [
        { category: 'Alimentation', amount: -456.8, percentage: 34.0 },
        { category: 'Transport', amount: -234.5, percentage: 17.4 },
        { category: 'Sans catégorie', amount: -154, percentage: 11.4 },
        { category: 'Logement', amount: -100, percentage: 7.4 },
        { category: 'Loisirs', amount: -100, percentage: 7.4 },
      ],
    },
  ]);
  const week = await call('GET', '/stats/overview/?period=week');
  expect(week.json.current_period).toMatchObject({ period: 'week', start_date: '2026-02-02', end_date: '2026-02-08' });
  const year = await call('GET', '/stats/overview?period=year&currency=');
  expect(year.json.current_period).toMatchObject({
    start_date: '2026-01-01',
    end_date: '2026-12-31',
    transactions_count: 47,
  });
});

test('expenses by category as in the document, of the month when nothing is said', async () => {
  const { status, json } = await call('GET', '/stats/expenses-by-category');
  expect([status, json]).toMatchObject([
    200,
    { period: { start_date: '2026-02-01', end_date: '2026-02-28' }, total_expenses: -1345.3 },
  ]);
  expect(json.categories.slice(0, 3)).toEqual([
    { id: 3, name: 'Alimentation', color: '#4CAF50', amount: -456.8, percentage: 34.0, transactions_count: 12 },
    { id: 4, name: 'Transport', color: '#FF9800', amount: -234.5, percentage: 17.4, transactions_count: 8 },
    { id: null, name: 'Sans catégorie', color: '#9E9E9E', amount: -154, percentage: 11.4, transactions_count: 19 },
  ]);
  const some = await call('GET', '/stats/expenses-by-category?account_id=2&start_date=2026-02-03&end_date=2026-02-03');
  expect(some.json).toMatchObject({
    period: { start_date: '2026-02-03', end_date: '2026-02-03' },
    total_expenses: -24.5,
    categories: [{ id: 4, percentage: 100, transactions_count: 1 }],
  });
});

test('the evolution of the balance of one account as in the document, and of all', async () => {
  const path = '/stats/balance-evolution?account_id=1&start_date=2026-01-01&end_date=2026-02-03';
  const { status, json } = await call('GET', path);
  expect([status, json]).toMatchObject([
    200,
    {
      account_id: 1,
      account_name: 'Compte Courant',
      period: { start_date: '2026-01-01', end_date: '2026-02-03' },
      granularity: 'day',
    },
  ]);
  expect(json.data).toHaveLength(34);
  expect(json.data.slice(0, 2)).toEqual([
    { date: '2026-01-01', balance: 1000.0 },
    { date: '2026-01-02', balance: 955.2 },
  ]);
  expect(json.data.at(-1)).toEqual({ date: '2026-02-03', balance: -348.8 });
  const all = await call('GET', '/stats/balance-evolution?start_date=2026-01-01&end_date=2026-03-01&granularity=month');
  expect(all.json).toMatchObject({
    account_id: null,
    account_name: null,
    granularity: 'month',
    data: [
      { date: '2026-01-31', balance: 5046.2 },
      { date: '2026-02-28', balance: 6200.9 },
      { date: '2026-03-01', balance: 6203.9 },
    ],
  });
});

describe('what is wrong is told by field', () => {
  test.each([
    ['/stats/overview?period=decade', 422, ['period']],
    ['/stats/overview?currency=XXZ', 422, ['currency']],
    ['/stats/expenses-by-category?start_date=2026-02-30', 422, ['start_date']],
    ['/stats/expenses-by-category?start_date=2026-02-03&end_date=2026-02-02', 422, ['end_date']],
    ['/stats/expenses-by-category?account_id=999', 404, []],
    ['/stats/balance-evolution', 422, ['start_date', 'end_date']],
    ['/stats/balance-evolution?start_date=2026-01-01&end_date=', 422, ['end_date']],
    ['/stats/balance-evolution?start_date=2026-01-02&end_date=2026-01-01', 422, ['end_date']],
    ['/stats/balance-evolution?start_date=2016-01-01&end_date=2026-02-18', 422, ['end_date']],
    ['/stats/balance-evolution?start_date=2026-01-01&end_date=2026-01-02&granularity=year', 422, ['granularity']],
    ['/stats/balance-evolution?start_date=2026-01-01&end_date=2026-01-02&account_id=999', 404, []],
  ])('%s is %d', async (path, status, fields) => {
    const answer = await call('GET', path);
    expect([answer.status, Object.keys(answer.json.error.details)]).toEqual([status, fields]);
  });
});
