import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';
import { emptyTrash } from '../../support/tasks.js';

let server: TestServer;
let alice: Person;
let bob: Person;
let now = new Date('2026-02-03T10:00:00Z');
beforeAll(async () => {
  server = await startTestServer({ now: () => now });
});
afterAll(() => server?.stop());
beforeEach(async () => {
  [alice, bob] = await Promise.all([server.person(), server.person()]);
});

async function run(document: string, variables: object = {}, who = alice): Promise<any> {
  const { data, errors } = await server.graphql(document, variables as Record<string, unknown>, who.token);
  if (errors) throw Object.assign(new Error(errors[0].message), errors[0].extensions);
  return data;
}
const change = async (name: string, input: object, selection = '__typename', who = alice): Promise<any> => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  return (await run(`mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`, { input }, who))[name];
};
const account = async (facts: object = {}): Promise<string> =>
  (
    await change(
      'createBankAccount',
      { name: 'Compte', typeId: '4', openingBalance: 100, ...facts },
      'bankAccount { id }',
    )
  ).bankAccount.id;
const pay = async (facts: object): Promise<string> =>
  (
    await change(
      'createTransaction',
      { amount: -45.8, description: 'Courses', transactionDate: '2026-02-02', ...facts },
      'transaction { id }',
    )
  ).transaction.id;
const transfer = async (fromAccountId: string, toAccountId: string): Promise<any> =>
  (
    await change(
      'createTransfer',
      { fromAccountId, toAccountId, amount: 30, description: 'Épargne', transferDate: '2026-02-02' },
      'transfer { id fromTransaction { id } toTransaction { id } }',
    )
  ).transfer;
const attach = async (transaction: string, content: string, who = alice): Promise<number> => {
  const body = new FormData();
  body.set('file', new Blob([content]), 'ticket.txt');
  const path = `/api/v1/transactions/${transaction}/receipts`;
  return (await server.request('POST', path, { token: who.token, body })).json.document_id;
};
const trash = async (accountId: string, who = alice): Promise<any[]> =>
  (
    await run(
      `query ($accountId: ID!) { trashedTransactions(accountId: $accountId) {
         transactionId transferId amount currency description transactionDate deletedAt purgedAfter } }`,
      { accountId },
      who,
    )
  ).trashedTransactions;
const balance = async (id: string): Promise<string> =>
  (await server.sql('select balance from bank_accounts where id = ?', [id]))[0].balance;

/** Every row of what transactions have, as the tables hold them. */
const everything = async (accounts: readonly string[]): Promise<object> => {
  const of = accounts.join(', ');
  const parts = `select id from transactions where account_id in (${of})`;
  const rows = (table: string, condition: string) =>
    server.sql(`select * from ${table} where ${condition} order by id`);
  const of_ = `transaction_id in (${parts})`;
  return {
    accounts: await server.sql(`select id, balance from bank_accounts where id in (${of}) order by id`),
    transactions: await rows('transactions', `account_id in (${of})`),
    splits: await rows('transaction_splits', of_),
    receipts: await rows('receipts', of_),
    importRows: await rows('import_rows', `account_id in (${of})`),
    rules: await server.sql(
      `select id, origin_transaction_id from recurrence_rules where account_id in (${of}) order by id`,
    ),
    transfers: await rows('transfers', `from_transaction_id in (${parts})`),
    documents: await server.sql(
      `select id, deleted_at from documents where id in (select document_id from receipts where ${of_}) order by id`,
    ),
  };
};

