import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Answer,
  type Person,
  type RequestOptions,
  startTestServer,
  type TestServer,
} from '../../support/harness.js';

/** contracts/budget.md, « Comptes bancaires », « Transactions » and « Catégories », by the document's own examples. */
let clock = Date.parse('2026-02-03T10:30:00Z');
let server: TestServer;
let me: Person;
beforeAll(async () => {
  server = await startTestServer({ now: () => new Date(clock) });
  me = await server.person();
});
afterAll(() => server?.stop());

const call = (method: string, path: string, json?: unknown, options: RequestOptions = {}): Promise<Answer> =>
  server.request(method, `/api/v1${path}`, { token: me.token, ...(json !== undefined && { json }), ...options });
const moment = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);

async function account(facts: object = {}): Promise<number> {
  const { status, json } = await call('POST', '/accounts', { name: 'Compte Courant', account_type_id: 1, ...facts });
  expect(status).toBe(201);
  return json.id;
}
const courses = (account_id: number) => ({
  account_id,
  category_id: 3,
  amount: -45.8,
  description: 'Courses Carrefour',
  transaction_date: '2026-02-02',
  is_recurring: false,
});
const alimentation = { id: 3, name: 'Alimentation', color: '#4CAF50', icon: 'shopping-cart' };
const balanceOf = async (id: number): Promise<number> => (await call('GET', `/accounts/${id}`)).json.balance;

describe('accounts', () => {
  test('are created, listed, shown, renamed and deleted as the document prints them', async () => {
    const created = await call('POST', '/accounts', {
      name: 'Compte joint',
      account_type_id: 4,
      balance: 0.0,
      currency: 'EUR',
    });
    expect([created.status, created.json]).toEqual([
      201,
      {
        id: expect.any(Number),
        name: 'Compte joint',
        account_type: { id: 4, name: 'Compte joint' },
        balance: 0,
        currency: 'EUR',
        created_at: moment,
        updated_at: moment,
      },
    ]);
    const { id } = created.json;
    const { json: list } = await call('GET', '/accounts/');
    expect(list).toEqual({ count: list.results.length, results: expect.arrayContaining([created.json]) });
    const current = await account({ balance: 1296.3 });
    await call('POST', '/transactions', courses(current));
    expect((await call('GET', `/accounts/${current}`)).json).toEqual({
      id: current,
      name: 'Compte Courant',
      account_type: { id: 1, name: 'Compte courant', description: 'Compte bancaire pour les opérations courantes' },
      balance: 1250.5,
      currency: 'EUR',
      created_at: moment,
      updated_at: moment,
      transaction_count: 1,
      last_transaction_date: '2026-02-02T00:00:00Z',
    });
    const renamed = await call('PATCH', `/accounts/${current}`, { name: 'Compte Courant Principal' });
    expect([renamed.status, renamed.json.name, renamed.json.balance]).toEqual([
      200,
      'Compte Courant Principal',
      1250.5,
    ]);
    const gone = await call('DELETE', `/accounts/${id}`);
    expect([gone.status, gone.text, (await call('GET', `/accounts/${id}`)).status]).toEqual([204, '', 404]);
  });

  test('with transactions go only when forced, and say how many there are', async () => {
    const id = await account();
    const { json: made } = await call('POST', '/transactions', courses(id));
    const refused = await call('DELETE', `/accounts/${id}`);
    expect([refused.status, refused.json.error.code]).toEqual([409, 'DUPLICATE_ENTRY']);
    expect(refused.json.error.message).toContain('1 transaction(s)');
    expect((await call('DELETE', `/accounts/${id}?force=true`)).status).toBe(204);
    expect((await call('GET', `/transactions/${made.id}`)).status).toBe(404);
  });

  test('keep their balance to transactions, their currency once they have some, and the floor of their type', async () => {
    const id = await account({ balance: 100 });
    expect((await call('PATCH', `/accounts/${id}`, { balance: 100 })).status).toBe(200);
    const moved = await call('PUT', `/accounts/${id}`, { balance: '99.99' });
    expect([moved.status, Object.keys(moved.json.error.details)]).toEqual([422, ['balance']]);
    expect((await call('PATCH', `/accounts/${id}`, { currency: 'usd' })).json.currency).toBe('USD');
    await call('POST', '/transactions', { ...courses(id), amount: -150 });
    const late = await call('PATCH', `/accounts/${id}`, { currency: 'EUR' });
    expect([late.status, Object.keys(late.json.error.details)]).toEqual([422, ['currency']]);
    const overdrawn = await call('PATCH', `/accounts/${id}`, { account_type_id: 3 });
    expect([overdrawn.status, overdrawn.json.error.code]).toEqual([422, 'INSUFFICIENT_BALANCE']);
    const negative = await call('POST', '/accounts', { name: 'Livret A', account_type_id: 3, balance: -0.01 });
    expect([negative.status, negative.json.error.code]).toEqual([422, 'INSUFFICIENT_BALANCE']);
  });

  test('name every wrong field at once', async () => {
    const { status, json } = await call('POST', '/accounts', { name: ' ', balance: 1.005, currency: 'E' });
    expect([status, json.error.code]).toEqual([422, 'VALIDATION_ERROR']);
    expect(Object.keys(json.error.details).toSorted()).toEqual(['account_type_id', 'balance', 'currency', 'name']);
    const unknown = await call('POST', '/accounts', { name: 'x', account_type_id: 9, currency: 'QQQ' });
    expect(Object.keys(unknown.json.error.details).toSorted()).toEqual(['account_type_id', 'currency']);
  });
});

