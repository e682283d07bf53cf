import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { compileSql, type Sql } from '../../../src/db/sql.js';
import { findKnownBookings } from '../../../src/modules/banking/imports/known-bookings.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';
import { statementsOf } from '../../support/sql-log.js';

let server: TestServer;
let me: Person;
beforeAll(async () => {
  server = await startTestServer();
  me = await server.person();
});
afterAll(() => server?.stop());

const ask = async (query: string, variables: object = {}, token = me.token): Promise<any> => {
  const { data, errors } = await server.graphql(query, variables, token);
  expect(errors).toBeUndefined();
  return data;
};
const open = async (typeId = '1'): Promise<string> =>
  (
    await ask(
      'mutation ($input: CreateBankAccountInput!) { createBankAccount(input: $input) { bankAccount { id } } }',
      { input: { name: 'Compte', typeId } },
    )
  ).createBankAccount.bankAccount.id;

/** A mutation with a file, by the GraphQL multipart request specification. */
async function send(mutation: 'previewImport' | 'importTransactions', input: object, text: string, token = me.token) {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const selection =
    mutation === 'previewImport'
      ? 'format mapping rowCount createdCount rows { line status amount problems { field code } }'
      : 'bankImport { id createdCount rows { nodes { status transaction { id } } } }';
  const body = new FormData();
  const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${selection} } }`;
  body.set('operations', JSON.stringify({ query, variables: { input: { ...input, file: null } } }));
  body.set('map', JSON.stringify({ 0: ['variables.input.file'] }));
  body.set('0', new File([text], 'relevé.csv'));
  const headers = { 'apollo-require-preflight': 'yes' };
  const { json } = await server.request('POST', '/graphql', { body, headers, token });
  return { ...json, answer: json.data?.[mutation], error: json.errors?.[0]?.extensions };
}

const table = (...lines: string[]): string => ['Date;Libellé;Montant', ...lines].join('\n');

describe('the graph', () => {
  test('previews a file, says how a table was read, and what is wrong in the terms of its input', async () => {
    const accountId = await open();
    const preview = await send('previewImport', { accountId }, table('02/02/2026;Café;-1,50', '31/02/2026;x;1'));
    expect(preview.answer).toEqual({
      format: 'CSV',
      mapping: {
        date: 'Date',
        description: 'Libellé',
        amount: 'Montant',
        decimal: ',',
        delimiter: ';',
        encoding: 'utf-8',
        dateFormat: 'dd/mm/yyyy',
      },
      rowCount: 2,
      // A file is taken whole or not at all.
      createdCount: 0,
      rows: [
        { line: 2, status: 'NEW', amount: -1.5, problems: [] },
        { line: 3, status: 'ERROR', amount: 1, problems: [{ field: 'transactionDate', code: 'INVALID_FORMAT' }] },
      ],
    });
    const mapping = { dateFormat: 'x' };
    expect((await send('previewImport', { accountId, mapping }, table('02/02/2026;x;1'))).error).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: ['input', 'mapping', 'dateFormat'], code: 'invalid' }],
    });
    expect((await send('importTransactions', { accountId }, table('x;x;1'))).error).toMatchObject({
      reason: 'import.line_errors',
      fields: [{ path: ['input', 'file', 2, 'transactionDate'], code: 'invalid_format' }],
    });
    expect((await send('importTransactions', { accountId }, 'a;b\n1;2')).error).toMatchObject({
      reason: 'import.no_header',
    });
  });

  test('reads imports with their rows and transactions in a statement a level', async () => {
    const accountId = await open();
    await send('importTransactions', { accountId }, table('02/02/2026;a;1', '03/02/2026;b;2'));
    await send('importTransactions', { accountId }, table('02/02/2026;a;1', '04/02/2026;c;3'));
    const query = `query ($id: ID!) { bankImports(filter: { accountId: $id }) { nodes {
      fileName createdBy { username } account { name } rows { nodes { line status transaction { description } } } } } }`;
    let data: any;
    const statements = await statementsOf(server, async () => {
      data = await ask(query, { id: accountId });
    });
    expect(statements.length).toBe(2);
    expect(data.bankImports.nodes).toMatchObject([
      { fileName: 'relevé.csv', rows: { nodes: [{ status: 'DUPLICATE', transaction: { description: 'a' } }, {}] } },
      { createdBy: { username: me.username }, rows: { nodes: [{ line: 2, status: 'NEW' }, { line: 3 }] } },
    ]);
  });
});

test('whoever may write into a shared account imports and undoes; whoever reads it sees, and no more', async () => {
  const accountId = await open('4');
  const [reader, writer, stranger] = await Promise.all(Array.from({ length: 3 }, () => server.person()));
  for (const [person, permission] of [
    [reader, 'read'],
    [writer, 'write'],
  ] as const)
    await server.sql('insert into account_shares (account_id, user_id, permission) values (?, ?, ?)', [
      accountId,
      person?.id,
      permission,
    ]);
  const file = table('02/02/2026;Loyer;-800');
  expect((await send('importTransactions', { accountId }, file, reader?.token)).error).toMatchObject({
    code: 'FORBIDDEN',
    reason: 'account.read_only',
  });
  expect((await send('previewImport', { accountId }, file, stranger?.token)).error).toMatchObject({
    fields: [{ path: ['input', 'accountId'], code: 'unknown_reference' }],
  });
  const { answer } = await send('importTransactions', { accountId }, file, writer?.token);
  const { id } = answer.bankImport;
  const seen = async (person: Person | undefined): Promise<unknown> =>
    (await ask('query ($id: ID!) { bankImport(id: $id) { id } }', { id }, person?.token)).bankImport;
  expect(await Promise.all([me, reader, writer, stranger, server.admin].map(seen))).toEqual([
    { id },
    { id },
    { id },
    null,
    null,
  ]);
  const undo = 'mutation ($input: UndoImportInput!) { undoImport(input: $input) { removedCount } }';
  const refused = await server.graphql(undo, { input: { id } }, reader?.token);
  expect(refused.errors?.[0].extensions).toMatchObject({ code: 'FORBIDDEN' });
  expect(await ask(undo, { input: { id } }, writer?.token)).toEqual({ undoImport: { removedCount: 1 } });
});

test('what is reconciled is kept when its import is undone', async () => {
  const accountId = await open();
  const { answer } = await send('importTransactions', { accountId }, table('02/02/2026;a;5', '03/02/2026;b;6'));
  const [first] = answer.bankImport.rows.nodes;
  await ask('mutation ($input: ReconcileBankAccountInput!) { reconcileBankAccount(input: $input) { __typename } }', {
    input: {
      accountId,
      transactionIds: [first.transaction.id],
      statementBalance: 5,
      statementDate: '2026-02-02',
    },
  });
  const undone = await ask(
    'mutation ($input: UndoImportInput!) { undoImport(input: $input) { removedCount kept { transactionId reason } } }',
    { input: { id: answer.bankImport.id } },
  );
  expect(undone.undoImport).toEqual({
    removedCount: 1,
    kept: [{ transactionId: first.transaction.id, reason: 'RECONCILED' }],
  });
});

test('its progress and its end are told to those who see the account, and to nobody else', async () => {
  const stranger = await server.person();
  const accountId = await open();
  const clients = [me, stranger].map(({ token }) =>
    createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
    }),
  );
  const heard: any[][] = [[], []];
  const query = `subscription ($id: ID!) { importEvents(after: "0", accountId: $id) {
    type done total bankImport { id createdCount undoneAt } } }`;
  clients.forEach(async (client, index) => {
    await (async () => {
      for await (const { data } of client.iterate({ query, variables: { id: accountId } }))
        heard[index]?.push((data as any).importEvents);
    })().catch(() => undefined);
  });
  const lines = Array.from({ length: 1500 }, (_, n) => `02/02/2026;x${n};1,00`);
  const { answer } = await send('importTransactions', { accountId }, table(...lines));
  const { id } = answer.bankImport;
  await ask('mutation ($input: UndoImportInput!) { undoImport(input: $input) { removedCount } }', { input: { id } });
  await expect.poll(() => heard[0]?.at(-1)?.type, { timeout: 30_000 }).toBe('IMPORT_UNDONE');
  expect(heard[0]?.map(({ type, done, total }) => [type, done, total])).toEqual([
    ['IMPORT_PROGRESSED', 0, 1500],
    ['IMPORT_PROGRESSED', 1000, 1500],
    ['IMPORT_PROGRESSED', 1500, 1500],
    ['IMPORT_COMPLETED', null, null],
    ['IMPORT_UNDONE', null, null],
  ]);
  expect(heard[0]?.at(-1).bankImport).toMatchObject({ id, createdCount: 1500, undoneAt: expect.any(String) });
  expect(heard[1]).toEqual([]);
  await Promise.all(clients.map((client) => client.dispose()));
});

test('what an account of many transactions knows is looked up by indexes', { timeout: 120_000 }, async () => {
  const accountId = await open();
  const { answer } = await send('importTransactions', { accountId }, table('02/02/2026;a;1'));
  await server.sql(
    `insert into transactions (account_id, owner_id, amount, description, transaction_date)
     select ?, ?, n % 997, 'x', date '2000-01-01' + n % 9000 from generate_series(1, 20000) n`,
    [accountId, me.id],
  );
  await server.sql(
    `insert into import_rows (import_id, account_id, line, status, transaction_date, amount, description,
                              bank_reference, is_known)
     select ?, ?, 9 + n, 'new', date '2000-01-01' + n % 9000, n % 997, 'x', 'R' || n, true
       from generate_series(1, 20000) n`,
    [answer.bankImport.id, accountId],
  );
  await server.sql('analyze transactions');
  await server.sql('analyze import_rows');
  let statement: Sql | undefined;
  const recorder = {
    all: async (asked: Sql) => {
      statement = asked;
      return [];
    },
  };
  const booking = { line: 1, transactionDate: '2026-02-02', amount: '1.00', description: 'x', bankReference: 'A' };
  await findKnownBookings(recorder as never, Number(accountId), [booking]);
  const { text, values } = compileSql(statement as Sql, () => ({ name: '', isJson: false }));
  const plan = (await server.db.read(`explain ${text}`, values)).join('\n');
  for (const index of ['import_rows_day_idx', 'import_rows_reference_idx', 'transactions_account_day_idx'])
    expect(plan).toContain(index);
  expect(plan).not.toMatch(/Seq Scan|Hash Join/);
});
