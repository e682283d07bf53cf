import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';
import { statementsOf } from '../../support/sql-log.js';

/** contracts/DECISIONS.md, sections 4, 8 and 9: receipts. */
let server: TestServer;
let me: Person;
let other: Person;
let current: number;
let paid: number;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const call = (method: string, path: string, json?: unknown, who = me): Promise<Answer> =>
  server.request(method, `/api/v1${path}`, { token: who.token, ...(json !== undefined && { json }) });
const account = async (facts: object = {}): Promise<number> =>
  (await call('POST', '/accounts', { name: 'Compte Courant', account_type_id: 1, balance: 100, ...facts })).json.id;
const pay = async (account_id: number): Promise<number> => {
  const facts = { account_id, amount: -45.8, description: 'Courses', transaction_date: '2026-02-02' };
  return (await call('POST', '/transactions', facts)).json.id;
};
const upload = (path: string, name: string, content: string | Uint8Array, who = me): Promise<Answer> => {
  const body = new FormData();
  body.set(path.includes('kdocs') ? 'files' : 'file', new Blob([content as string]), name);
  return server.request('POST', path, { token: who.token, body });
};
let files = 0;
const attach = (
  transaction: number,
  { name = 'ticket.txt', content = `Ticket ${(files += 1)}`, who = me } = {},
): Promise<Answer> => upload(`/api/v1/transactions/${transaction}/receipts`, name, content, who);
const receiptsOf = async (transaction: number, who = me): Promise<any[]> =>
  (await call('GET', `/transactions/${transaction}/receipts`, undefined, who)).json.results;
const isTrashed = async (documentId: number): Promise<boolean> => {
  const [row] = await server.sql('select deleted_at is not null as trashed from documents where id = ?', [documentId]);
  return row.trashed;
};

beforeEach(async () => {
  [me, other] = await Promise.all([server.person(), server.person()]);
  current = await account();
  paid = await pay(current);
});

