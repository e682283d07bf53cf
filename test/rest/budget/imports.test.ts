import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let owner: Person;
beforeAll(async () => {
  server = await startTestServer();
  owner = await server.person();
});
afterAll(() => server?.stop());

const call = (method: string, path: string, options: { json?: unknown; body?: FormData; token?: string } = {}) =>
  server.request(method, `/api/v1${path}`, { token: owner.token, ...options });

async function newAccount(typeId = 1, balance = 1000): Promise<number> {
  const { json } = await call('POST', '/accounts', { json: { name: 'Compte', account_type_id: typeId, balance } });
  return json.id;
}
const balanceOf = async (account: number): Promise<number> => (await call('GET', `/accounts/${account}`)).json.balance;

function send(accountId: number, file: string, fields: Record<string, unknown> = {}, token?: string): Promise<Answer> {
  const body = new FormData();
  body.set('account_id', String(accountId));
  for (const [name, value] of Object.entries(fields))
    body.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  body.set('file', new Blob([file]), 'releve.csv');
  return call('POST', '/imports', { body, ...(token && { token }) });
}
const csv = (...lines: string[]): string => ['Date;Libellé;Montant', ...lines].join('\n');
const statuses = ({ json }: Answer): string[] => json.rows.map(({ status }: { status: string }) => status);
const transactionsOf = async (account: number): Promise<any[]> =>
  (await call('GET', `/transactions?account_id=${account}&page_size=100`)).json.results;

const bank = csv('02/02/2026;Courses Carrefour;-45,80', '03/02/2026;Virement;1.000,00');

