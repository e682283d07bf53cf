import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

/** contracts/budget.md, « Créer une transaction récurrente » and « Récurrence », by the document's own examples. */
let server: TestServer;
let me: Person;
let accountId: number;
beforeAll(async () => {
  server = await startTestServer({ now: () => new Date('2026-02-03T12:00:00Z') });
});
afterAll(() => server?.stop());
beforeEach(async () => {
  me = await server.person();
  accountId = (await call('POST', '/accounts', { name: 'Compte Courant', account_type_id: 1, balance: 2050.5 })).json
    .id;
});

const call = (method: string, path: string, json?: unknown): Promise<Answer> =>
  server.request(method, `/api/v1${path}`, { token: me.token, ...(json !== undefined && { json }) });
const moment = '2026-02-03T12:00:00Z';
const monthly = { frequency: 'monthly', interval: 1, start_date: '2026-02-01', end_date: null };
const rent = () => ({
  account_id: accountId,
  category_id: 5,
  amount: -800.0,
  description: 'Loyer',
  transaction_date: '2026-02-01',
  is_recurring: true,
  recurrence_rule: monthly,
});

describe('a recurring transaction', () => {
  test('is made, shown and its rule changed as the document prints them', async () => {
    const made = await call('POST', '/transactions', rent());
    const { id } = made.json;
    const rule = { id: made.json.recurrence_rule.id, ...monthly };
    expect([made.status, made.json]).toMatchObject([
      201,
      {
        id: expect.any(Number),
        account: { id: accountId, name: 'Compte Courant' },
        category: { id: 5, name: 'Logement', color: '#FF5722', icon: 'home' },
        amount: -800,
        description: 'Loyer',
        transaction_date: '2026-02-01',
        is_recurring: true,
        recurrence_rule: rule,
        created_at: moment,
        updated_at: moment,
      },
    ]);
    expect((await call('GET', `/transactions/${id}`)).json).toMatchObject({
      is_recurring: true,
      recurrence_rule: rule,
    });
    expect((await call('GET', '/transactions/search?q=loyer')).json.results).toMatchObject([{ is_recurring: true }]);

    const { json: rules } = await call('GET', '/recurrence-rules');
    expect(rules).toEqual({
      count: 1,
      results: [{ ...rule, next_occurrence: '2026-03-01', transaction: { id, description: 'Loyer', amount: -800 } }],
    });
    const changed = await call('PATCH', `/recurrence-rules/${rule.id}`, { end_date: '2026-12-31' });
    expect([changed.status, changed.json]).toEqual([
      200,
      { ...rule, end_date: '2026-12-31', next_occurrence: '2026-03-01' },
    ]);
  });

  test('what is not recurring has no rule, whatever else is sent', async () => {
    for (const body of [
      { ...rent(), is_recurring: false },
      { ...rent(), is_recurring: false, recurrence_rule: null },
      { ...rent(), is_recurring: undefined, recurrence_rule: undefined },
    ]) {
      const { status, json } = await call('POST', '/transactions', body);
      expect([status, json.is_recurring, json.recurrence_rule]).toEqual([201, false, null]);
    }
    expect((await call('GET', '/recurrence-rules')).json).toEqual({ count: 0, results: [] });
    expect((await call('GET', '/transactions?is_recurring=true')).json.count).toBe(0);
    expect((await call('GET', '/transactions?is_recurring=false')).json.count).toBe(3);
    // As everything that is unknown: no condition.
    expect((await call('GET', '/transactions?is_recurring=peut-etre')).json.count).toBe(3);
  });

  test('without a rule, or with one that cannot be, it is refused by field', async () => {
    const problem = async (body: object): Promise<unknown> => {
      const { status, json } = await call('POST', '/transactions', { ...rent(), ...body });
      return [status, Object.keys(json.error?.details ?? {})];
    };
    expect(await problem({ recurrence_rule: null })).toEqual([422, ['recurrence_rule']]);
    expect(await problem({ recurrence_rule: undefined })).toEqual([422, ['recurrence_rule']]);
    expect(await problem({ recurrence_rule: { ...monthly, frequency: 'hourly' } })).toEqual([
      422,
      ['recurrence_rule.frequency'],
    ]);
    expect(await problem({ recurrence_rule: { ...monthly, interval: 0 } })).toEqual([
      422,
      ['recurrence_rule.interval'],
    ]);
    expect(await problem({ recurrence_rule: { ...monthly, end_date: '2026-01-31' } })).toEqual([
      422,
      ['recurrence_rule.end_date'],
    ]);
    expect(await problem({ recurrence_rule: { ...monthly, frequency: 'daily', start_date: '1990-01-01' } })).toEqual([
      422,
      ['recurrence_rule.start_date'],
    ]);
    expect((await call('GET', `/accounts/${accountId}`)).json.balance).toBe(2050.5);
  });

  test('as forms send it: numbers as text, empty for none', async () => {
    const { status, json } = await call('POST', '/transactions/', {
      ...rent(),
      recurrence_rule: { frequency: 'weekly', interval: '2', start_date: '', end_date: '' },
    });
    expect([status, json.recurrence_rule]).toMatchObject([
      201,
      { frequency: 'weekly', interval: 2, start_date: '2026-02-01', end_date: null },
    ]);
  });

  test('that began in the past is caught up to today', async () => {
    await call('POST', '/transactions', {
      ...rent(),
      amount: -10,
      transaction_date: '2025-10-31',
      recurrence_rule: { ...monthly, start_date: '2025-10-31' },
    });
    const { json } = await call('GET', '/transactions');
    expect(json.results.map((row: any) => row.transaction_date)).toEqual([
      '2026-01-31',
      '2025-12-31',
      '2025-11-30',
      '2025-10-31',
    ]);
    expect((await call('GET', '/recurrence-rules')).json.results[0].next_occurrence).toBe('2026-02-28');
  });
});