describe('transactions', () => {
  test('are created, shown, changed and deleted as the document prints them, and the balance follows', async () => {
    const id = await account({ balance: 1250.5 });
    const created = await call('POST', '/transactions', courses(id));
    const row = {
      id: expect.any(Number),
      account: { id, name: 'Compte Courant' },
      category: alimentation,
      amount: -45.8,
      description: 'Courses Carrefour',
      transaction_date: '2026-02-02',
      is_recurring: false,
      recurrence_rule: null,
      created_at: moment,
      updated_at: moment,
    };
    expect([created.status, created.json]).toMatchObject([201, row]);
    const { id: number } = created.json;
    expect((await call('GET', `/transactions/${number}`)).json).toMatchObject({
      ...row,
      account: { id, name: 'Compte Courant', balance: 1204.7 },
      category: { ...alimentation, type: 'expense' },
    });
    clock += 60_000;
    const changed = await call('PATCH', `/transactions/${number}`, {
      amount: -48.5,
      description: 'Courses Carrefour + essence',
    });
    expect([changed.status, changed.json]).toMatchObject([
      200,
      { ...row, amount: -48.5, description: 'Courses Carrefour + essence', updated_at: '2026-02-03T10:31:00Z' },
    ]);
    expect(await balanceOf(id)).toBe(1202);
    const gone = await call('DELETE', `/transactions/${number}`);
    expect([gone.status, gone.text, await balanceOf(id)]).toEqual([204, '', 1250.5]);
  });

  test('are listed newest first, in pages whose neighbours keep the filters', async () => {
    const id = await account();
    for (let day = 1; day <= 5; day += 1)
      await call('POST', '/transactions', { ...courses(id), transaction_date: `2026-02-0${day}`, amount: -day });
    const first = await call('GET', `/transactions?account_id=${id}&start_date=2026-02-01&page=1&page_size=2`);
    expect(first.json.results.map((row: any) => row.transaction_date)).toEqual(['2026-02-05', '2026-02-04']);
    expect([first.json.count, first.json.previous]).toEqual([5, null]);
    const next = new URL(first.json.next);
    expect(next.origin).toBe(server.url);
    expect(Object.fromEntries(next.searchParams)).toEqual({
      account_id: String(id),
      start_date: '2026-02-01',
      page: '2',
      page_size: '2',
    });
    const second = (await call('GET', `/transactions${next.search}`)).json;
    expect(second.results.map((row: any) => row.amount)).toEqual([-3, -2]);
    expect(second.previous).toContain('page=1');
    expect((await call('GET', `/transactions${new URL(second.next).search}`)).json.next).toBeNull();
    // One account's rows show the balance after each of them.
    expect(first.json.results.map((row: any) => row.running_balance)).toEqual([-15, -10]);
    expect((await call('GET', '/transactions')).json.results[0]).not.toHaveProperty('running_balance');
  });

  test('are filtered by all that the document and the web application send; what is unknown or empty is ignored', async () => {
    const id = await account();
    const add = (facts: object): Promise<Answer> => call('POST', '/transactions', { ...courses(id), ...facts });
    await add({ description: 'Été à la plage', amount: -120, transaction_date: '2026-01-31' });
    await add({ description: 'Salaire', amount: 2500, category_id: 1, labels: ['paie'] });
    await add({ description: 'Courses', amount: -20 });
    const found = async (query: string): Promise<string[]> =>
      (await call('GET', `/transactions?account_id=${id}&${query}`)).json.results.map((row: any) => row.description);
    expect(await found('min_amount=-50&max_amount=0')).toEqual(['Courses']);
    expect(await found('category_id=1')).toEqual(['Salaire']);
    expect(await found('search=ete%20a%20la')).toEqual(['Été à la plage']);
    expect(await found('search=%25')).toEqual([]);
    expect(await found('end_date=2026-01-31')).toEqual(['Été à la plage']);
    expect(await found('label=paie')).toEqual(['Salaire']);
    expect(await found('date=2026-02-02&type=income')).toEqual(['Salaire']);
    expect(await found('ordering=amount')).toEqual(['Été à la plage', 'Courses', 'Salaire']);
    expect(await found('ordering=x,-created_at&type=&search=&is_active=true&category=')).toHaveLength(3);
    const wrong = await call(
      'GET',
      '/transactions?page=0&page_size=101&start_date=2026-02-30&end_date=0000-01-01&min_amount=a',
    );
    expect([wrong.status, Object.keys(wrong.json.error.details).toSorted()]).toEqual([
      422,
      ['end_date', 'min_amount', 'page', 'page_size', 'start_date'],
    ]);
  });

  test('are searched by a term', async () => {
    const id = await account();
    const description = 'Carrefour Market Zébulon';
    await call('POST', '/transactions', { ...courses(id), description });
    const { json } = await call('GET', '/transactions/search?q=zebulon');
    expect(json).toEqual({
      count: 1,
      results: [
        {
          id: expect.any(Number),
          account: { id, name: 'Compte Courant' },
          category: alimentation,
          amount: -45.8,
          description,
          transaction_date: '2026-02-02',
          is_recurring: false,
        },
      ],
    });
    expect((await call('GET', '/transactions/search')).json.error.details).toEqual({ q: ['Ce champ est requis'] });
  });

  test('without an amount and an account are refused in the words of the document', async () => {
    const { status, json } = await call('POST', '/transactions', {
      description: 'x',
      transaction_date: '2026-02-02',
      account_id: 999_999,
    });
    expect([status, json.error.code, json.error.message]).toEqual([
      422,
      'VALIDATION_ERROR',
      'Les données fournies sont invalides',
    ]);
    expect(json.error.details).toEqual({ amount: ['Ce champ est requis'] });
    const unknown = await call('POST', '/transactions', { ...courses(999_999), category_id: 999_999 });
    expect(unknown.json.error.details).toEqual({
      account_id: ['Compte invalide ou inexistant'],
      category_id: ['Catégorie invalide ou inexistante'],
    });
  });

  test('are split over categories, by parts that add up', async () => {
    const id = await account();
    const splits = [
      { category_id: 3, amount: -30.01 },
      { category_id: 4, amount: '-15.79', description: 'Essence' },
    ];
    const { status, json } = await call('POST', '/transactions', { ...courses(id), splits });
    expect([status, json.category]).toEqual([201, null]);
    expect(json.splits).toEqual([
      { category: alimentation, amount: -30.01, description: '' },
      { category: expect.objectContaining({ id: 4 }), amount: -15.79, description: 'Essence' },
    ]);
    const found = (await call('GET', `/transactions?account_id=${id}&category_id=4`)).json;
    expect(found.results.map((row: any) => row.id)).toEqual([json.id]);
    for (const body of [{ amount: -50 }, { splits: [{ category_id: 3, amount: -45.81 }] }]) {
      const refused = await call('PATCH', `/transactions/${json.id}`, body);
      expect([refused.status, Object.keys(refused.json.error.details)]).toEqual([422, ['splits']]);
    }
    const whole = await call('PATCH', `/transactions/${json.id}`, { category_id: 5 });
    expect([whole.json.splits, whole.json.category.id, whole.json.amount]).toEqual([[], 5, -45.8]);
  });

  test('never answer 500, whatever is sent', async () => {
    const id = await account();
    const anything = fc.oneof(fc.jsonValue(), fc.double(), fc.string({ unit: 'binary' }), fc.constant('2026-02-02'));
    await fc.assert(
      fc.asyncProperty(
        fc.record(
          {
            amount: anything,
            description: anything,
            transaction_date: anything,
            category_id: anything,
            labels: anything,
          },
          { requiredKeys: [] },
        ),
        fc.array(anything, { maxLength: 3 }),
        async (facts, splits) => {
          const { status } = await call('POST', '/transactions', { account_id: id, ...facts, splits });
          expect([201, 400, 422]).toContain(status);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a savings account is never overdrawn', () => {
  test.each([2, 3])('of type %i: by no creation, change, move or deletion', async (account_type_id) => {
    const savings = await account({ name: 'Livret A', account_type_id, balance: 100 });
    const current = await account({ balance: 1000 });
    const refuses = async (method: string, path: string, json?: object): Promise<void> => {
      const refused = await call(method, path, json);
      expect([refused.status, refused.json.error.code]).toEqual([422, 'INSUFFICIENT_BALANCE']);
    };
    await refuses('POST', '/transactions', { ...courses(savings), amount: -100.01 });
    expect((await call('POST', '/transactions', { ...courses(savings), amount: -100 })).status).toBe(201);
    const income = (await call('POST', '/transactions', { ...courses(savings), amount: 50 })).json.id;
    await call('POST', '/transactions', { ...courses(savings), amount: -40 });
    await refuses('DELETE', `/transactions/${income}`);
    await refuses('PATCH', `/transactions/${income}`, { amount: 39.99 });
    await refuses('PATCH', `/transactions/${income}`, { account_id: current });
    const expense = (await call('POST', '/transactions', { ...courses(current), amount: -10.01 })).json.id;
    await refuses('PATCH', `/transactions/${expense}`, { account_id: savings });
    expect([await balanceOf(savings), await balanceOf(current)]).toEqual([10, 989.99]);
  });
});

describe('categories', () => {
  test('are the global ones and one’s own', async () => {
    const { json: list } = await call('GET', '/categories');
    expect(list.results[0]).toEqual({
      id: 1,
      name: 'Salaire',
      color: '#2196F3',
      icon: 'briefcase',
      type: 'income',
      is_custom: false,
      created_at: '2026-01-01T00:00:00Z',
    });
    expect(list.results[2]).toEqual({
      ...alimentation,
      type: 'expense',
      is_custom: false,
      created_at: '2026-01-01T00:00:00Z',
    });
    const music = { name: 'Matériel Musique', color: '#9C27B0', icon: 'music', type: 'expense' };
    const created = await call('POST', '/categories', music);
    const row = { id: expect.any(Number), ...music, is_custom: true, created_at: moment };
    expect([created.status, created.json]).toEqual([201, row]);
    const { id } = created.json;
    expect((await call('PATCH', `/categories/${id}`, { color: '#673AB7' })).json).toEqual({ ...row, color: '#673AB7' });
    expect((await call('PUT', `/categories/${id}`, { icon: 'guitar' })).json.icon).toBe('guitar');
    expect((await call('GET', `/categories/${id}`)).json.color).toBe('#673AB7');
    expect((await call('GET', '/categories?type=income')).json.count).toBe(2);
    expect((await call('DELETE', `/categories/${id}`)).status).toBe(204);
  });

  test('that are global, taken or in use are left alone', async () => {
    const [changed, deleted] = [
      await call('PATCH', '/categories/3', { color: '#000000' }),
      await call('DELETE', '/categories/3'),
    ];
    expect([changed.status, changed.json.error.code, deleted.status]).toEqual([403, 'PERMISSION_DENIED', 403]);
    const { json: own } = await call('POST', '/categories', { name: 'Jardin', type: 'expense' });
    const taken = await call('POST', '/categories', { name: 'JARDIN', type: 'expense' });
    expect([taken.status, taken.json.error.code]).toEqual([409, 'DUPLICATE_ENTRY']);
    await call('POST', '/transactions', { ...courses(await account()), category_id: own.id });
    const used = await call('DELETE', `/categories/${own.id}`);
    expect([used.status, used.json.error.message]).toEqual([409, 'Cette catégorie est utilisée 1 fois']);
  });
});
