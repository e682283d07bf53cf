import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { settled } from '../../support/events.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let owner: Person;
let accounts = 0;
beforeAll(async () => {
  server = await startTestServer();
  owner = await server.person();
});
afterAll(() => server?.stop());

type Permission = 'READ' | 'WRITE';

async function run(who: Person, query: string, variables: object = {}): Promise<any> {
  const { data, errors } = await server.graphql(query, variables, who.token);
  expect(errors).toBeUndefined();
  return data;
}

/** The code, the reason and the first field of the refusal. */
async function refusal(who: Person, query: string, variables: object): Promise<unknown[]> {
  const { errors } = await server.graphql(query, variables, who.token);
  const { code, reason, fields } = errors?.[0]?.extensions ?? {};
  return [code, reason ?? fields?.[0]?.path.join('.') ?? null];
}

async function open(typeId = '4'): Promise<string> {
  const { createBankAccount } = await run(
    owner,
    'mutation ($input: CreateBankAccountInput!) { createBankAccount(input: $input) { bankAccount { id } } }',
    { input: { name: `Joint ${(accounts += 1)}`, typeId, openingBalance: '100' } },
  );
  return createBankAccount.bankAccount.id;
}

const shareMutation = `mutation ($input: ShareBankAccountInput!) {
  shareBankAccount(input: $input) { accountShare { id email permission user { id } } } }`;
const unshareMutation =
  'mutation ($input: UnshareBankAccountInput!) { unshareBankAccount(input: $input) { deletedId } }';

async function share(accountId: string, { email }: Person, permission: Permission = 'READ'): Promise<any> {
  const input = { accountId, email: email.toUpperCase(), permission };
  return (await run(owner, shareMutation, { input })).shareBankAccount.accountShare;
}

const write = (accountId: string, amount = '-10.00') => ({
  input: {
    accountId,
    description: 'Courses',
    transactionDate: '2026-02-02',
    amount,
    splits: [
      { categoryId: '3', amount: '-4.00' },
      { categoryId: '4', amount: '-6.00' },
    ],
  },
});
const createMutation = `mutation ($input: CreateTransactionInput!) {
  createTransaction(input: $input) { transaction { id } } }`;
const updateMutation = `mutation ($input: UpdateTransactionInput!) {
  updateTransaction(input: $input) { transaction { id } } }`;
const deleteMutation = 'mutation ($input: DeleteTransactionInput!) { deleteTransaction(input: $input) { deletedId } }';
const renameMutation = `mutation ($input: UpdateBankAccountInput!) {
  updateBankAccount(input: $input) { bankAccount { id } } }`;
const transferMutation = `mutation ($input: CreateTransferInput!) {
  createTransfer(input: $input) { transfer { id } } }`;
const transfer = (fromAccountId: string, toAccountId: string) => ({
  input: { fromAccountId, toAccountId, amount: '1.00', transferDate: '2026-02-02', description: 'Virement' },
});
const closeMutation = 'mutation ($input: DeleteBankAccountInput!) { deleteBankAccount(input: $input) { deletedId } }';

const create = async (who: Person, accountId: string): Promise<string> =>
  (await run(who, createMutation, write(accountId))).createTransaction.transaction.id;

const accountQuery = `query ($id: ID!) { bankAccount(id: $id) {
  name balance access owner { id } shares { email }
  transactions { nodes { amount runningBalance splits { category { name } amount } } } } }`;
const seen = async (who: Person, id: string): Promise<any> => (await run(who, accountQuery, { id })).bankAccount;