describe('a rule', () => {
  const made = async (): Promise<number> => (await call('POST', '/transactions', rent())).json.recurrence_rule.id;

  test('is changed by PUT too, also sent back whole; null takes the end away', async () => {
    const id = await made();
    const { json: before } = await call('GET', `/recurrence-rules/${id}`);
    expect(before).toMatchObject({ account_id: accountId, category_id: 5, amount: -800, is_stopped: false });
    const body = { ...before, end_date: '2026-06-30', amount: '-850.00', start_date: '2026-02-15' };
    const { status, json } = await call('PUT', `/recurrence-rules/${id}`, body);
    expect([status, json]).toEqual([
      200,
      { id, ...monthly, start_date: '2026-02-15', end_date: '2026-06-30', next_occurrence: '2026-03-15' },
    ]);
    expect((await call('PATCH', `/recurrence-rules/${id}`, { end_date: null })).json.end_date).toBeNull();
    const { json: after } = await call('GET', `/recurrence-rules/${id}`);
    expect(after).toMatchObject({ amount: -850, transaction: { amount: -800 } });
    const wrong = await call('PATCH', `/recurrence-rules/${id}`, { end_date: '2026-01-01' });
    expect([wrong.status, Object.keys(wrong.json.error.details)]).toEqual([422, ['end_date']]);
  });

  test('is skipped for a day, waits, and ends; what it wrote stays', async () => {
    const id = await made();
    expect((await call('GET', `/recurrence-rules/${id}/pending`)).json).toEqual({ count: 0, results: [] });
    const skipped = await call('POST', `/recurrence-rules/${id}/skip`, { date: '2026-03-01' });
    expect([skipped.status, skipped.json.next_occurrence]).toEqual([200, '2026-04-01']);
    const twice = await call('POST', `/recurrence-rules/${id}/skip`, { date: '2026-03-01' });
    expect([twice.status, Object.keys(twice.json.error.details)]).toEqual([422, ['date']]);
    await server.sql(
      `update recurrence_rules set next_occurrence = '2026-01-01', start_date = '2025-12-01'
                       where id = ?`,
      [id],
    );
    expect((await call('GET', `/recurrence-rules/${id}/pending`)).json).toEqual({
      count: 2,
      results: [
        { date: '2026-01-01', amount: -800 },
        { date: '2026-02-01', amount: -800 },
      ],
    });
    expect((await call('DELETE', `/recurrence-rules/${id}`)).status).toBe(204);
    expect((await call('GET', '/recurrence-rules')).json.count).toBe(0);
    expect((await call('GET', `/recurrence-rules/${id}`)).json).toMatchObject({
      is_stopped: true,
      next_occurrence: null,
    });
    expect((await call('PATCH', `/recurrence-rules/${id}`, { interval: 2 })).status).toBe(409);
    expect((await call('GET', '/transactions')).json.results).toMatchObject([{ recurrence_rule: { id } }]);
  });

  test('whose transaction was deleted still says what it is', async () => {
    const id = await made();
    const [{ transaction }] = (await call('GET', '/recurrence-rules')).json.results;
    await call('DELETE', `/transactions/${transaction.id}`);
    expect((await call('GET', '/recurrence-rules')).json.results).toMatchObject([
      { id, transaction: { id: null, description: 'Loyer', amount: -800 } },
    ]);
  });

  test('that there is not is 404 in the words of the document', async () => {
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['GET', '/pending'],
    ] as const) {
      const { status, json } = await call(
        method,
        `/recurrence-rules/999999${path}`,
        method === 'PATCH' ? {} : undefined,
      );
      expect([status, json.error.code]).toEqual([404, 'RESOURCE_NOT_FOUND']);
    }
  });
});

test('the forecast has a day each, today’s balance first', async () => {
  await call('POST', '/transactions', rent());
  const { status, json } = await call('GET', `/stats/forecast?account_id=${accountId}`);
  expect([status, json.account_id, json.data.length]).toEqual([200, accountId, 91]);
  expect(json.data[0]).toEqual({ date: '2026-02-03', balance: 1250.5 });
  expect(json.data.find(({ date }: any) => date === '2026-03-01')).toEqual({ date: '2026-03-01', balance: 450.5 });
  expect((await call('GET', '/stats/forecast?days=3')).json).toMatchObject({ account_id: null, data: { length: 4 } });
  for (const query of ['days=0', 'days=367', 'days=x'])
    expect((await call('GET', `/stats/forecast?${query}`)).status).toBe(422);
});
