import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { objects } from '../../access/objects.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';
import { statementsOf } from '../../support/sql-log.js';

let server: TestServer;
let alice: Person;
let bob: Person;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());
beforeEach(async () => {
  [alice, bob] = await Promise.all([server.person(), server.person()]);
});

async function run(query: string, variables: object, who = alice): Promise<any> {
  const { data, errors } = await server.graphql(query, variables as Record<string, unknown>, who.token);
  if (errors) throw Object.assign(new Error(errors[0].message), { extensions: errors[0].extensions });
  return data;
}

const account = async (owner: Person, typeId = '1', currency = 'EUR', openingBalance = '100.00'): Promise<string> =>
  (
    await run(
      'mutation ($input: CreateBankAccountInput!) { createBankAccount(input: $input) { bankAccount { id } } }',
      { input: { name: `Compte ${typeId} ${currency}`, typeId, currency, openingBalance } },
      owner,
    )
  ).createBankAccount.bankAccount.id;

const leg = '{ id amount transactionDate description account { id } transfer { id } }';
const fields = `id amount transferDate description fromTransaction ${leg} toTransaction ${leg}`;
const create = async (input: object, who = alice): Promise<any> =>
  (
    await run(
      `mutation ($input: CreateTransferInput!) { createTransfer(input: $input) { transfer { ${fields} } } }`,
      { input: { amount: '30.00', transferDate: '2026-02-02', description: 'Épargne de février', ...input } },
      who,
    )
  ).createTransfer.transfer;
const update = async (input: object, who = alice): Promise<any> =>
  (
    await run(
      `mutation ($input: UpdateTransferInput!) { updateTransfer(input: $input) { transfer { ${fields} } } }`,
      { input },
      who,
    )
  ).updateTransfer.transfer;
const change = (name: string, input: object, who = alice): Promise<any> => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  return run(`mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`, { input }, who);
};
const balances = async (...ids: string[]): Promise<string[]> =>
  (await server.sql(`select balance from bank_accounts where id in (${ids.join(', ')}) order by id`)).map(
    ({ balance }) => balance,
  );
const rows = (table: string, condition = 'true') => server.sql(`select * from ${table} where ${condition} order by id`);

describe('a transfer', () => {
  test('is two linked transactions, whose balances move together', async () => {
    const [from, to] = [await account(alice), await account(alice, '2')];
    const transfer = await create({ fromAccountId: from, toAccountId: to });
    expect(transfer).toMatchObject({
      amount: 30,
      transferDate: '2026-02-02',
      fromTransaction: { amount: -30, account: { id: from }, transfer: { id: transfer.id } },
      toTransaction: { amount: 30, account: { id: to }, transfer: { id: transfer.id } },
    });
    expect(await balances(from, to)).toEqual(['70.00', '130.00']);

    const changed = await update({
      id: transfer.id,
      amount: '45.50',
      transferDate: '2026-02-28',
      description: 'Épargne',
      fromAccountId: to,
      toAccountId: from,
    });
    expect(changed).toMatchObject({
      amount: 45.5,
      fromTransaction: { amount: -45.5, transactionDate: '2026-02-28', description: 'Épargne', account: { id: to } },
      toTransaction: { amount: 45.5, transactionDate: '2026-02-28', account: { id: from } },
    });
    expect(await balances(from, to)).toEqual(['145.50', '54.50']);

    await change('deleteTransfer', { id: transfer.id });
    expect(await balances(from, to)).toEqual(['100.00', '100.00']);
    expect(await rows('transactions', `account_id in (${from}, ${to})`)).toEqual([]);
    const events = await server.sql(
      `select type from events where subject_type = 'Transfer' and subject_id = ? order by id`,
      [transfer.id],
    );
    expect(events.map(({ type }) => type)).toEqual(['transfer.created', 'transfer.updated', 'transfer.deleted']);
  });

  test('a leg that is refused leaves neither, at creation, at a change and at a deletion', async () => {
    const [current, savings] = [await account(alice), await account(alice, '2')];
    const refused = { extensions: { code: 'BAD_USER_INPUT', reason: 'account.insufficient_balance' } };
    await expect(create({ fromAccountId: savings, toAccountId: current, amount: '100.01' })).rejects.toMatchObject(
      refused,
    );
    expect(await rows('transactions', `account_id in (${current}, ${savings})`)).toEqual([]);
    expect(await balances(current, savings)).toEqual(['100.00', '100.00']);

    const { id } = await create({ fromAccountId: savings, toAccountId: current, amount: '100.00' });
    await expect(update({ id, amount: '100.01' })).rejects.toMatchObject(refused);
    const back = await create({ fromAccountId: current, toAccountId: savings, amount: '50.00' });
    await create({ fromAccountId: savings, toAccountId: current, amount: '50.00' });
    await expect(change('deleteTransfer', { id: back.id })).rejects.toMatchObject(refused);
    expect(await balances(current, savings)).toEqual(['200.00', '0.00']);
  });

  test('every problem is said at once: accounts, currency, amount, day, text', async () => {
    const [euro, dollar, foreign] = [await account(alice), await account(alice, '1', 'USD'), await account(bob)];
    const problemsOf = async (input: object): Promise<string[][]> => {
      const error = await create(input).catch((thrown) => thrown);
      return error.extensions.fields.map(({ path, code }: any) => [path.slice(1).join('.'), code]);
    };
    expect(await problemsOf({ fromAccountId: euro, toAccountId: euro })).toEqual([['toAccountId', 'invalid']]);
    expect(await problemsOf({ fromAccountId: euro, toAccountId: dollar })).toEqual([['toAccountId', 'not_allowed']]);
    expect(
      await problemsOf({ fromAccountId: euro, toAccountId: foreign, amount: '-3', transferDate: '1800-01-01' }),
    ).toEqual([
      ['amount', 'too_small'],
      ['transferDate', 'too_small'],
      ['toAccountId', 'unknown_reference'],
    ]);
    expect(await problemsOf({ fromAccountId: foreign, toAccountId: '0', description: ' ', amount: '0.001' })).toEqual([
      ['amount', 'invalid'],
      ['description', 'required'],
      ['fromAccountId', 'unknown_reference'],
      ['toAccountId', 'unknown_reference'],
    ]);
  });
});