test('a reader sees the account with all that is in it, and writes nothing', async () => {
  const reader = await server.person();
  const accountId = await open();
  const transactionId = await create(owner, accountId);
  const given = await share(accountId, reader);
  expect(given).toEqual({
    id: expect.any(String),
    email: reader.email,
    permission: 'READ',
    user: { id: String(reader.id) },
  });
  await share(accountId, await server.person(), 'WRITE');

  expect(await seen(reader, accountId)).toMatchObject({
    balance: 90,
    access: 'READ',
    owner: { id: String(owner.id) },
    // Their own share only.
    shares: [{ email: reader.email }],
    transactions: {
      nodes: [{ runningBalance: 90, splits: [{ category: { name: 'Alimentation' } }, { amount: -6 }] }],
    },
  });
  expect((await seen(owner, accountId)).shares).toHaveLength(2);
  expect((await run(reader, '{ transactions { totalCount } }')).transactions.totalCount).toBe(1);
  const period = 'start_date=2026-02-01&end_date=2026-02-28';
  const statistics = `/api/v1/stats/expenses-by-category?account_id=${accountId}&${period}`;
  const { json } = await server.request('GET', statistics, { token: reader.token });
  expect([json.total_expenses, json.categories.map(({ id }: any) => id)]).toEqual([-10, [4, 3]]);

  const ownAccount = await run(
    reader,
    'mutation ($input: CreateBankAccountInput!) { createBankAccount(input: $input) { bankAccount { id } } }',
    { input: { name: 'À moi', typeId: '1' } },
  );
  const own = ownAccount.createBankAccount.bankAccount.id;
  const ownTransaction = await create(reader, own);
  const readOnly = ['FORBIDDEN', 'account.read_only'];
  const doors: [string, object, unknown[]][] = [
    [createMutation, write(accountId), readOnly],
    [updateMutation, { input: { id: transactionId, description: 'Autre' } }, readOnly],
    [updateMutation, { input: { id: transactionId, accountId: own } }, readOnly],
    [updateMutation, { input: { id: ownTransaction, accountId } }, readOnly],
    [deleteMutation, { input: { id: transactionId } }, readOnly],
    [transferMutation, transfer(accountId, own), readOnly],
    [transferMutation, transfer(own, accountId), readOnly],
    [
      `mutation ($input: ReconcileBankAccountInput!) {
        reconcileBankAccount(input: $input) { reconciliation { id } } }`,
      {
        input: { accountId, statementBalance: '90.00', statementDate: '2026-02-28', transactionIds: [transactionId] },
      },
      readOnly,
    ],
    [
      createMutation,
      {
        input: {
          ...write(accountId).input,
          splits: null,
          recurrence: { frequency: 'MONTHLY', startDate: '2026-02-02' },
        },
      },
      readOnly,
    ],
    [renameMutation, { input: { id: accountId, name: 'À moi' } }, ['FORBIDDEN', 'account.not_own']],
    [closeMutation, { input: { id: accountId, force: true } }, ['FORBIDDEN', 'account.not_own']],
    [
      shareMutation,
      { input: { accountId, email: reader.email, permission: 'WRITE' } },
      ['FORBIDDEN', 'account.not_own'],
    ],
  ];
  for (const [mutation, variables, expected] of doors)
    expect(await refusal(reader, mutation, variables), JSON.stringify(variables)).toEqual(expected);
  const form = new FormData();
  form.set('account_id', accountId);
  form.set('file', new Blob(['Date;Libellé;Montant\n02/02/2026;PAIN;-4,50\n']), 'a.csv');
  const imported = await server.request('POST', '/api/v1/imports', { token: reader.token, body: form });
  expect([imported.status, imported.json.error.code]).toEqual([403, 'PERMISSION_DENIED']);
  expect((await seen(owner, accountId)).balance).toBe(90);
});

test('a writer writes transactions, and neither renames, shares nor deletes the account', async () => {
  const [writer, third] = [await server.person(), await server.person()];
  const accountId = await open();
  await share(accountId, writer, 'READ');
  const { id } = await share(accountId, writer, 'WRITE');
  expect((await seen(owner, accountId)).shares).toHaveLength(1);

  const transactionId = await create(writer, accountId);
  await run(writer, updateMutation, { input: { id: transactionId, description: 'Marché' } });
  expect(await seen(writer, accountId)).toMatchObject({ access: 'WRITE', balance: 90 });
  await run(writer, deleteMutation, { input: { id: transactionId } });
  expect((await seen(owner, accountId)).balance).toBe(100);

  const notOwn = ['FORBIDDEN', 'account.not_own'];
  expect(await refusal(writer, renameMutation, { input: { id: accountId, name: 'Autre' } })).toEqual(notOwn);
  expect(await refusal(writer, closeMutation, { input: { id: accountId, force: true } })).toEqual(notOwn);
  const further = { input: { accountId, email: third.email, permission: 'READ' } };
  expect(await refusal(writer, shareMutation, further)).toEqual(notOwn);
  const other = await share(accountId, third);
  expect(await refusal(writer, unshareMutation, { input: { id: other.id } })).toEqual(['NOT_FOUND', null]);

  // The writer leaves by themselves.
  await run(writer, unshareMutation, { input: { id } });
  expect(await seen(writer, accountId)).toBeNull();
  expect(await refusal(writer, deleteMutation, { input: { id: transactionId } })).toEqual(['NOT_FOUND', null]);
});

