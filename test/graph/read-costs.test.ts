import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
let person: Person;
beforeAll(async () => {
  server = await startTestServer({ env: { RATE_LIMITS: 'on' } });
  person = await server.person();
  const [account] = await server.sql(
    `insert into bank_accounts (owner_id, name, account_type_id, currency, opening_balance, balance)
     values (?, 'Courant', 1, 'EUR', 0, 0) returning id`,
    [person.id],
  );
  await server.sql(
    `insert into transactions (account_id, owner_id, amount, description, transaction_date)
     select ?, ?, -50, 'Courses ' || i, '2026-03-02' from generate_series(1, 100) i`,
    [account.id, person.id],
  );
});
afterAll(() => server?.stop());

const shareOut = (): Promise<unknown> =>
  server.sql(`with parted as (update transactions set is_split = true)
              insert into transaction_splits (transaction_id, position, amount)
              select t.id, i, -1 from transactions t, generate_series(1, 50) i`);

/** What an operation is said to cost, and what the person has left of their minute after it and the next one. */
async function asked(query: string): Promise<{ points: number; used: number; errors: any }> {
  const left = async (text: string, who = person) => {
    const { headers, json } = await server.request('POST', '/graphql', {
      token: who.token,
      json: { query: text },
      headers: { 'x-graphql-cost': 'include' },
    });
    return { remaining: Number(headers.get('x-ratelimit-remaining')), json };
  };
  const before = await left('{ __typename }');
  const { json } = await left(query);
  const after = await left('{ __typename }');
  return {
    points: json.extensions.cost.points,
    used: before.remaining - after.remaining,
    errors: json.errors,
  };
}

const listed = (fields: string): string => `{ transactions(first: 100) { nodes { ${fields} } } }`;

test('lists that are short by nature cost the one row that they usually have', async () => {
  const { points, used } = await asked(listed('id labels splits { id amount } receipts { id } settles { id }'));
  expect(points).toBe(700);
  // With the two requests themselves.
  expect(used).toBeLessThan(points + 50);
});

test('what is read beyond is charged when it is read, and too much of it is refused', async () => {
  await shareOut();
  const once = await asked(listed('splits { id amount }'));
  expect(once.points).toBe(300);
  expect(once.errors).toBeUndefined();
  // Five thousand rows.
  expect(once.used).toBeGreaterThan(1_000);
  const byNames = Array.from({ length: 30 }, (_, at) => `a${at}: splits { id amount }`).join(' ');
  const many = await asked(listed(byNames));
  expect(many.errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', reason: 'reads_too_much' });
  expect(many.used).toBeGreaterThan(20_000);
});

test('so is what hangs on a single row, which comes with it', async () => {
  const [{ id }] = await server.sql('select min(id) as id from transactions');
  const byNames = Array.from({ length: 30 }, (_, at) => `a${at}: splits { id amount }`).join(' ');
  const { points, used } = await asked(`{ transaction(id: "${id}") { ${byNames} } }`);
  expect(points).toBeLessThan(100);
  expect(used).toBeGreaterThan(300);
});