describe('a leg', () => {
  test('keeps amount, day and account, which are the transfer’s, and its existence; the rest is its own', async () => {
    const [from, to, third] = [await account(alice), await account(alice), await account(alice)];
    const transfer = await create({ fromAccountId: from, toAccountId: to });
    const { id } = transfer.toTransaction;
    const held = { code: 'CONFLICT', reason: 'transaction.in_transfer', details: { transferId: Number(transfer.id) } };
    for (const changes of [{ amount: '31' }, { transactionDate: '2026-02-03' }, { accountId: third }])
      await expect(change('updateTransaction', { id, ...changes })).rejects.toMatchObject({ extensions: held });
    await expect(change('deleteTransaction', { id })).rejects.toMatchObject({ extensions: held });

    await change('updateTransaction', { id, amount: '30.00', description: 'Reçu', notes: 'vu', categoryId: '12' });
    expect(await update({ id: transfer.id, description: 'Virement' })).toMatchObject({
      description: 'Virement',
      fromTransaction: { description: 'Virement' },
      toTransaction: { description: 'Reçu' },
    });
  });

  test('stays as an ordinary transaction when the other one’s account is deleted by force', async () => {
    const [from, to] = [await account(alice), await account(alice)];
    const transfer = await create({ fromAccountId: from, toAccountId: to });
    await change('deleteBankAccount', { id: from, force: true });
    expect(await rows('transfers', `id = ${transfer.id}`)).toEqual([]);
    expect(await rows('transactions', `id = ${transfer.toTransaction.id}`)).toMatchObject([
      { transfer_id: null, amount: '30.00' },
    ]);
    expect(await balances(to)).toEqual(['130.00']);
    await change('updateTransaction', { id: transfer.toTransaction.id, amount: '31' });
    expect(await balances(to)).toEqual(['131.00']);
  });

  test('cannot be made to differ from its transfer by any statement', async () => {
    const [from, to] = [await account(alice), await account(alice)];
    const { id, toTransaction } = await create({ fromAccountId: from, toAccountId: to });
    for (const statement of [
      `update transactions set amount = 31 where id = ${toTransaction.id}`,
      `update transactions set transfer_id = null where id = ${toTransaction.id}`,
      `update transactions set account_id = ${from} where id = ${toTransaction.id}`,
      `update transfers set transfer_date = '2026-03-03' where id = ${id}`,
    ])
      await expect(server.sql(statement)).rejects.toThrow('A transfer and its transactions differ');
  });
});

