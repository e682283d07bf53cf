import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

/** budget.md, « Budgets », at the moment that its examples are of. */
let server: TestServer;
let person: Person;
beforeAll(async () => {
  server = await startTestServer({ now: () => new Date('2026-02-03T10:00:00Z') });
  person = await server.person();
});
afterAll(() => server?.stop());

const call = (method: string, path: string, json?: object): Promise<Answer> =>
  server.request(method, `/api/v1${path}`, { token: person.token, ...(json && { json }) });
const moment = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
const dates = { created_at: moment, updated_at: moment };

test('the examples of the document', async () => {
  const music = { name: 'Matériel Musique', color: '#9C27B0', icon: 'music', type: 'expense' };
  expect((await call('POST', '/categories', music)).json.id).toBe(15);
  const category = { id: 15, name: 'Matériel Musique', color: '#9C27B0' };
  const sound = { id: 1, name: 'Matériel Sono', category, target_amount: 500, target_date: '2026-06-30', ...dates };
  const created = await call('POST', '/budgets', {
    name: 'Matériel Sono',
    category_id: 15,
    target_amount: 500.0,
    current_amount: 0.0,
    target_date: '2026-06-30',
  });
  // The document's monthly target of 100.00 is a slip (DECISIONS.md, section 4).
  const empty = { current_amount: 0, monthly_target: 125, progress_percentage: 0, days_remaining: 147 };
  expect([created.status, created.json]).toEqual([201, { ...sound, ...empty }]);
  const patched = await call('PATCH', '/budgets/1', { current_amount: 120.0 });
  const full = { ...sound, current_amount: 120, monthly_target: 95, progress_percentage: 24, days_remaining: 147 };
  expect([patched.status, patched.json]).toEqual([200, full]);
  const holidays = { name: 'Vacances été', target_amount: 2000, current_amount: 450, target_date: '2026-07-01' };
  expect((await call('POST', '/budgets', holidays)).status).toBe(201);
  const listed = await call('GET', '/budgets');
  expect([listed.status, listed.json]).toEqual([
    200,
    {
      count: 2,
      results: [
        full,
        {
          id: 2,
          category: null,
          ...holidays,
          monthly_target: 387.5,
          progress_percentage: 22.5,
          days_remaining: 148,
          ...dates,
        },
      ],
    },
  ]);
  expect((await call('GET', '/budgets?category_id=15&ordering=-date')).json.count).toBe(1);
  expect((await call('GET', '/budgets?search=sono&category_id=')).json.results).toEqual([full]);
  expect((await call('GET', '/budgets/1/')).json).toEqual(full);
  expect((await call('PUT', '/budgets/1', { name: 'Sono', category_id: '' })).json).toMatchObject({
    name: 'Sono',
    category: null,
    current_amount: 120,
  });
  const gone = await call('DELETE', '/budgets/1');
  expect([gone.status, gone.text]).toEqual([204, '']);
  const missing = await call('GET', '/budgets/1');
  expect([missing.status, missing.json]).toEqual([
    404,
    { error: { code: 'RESOURCE_NOT_FOUND', message: 'Budget non trouvé', details: {} }, detail: 'Budget non trouvé' },
  ]);
});

describe('what is wrong is 422, by field', () => {
  test.each([
    [{}, ['name', 'target_amount', 'target_date']],
    [{ name: 'x', target_amount: 0, target_date: '2026-06-30' }, ['target_amount']],
    [{ name: 'x', target_amount: 1.005, target_date: '2026-06-30' }, ['target_amount']],
    [{ name: 'x', target_amount: 1e12, target_date: '2026-06-30' }, ['target_amount']],
    [
      { name: 'x', target_amount: '12.50', current_amount: -1, target_date: '2026-02-30' },
      ['current_amount', 'target_date'],
    ],
    [{ name: 'x', target_amount: 5, target_date: '2026-06-30', category_id: 999999 }, ['category_id']],
    [{ name: 'x', target_amount: 5, target_date: '1800-06-30' }, ['target_date']],
  ])('%j', async (json, fields) => {
    const { status, json: answer } = await call('POST', '/budgets', json);
    expect([status, answer.error.code, Object.keys(answer.error.details)]).toEqual([422, 'VALIDATION_ERROR', fields]);
  });
});
