import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../support/harness.js';

/** Whatever is wrong is refused in K-Docs' envelope, and nothing is written. */
let server: TestServer;
let token: string;
let ownId: number;
let before: unknown;
const call: TestServer['request'] = (method, path, options) =>
  server.request(method, `/kdocs/api${path}`, { token, ...options });
const form = (name: string, content: Buffer | string): FormData => {
  const body = new FormData();
  body.append('files', new Blob([content as string]), name);
  return body;
};
const written = (): Promise<unknown> =>
  server.sql(
    'select (select count(*) from documents) d, (select count(*) from tags) t, (select count(*) from events) e, (select count(*) from documents where deleted_at is not null) x',
  );

beforeAll(async () => {
  server = await startTestServer();
  token = server.admin.token;
  ownId = (await call('POST', '/documents/upload', { body: form('a.txt', 'Le mien') })).json.results[0].id;
  before = await written();
});
afterEach(async () => expect(await written()).toEqual(before));
afterAll(() => server?.stop());

it('takes no file from outside the ingest folder', async () => {
  const secret = join(server.ingestDir, '..', 'secret.txt');
  await writeFile(secret, 'secret');
  await symlink(secret, join(server.ingestDir, 'link.txt'));
  for (const file_path of ['../secret.txt', secret, '/etc/passwd', 'link.txt', 'absent.txt', '.', 'a\0b']) {
    const { status, json } = await call('POST', '/documents', { json: { filename: 'x.txt', file_path } });
    expect([file_path, status, json.error]).toEqual([file_path, 400, true]);
    expect(Object.keys(json.errors)).toEqual(['file_path']);
  }
});

it('goes by the content of files, not by their names', async () => {
  const exe = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200, 0x90)]);
  const renamed = await call('POST', '/documents/upload', { body: form('facture.pdf', exe) });
  expect([renamed.status, renamed.json.results[0].error]).toEqual([415, "Ce type de fichier n'est pas accepté"]);
  expect((await call('POST', '/documents/upload', { body: form('vide.pdf', '') })).status).toBe(400);
  const latin1 = await call('POST', '/documents/upload', {
    body: form('latin.txt', Buffer.from([0xe9, 0x20, 0xe8, 0x80])),
  });
  expect(latin1.status).toBe(415);
  expect((await call('POST', '/documents/upload', { body: new FormData() })).json.errors).toEqual({
    files: ['Ce champ est obligatoire'],
  });
});

it('refuses 60 MB with 413', async () => {
  const big = await call('POST', '/documents/upload', { body: form('gros.txt', Buffer.alloc(60_000_000, 'a')) });
  expect([big.status, big.json]).toEqual([413, { error: true, message: 'Contenu trop volumineux' }]);
});

it('checks every parameter of the list', async () => {
  for (const [query, field] of [
    ['page=-1', 'page'],
    ['page=0', 'page'],
    ['per_page=101', 'per_page'],
    ['order_by=password', 'order_by'],
    ['order=up', 'order'],
    ['tag_id=x', 'tag_id'],
  ] as const) {
    const { status, json } = await call('GET', `/documents?${query}`);
    expect([query, status, Object.keys(json.errors)]).toEqual([query, 400, [field]]);
  }
  expect((await call('GET', '/documents?search=%22(%26!')).status).toBe(200);
});

it('reports all problems of a body at once and unknown references by field', async () => {
  const types = await call('PUT', `/documents/${ownId}`, {
    json: { title: 3, amount: 'x', document_date: '2026-02-30', tags: ['a'] },
  });
  expect(Object.keys(types.json.errors).toSorted()).toEqual(['amount', 'document_date', 'tags.0', 'title']);
  const rules = await call('PUT', `/documents/${ownId}`, {
    json: { title: '', currency: 'euro', document_type_id: 99, tags: [77] },
  });
  expect([rules.status, Object.keys(rules.json.errors).toSorted()]).toEqual([
    400,
    ['currency', 'document_type_id', 'tags.0', 'title'],
  ]);
  expect(
    (
      await call('PUT', `/documents/${ownId}`, {
        body: Buffer.from([0x7b, 0xff, 0x7d]),
        headers: { 'content-type': 'application/json' },
      })
    ).status,
  ).toBe(400);
  for (const id of ['0', 'abc', '99999999999', '%00'])
    expect([400, 404]).toContain((await call('GET', `/documents/${id}`)).status);
  expect((await server.request('GET', '/kdocs/api/documents')).json).toEqual({
    error: true,
    message: 'Authentification requise',
  });
  expect((await call('PATCH', '/documents')).status).toBe(405);
});

it('hides the documents of others and refuses what the role lacks', async () => {
  const [stranger, reader] = [await server.person(), await server.person({ roles: ['lecteur'] })];
  for (const [method, path] of [
    ['GET', ''],
    ['GET', '/download'],
    ['GET', '/preview'],
    ['PUT', ''],
    ['DELETE', ''],
    ['POST', '/restore'],
    ['DELETE', '/purge'],
  ] as const) {
    const options = { token: stranger.token, ...(method === 'PUT' && { json: { title: 'x' } }) };
    expect([method, path, (await call(method, `/documents/${ownId}${path}`, options)).status]).toEqual([
      method,
      path,
      404,
    ]);
  }
  const read = { token: reader.token };
  expect((await call('GET', `/documents/${ownId}`, read)).status).toBe(200);
  expect((await call('DELETE', `/documents/${ownId}`, read)).status).toBe(403);
  expect((await call('POST', '/documents/upload', { ...read, body: form('c.txt', 'autre') })).status).toBe(403);
  expect((await call('POST', '/tags', { ...read, json: { name: 'x' } })).status).toBe(403);
});