test('after the sharing has ended nothing is seen, nor heard over a subscription that is open', async () => {
  const reader = await server.person();
  const accountId = await open();
  const { id } = await share(accountId, reader);
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${reader.token}` },
  });
  try {
    const events = client.iterate({ query: 'subscription { transactionEvents { transactionId accountId } }' });
    const first = events.next();
    // The subscription begins with the first event after it has come: some are needed until one is heard.
    const heard: string[] = [];
    await expect
      .poll(
        async () => {
          heard.push(await create(owner, accountId));
          return Promise.race([
            first.then(({ value }) => value?.data.transactionEvents.accountId),
            settled(server.app),
          ]);
        },
        { timeout: 20_000 },
      )
      .toBe(accountId);

    await run(owner, unshareMutation, { input: { id } });
    await create(owner, accountId);
    const [own] = await server.sql(
      `insert into bank_accounts (owner_id, name, account_type_id, currency, opening_balance, balance)
       values (?, 'À moi', 1, 'EUR', 0, 0) returning id`,
      [reader.id],
    );
    await create(reader, String(own.id));
    const told: string[] = [];
    for await (const { data } of events) {
      const event = data?.['transactionEvents'] as { transactionId: string; accountId: string };
      told.push(event.accountId === accountId ? event.transactionId : 'own');
      if (told.at(-1) === 'own') break;
    }
    // All of the time before, and nothing of the one that came after.
    expect(told.slice(0, -1).filter((transaction) => !heard.includes(transaction))).toEqual([]);
  } finally {
    await client.dispose();
  }
  expect(await seen(reader, accountId)).toBeNull();
  expect((await run(reader, '{ transactions { nodes { id } } }')).transactions.nodes).toHaveLength(1);
});

test('only a joint account is shared, with somebody who is there', async () => {
  const person = await server.person();
  const [joint, current] = [await open(), await open('1')];
  const input = (email: string, accountId = joint) => ({ input: { accountId, email, permission: 'READ' } });
  expect(await refusal(owner, shareMutation, input(person.email, current))).toEqual([
    'BAD_USER_INPUT',
    'input.accountId',
  ]);
  expect(await refusal(owner, shareMutation, input(owner.email))).toEqual(['BAD_USER_INPUT', 'input.email']);

  // One answer for whoever is not there, not active any more, or erased.
  const [inactive, erased] = [await server.person(), await server.person()];
  await server.sql('update users set is_active = false where id = ?', [inactive.id]);
  await run(server.admin, 'mutation ($input: DeleteUserInput!) { deleteUser(input: $input) { deletedId } }', {
    input: { id: String(erased.id) },
  });
  const answers = await Promise.all(
    [inactive.email, erased.email, 'personne@example.org', 'a\0b@example.org', ''].map(async (email) =>
      (await server.graphql(shareMutation, input(email), owner.token)).errors?.map(({ message, extensions }) => ({
        message,
        fields: extensions.fields,
      })),
    ),
  );
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]).toMatchObject([{ fields: [{ path: ['input', 'email'], code: 'unknown_reference' }] }]);

  // An account that is shared stays joint.
  const { id } = await share(joint, person);
  expect(await refusal(owner, renameMutation, { input: { id: joint, typeId: '1' } })).toEqual([
    'BAD_USER_INPUT',
    'input.typeId',
  ]);
  await run(owner, unshareMutation, { input: { id } });
  await run(owner, renameMutation, { input: { id: joint, typeId: '1' } });
});

test('at most twenty people share an account, whatever comes at once', async () => {
  const accountId = await open();
  const guests = await Promise.all(Array.from({ length: 23 }, () => server.person()));
  const answers = await Promise.all(
    guests.map(({ email }) =>
      server.graphql(shareMutation, { input: { accountId, email, permission: 'READ' } }, owner.token),
    ),
  );
  const refused = answers.flatMap(({ errors }) => errors ?? []).map(({ extensions }) => extensions.reason);
  expect(refused).toEqual(['too_many', 'too_many', 'too_many']);
  // Those who have one may still be given more.
  const [first] = await server.sql(
    'select u.email from account_shares s join users u on u.id = s.user_id where account_id = ? limit 1',
    [accountId],
  );
  await share(accountId, first, 'WRITE');
});

test('sharing and its end at once leave one share or none, and never a defect', async () => {
  const guest = await server.person();
  const accountId = await open();
  const { id } = await share(accountId, guest);
  const moves = Array.from({ length: 12 }, (_, turn) =>
    turn % 3 === 0
      ? server.graphql(unshareMutation, { input: { id } }, turn % 2 ? owner.token : guest.token)
      : server.graphql(
          shareMutation,
          { input: { accountId, email: guest.email, permission: turn % 2 ? 'READ' : 'WRITE' } },
          owner.token,
        ),
  );
  const codes = (await Promise.all(moves)).flatMap(({ errors }) => errors?.map((e) => e.extensions.code) ?? []);
  expect(codes.filter((code) => code !== 'NOT_FOUND')).toEqual([]);
  expect((await seen(owner, accountId)).shares.length).toBeLessThanOrEqual(1);
});

test('the person is told of it, and an erasure ends it', async () => {
  const guest = await server.person();
  const accountId = await open();
  await share(accountId, guest, 'WRITE');
  await settled(server.app);
  const { notifications } = await run(guest, '{ notifications { nodes { type title message link } } }');
  expect(notifications.nodes).toEqual([
    {
      type: 'ACCOUNT_SHARED',
      title: 'Compte partagé',
      message: expect.stringContaining(`est partagé avec vous par ${owner.username} : vous pouvez le consulter et y`),
      link: `/accounts/${accountId}`,
    },
  ]);
  await run(server.admin, 'mutation ($input: DeleteUserInput!) { deleteUser(input: $input) { deletedId } }', {
    input: { id: String(guest.id) },
  });
  expect((await seen(owner, accountId)).shares).toEqual([]);
});