describe('a receipt', () => {
  test('is added, listed, downloaded and removed; its document is filed and then lies in the trash', async () => {
    const { status, json } = await attach(paid, { name: 'Reçu nº 1.txt', content: 'Carrefour 45,80' });
    expect([status, json]).toEqual([
      201,
      {
        id: expect.any(Number),
        filename: 'Reçu nº 1.txt',
        size: 15,
        mime_type: 'text/plain',
        document_id: expect.any(Number),
        created_at: expect.stringMatching(/Z$/),
      },
    ]);
    expect(await receiptsOf(paid)).toEqual([json]);
    const file = await call('GET', `/transactions/${paid}/receipts/${json.id}/file`);
    expect([file.status, file.text]).toEqual([200, 'Carrefour 45,80']);
    expect(file.headers.get('content-disposition')).toContain("filename*=UTF-8''Re%C3%A7u%20n%C2%BA%201.txt");
    const { data } = await server.graphql(
      `{ bankAccount(id: ${current}) {
           transactions { nodes { receipts { file { downloadUrl } document { title } } } } } }`,
      {},
      me.token,
    );
    expect(data.bankAccount.transactions.nodes[0].receipts).toEqual([
      {
        file: { downloadUrl: `/api/v1/transactions/${paid}/receipts/${json.id}/file` },
        document: { title: 'Reçu nº 1' },
      },
    ]);

    expect((await call('DELETE', `/transactions/${await pay(current)}/receipts/${json.id}`)).status).toBe(404);
    expect((await call('DELETE', `/transactions/${paid}/receipts/${json.id}`)).status).toBe(204);
    expect(await receiptsOf(paid)).toEqual([]);
    expect(await isTrashed(json.document_id)).toBe(true);
    // The same file once more comes out of the trash, and goes there again with its transaction.
    const again = await attach(paid, { content: 'Carrefour 45,80' });
    expect([again.status, again.json.document_id]).toEqual([201, json.document_id]);
    expect(await isTrashed(json.document_id)).toBe(false);
    expect((await call('DELETE', `/transactions/${paid}`)).status).toBe(204);
    expect(await isTrashed(json.document_id)).toBe(true);
  });

  test('is refused by the type of its content, when it is empty, too large, missing or the twenty-first', async () => {
    expect((await attach(paid, { name: 'a.pdf', content: '\0\u0001\u0002' })).status).toBe(415);
    expect((await attach(paid, { content: '' })).status).toBe(422);
    expect(
      (await server.request('POST', `/api/v1/transactions/${paid}/receipts`, { token: me.token, json: {} })).status,
    ).toBe(415);
    const large = new Uint8Array(50 * 1024 * 1024 + 1);
    expect((await upload(`/api/v1/transactions/${paid}/receipts`, 'large.txt', large)).status).toBe(413);
    expect((await attach(999_999)).status).toBe(404);
    for (let n = 0; n < 20; n += 1) expect((await attach(paid)).status).toBe(201);
    expect((await attach(paid)).status).toBe(409);
    const [{ n }] = await server.sql('select count(*)::int as n from documents where owner_id = ?', [me.id]);
    expect(n).toBe(20);
  });

  test('of a file that is filed already links the document, which stays while something refers to it', async () => {
    const first = (await attach(paid, { content: 'deux fois' })).json;
    const second = await pay(current);
    const same = (await attach(second, { content: 'deux fois' })).json;
    expect(same.document_id).toBe(first.document_id);
    expect((await attach(second, { content: 'deux fois' })).json.id).toBe(same.id);
    await call('DELETE', `/transactions/${paid}/receipts/${first.id}`);
    expect(await isTrashed(first.document_id)).toBe(false);
    await call('DELETE', `/transactions/${second}`);
    expect(await isTrashed(first.document_id)).toBe(true);

    // What was filed by itself is no file of the receipt's.
    const { json } = await upload('/kdocs/api/documents/upload', 'contrat.txt', 'Contrat', me);
    const [{ id: filed }] = json.results;
    const linked = (await attach(paid, { content: 'Contrat' })).json;
    expect(linked.document_id).toBe(filed);
    await call('DELETE', `/transactions/${paid}/receipts/${linked.id}`);
    expect(await isTrashed(filed)).toBe(false);
  });

  test('is hidden while its document lies in the trash, and comes back with it', async () => {
    const { json } = await attach(paid);
    const documents = `/kdocs/api/documents/${json.document_id}`;
    await server.request('DELETE', documents, { token: me.token });
    expect(await receiptsOf(paid)).toEqual([]);
    expect((await call('GET', `/transactions/${paid}/receipts/${json.id}/file`)).status).toBe(404);
    await server.request('POST', `${documents}/restore`, { token: me.token });
    expect(await receiptsOf(paid)).toEqual([json]);
  });
});

test('a document of the archive is linked by whoever may change it', async () => {
  const link = async (documentId: number, who = me): Promise<any> => {
    const { data, errors } = await server.graphql(
      'mutation ($input: LinkReceiptInput!) { linkReceipt(input: $input) { receipt { document { title } } } }',
      { input: { transactionId: paid, documentId } },
      who.token,
    );
    return errors?.[0].extensions.code ?? data.linkReceipt.receipt.document;
  };
  const filed = async (who: Person): Promise<number> =>
    (await upload('/kdocs/api/documents/upload', 'contrat.txt', `Contrat ${who.id}`, who)).json.results[0].id;
  expect(await link(await filed(me))).toEqual({ title: 'contrat' });
  const theirs = await filed(other);
  expect(await link(theirs)).toBe('NOT_FOUND');
  await server.sql('insert into document_shares values (?, ?)', [theirs, me.id]);
  expect(await link(theirs)).toBe('FORBIDDEN');
});

