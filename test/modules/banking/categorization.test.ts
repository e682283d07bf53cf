import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { stopCategorizationWorker } from '../../../src/modules/banking/categorization/categorization-jobs.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let alice: Person;
let accountId: string;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());
beforeEach(async () => {
  alice = await server.person();
  accountId = await open(alice);
});

async function run(who: Person, query: string, variables: object = {}): Promise<any> {
  const { data, errors } = await server.graphql(query, variables, who.token);
  expect(errors).toBeUndefined();
  return data;
}
const mutate = (who: Person, name: string, selection: string, input: object): Promise<any> =>
  run(
    who,
    `mutation ($input: ${name.charAt(0).toUpperCase()}${name.slice(1)}Input!) {
    ${name}(input: $input) { ${selection} } }`,
    { input },
  ).then((data) => data[name]);
async function refused(who: Person, name: string, input: object): Promise<unknown[]> {
  const { errors } = await server.graphql(
    `mutation ($input: ${name.charAt(0).toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { __typename } }`,
    { input },
    who.token,
  );
  const { code, fields = [], reason } = errors?.[0]?.extensions ?? {};
  return [code, reason ?? fields.map((field: any) => `${field.path.slice(1).join('.')} ${field.code}`)];
}

const open = async (owner: Person, typeId = '1'): Promise<string> =>
  (await mutate(owner, 'createBankAccount', 'bankAccount { id }', { name: 'Compte', typeId })).bankAccount.id;

const contains = (...values: string[]): object[] => [{ field: 'DESCRIPTION', operator: 'CONTAINS', values }];
let rules = 0;
const makeRule = async (owner: Person, facts: object): Promise<any> => {
  const input = { name: `Règle ${(rules += 1)}`, conditions: contains('marche'), ...facts };
  const made = await mutate(owner, 'createCategorizationRule', 'categorizationRule { id position }', input);
  return made.categorizationRule;
};
const create = async (owner: Person, facts: object = {}): Promise<any> => {
  const input = { accountId, amount: '-10.00', description: 'Café du Marché', transactionDate: '2026-02-02', ...facts };
  const selection = 'transaction { id category { id } labels }';
  return (await mutate(owner, 'createTransaction', selection, input)).transaction;
};
const positions = async (owner: Person): Promise<string[]> =>
  (await run(owner, '{ categorizationRules { nodes { id position } } }')).categorizationRules.nodes.map(
    (rule: any, index: number) => {
      expect(rule.position).toBe(index + 1);
      return rule.id;
    },
  );

test('new transactions without a category get that of the rules of whoever writes them', async () => {
  await makeRule(alice, { categoryId: '3', labels: ['dehors'], stops: false });
  await makeRule(alice, { categoryId: '4', labels: ['payé'] });
  expect(await create(alice)).toMatchObject({ category: { id: '3' }, labels: ['dehors', 'payé'] });
  // What was given stays.
  expect(await create(alice, { categoryId: '5' })).toMatchObject({ category: { id: '5' }, labels: [] });
  expect(await create(alice, { splits: [{ amount: '-10.00', categoryId: '5' }] })).toMatchObject({ category: null });
  expect(await create(alice, { description: 'Loyer' })).toMatchObject({ category: null, labels: [] });

  const bob = await server.person();
  const joint = await open(bob, '4');
  await mutate(bob, 'shareBankAccount', 'accountShare { id }', {
    accountId: joint,
    email: alice.email,
    permission: 'WRITE',
  });
  expect((await create(bob, { accountId: joint })).category).toBeNull();
  expect((await create(alice, { accountId: joint })).category).toEqual({ id: '3' });
  const spent = await mutate(alice, 'recordExpense', 'transaction { category { id } }', {
    amount: '3.00',
    description: 'Marché',
  });
  expect(spent.transaction.category).toEqual({ id: '3' });
});