test('a deleted transaction comes back as itself: parts, receipts, rule and import', async () => {
  const id = await account();
  const { category } = await change('createCategory', { name: 'Ponts', type: 'EXPENSE' }, 'category { id }');
  const split = await pay({
    accountId: id,
    labels: ['pont', 'été'],
    notes: 'à voir',
    splits: [
      { amount: -40.8, categoryId: category.id, description: 'béton' },
      { amount: -5, categoryId: '3' },
    ],
  });
  const documentId = await attach(split, 'Ticket de pont');
  const loose = await change(
    'createTransaction',
    {
      accountId: id,
      amount: 10,
      description: 'Loyer',
      transactionDate: '2026-02-01',
      recurrence: { frequency: 'MONTHLY' },
    },
    'transaction { id }',
  );
  const body = new FormData();
  body.set('account_id', id);
  body.set('file', new File(['Date;Libellé;Montant\n02/02/2026;Péage;-3,80\n'], 'banque.csv'));
  const { json } = await server.request('POST', '/api/v1/imports', { token: alice.token, body });
  const [imported] = await server.sql('select id from transactions where import_id = ?', [json.id]);
  const before = await everything([id]);
  const ids: string[] = [split, loose.transaction.id, String(imported.id)];
  for (const each of ids) await change('deleteTransaction', { id: each });
  expect(await balance(id)).toBe('100.00');
  const [document] = await server.sql('select deleted_at from documents where id = ?', [documentId]);
  expect(document.deleted_at).not.toBeNull();
  expect((await trash(id)).map(({ transactionId }) => transactionId).toSorted()).toEqual(ids.toSorted());
  expect((await trash(id)).find(({ transactionId }) => transactionId === split)).toEqual({
    transactionId: split,
    transferId: null,
    amount: -45.8,
    currency: 'EUR',
    description: 'Courses',
    transactionDate: '2026-02-02',
    deletedAt: '2026-02-03T10:00:00Z',
    purgedAfter: '2026-03-05T10:00:00Z',
  });
  const { data } = await server.graphql(`{ transaction(id: ${split}) { id } }`, {}, alice.token);
  expect(data.transaction).toBeNull();
  for (const each of ids.toReversed()) {
    const restored = await change('restoreTransaction', { id: each }, 'transaction { id }');
    expect(restored.transaction.id).toBe(each);
  }
  expect(await everything([id])).toEqual(before);
  expect(await trash(id)).toEqual([]);
  const events = await server.sql(
    `select type from events where subject_type = 'Transaction' and subject_id = ? order by id`,
    [split],
  );
  expect(events.map(({ type }) => type)).toEqual([
    'transaction.created',
    'receipt.added',
    'receipt.removed',
    'transaction.deleted',
    'transaction.created',
    'receipt.added',
  ]);
});

/** Takes a file of the bank with these lines into the account. Returns the number of the import. */
async function takeIn(accountId: string, lines: readonly string[]): Promise<string> {
  const body = new FormData();
  body.set('account_id', accountId);
  body.set('file', new File([`Date;Libellé;Montant\n${lines.join('\n')}\n`], 'banque.csv'));
  return String((await server.request('POST', '/api/v1/imports', { token: alice.token, body })).json.id);
}

