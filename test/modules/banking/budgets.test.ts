import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let person: Person;
let now = new Date('2026-02-03T10:00:00Z');
beforeAll(async () => {
  server = await startTestServer({ now: () => now });
  person = await server.person();
});
beforeEach(() => {
  now = new Date('2026-02-03T10:00:00Z');
});
afterAll(() => server?.stop());

const fields =
  'id name category { name } targetAmount currentAmount targetDate monthlyTarget progressPercentage daysRemaining';

async function change(name: 'createBudget' | 'updateBudget', input: object, { token } = person): Promise<any> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  return server.graphql(
    `mutation ($input: ${type}!) { ${name}(input: $input) { budget { ${fields} } } }`,
    { input },
    token,
  );
}

async function make(input: object, by = person): Promise<any> {
  const { data, errors } = await change('createBudget', { name: 'Vélo', targetDate: '2026-06-30', ...input }, by);
  expect(errors).toBeUndefined();
  return data.createBudget.budget;
}

test.each([
  // [today, target, saved, until, monthly, progress, days]
  ['2026-02-03T10:00:00Z', 500, 120, '2026-06-30', 95, 24, 147],
  ['2026-02-03T10:00:00Z', 2000, 450, '2026-07-01', 387.5, 22.5, 148],
  // Less than a month left is one.
  ['2026-02-03T10:00:00Z', 500, 120, '2026-02-20', 380, 24, 17],
  ['2026-02-03T10:00:00Z', 500, 120, '2026-02-03', 380, 24, 0],
  ['2026-02-03T10:00:00Z', 500, 120, '2025-12-31', 380, 24, 0],
  // Halves away from zero: 10.01 / 2, and a progress of 0.05 %.
  ['2026-02-03T10:00:00Z', 10.01, 0, '2026-04-03', 5.01, 0, 59],
  ['2026-02-03T10:00:00Z', 2000, 1, '2026-03-31', 1999, 0.1, 56],
  // A day short of two months.
  ['2026-02-03T10:00:00Z', 10, 0, '2026-04-02', 10, 0, 58],
  // There is enough, and more.
  ['2026-02-03T10:00:00Z', 500, 500, '2026-06-30', 0, 100, 147],
  ['2026-02-03T10:00:00Z', 500, 600, '2026-06-30', 0, 120, 147],
  // In Paris it is March already: four months until 1 July, not five.
  ['2026-02-28T23:30:00Z', 400, 0, '2026-07-01', 100, 0, 122],
])('on %s, %d less %d until %s: %d a month, %d %%, %d days', async (today, target, saved, until, ...expected) => {
  now = new Date(today);
  // Of their own, as access tokens end by the clock.
  const somebody = await server.person();
  const budget = await make({ targetAmount: target, currentAmount: saved, targetDate: until }, somebody);
  expect([budget.monthlyTarget, budget.progressPercentage, budget.daysRemaining]).toEqual(expected);
});

test('days are counted in the time zone of the person', async () => {
  now = new Date('2026-02-28T23:30:00Z');
  const traveller = await server.person();
  await server.sql(`update users set time_zone = 'America/New_York' where id = ?`, [traveller.id]);
  const input = { name: 'Vélo', targetAmount: 400, targetDate: '2026-07-01' };
  const { data } = await change('createBudget', input, traveller);
  expect(data.createBudget.budget).toMatchObject({ monthlyTarget: 100, daysRemaining: 123 });
});

test('every problem is named at once; nothing is written', async () => {
  const { errors } = await change('createBudget', {
    name: ' ',
    categoryId: '999999',
    targetAmount: 0,
    currentAmount: -1,
    targetDate: '1899-12-31',
  });
  expect(errors?.[0].extensions.fields.map(({ path, code }: any) => [path[1], code])).toEqual([
    ['name', 'required'],
    ['categoryId', 'unknown_reference'],
    ['targetAmount', 'too_small'],
    ['targetDate', 'too_small'],
    ['currentAmount', 'too_small'],
  ]);
  const wrong = await change('createBudget', { name: 'Vélo', targetAmount: 1.005, targetDate: '2026-06-30' });
  expect(wrong.errors?.[0].extensions.fields).toMatchObject([{ path: ['input', 'targetAmount'], code: 'invalid' }]);
});

test('a change keeps what it does not name, and null takes the category away', async () => {
  const { id } = await make({ targetAmount: 500, categoryId: '3' });
  const { data } = await change('updateBudget', { id, currentAmount: 120 });
  expect(data.updateBudget.budget).toMatchObject({
    name: 'Vélo',
    category: { name: 'Alimentation' },
    targetAmount: 500,
    currentAmount: 120,
  });
  const without = await change('updateBudget', { id, categoryId: null, name: null });
  expect(without.data.updateBudget.budget).toMatchObject({ name: 'Vélo', category: null });
});

test('a category that a budget has is in use; nobody else sees the budget, whatever their role', async () => {
  const run = (query: string, input: object, token = person.token) => server.graphql(query, { input }, token);
  const made = await run(
    'mutation ($input: CreateCategoryInput!) { createCategory(input: $input) { category { id } } }',
    { name: 'Sono' },
  );
  const { id: categoryId } = made.data.createCategory.category;
  const { id } = await make({ targetAmount: 500, categoryId });
  const remove = (input: object) =>
    run('mutation ($input: DeleteCategoryInput!) { deleteCategory(input: $input) { deletedId } }', input);
  expect((await remove({ id: categoryId })).errors?.[0].extensions).toMatchObject({
    reason: 'category.in_use',
    details: { uses: 1 },
  });
  const seen = await server.graphql('query ($id: ID!) { budget(id: $id) { id } }', { id }, server.admin.token);
  expect(seen.data.budget).toBeNull();
  const gone = await run('mutation ($input: DeleteBudgetInput!) { deleteBudget(input: $input) { deletedId } }', { id });
  expect(gone.data.deleteBudget.deletedId).toBe(id);
  expect((await remove({ id: categoryId })).errors).toBeUndefined();
});