test('so do those that a file brings, and the recurring ones hand it on', async () => {
  await makeRule(alice, { categoryId: '3', labels: ['dehors'] });
  const form = new FormData();
  form.set('account_id', accountId);
  form.set(
    'file',
    new Blob(['Date;Libellé;Montant\n02/02/2026;MARCHÉ BIO;-4,50\n03/02/2026;LOYER;-800,00\n']),
    'a.csv',
  );
  const imported = await server.request('POST', '/api/v1/imports', { token: alice.token, body: form });
  expect([imported.status, imported.json.created]).toEqual([201, 2]);
  const recurrence = { frequency: 'MONTHLY', startDate: '2026-02-02', endDate: '2026-04-30' };
  await create(alice, { recurrence });
  const query = '{ transactions(orderBy: ID_ASC) { nodes { description category { id } labels } } }';
  const { nodes } = (await run(alice, query)).transactions;
  const open = nodes.filter(({ category, labels }: any) => !category && labels.length === 0);
  expect([nodes.length, open.map(({ description }: any) => description)]).toEqual([nodes.length, ['LOYER']]);
  expect(nodes.length).toBeGreaterThan(2);
});

test('a dry run changes nothing, and applying changes just what it showed', async () => {
  const open1 = await create(alice);
  const labelled = await create(alice, { labels: ['à moi'], transactionDate: '2026-03-01' });
  const given = await create(alice, { categoryId: '5' });
  const split = await create(alice, { splits: [{ amount: '-10.00' }] });
  await create(alice, { description: 'Loyer' });
  await create(alice, { accountId: await open(alice) });
  const { id } = await makeRule(alice, {
    categoryId: '3',
    labels: ['dehors'],
    conditions: [...contains('MARCHE'), { field: 'ACCOUNT_ID', operator: 'EQUALS', values: [accountId] }],
  });
  const dry = async (): Promise<any> =>
    (
      await run(
        alice,
        `query ($id: ID!) { categorizationRuleDryRun(id: $id) {
           count isComplete transactions { id category { id } labels } } }`,
        { id },
      )
    ).categorizationRuleDryRun;
  const shown = { count: 2, isComplete: true, transactions: [labelled, open1] };
  expect(await dry()).toEqual(shown);
  expect(await dry()).toEqual(shown);
  const apply = (): Promise<any> => mutate(alice, 'applyCategorizationRule', 'changedCount isComplete', { id });
  expect(await apply()).toEqual({ changedCount: 2, isComplete: true });
  expect(await dry()).toEqual({ count: 0, isComplete: true, transactions: [] });
  expect(await apply()).toEqual({ changedCount: 0, isComplete: true });

  const { transactions } = await run(
    alice,
    `{ transactions(orderBy: ID_ASC, filter: { accountId: "${accountId}" }) { nodes { id category { id } labels } } }`,
  );
  expect(transactions.nodes.slice(0, 4)).toEqual([
    { ...open1, category: { id: '3' }, labels: ['dehors'] },
    { ...labelled, category: { id: '3' }, labels: ['à moi', 'dehors'] },
    given,
    split,
  ]);
  const events = await server.sql(
    `select subject_id, data->'fields' as fields from events where type = 'transaction.updated' and actor_id = ?
      order by subject_id::int`,
    [alice.id],
  );
  const fields = ['categoryId', 'labels'];
  expect(events).toEqual([open1, labelled].map((row) => ({ subject_id: row.id, fields })));
});

test('many are applied in batches, all of them, in what one may write only', async () => {
  await server.sql(
    `insert into transactions (account_id, owner_id, amount, description, transaction_date)
     select ?::int, ?::int, -1, 'Marché ' || n, '2026-02-02' from generate_series(1, 2500) n`,
    [accountId, alice.id],
  );
  const bob = await server.person();
  const joint = await open(bob, '4');
  await create(bob, { accountId: joint });
  const share = { accountId: joint, email: alice.email, permission: 'READ' };
  await mutate(bob, 'shareBankAccount', 'accountShare { id }', share);
  const { id } = await makeRule(alice, { categoryId: '3' });
  const query = `query ($id: ID!) { categorizationRuleDryRun(id: $id) { count transactions { id } } }`;
  const { categorizationRuleDryRun: dry } = await run(alice, query, { id });
  expect([dry.count, dry.transactions.length]).toEqual([2500, 100]);
  await mutate(bob, 'shareBankAccount', 'accountShare { id }', { ...share, permission: 'WRITE' });
  const applied = await mutate(alice, 'applyCategorizationRule', 'changedCount isComplete', { id });
  expect(applied).toEqual({ changedCount: 2501, isComplete: true });
});