test('an import that is undone comes back whole, but for what a later file has brought again', async () => {
  const id = await account();
  const take = (...lines: string[]) => takeIn(id, lines);
  const imported = await take('01/02/2026;Pain;-1,20', '01/02/2026;Lait;-2,00', '02/02/2026;Péage;-3,80');
  const alone = await pay({ accountId: id });
  const state = async () => ({
    ...(await everything([id])),
    import: await server.sql('select undone_at from imports where id = ?', [imported]),
  });
  const before = await state();
  await change('undoImport', { id: imported });
  expect(await balance(id)).toBe('54.20');
  await change('deleteTransaction', { id: alone });
  const listed = await run(
    'query ($id: ID!) { trashedTransactions(accountId: $id) { description undoneImportId undoneImportName } }',
    { id },
  );
  // What went by itself first: an import may have thousands.
  const ofImport = { undoneImportId: imported, undoneImportName: 'banque.csv' };
  expect(listed.trashedTransactions).toEqual([
    { description: 'Courses', undoneImportId: null, undoneImportName: null },
    ...['Péage', 'Lait', 'Pain'].map((description) => ({ description, ...ofImport })),
  ]);
  const facts = 'restoredCount leftCount lost bankImport { undoneAt }';
  await change('restoreTransaction', { id: alone });
  expect(await change('restoreImport', { id: imported }, facts)).toEqual({
    restoredCount: 3,
    leftCount: 0,
    lost: [],
    bankImport: { undoneAt: null },
  });
  expect(await state()).toEqual(before);
  expect(await change('restoreImport', { id: imported }, facts)).toMatchObject({ restoredCount: 0, leftCount: 0 });

  await change('undoImport', { id: imported });
  await take('01/02/2026;Lait;-2,00');
  expect(await change('restoreImport', { id: imported }, facts)).toMatchObject({ restoredCount: 2, leftCount: 1 });
  expect(await balance(id)).toBe('47.20');
  await expect(change('restoreImport', { id: imported }, facts, bob)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  // The same file brings nothing twice.
  await take('01/02/2026;Pain;-1,20', '02/02/2026;Péage;-3,80');
  expect(await balance(id)).toBe('47.20');
});

test('of two imports of one file that were undone only one comes back; nothing else keeps one away', async () => {
  const id = await account();
  const take = (...lines: string[]) => takeIn(id, lines);
  const today = now;
  const soon = (action: string, importId: string) => {
    now = new Date(now.getTime() + 1000);
    return change(action, { id: importId }, action === 'restoreImport' ? 'restoredCount leftCount' : undefined);
  };
  const [bread, milk] = ['01/02/2026;Pain;-1,20', '01/02/2026;Lait;-2,00'];
  const first = await take(bread, bread, milk);
  await soon('undoImport', first);
  now = new Date(now.getTime() + 1000);
  const second = await take(bread, bread, milk);
  await soon('undoImport', second);
  expect(await soon('restoreImport', first)).toEqual({ restoredCount: 3, leftCount: 0 });
  expect(await soon('restoreImport', second)).toEqual({ restoredCount: 0, leftCount: 3 });
  expect(await balance(id)).toBe('95.60');

  // Another spelling is the same booking; what a file has once more than the account is one more.
  await soon('undoImport', first);
  now = new Date(now.getTime() + 1000);
  const once = await take('01/02/2026;PAIN;-1,20');
  expect(await soon('restoreImport', first)).toEqual({ restoredCount: 2, leftCount: 1 });
  expect(await balance(id)).toBe('95.60');
  now = new Date(now.getTime() + 1000);
  const third = await take(bread, bread, bread);
  expect(await balance(id)).toBe('94.40');
  for (const again of [third, once]) {
    await soon('undoImport', again);
    expect(await soon('restoreImport', again)).toEqual({ restoredCount: 1, leftCount: 0 });
  }
  expect(await balance(id)).toBe('94.40');
  now = today;
});

test('a transfer comes back with both legs; a leg alone only when the other account is gone', async () => {
  const [from, to] = [await account(), await account()];
  const made = await transfer(from, to);
  const before = await everything([from, to]);
  await change('deleteTransfer', { id: made.id });
  expect([await balance(from), await balance(to)]).toEqual(['100.00', '100.00']);
  expect(await trash(from)).toMatchObject([{ transferId: made.id, amount: -30 }]);
  await expect(change('restoreTransaction', { id: made.toTransaction.id })).rejects.toMatchObject({
    code: 'CONFLICT',
    reason: 'transaction.in_transfer',
    details: { transferId: Number(made.id) },
  });
  const restored = await change('restoreTransfer', { id: made.id }, 'transfer { id }');
  expect(restored.transfer.id).toBe(made.id);
  expect(await everything([from, to])).toEqual(before);
  await change('deleteTransfer', { id: made.id });
  await change('deleteBankAccount', { id: to });
  await expect(change('restoreTransfer', { id: made.id })).rejects.toMatchObject({
    code: 'CONFLICT',
    reason: 'transfer.leg_gone',
  });
  const alone = await change(
    'restoreTransaction',
    { id: made.fromTransaction.id },
    'transaction { id transfer { id } }',
  );
  expect(alone.transaction).toEqual({ id: made.fromTransaction.id, transfer: null });
  expect(await balance(from)).toBe('70.00');
});

test('what it needs and is gone is said, and nothing changes', async () => {
  const id = await account({ typeId: '2' });
  const large = await pay({ accountId: id, amount: -90 });
  await change('deleteTransaction', { id: large });
  const spent = await pay({ accountId: id, amount: -50 });
  await expect(change('restoreTransaction', { id: large })).rejects.toMatchObject({
    reason: 'account.insufficient_balance',
  });
  await change('deleteTransaction', { id: spent });
  await change('updateBankAccount', { id, currency: 'CHF' });
  await expect(change('restoreTransaction', { id: large })).rejects.toMatchObject({
    code: 'CONFLICT',
    reason: 'transaction.currency_changed',
  });
  expect([await balance(id), (await trash(id)).length]).toEqual(['100.00', 2]);
});

test('one whose category is deleted comes back without it, and says so', async () => {
  const id = await account();
  const { category } = await change('createCategory', { name: 'Passé', type: 'EXPENSE' }, 'category { id }');
  const filed = await pay({ accountId: id, categoryId: category.id });
  const split = await pay({
    accountId: id,
    splits: [
      { amount: -40.8, categoryId: category.id },
      { amount: -5, categoryId: '3' },
    ],
  });
  for (const each of [filed, split]) await change('deleteTransaction', { id: each });
  await change('deleteCategory', { id: category.id });
  const restore = (each: string) =>
    change('restoreTransaction', { id: each }, 'lost transaction { category { id } splits { category { id } } }');
  expect(await restore(filed)).toEqual({ lost: ['CATEGORY'], transaction: { category: null, splits: [] } });
  expect(await restore(split)).toEqual({
    lost: ['CATEGORY'],
    transaction: { category: null, splits: [{ category: null }, { category: { id: '3' } }] },
  });
  expect(await restore(filed)).toMatchObject({ lost: [] });
});

test('a document that somebody deleted again stays in its trash; one deleted for good is left out', async () => {
  const id = await account();
  const paid = await pay({ accountId: id });
  const [first, second] = [await attach(paid, 'Ticket un'), await attach(paid, 'Ticket deux')];
  await change('deleteTransaction', { id: paid });
  await change('restoreDocument', { id: String(first) });
  now = new Date(now.getTime() + 60_000);
  await change('trashDocument', { id: String(first) });
  await change('purgeDocument', { id: String(second) });
  await change('restoreTransaction', { id: paid });
  const receipts = await server.sql('select document_id from receipts where transaction_id = ?', [paid]);
  expect(receipts).toEqual([{ document_id: first }]);
  const [document] = await server.sql('select deleted_at is null as filed from documents where id = ?', [first]);
  expect(document.filed).toBe(false);
});

test("another's document that they took out of the trash is not shown to the account again", async () => {
  const id = await account();
  await change('shareBankAccount', { accountId: id, email: bob.email, permission: 'WRITE' });
  const paid = await pay({ accountId: id });
  const [taken, left] = [await attach(paid, 'Ticket pris', bob), await attach(paid, 'Ticket laissé', bob)];
  await change('deleteTransaction', { id: paid });
  await change('restoreDocument', { id: String(taken) }, '__typename', bob);
  await change('restoreTransaction', { id: paid });
  const links = async () => server.sql('select document_id from receipts where transaction_id = ?', [paid]);
  expect(await links()).toEqual([{ document_id: left }]);
  const filed = await server.sql('select id from documents where owner_id = ? and deleted_at is null order by id', [
    bob.id,
  ]);
  expect(filed).toEqual([{ id: taken }, { id: left }]);

  // Whose document it is shows it themselves.
  await change('deleteTransaction', { id: paid });
  await change('restoreDocument', { id: String(left) }, '__typename', bob);
  await change('restoreTransaction', { id: paid }, '__typename', bob);
  expect(await links()).toEqual([{ document_id: left }]);
});

test('of several who bring it back at once all are answered, and it is there once', async () => {
  const [id, other] = [await account(), await account()];
  const paid = await pay({ accountId: id });
  const moved = await transfer(id, other);
  await change('deleteTransaction', { id: paid });
  await change('deleteTransfer', { id: moved.id });
  const restored = await Promise.all(
    Array.from({ length: 6 }, async (_, n) =>
      n % 2
        ? (await change('restoreTransaction', { id: paid }, 'transaction { id }')).transaction.id
        : (await change('restoreTransfer', { id: moved.id }, 'transfer { id }')).transfer.id,
    ),
  );
  expect(restored).toEqual([moved.id, paid, moved.id, paid, moved.id, paid]);
  expect([await balance(id), await balance(other)]).toEqual(['24.20', '130.00']);
  const created = await server.sql(
    `select 1 from events where type = 'transaction.created' and subject_id = ? and subject_type = 'Transaction'`,
    [paid],
  );
  expect(created).toHaveLength(2);
});

test('others get nothing of it: strangers no word, readers no trash', async () => {
  const id = await account();
  await change('shareBankAccount', { accountId: id, email: bob.email, permission: 'READ' });
  const paid = await pay({ accountId: id });
  await change('deleteTransaction', { id: paid });
  const stranger = await server.person();
  for (const who of [stranger, server.admin]) {
    expect(await trash(id, who)).toEqual([]);
    await expect(change('restoreTransaction', { id: paid }, '__typename', who)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  }
  expect(await trash(id, bob)).toEqual([]);
  await expect(change('restoreTransaction', { id: paid }, '__typename', bob)).rejects.toMatchObject({
    code: 'FORBIDDEN',
    reason: 'account.read_only',
  });
  await change('shareBankAccount', { accountId: id, email: bob.email, permission: 'WRITE' });
  expect(await trash(id, bob)).toHaveLength(1);
  await change('restoreTransaction', { id: paid }, '__typename', bob);
  expect(await balance(id)).toBe('54.20');
});

test('an export holds all of one’s own trash, and of the accounts of others what one did there', async () => {
  const id = await account();
  await change('shareBankAccount', { accountId: id, email: bob.email, permission: 'WRITE' });
  const told = await pay({
    accountId: id,
    notes: 'pour elle',
    labels: ['secret'],
    splits: [
      { amount: -40.8, categoryId: '3', description: 'béton' },
      { amount: -5, categoryId: '3' },
    ],
  });
  await change('deleteTransaction', { id: told }, '__typename', bob);
  const input = { accountId: id, amount: -3, description: 'Péage', transactionDate: '2026-02-02' };
  const { transaction } = await change('createTransaction', input, 'transaction { id }', bob);
  await change('deleteTransaction', { id: transaction.id });
  const [share] = await server.sql('select id from account_shares where account_id = ?', [id]);
  await change('unshareBankAccount', { id: String(share.id) });
  const exportOf = async (who: Person): Promise<any> =>
    JSON.parse((await run('{ personalDataExport { data } }', {}, who)).personalDataExport.data);
  const hers = await exportOf(alice);
  expect(hers.trashedTransactions).toMatchObject([
    { id: Number(told), notes: 'pour elle', labels: ['secret'], splits: [{ description: 'béton' }, {}] },
    { id: Number(transaction.id), splits: [] },
  ]);
  expect(hers.trashedTransactionsForOthers).toEqual([]);
  const his = await exportOf(bob);
  expect(his.trashedTransactions).toEqual([]);
  expect(his.trashedTransactionsForOthers.map((row: { id: number }) => row.id)).toEqual([
    Number(told),
    Number(transaction.id),
  ]);
  expect(JSON.stringify(his)).not.toMatch(/pour elle|secret|béton/);
});

test('it is kept for 30 days, and goes with its account', async () => {
  const [id, other] = [await account(), await account()];
  for (const accountId of [id, other]) await change('deleteTransaction', { id: await pay({ accountId }) });
  await change('deleteBankAccount', { id: other });
  const left = await server.sql('select account_id from trashed_transactions where account_id in (?, ?)', [id, other]);
  expect(left).toEqual([{ account_id: Number(id) }]);
  const today = now;
  try {
    now = new Date(today.getTime() + 29 * 86_400_000);
    await emptyTrash(server, 'banking');
    expect(await server.sql('select 1 from trashed_transactions where account_id = ?', [id])).toHaveLength(1);
    now = new Date(today.getTime() + 31 * 86_400_000);
    await emptyTrash(server, 'banking');
    expect(await server.sql('select 1 from trashed_transactions where account_id = ?', [id])).toHaveLength(0);
  } finally {
    now = today;
  }
});