describe('no orphan is left', () => {
  const orphans = async (): Promise<any[]> =>
    server.sql(
      `select id from documents d where owner_id = ? and deleted_at is null
          and not exists (select 1 from receipts where document_id = d.id)`,
      [me.id],
    );

  test('by deleting a transaction, nor by force-deleting an account', async () => {
    const kept = await attach(await pay(await account()));
    await attach(paid);
    await attach(paid);
    await attach(await pay(current));
    expect((await call('DELETE', `/transactions/${paid}`)).status).toBe(204);
    expect(await orphans()).toEqual([]);
    expect((await call('DELETE', `/accounts/${current}?force=true`)).status).toBe(204);
    expect(await orphans()).toEqual([]);
    const [{ n }] = await server.sql(
      `select count(*)::int as n from receipts r
        where not exists (select 1 from transactions where id = r.transaction_id)`,
    );
    expect(n).toBe(0);
    expect(await isTrashed(kept.json.document_id)).toBe(false);
    const trashed = await server.sql(`select 1 from events where type = 'document.trashed' and data->>'ownerId' = ?`, [
      String(me.id),
    ]);
    expect(trashed).toHaveLength(3);
  });

  test('by receipts that are added, removed and whose transaction goes at once', async () => {
    const given = await Promise.all(Array.from({ length: 6 }, () => attach(paid)));
    await Promise.all([
      ...given.map(({ json }) => call('DELETE', `/transactions/${paid}/receipts/${json.id}`)),
      ...Array.from({ length: 4 }, () => attach(paid)),
      call('DELETE', `/transactions/${paid}`),
    ]);
    expect(await orphans()).toEqual([]);
  });
});

test('whoever sees the account sees receipt and file, and not the document; strangers nothing', async () => {
  const joint = await account({ account_type_id: 4 });
  const bought = await pay(joint);
  const { json } = await attach(bought, { content: 'Ticket du compte joint' });
  const path = `/transactions/${bought}/receipts`;
  const asOther = (method: string, to: string): Promise<Answer> => call(method, to, undefined, other);
  expect((await asOther('GET', path)).status).toBe(404);
  expect((await asOther('GET', `${path}/${json.id}/file`)).status).toBe(404);

  const share = (permission: string) =>
    server.sql(
      `insert into account_shares (account_id, user_id, permission) values (?, ?, ?)
       on conflict (account_id, user_id) do update set permission = excluded.permission`,
      [joint, other.id, permission],
    );
  await share('read');
  expect(await receiptsOf(bought, other)).toEqual([{ ...json, document_id: null }]);
  expect((await asOther('GET', `${path}/${json.id}/file`)).text).toBe('Ticket du compte joint');
  const seen = await server.graphql(
    `{ transaction(id: ${bought}) { receipts { document { content } file { name } } }
       document(id: ${json.document_id}) { id } }`,
    {},
    other.token,
  );
  expect(seen.data).toEqual({
    transaction: { receipts: [{ document: null, file: { name: 'ticket.txt' } }] },
    document: null,
  });
  expect((await attach(bought, { who: other })).status).toBe(403);
  expect((await asOther('DELETE', `${path}/${json.id}`)).status).toBe(403);
  await share('write');
  expect((await attach(bought, { who: other })).status).toBe(201);
  expect((await asOther('DELETE', `${path}/${json.id}`)).status).toBe(204);
  expect(await isTrashed(json.document_id)).toBe(true);

  // A receipt of another's account outlives whoever added it.
  await server.request('DELETE', `/v1/users/${other.id}`, { token: server.admin.token });
  const [left] = await receiptsOf(bought);
  expect(left).toMatchObject({ filename: 'ticket.txt' });
  expect((await call('GET', `${path}/${left.id}/file`)).status).toBe(200);
});

test('undoing an import keeps the row that has a receipt', async () => {
  const form = new FormData();
  form.set('account_id', String(current));
  form.set('file', new Blob(['Date;Libellé;Montant\n02/02/2026;Un;-1,00\n03/02/2026;Deux;-2,00\n']), 'banque.csv');
  const { json } = await server.request('POST', '/api/v1/imports', { token: me.token, body: form });
  const rows: any[] = json.rows;
  const { json: receipt } = await attach(rows[0].transaction_id);
  const undone = await call('DELETE', `/imports/${json.id}`);
  expect(undone.json).toEqual({ removed: 1, kept: [{ transaction_id: rows[0].transaction_id, reason: 'matched' }] });
  expect(await receiptsOf(rows[0].transaction_id)).toEqual([receipt]);
});

test('transactions with receipts and documents are a statement a level', async () => {
  for (const id of [paid, paid, await pay(current)]) await attach(id);
  const statements = await statementsOf(server, () =>
    server.graphql('{ transactions(first: 50) { nodes { id receipts { document { title } } } } }', {}, me.token),
  );
  // transactions; receipts with their documents
  expect(statements).toHaveLength(2);
});
