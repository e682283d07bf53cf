import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { bringIn, type Imported, type ImportProblem } from '../../src/cli/firm-data/bring-in.js';
import type { ExportManifest } from '../../src/cli/firm-data/export-manifest.js';
import { importers } from '../../src/cli/firm-data/importers.js';
import { writeExport } from '../../src/cli/firm-data/write-export.js';
import { silentProgress } from '../../src/cli/progress.js';
import { makePdf } from '../support/files.js';
import { startTestServer, type TestServer } from '../support/harness.js';

let source: TestServer;
let target: TestServer;
let folder: string;

const { signal } = new AbortController();
const asking = (server: TestServer) => ({
  remote: { url: server.url, token: server.admin.token },
  signal,
  progress: silentProgress,
});

const takeOut = (server: TestServer, name: string): Promise<ExportManifest> =>
  writeExport(join(folder, name), { ...asking(server), only: undefined, withoutFiles: false });

async function putIn(server: TestServer, name: string, { dryRun = false } = {}) {
  const problems: ImportProblem[] = [];
  const done: Imported = await bringIn(join(folder, name), {
    ...asking(server),
    dryRun,
    withIssued: false,
    onProblem: (problem) => problems.push(problem),
  });
  const count = (what: 'made' | 'here'): Record<string, number> =>
    Object.fromEntries(done.kinds.filter((kind) => kind[what] > 0).map((kind) => [kind.kind, kind[what]]));
  return { made: count('made'), here: count('here'), notes: done.notes, problems };
}