describe('POST /imports', () => {
  test('a dry run shows what each line would become and writes nothing', async () => {
    const account = await newAccount();
    const lines = csv('02/02/2026;Courses;-45,80', '30/02/2026;Rien;1,00', '03/02/2026;Café;x');
    const dry = await send(account, lines, { dry_run: true });
    expect([dry.status, dry.json]).toEqual([
      200,
      {
        id: null,
        count: 3,
        created: 0,
        duplicates: 0,
        rows: [
          row(2, 'new', '2026-02-02', -45.8, 'Courses'),
          row(3, 'error', null, 1, 'Rien', ['transaction_date : Format invalide']),
          row(4, 'error', '2026-02-03', null, 'Café', ['amount : Format invalide']),
        ],
      },
    ]);
    const real = await send(account, lines);
    expect([real.status, real.json.error]).toEqual([
      422,
      {
        code: 'VALIDATION_ERROR',
        message: "Des lignes du fichier sont en erreur : rien n'a été importé",
        details: { 'file.3.transaction_date': ['Format invalide'], 'file.4.amount': ['Format invalide'] },
      },
    ]);
    expect([await transactionsOf(account), (await call('GET', '/imports')).json.count]).toEqual([[], 0]);
  });

  const row = (
    line: number,
    status: string,
    transaction_date: string | null,
    amount: number | null,
    description: string,
    errors: string[] = [],
  ) => ({ line, status, transaction_date, amount, description, transaction_id: null, errors });

  test('an import moves the balance; the same file again is all duplicates, whatever people changed', async () => {
    const account = await newAccount();
    const made = await send(account, bank);
    const transaction_id = expect.any(Number);
    expect([made.status, made.json]).toEqual([
      201,
      {
        id: expect.any(Number),
        count: 2,
        created: 2,
        duplicates: 0,
        rows: [
          { ...row(2, 'new', '2026-02-02', -45.8, 'Courses Carrefour'), transaction_id },
          { ...row(3, 'new', '2026-02-03', 1000, 'Virement'), transaction_id },
        ],
      },
    ]);
    expect(await balanceOf(account)).toBe(1954.2);
    const ids = made.json.rows.map((line: any) => line.transaction_id);
    const changes = { description: 'Supermarché', amount: -40, transaction_date: '2026-02-05' };
    expect((await call('PATCH', `/transactions/${ids[0]}`, { json: changes })).status).toBe(200);
    const again = await send(account, bank);
    expect([again.status, again.json.created, again.json.duplicates, statuses(again)]).toEqual([
      201,
      0,
      2,
      ['duplicate', 'duplicate'],
    ]);
    expect(again.json.rows.map((line: any) => line.transaction_id)).toEqual(ids);
    expect(await balanceOf(account)).toBe(1960);
  });

  test('identical lines are counted: two known, three in the file, one new', async () => {
    const account = await newAccount();
    const coffee = '02/02/2026;Café;-2,50';
    for (const amount of [-2.5, -2.5])
      await call('POST', '/transactions', {
        json: { account_id: account, amount, description: 'CAFE', transaction_date: '2026-02-02' },
      });
    expect(statuses(await send(account, csv(coffee, coffee, coffee)))).toEqual(['duplicate', 'duplicate', 'new']);
    expect(statuses(await send(account, csv(coffee, coffee, coffee)))).toEqual(Array(3).fill('duplicate'));
    expect(await transactionsOf(account)).toHaveLength(3);
  });

  test('a deleted row does not come back, unless its line is named', async () => {
    const account = await newAccount();
    const made = await send(account, bank);
    expect((await call('DELETE', `/transactions/${made.json.rows[0].transaction_id}`)).status).toBe(204);
    const again = await send(account, bank);
    expect(again.json).toMatchObject({ created: 0, duplicates: 2 });
    expect(again.json.rows[0]).toMatchObject({ status: 'duplicate_of_deleted', transaction_id: null });
    const named = await send(account, bank, { recreate: [2] });
    expect(named.json).toMatchObject({ created: 1, duplicates: 1 });
    expect(named.json.rows[0]).toMatchObject({ status: 'duplicate_of_deleted', transaction_id: expect.any(Number) });
    expect(await balanceOf(account)).toBe(1954.2);
    expect(statuses(await send(account, bank))).toEqual(['duplicate', 'duplicate']);
    // Undone, it is deleted as before.
    expect((await call('DELETE', `/imports/${named.json.id}`)).json).toEqual({ removed: 1, kept: [] });
    expect(statuses(await send(account, bank, { dry_run: 'true' }))).toEqual(['duplicate_of_deleted', 'duplicate']);
  });

  const ofx = (...bookings: [id: string, amount: string, name?: string][]): string =>
    `<OFX><STMTRS>${bookings
      .map(([id, amount, name = 'CB']) => booking(`<DTPOSTED>20260302<TRNAMT>${amount}<FITID>${id}<NAME>${name}`))
      .join('')}</STMTRS></OFX>`;
  const booking = (elements: string): string => `<STMTTRN>${elements}</STMTTRN>`;

  test("the bank's id comes first; on another amount the booking is flagged, also across files", async () => {
    const account = await newAccount();
    const first = await send(account, ofx(['A', '-1.00'], ['B', '-1.00'], ['C', '-3.00'], ['C', '-3.00', 'Retrait']));
    expect(statuses(first)).toEqual(['new', 'new', 'new', 'duplicate']);
    expect(first.json.rows[3].transaction_id).toBe(first.json.rows[2].transaction_id);
    const second = ofx(['A', '-1.00', 'Autre texte'], ['B', '-2.00'], ['D', '-4.00'], ['D', '-5.00'], ['E', '-1.00']);
    const without = await send(account, second, { create_flagged: false });
    expect(statuses(without)).toEqual(['duplicate', 'flagged', 'flagged', 'flagged', 'new']);
    expect(without.json.rows.map((line: any) => line.transaction_id !== null)).toEqual([
      true,
      false,
      false,
      false,
      true,
    ]);
    const flagged = await send(account, second);
    expect(statuses(flagged)).toEqual(['duplicate', 'flagged', 'flagged', 'flagged', 'duplicate']);
    expect(flagged.json).toMatchObject({ created: 3, duplicates: 2 });
    expect(statuses(await send(account, second))).toEqual(Array(5).fill('duplicate'));
    const { data } = await server.graphql(
      'query ($id: ID!) { transactions(filter: { accountId: $id }, first: 50) { nodes { bankReference isFlagged } } }',
      { id: String(account) },
      owner.token,
    );
    const marked = data.transactions.nodes.filter((node: any) => node.isFlagged);
    expect(marked.map((node: any) => node.bankReference).toSorted()).toEqual(['B', 'D', 'D']);
  });

  test('a savings account that would be overdrawn keeps the whole file out; what counts is the end', async () => {
    const account = await newAccount(2, 50);
    const overdrawn = await send(account, csv('02/02/2026;Retrait;-60,00', '03/02/2026;Dépôt;5,00'));
    expect([overdrawn.status, overdrawn.json.error.code]).toEqual([422, 'INSUFFICIENT_BALANCE']);
    expect([await transactionsOf(account), await balanceOf(account)]).toEqual([[], 50]);
    const made = await send(account, csv('02/02/2026;Retrait;-60,00', '03/02/2026;Dépôt;20,00'));
    expect([made.status, await balanceOf(account)]).toEqual([201, 10]);
    await call('POST', '/transactions', {
      json: { account_id: account, amount: -5, description: 'x', transaction_date: '2026-02-04' },
    });
    const income = await send(account, csv('05/02/2026;Dépôt;100,00'));
    await call('POST', '/transactions', {
      json: { account_id: account, amount: -80, description: 'x', transaction_date: '2026-02-06' },
    });
    const undone = await call('DELETE', `/imports/${income.json.id}`);
    expect([undone.status, undone.json.error.code, await balanceOf(account)]).toEqual([
      422,
      'INSUFFICIENT_BALANCE',
      25,
    ]);
  });

  test('the columns that are named are kept for the account, and named in what is wrong with them', async () => {
    const account = await newAccount();
    const odd = (day: string): string => `Jour;Quoi;Somme A;Somme B\n${day};x;1.000;2.000`;
    expect((await send(account, odd('01/02/2026'))).json.error).toMatchObject({
      details: { file: [expect.any(String)] },
    });
    const mapping = { date: 'Jour', description: 'Quoi', amount: 'Somme B', decimal: '.' };
    const made = await send(account, odd('01/02/2026'), { mapping });
    expect(made.json.rows).toMatchObject([{ amount: 2, description: 'x' }]);
    expect((await send(account, odd('02/02/2026'))).json.rows).toMatchObject([{ amount: 2 }]);
    const wrong = await send(account, odd('03/02/2026'), { mapping: { ...mapping, date: 'Date', date_format: '?' } });
    expect([wrong.status, wrong.json.error.details]).toEqual([422, { 'mapping.date': ["Cet élément n'existe pas"] }]);
    expect((await send(account, odd('03/02/2026'), { mapping: '{' })).json.error.details).toEqual({
      mapping: ['Format invalide'],
    });
  });

  test('what is no file, or too large, or for an account of another, is refused', async () => {
    const account = await newAccount();
    const stranger = await server.person();
    const noAccount = { account_id: ['Compte invalide ou inexistant'] };
    expect((await send(account, bank, {}, stranger.token)).json.error.details).toEqual(noAccount);
    expect((await send(999_999, bank)).json.error.details).toEqual(noAccount);
    expect((await send(account, '')).status).toBe(422);
    expect((await send(account, 'x'.repeat(10 * 1024 * 1024 + 1))).status).toBe(413);
    const body = new FormData();
    body.set('account_id', String(account));
    expect((await call('POST', '/imports', { body })).json.error.details).toEqual({ file: ['Ce champ est requis'] });
  });
});