describe('shared accounts', () => {
  test('who sees one leg sees the transfer without the other one, and changes neither', async () => {
    const [own, joint] = [await account(alice), await account(alice, '4')];
    const transfer = await create({ fromAccountId: own, toAccountId: joint });
    const seen = async (): Promise<any> =>
      (await run(`{ transfers { nodes { ${fields} } totalCount } transfer(id: ${transfer.id}) { id } }`, {}, bob))
        .transfers;
    expect(await seen()).toEqual({ nodes: [], totalCount: 0 });
    await expect(change('deleteTransfer', { id: transfer.id }, bob)).rejects.toMatchObject({
      extensions: { code: 'NOT_FOUND' },
    });

    const share = (permission: string) =>
      server.sql(
        `insert into account_shares (account_id, user_id, permission) values (?, ?, ?)
         on conflict (account_id, user_id) do update set permission = excluded.permission`,
        [joint, bob.id, permission],
      );
    await share('write');
    expect(await seen()).toMatchObject({
      nodes: [{ id: transfer.id, fromTransaction: null, toTransaction: { amount: 30 } }],
      totalCount: 1,
    });
    const forbidden = { extensions: { code: 'FORBIDDEN', reason: 'account.not_own' } };
    await expect(update({ id: transfer.id, amount: '1' }, bob)).rejects.toMatchObject(forbidden);
    await expect(change('deleteTransfer', { id: transfer.id }, bob)).rejects.toMatchObject(forbidden);

    const bobs = await account(bob);
    const theirs = await create({ fromAccountId: bobs, toAccountId: joint, amount: '5' }, bob);
    const { transfers } = await run('{ transfers { nodes { id fromTransaction { id } } totalCount } }', {});
    expect(transfers).toEqual({
      nodes: [
        { id: theirs.id, fromTransaction: null },
        { id: transfer.id, fromTransaction: { id: transfer.fromTransaction.id } },
      ],
      totalCount: 2,
    });
    await share('read');
    await expect(update({ id: theirs.id, amount: '6' }, bob)).rejects.toMatchObject({
      extensions: { code: 'FORBIDDEN', reason: 'account.read_only' },
    });
  });
});

test('transfers both ways, changes and deletions at once leave balances that add up', async () => {
  const [one, two] = [await account(alice), await account(alice, '2')];
  const fixed = await create({ fromAccountId: one, toAccountId: two, amount: '1.00' });
  await Promise.allSettled(
    Array.from({ length: 24 }, (_, n) => {
      const [fromAccountId, toAccountId] = n % 2 ? [one, two] : [two, one];
      if (n % 6 === 5) return update({ id: fixed.id, fromAccountId, toAccountId, amount: `${n + 1}.10` });
      return create({ fromAccountId, toAccountId, amount: `${n + 1}.01` });
    }),
  );
  const sums = await server.sql(
    `select a.balance, (a.opening_balance + coalesce(
              (select sum(amount) from transactions where account_id = a.id), 0))::text as expected from bank_accounts a where id in (?, ?) order by id`,
    [one, two],
  );
  for (const { balance, expected } of sums) expect(balance).toBe(expected);
  const [orphans] = await server.sql(
    `select count(*)::int as n from transactions t where account_id in (?, ?) and transfer_id is null`,
    [one, two],
  );
  expect(orphans.n).toBe(0);
});

test('a list with both legs and their accounts is one statement', async () => {
  const make = objects(server, async () => undefined);
  const [from, to] = [await make.bankAccount(alice), await make.bankAccount(alice)];
  for (let n = 0; n < 3; n += 1) await create({ fromAccountId: from.id, toAccountId: to.id });
  const statements = await statementsOf(server, () =>
    run(
      `{ transfers(first: 10, filter: { accountId: ${from.id}, startDate: "2026-02-01" }) { nodes { ${fields} } } }`,
      {},
    ),
  );
  expect(statements).toHaveLength(1);
  const { transactions } = await run('{ transactions(filter: { isTransfer: true }) { totalCount } }', {});
  expect(transactions.totalCount).toBe(6);
});