test('a rule is made from a transaction in one call', async () => {
  const { id } = await create(alice, { description: 'CARTE 02/02 CARREFOUR PARIS 11', categoryId: '3', labels: ['a'] });
  const selection = `categorizationRule {
    name position category { id } labels stops conditions { field operator values } }`;
  const { categorizationRule } = await mutate(alice, 'createRuleFromTransaction', selection, { transactionId: id });
  expect(categorizationRule).toEqual({
    name: 'CARREFOUR PARIS',
    position: 1,
    category: { id: '3' },
    labels: ['a'],
    stops: true,
    conditions: ['CARREFOUR', 'PARIS'].map((value) => ({
      field: 'DESCRIPTION',
      operator: 'CONTAINS',
      values: [value],
    })),
  });
  expect(await create(alice, { description: 'carrefour paris 12' })).toMatchObject({ category: { id: '3' } });
  const bare = await create(alice, { description: '12/34' });
  expect(await refused(alice, 'createRuleFromTransaction', { transactionId: bare.id })).toEqual([
    'BAD_USER_INPUT',
    ['categoryId required'],
  ]);
  const stranger = await server.person();
  expect(await refused(stranger, 'createRuleFromTransaction', { transactionId: id, categoryId: '3' })).toEqual([
    'NOT_FOUND',
    [],
  ]);
});

test('rules keep an order without gaps, whatever comes at once', async () => {
  const made = await Promise.all(Array.from({ length: 6 }, () => makeRule(alice, { categoryId: '3', position: 1 })));
  const ids = made.map(({ id }) => id);
  expect((await positions(alice)).toSorted()).toEqual(ids.toSorted());
  const move = (id: string, position: number): Promise<any> =>
    mutate(alice, 'updateCategorizationRule', 'categorizationRule { position }', { id, position });
  const [first, second, third, ...rest] = (await positions(alice)) as [string, string, string, ...string[]];
  expect((await move(first, 3)).categorizationRule.position).toBe(3);
  expect(await positions(alice)).toEqual([second, third, first, ...rest]);
  await move(first, 1);
  expect((await move(first, 99)).categorizationRule.position).toBe(6);
  expect(await positions(alice)).toEqual([second, third, ...rest, first]);
  await Promise.all([
    ...ids.map((id, n) => move(id, ((n * 5) % 6) + 1)),
    makeRule(alice, { categoryId: '4', position: 2 }),
  ]);
  await mutate(alice, 'deleteCategorizationRule', 'deletedId', { id: second });
  expect(await positions(alice)).toHaveLength(6);
});

test('what a rule cannot be is named, field by field', async () => {
  const bob = await server.person();
  const foreign = await open(bob);
  const mine = await mutate(bob, 'createCategory', 'category { id }', { name: 'À Bob' });
  const input = (facts: object): object => ({ name: 'x', categoryId: '3', conditions: contains('x'), ...facts });
  const one = (field: string, operator: string, ...values: string[]): object =>
    input({ conditions: [{ field, operator, values }] });
  const cases: [object, string[]][] = [
    [input({ name: ' ', position: 0 }), ['name required', 'position too_small']],
    [input({ categoryId: null }), ['categoryId required']],
    [input({ categoryId: mine.category.id }), ['categoryId unknown_reference']],
    [input({ conditions: [] }), ['conditions required']],
    [input({ conditions: Array.from({ length: 11 }, () => contains('x')[0]) }), ['conditions too_long']],
    [one('DESCRIPTION', 'GREATER_THAN', '1'), ['conditions.0.operator not_allowed']],
    [one('AMOUNT', 'CONTAINS', '1'), ['conditions.0.operator not_allowed']],
    [one('AMOUNT', 'LESS_THAN', '1.005'), ['conditions.0.values.0 invalid']],
    [one('DESCRIPTION', 'EQUALS'), ['conditions.0.values required']],
    [one('DESCRIPTION', 'EQUALS', 'a', 'b'), ['conditions.0.values too_long']],
    [one('DESCRIPTION', 'EQUALS', 'x'.repeat(201)), ['conditions.0.values.0 too_long']],
    [one('DESCRIPTION', 'EXISTS', 'peut-être'), ['conditions.0.values.0 invalid']],
    [
      one('ACCOUNT_ID', 'IN', accountId, foreign, 'x'),
      ['conditions.0.values.2 unknown_reference', 'conditions.0.values.1 unknown_reference'],
    ],
  ];
  for (const [facts, fields] of cases)
    expect(await refused(alice, 'createCategorizationRule', facts), JSON.stringify(facts)).toEqual([
      'BAD_USER_INPUT',
      fields,
    ]);
  await server.sql(
    `insert into categorization_rules (owner_id, name, position, conditions, category_id)
     select ?, 'x', n, '[]', 3 from generate_series(1, 200) n`,
    [alice.id],
  );
  expect(await refused(alice, 'createCategorizationRule', input({}))).toEqual(['CONFLICT', 'too_many']);
});

