import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let alice: Person;
let accountId: number;
beforeAll(async () => {
  server = await startTestServer();
  alice = await server.person();
  accountId = (await call('POST', '/accounts', { name: 'Compte', account_type_id: 1 })).json.id;
});
afterAll(() => server?.stop());

const call = (method: string, path: string, json?: unknown): Promise<Answer> =>
  server.request(method, `/api/v1${path}`, { token: alice.token, ...(json !== undefined && { json }) });
const spend = async (description: string, more: object = {}): Promise<any> =>
  (
    await call('POST', '/transactions', {
      account_id: accountId,
      amount: -12.5,
      description,
      transaction_date: '2026-02-02',
      ...more,
    })
  ).json;

test('rules in the words of the document: made, tried, applied, moved, deleted', async () => {
  const past = await spend('Courses CARREFOUR');
  const rule = {
    name: 'Courses',
    position: 1,
    conditions: [
      { field: 'description', operator: 'contains', value: 'carrefour' },
      { field: 'account_id', operator: 'in', value: [accountId] },
      { field: 'amount', operator: 'less_than', value: 0 },
      { field: 'description', operator: 'exists', value: true },
    ],
    category_id: 3,
    labels: ['courses'],
    stop: true,
  };
  const made = await call('POST', '/categorization-rules', rule);
  const moment = expect.stringMatching(/Z$/);
  expect([made.status, made.json]).toEqual([
    201,
    { id: expect.any(Number), ...rule, created_at: moment, updated_at: moment },
  ]);
  const path = `/categorization-rules/${made.json.id}`;
  expect((await call('GET', '/categorization-rules')).json).toEqual({ count: 1, results: [made.json] });
  expect((await call('GET', path)).json).toEqual(made.json);

  const dry = await call('POST', `${path}/dry-run/`, {});
  expect([dry.status, dry.json]).toEqual([200, { count: 1, results: [past] }]);
  expect((await call('GET', `/transactions/${past.id}`)).json.category).toBeNull();
  const applied = await call('POST', `${path}/apply`);
  expect([applied.status, applied.json]).toEqual([200, { count: 1, is_complete: true }]);
  expect((await call('GET', `/transactions/${past.id}`)).json).toMatchObject({
    category: { id: 3 },
    labels: ['courses'],
  });
  expect((await spend('Carrefour')).category.id).toBe(3);
  expect((await spend('Carrefour', { category_id: 4 })).category.id).toBe(4);

  const rent = await spend('PRLV SEPA FONCIA 0042', { category_id: 5 });
  const second = await call('POST', `/transactions/${rent.id}/rule`, { position: 1, stop: false });
  expect([second.status, second.json]).toMatchObject([
    201,
    {
      name: 'FONCIA',
      position: 1,
      conditions: [{ field: 'description', operator: 'contains', value: 'FONCIA' }],
      category_id: 5,
      labels: [],
      stop: false,
    },
  ]);
  const moved = await call('PATCH', `/categorization-rules/${second.json.id}`, { position: 2, labels: ['loyer'] });
  expect(moved.json).toMatchObject({ position: 2, labels: ['loyer'], category_id: 5 });
  expect((await call('GET', path)).json.position).toBe(1);
  expect((await call('DELETE', path)).status).toBe(204);
  expect((await call('GET', path)).json.error.message).toBe('Règle de catégorisation non trouvée');
  expect((await call('GET', '/categorization-rules')).json.results[0].position).toBe(1);
});

test('what is wrong is named as the document names it', async () => {
  const refusal = async (json: object): Promise<unknown[]> => {
    const answer = await call('POST', '/categorization-rules', json);
    return [answer.status, Object.keys(answer.json.error.details)];
  };
  const conditions = [{ field: 'description', operator: 'contains', value: 'x' }];
  expect(await refusal({ name: 'x', conditions })).toEqual([422, ['category_id']]);
  expect(await refusal({ name: 'x', conditions, category_id: 9999 })).toEqual([422, ['category_id']]);
  expect(
    await refusal({ name: 'x', category_id: 3, conditions: [{ field: 'amount', operator: 'less_than', value: 'x' }] }),
  ).toEqual([422, ['conditions.0.value.0']]);
  expect(
    await refusal({ name: 'x', category_id: 3, conditions: [{ field: 'label', operator: 'equals', value: 'x' }] }),
  ).toEqual([422, ['conditions.0.field']]);
});