/** Rows of the kinds that are brought in, without what another server says by itself. */
async function rowsOf(name: string): Promise<Record<string, string[]>> {
  const own = new Set(['id', 'createdAt', 'updatedAt', 'accountId', 'categoryId', 'transferId', 'fromAccountId']);
  own.add('toAccountId').add('owner');
  const files = importers.map(({ kind }) => kind);
  const entries = files.map(async (kind) => {
    const lines = (await readFile(join(folder, name, `${kind}.jsonl`), 'utf8')).split('\n').filter(Boolean);
    const rows = lines.map((line) =>
      JSON.stringify(JSON.parse(line), (key, value) => (own.has(key) ? undefined : value)),
    );
    return [kind, rows.toSorted()] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function done(server: TestServer, mutation: string, input: object, selection: string): Promise<any> {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input!`;
  const answer = await server.graphql(
    `mutation ($input: ${type}) { done: ${mutation}(input: $input) { ${selection} } }`,
    { input },
    server.admin.token,
  );
  expect(answer.errors, mutation).toBeUndefined();
  return Object.values(answer.data.done)[0];
}

async function fill(server: TestServer): Promise<void> {
  const make = (mutation: string, input: object, selection: string) => done(server, mutation, input, selection);
  const { id: parentId } = await make('createTag', { name: 'Chantiers', color: '#112233' }, 'tag { id }');
  const { id: tagId } = await make('createTag', { name: 'Toitures', parentId }, 'tag { id }');
  const { id: correspondentId } = await make('createCorrespondent', { name: 'EDF' }, 'correspondent { id }');
  const { id: typeId } = await make('createDocumentType', { code: 'DEVIS_2', label: 'Devis' }, 'documentType { id }');
  const form = new FormData();
  form.append('files', new Blob([new Uint8Array(await makePdf(['Toit']))]), 'été toit.pdf');
  const filed = await server.request('POST', '/kdocs/api/documents/upload', { token: server.admin.token, body: form });
  expect(filed.status).toBeLessThan(300);
  const { data } = await server.graphql('{ documents { nodes { id } } }', {}, server.admin.token);
  const facts = { tagIds: [tagId], correspondentId, typeId, amount: '12.50', currency: 'EUR', title: 'Le toit' };
  await make('updateDocument', { id: data.documents.nodes[0].id, ...facts }, 'document { id }');
  const { id: clientId } = await make('createClient', { name: 'Ada', email: 'ada@example.org' }, 'client { id }');
  await make('createClient', { name: '=1+1', companyName: 'Formules' }, 'client { id }');
  const items = [{ description: 'Tuiles', quantity: '2', unitPrice: '10.10', vatRate: '20' }];
  await make('createInvoice', { clientId, items, dueDate: '2027-01-31' }, 'invoice { id }');
  const types = await server.graphql('{ bankAccountTypes { nodes { id } } }', {}, server.admin.token);
  const typed = { typeId: types.data.bankAccountTypes.nodes[0].id, openingBalance: '1000' };
  const { id: accountId } = await make('createBankAccount', { name: 'Courant', ...typed }, 'bankAccount { id }');
  const { id: otherId } = await make('createBankAccount', { name: 'Réserve', ...typed }, 'bankAccount { id }');
  const { id: categoryId } = await make('createCategory', { name: 'Outils', type: 'EXPENSE' }, 'category { id }');
  const spent = { accountId, amount: '-4.20', description: 'Clous', transactionDate: '2026-02-03' };
  // Two that are equal are two.
  for (const labels of [['a', 'b'], []])
    await make('createTransaction', { ...spent, categoryId, labels }, 'transaction { id }');
  const splits = [{ amount: '-3', categoryId, description: 'Vis' }, { amount: '-7' }];
  await make('createTransaction', { ...spent, amount: '-10', splits }, 'transaction { id }');
  const moved = { fromAccountId: accountId, toAccountId: otherId, amount: '50', description: 'Épargne' };
  await make('createTransfer', { ...moved, transferDate: '2026-02-04' }, 'transfer { id }');
}

beforeAll(async () => {
  folder = await mkdtemp(join(inject('folder'), 'firm-data-'));
  [source, target] = await Promise.all([startTestServer(), startTestServer()]);
  await fill(source);
});

afterAll(async () => {
  await Promise.all([source.stop(), target.stop()]);
  await rm(folder, { recursive: true, force: true });
});

test('a firm goes from one server to another: the same comes out, and a second import makes nothing', async () => {
  const manifest = await takeOut(source, 'source');
  expect(manifest).toMatchObject({ exportedBy: source.admin.username, leftOut: [], problems: [] });
  expect(manifest.documentFiles.count).toBe(1);
  const counts = {
    documentTypes: 1,
    tags: 2,
    correspondents: 1,
    documents: 1,
    clients: 2,
    categories: 1,
    bankAccounts: 2,
    transfers: 1,
    transactions: 3,
    invoices: 1,
  };
  expect((await putIn(target, 'source', { dryRun: true })).made).toEqual(counts);
  expect((await target.graphql('{ tags { nodes { id } } }', {}, target.admin.token)).data.tags.nodes).toEqual([]);
  expect(await putIn(target, 'source')).toMatchObject({ made: counts, problems: [], notes: [] });
  // With those that every installation begins with.
  const here = { ...counts, documentTypes: 6, categories: 15 };
  expect(await putIn(target, 'source')).toMatchObject({ made: {}, here, problems: [] });
  await takeOut(target, 'target');
  expect(await rowsOf('target')).toEqual(await rowsOf('source'));
  expect(await readFile(join(folder, 'source', 'clients.csv'), 'utf8')).toContain("'=1+1");
});

test('a broken line is told with its place, and the rest goes in, in whatever order', async () => {
  const tags = join(folder, 'source', 'tags.jsonl');
  const more = [
    '{"name": "broken',
    '{"name":"Zinc","parent":"Métaux"}',
    '{"name":"","color":"red"}',
    '{"name":"Métaux"}',
  ];
  await appendFile(tags, `${more.join('\n')}\n`);
  const { made, notes, problems } = await putIn(target, 'source');
  expect(made).toEqual({ tags: 2 });
  expect(notes).toEqual([expect.stringContaining('tags.jsonl was changed')]);
  expect(problems).toEqual([
    { file: 'tags.jsonl', line: 3, message: 'it is no JSON' },
    { file: 'tags.jsonl', line: 5, message: expect.stringMatching(/name.*color/) },
  ]);
});

test('who may not see a kind has an export without it, which says so; what was there stays', async () => {
  const person = await source.person({ roles: ['lecteur'] });
  const path = join(folder, 'reader.zip');
  const options = { ...asking(source), only: ['people', 'tags'], withoutFiles: true };
  const remote = { url: source.url, token: person.token };
  const manifest = await writeExport(path, { ...options, remote });
  expect(manifest.leftOut).toMatchObject([{ name: 'people' }]);
  expect(manifest.kinds).toMatchObject([{ name: 'tags', rows: 2 }]);
  expect((await readFile(path)).subarray(0, 2).toString()).toBe('PK');
  await expect(writeExport(path, options)).rejects.toThrow(/is there already/);
  expect(await readdir(folder)).not.toContain('reader.zip.partial');
});
