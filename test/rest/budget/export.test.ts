import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';
import { statementsOf } from '../../support/sql-log.js';

/** contracts/DECISIONS.md, sections 4 and 9: `GET /transactions/export`. */
let server: TestServer;
let me: Person;
let account: number;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const call = (method: string, path: string, json?: unknown): Promise<Answer> =>
  server.request(method, `/api/v1${path}`, { token: me.token, ...(json !== undefined && { json }) });
const open = async (facts: object = {}): Promise<number> =>
  (await call('POST', '/accounts', { name: 'Compte Courant', account_type_id: 1, balance: 1000, ...facts })).json.id;
const pay = async (facts: object = {}): Promise<number> => {
  const row = { account_id: account, amount: -45.8, description: 'Courses Carrefour', transaction_date: '2026-02-02' };
  return (await call('POST', '/transactions', { ...row, ...facts })).json.id;
};
const download = (query: string): Promise<Response> =>
  fetch(`${server.url}/api/v1/transactions/export?${query}`, { headers: { authorization: `Bearer ${me.token}` } });
const csv = async (query = ''): Promise<string> => (await download(query)).text();

beforeEach(async () => {
  me = await server.person();
  account = await open();
});

describe('CSV', () => {
  test('is the list with its filters, one line each, for spreadsheets', async () => {
    const food = await pay({ category_id: 3 });
    const income = await pay({ amount: 1234.5, description: 'Salaire; "février"', category_id: 1 });
    const split = await pay({
      amount: -30,
      transaction_date: '2026-02-01',
      splits: [
        { category_id: 3, amount: -10 },
        { category_id: 4, amount: -20 },
      ],
    });
    const response = await download('');
    expect([
      response.status,
      response.headers.get('content-type'),
      response.headers.get('content-disposition'),
    ]).toEqual([200, 'text/csv; charset=utf-8', 'attachment; filename="transactions.csv"']);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    expect(bytes.subarray(3).toString()).toBe(
      [
        'id;transaction_date;description;category;account;amount;currency',
        `${income};2026-02-02;"Salaire; ""février""";Salaire;Compte Courant;1234,50;EUR`,
        `${food};2026-02-02;Courses Carrefour;Alimentation;Compte Courant;-45,80;EUR`,
        `${split};2026-02-01;Courses Carrefour;Alimentation, Transport;Compte Courant;-30,00;EUR`,
        '',
      ].join('\r\n'),
    );
    const other = await csv(
      `separator=,&decimal=.&type=expense&ordering=date&end_date=2026-02-01&account_id=${account}`,
    );
    expect(other.split('\r\n')[1]).toBe(
      `${split},2026-02-01,Courses Carrefour,"Alimentation, Transport",Compte Courant,-30.00,EUR`,
    );
    expect(await csv('search=rien')).toBe('id;transaction_date;description;category;account;amount;currency\r\n');
    expect((await download('decimal=%25&format=xls&start_date=hier')).status).toBe(422);
  });

  test.each(["=cmd|'/c calc'!A1", '-2+3', '@x', '\tx', '+1', '＝1', ' =1'])(
    'the text %j is no formula, and amounts keep their sign',
    async (description) => {
      await server.sql(
        `insert into transactions (account_id, owner_id, amount, description, transaction_date)
         values (?, ?, -45.80, ?, '2026-02-02')`,
        [account, me.id, description],
      );
      const [, comma = ''] = (await csv()).split('\r\n');
      expect(comma.replaceAll('"', '')).toContain(`;'${description};;Compte Courant;-45,80;EUR`);
      const [, point = ''] = (await csv('decimal=.')).split('\r\n');
      expect(point).toMatch(/;-45\.80;EUR$/);
    },
  );

  test('is read back by the import to the same figures, whatever texts and amounts', async () => {
    const row = fc.record({
      amount: fc.integer({ min: -99_999_999, max: 99_999_999 }).map((cents) => cents / 100),
      description: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((text) => text.trim() !== ''),
      transaction_date: fc
        .date({ min: new Date('2020-01-01'), max: new Date('2026-12-31'), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10)),
    });
    const forms = fc.constantFrom('separator=;', 'separator=,', 'separator=tab', 'separator=|&decimal=.');
    const rows = fc.array(row, { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(rows, forms, async (given, form) => {
        account = await open();
        for (const facts of given) expect(await pay(facts)).toEqual(expect.any(Number));
        const text = await csv(`account_id=${account}&${form}`);
        const body = new FormData();
        body.set('account_id', String(await open()));
        body.set('dry_run', 'true');
        body.set('file', new Blob([`\u{feff}${text}`]), 'export.csv');
        const { status, json } = await server.request('POST', '/api/v1/imports', { token: me.token, body });
        expect([status, json.error]).toEqual([200, undefined]);
        const figures = (list: any[]): string[] =>
          list.map(({ amount, transaction_date }) => `${transaction_date} ${amount}`).toSorted();
        expect(figures(json.rows)).toEqual(figures(given.map((facts) => ({ ...facts, amount: facts.amount + 0 }))));
      }),
      { numRuns: 15 },
    );
  });

  test('of 20,000 rows is sent by pages, each row once', async () => {
    await server.sql(
      `insert into transactions (account_id, owner_id, amount, description, transaction_date)
       select ?, ?, 1.01, 'Ligne ' || i, date '2020-01-01' + i / 20 from generate_series(1, 20000) i`,
      [account, me.id],
    );
    let text = '';
    const statements = await statementsOf(server, async () => void (text = await csv(`account_id=${account}`)));
    const lines = text.trimEnd().split('\r\n').slice(1);
    expect(new Set(lines.map((line) => line.split(';')[0])).size).toBe(20_000);
    // Rows and splits for each of 20 pages.
    expect(statements).toHaveLength(40);
  }, 60_000);
});

describe('a PDF statement', () => {
  const textOf = async (query: string): Promise<string> => {
    const response = await download(`format=pdf&${query}`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    const path = join(server.services.config.dataDir, 'statement.pdf');
    await writeFile(path, Buffer.from(await response.arrayBuffer()));
    return (await promisify(execFile)('pdftotext', ['-layout', path, '-'])).stdout.replaceAll('\u00a0', ' ');
  };

  test('has balances at both ends, income and expense without transfers, running balances, page numbers', async () => {
    await pay({ amount: 100, transaction_date: '2026-01-15', description: 'Avant la période' });
    await pay({ category_id: 3 });
    await pay({ amount: 2500, description: 'Salaire', category_id: 1, transaction_date: '2026-02-27' });
    await pay({ amount: 7, transaction_date: '2026-03-01', description: 'Après la période' });
    const savings = await open({ name: 'Livret A', account_type_id: 3, balance: 0 });
    await call('POST', '/transfers', {
      from_account_id: account,
      to_account_id: savings,
      amount: 300,
      transfer_date: '2026-02-28',
      description: 'Épargne',
    });
    const text = await textOf(`account_id=${account}&start_date=2026-02-01&end_date=2026-02-28`);
    expect(text).toContain('du 01/02/2026 au 28/02/2026');
    expect(text).toMatch(/Compte Courant +Compte courant +1 100,00 € +3 254,20 €/);
    expect(text).toMatch(/2 500,00 € +-45,80 € +-300,00 €/);
    expect(text).toMatch(/02\/02\/2026 +Courses Carrefour +Alimentation +-45,80 € +1 054,20 €/);
    expect(text).toMatch(/28\/02\/2026 +Épargne +Virement +-300,00 € +3 254,20 €/);
    expect(text).not.toMatch(/la période/);
    expect(text).toContain('Page 1 / 1');
    const filtered = await textOf('search=salaire');
    expect(filtered).toContain('Ce relevé ne montre que les transactions retenues par un filtre');
    expect(filtered).toMatch(/27\/02\/2026 +Salaire +Compte Courant +Salaire +2 500,00 € +3 554,20 €/);
    expect(await textOf('start_date=2030-01-01')).toContain('Aucune transaction sur la période');
  });

  test('is refused beyond 5,000 rows, with the remedy', async () => {
    await server.sql(
      `insert into transactions (account_id, owner_id, amount, description, transaction_date)
       select ?, ?, 0.01, 'x', date '2026-01-01' + i / 100 from generate_series(1, 5001) i`,
      [account, me.id],
    );
    const { status, json } = await call('GET', '/transactions/export?format=pdf');
    expect([status, json.error.message]).toEqual([
      422,
      'Un relevé porte au plus 5000 transactions : choisissez une période plus courte',
    ]);
    expect(await textOf('end_date=2026-02-19')).toMatch(/Page 1 \/ \d{2,3}/);
  }, 60_000);

  test('shows nothing of others', async () => {
    await pay({ description: 'Secret' });
    me = await server.person();
    expect(await textOf(`account_id=${account}`)).not.toContain('Secret');
    expect(await csv(`account_id=${account}`)).not.toContain('Secret');
  });
});