test('a category that a rule gives is in use, also when both come at once; an erasure takes rules along', async () => {
  const { category } = await mutate(alice, 'createCategory', 'category { id }', { name: 'Marchés' });
  const { id } = await makeRule(alice, { categoryId: category.id });
  expect(await refused(alice, 'deleteCategory', { id: category.id })).toEqual(['CONFLICT', 'category.in_use']);
  await mutate(alice, 'deleteCategorizationRule', 'deletedId', { id });
  const [gone, made] = await Promise.all([
    refused(alice, 'deleteCategory', { id: category.id }),
    refused(alice, 'createCategorizationRule', { name: 'x', categoryId: category.id, conditions: contains('x') }),
  ]);
  // One of the two came first.
  expect([
    [
      [undefined, []],
      ['BAD_USER_INPUT', ['categoryId unknown_reference']],
    ],
    [
      ['CONFLICT', 'category.in_use'],
      [undefined, []],
    ],
  ]).toContainEqual([gone, made]);

  const bob = await server.person();
  const own = await mutate(bob, 'createCategory', 'category { id }', { name: 'À moi' });
  await makeRule(bob, { categoryId: own.category.id });
  await mutate(server.admin, 'deleteUser', 'deletedId', { id: String(bob.id) });
  expect(await server.sql('select 1 from categorization_rules where owner_id = ?', [bob.id])).toEqual([]);
  expect(await server.sql('select 1 from categories where owner_id = ?', [bob.id])).toEqual([]);
});

test('a whole file is asked about beside the event loop, gets what one booking gets, and is refused whole when that ends', async () => {
  for (let index = 0; index < 60; index += 1)
    await makeRule(alice, { categoryId: '3', conditions: contains(`nobody${index}`) });
  await makeRule(alice, { categoryId: '4', labels: ['payé'], conditions: contains('marche') });
  const lines = Array.from({ length: 400 }, (_, index) => `02/02/2026;Café du Marché ${index};-1,${10 + (index % 90)}`);
  const body = (): FormData => {
    const query = `mutation ($input: ImportTransactionsInput!) { importTransactions(input: $input) { bankImport { createdCount } } }`;
    const form = new FormData();
    form.set('operations', JSON.stringify({ query, variables: { input: { accountId, file: null } } }));
    form.set('map', JSON.stringify({ 0: ['variables.input.file'] }));
    form.set('0', new File([['Date;Libellé;Montant', ...lines].join('\n')], 'relevé.csv'));
    return form;
  };
  const headers = { 'apollo-require-preflight': 'yes' };
  const take = () => server.request('POST', '/graphql', { body: body(), headers, token: alice.token });

  let refusal: any;
  const ended = take().then(({ json }) => (refusal = json));
  for (; !refusal; await setImmediate()) await stopCategorizationWorker();
  await ended;
  expect(refusal.errors[0].extensions).toMatchObject({ code: 'UNAVAILABLE', reason: 'categorization.too_slow' });
  const rowsOf = (): Promise<any[]> =>
    server.sql('select category_id, labels, count(*)::int from transactions where account_id = ? group by 1, 2', [
      accountId,
    ]);
  expect(await rowsOf()).toEqual([]);
  // Rules are asked before the account is locked: what they would make now is not what they made.
  const { client } = server.db;
  const { transaction } = client;
  client.transaction = async (work) => {
    await server.sql('update categorization_rules set labels = array[gen_random_uuid()::text] where category_id = 4');
    return transaction.call(client, work) as never;
  };
  try {
    expect((await take()).json.errors[0].extensions).toMatchObject({
      code: 'CONFLICT',
      reason: 'categorization.rules_changed',
    });
  } finally {
    client.transaction = transaction;
  }
  expect(await rowsOf()).toEqual([]);
  await server.sql(`update categorization_rules set labels = '{payé}' where category_id = 4`);
  expect((await take()).json.data.importTransactions.bankImport.createdCount).toBe(400);
  expect(await rowsOf()).toEqual([{ category_id: 4, labels: ['payé'], count: 400 }]);
});