describe('the same file at the same time', () => {
  test('is taken in once', async () => {
    const account = await newAccount();
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(account, bank)));
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(201));
    expect(answers.reduce((sum, { json }) => sum + json.created, 0)).toBe(2);
    expect(await balanceOf(account)).toBe(1954.2);
  });
});

describe('DELETE /imports/{id}', () => {
  test('takes back what nobody touched, names what it keeps, and lets the file be taken in again', async () => {
    const account = await newAccount();
    const other = await newAccount();
    const lines = csv(...['a', 'b', 'c', 'd', 'e'].map((name) => `02/02/2026;${name};10,00`));
    const made = await send(account, lines);
    const [a, b, c, d] = made.json.rows.map((line: any) => line.transaction_id);
    const change = async (name: string, input: object): Promise<void> => {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
      const query = `mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`;
      expect((await server.graphql(query, { input }, owner.token)).errors).toBeUndefined();
    };
    await call('PATCH', `/transactions/${a}`, { json: { category_id: 3 } });
    await call('PATCH', `/transactions/${b}`, { json: { account_id: other } });
    const splits = [4, 6].map((amount) => ({ categoryId: 3, amount }));
    await change('updateTransaction', { id: c, splits });
    await change('recordPayment', { amount: 5, paymentDate: '2026-02-02', transactionId: d, customerId: owner.id });
    const undone = await call('DELETE', `/imports/${made.json.id}`);
    expect([undone.status, undone.json]).toEqual([
      200,
      {
        removed: 1,
        kept: [
          { transaction_id: a, reason: 'edited' },
          { transaction_id: b, reason: 'edited' },
          { transaction_id: c, reason: 'split' },
          { transaction_id: d, reason: 'matched' },
        ],
      },
    ]);
    expect([await balanceOf(account), await balanceOf(other)]).toEqual([1030, 1010]);
    expect((await call('DELETE', `/imports/${made.json.id}`)).json).toMatchObject({
      removed: 0,
      kept: [{}, {}, {}, {}],
    });
    expect(statuses(await send(account, lines))).toEqual([...Array(4).fill('duplicate'), 'new']);

    const { json } = await call('GET', `/imports/${made.json.id}`);
    expect(json).toMatchObject({
      account: { id: account, name: 'Compte' },
      format: 'csv',
      filename: 'releve.csv',
      count: 5,
      created: 5,
      undone_at: expect.any(String),
    });
    expect(json.rows.map((line: any) => line.transaction_id)).toEqual([a, b, c, d, null]);
    const list = await call('GET', `/imports?account_id=${account}`);
    expect(list.json).toMatchObject({ count: 2, results: [{ undone_at: null }, { id: made.json.id }] });
    expect((await call('DELETE', '/imports/999999')).status).toBe(404);
  });

  test('goes with the account', async () => {
    const account = await newAccount();
    const made = await send(account, bank);
    expect((await call('DELETE', `/accounts/${account}?force=true`)).status).toBe(204);
    expect((await call('GET', `/imports/${made.json.id}`)).status).toBe(404);
    expect(await server.sql('select 1 from import_rows where account_id = ?', [account])).toEqual([]);
  });
});
