import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

// In Paris it is the next day, and the next year.
const now = new Date('2025-12-31T23:30:00Z');
let server: TestServer;
let alice: Person;
let token: string;
beforeAll(async () => {
  server = await startTestServer({ now: () => now, env: { RATE_LIMITS: 'on' } });
  alice = await server.person();
  token = await tokenOf(alice);
});
afterAll(() => server?.stop());

async function tokenOf(person: Person): Promise<string> {
  const made = await server.request('POST', '/api/v1/api-tokens', { token: person.token, json: { name: 'iPhone' } });
  server.secrets.remember(made.json.token);
  return made.json.token;
}

const post = (json: unknown, as = token): Promise<Answer> =>
  server.request('POST', '/api/v1/ios/transaction/', { token: as, json });
const open = async (owner: Person, accountType = 1): Promise<number> => {
  const json = { name: 'Compte', account_type_id: accountType };
  return (await server.request('POST', '/api/v1/accounts', { token: owner.token, json })).json.id;
};
const read = async (id: number): Promise<any> =>
  (await server.request('GET', `/api/v1/transactions/${id}`, { token: alice.token })).json;

test('without a current account nothing is written, and every refusal is one sentence', async () => {
  await open(alice, 5);
  const joint = await open(alice, 4);
  const answers = await Promise.all(
    [
      { amount: 12.5, label: 'Pain', category: '' },
      { label: 'Pain' },
      { amount: '', label: '' },
      { amount: 'beaucoup', label: 'Pain' },
      { amount: -3, label: 'Pain' },
      { amount: 1.005, label: 'Pain' },
      { amount: 12.5, label: '  ' },
    ].map((json) => post(json)),
  );
  expect(answers.map(({ status, json }) => [status, json])).toEqual(
    [
      'Aucun compte actif trouvé.',
      'Le montant est requis.',
      'Le montant est requis.',
      'Montant invalide.',
      'Montant invalide.',
      'Montant invalide.',
      'Le label est requis.',
    ].map((error) => [422, { error }]),
  );
  expect((await server.sql('select * from transactions')).length).toBe(0);
  expect((await server.request('DELETE', `/api/v1/accounts/${joint}`, { token: alice.token })).status).toBe(204);
});

test('what was spent goes into the first current account, on the day that it is for the person', async () => {
  const other = await server.person();
  await open(other);
  const first = await open(alice);
  await open(alice);
  token = await tokenOf(alice);
  const made = await post({ amount: '12.50', label: ' Boulangerie ', category: 'ALIMENTATION' });
  expect([made.status, made.json]).toEqual([
    201,
    {
      id: expect.any(Number),
      amount: '12.50',
      description: 'Boulangerie',
      category: 'Alimentation',
      date: '2026-01-01',
      source: 'ios',
    },
  ]);
  expect(await read(made.json.id)).toMatchObject({
    account: { id: first, balance: -12.5 },
    amount: -12.5,
    category: { id: 3 },
    transaction_date: '2026-01-01',
  });
  expect((await post({ amount: 12.5, label: 'Cours', category: 'éDUCATION' })).json.category).toBe('Éducation');
  expect((await post({ amount: '7,5', label: 'Divers', category: '' })).json).toMatchObject({
    amount: '7.50',
    category: 'Divers',
  });

  // A category of income is none here, nor is one of somebody else.
  await server.request('POST', '/api/v1/categories', { token: other.token, json: { name: 'Pain', type: 'expense' } });
  for (const category of ['Salaire', 'Pain']) {
    const unknown = await post({ amount: 3, label: 'Pain', category });
    expect([unknown.status, unknown.json]).toEqual([
      207,
      {
        id: expect.any(Number),
        amount: '3.00',
        description: 'Pain',
        category: null,
        date: '2026-01-01',
        source: 'ios_uncategorized',
        warning: `Catégorie "${category}" non trouvée. Transaction créée sans catégorie.`,
      },
    ]);
    expect((await read(unknown.json.id)).category.id).toBe(14);
  }
});

test('ten a minute by token, then 429 with a sentence too', async () => {
  token = await tokenOf(alice);
  const answers = await Promise.all(Array.from({ length: 12 }, () => post({ amount: 1, label: 'Café' })));
  const refused = answers.filter(({ status }) => status === 429);
  expect([answers.filter(({ status }) => status === 201).length, refused.length]).toEqual([10, 2]);
  expect(refused[0]?.json).toEqual({ error: 'Trop de requêtes' });
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  // Another token has its own ten, and the other routes are not counted with them.
  expect((await post({ amount: 1, label: 'Café' }, await tokenOf(alice))).status).toBe(201);
  const list = await server.request('GET', '/api/v1/transactions', { token });
  expect(list.status).toBe(200);
});

test('whatever comes is answered by a sentence, or written', async () => {
  const values = fc.oneof(fc.jsonValue(), fc.double(), fc.constantFrom('12.50', '1e3', '0', '٣', '12,5', 'NaN', '-0'));
  await fc.assert(
    fc.asyncProperty(fc.record({ amount: values, label: values, category: values }), async (json) => {
      token = await tokenOf(alice);
      const answer = await post(json);
      expect([201, 207, 422]).toContain(answer.status);
      if (answer.status === 422) expect(answer.json).toEqual({ error: expect.stringMatching(/\.$/) });
    }),
    { numRuns: 40 },
  );
});
