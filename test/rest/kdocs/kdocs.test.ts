import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePdf, makePng } from '../../support/files.js';
import { startTestServer, type TestServer } from '../../support/harness.js';

/** The routes of contracts/kdocs.md, each with its documented example and exact keys. */
let server: TestServer;
let token: string;
const call: TestServer['request'] = (method, path, options) =>
  server.request(method, `/kdocs/api${path}`, { token, ...options });
const moment = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;
const documentKeys = [
  'id',
  'title',
  'filename',
  'original_filename',
  'file_path',
  'file_size',
  'mime_type',
  'document_type_id',
  'document_type_label',
  'correspondent_id',
  'correspondent_name',
  'document_date',
  'amount',
  'currency',
  'created_at',
  'updated_at',
  'asn',
];
const upload = (files: Record<string, Buffer | string>, part = 'files[]'): ReturnType<TestServer['request']> => {
  const body = new FormData();
  for (const [name, content] of Object.entries(files)) body.append(part, new Blob([content as string]), name);
  return call('POST', '/documents/upload', { body });
};

beforeAll(async () => {
  server = await startTestServer();
  token = server.admin.token;
});
afterAll(() => server?.stop());

describe('documents', () => {
  it('POST creates from the ingest folder, GET lists and details, with the documented keys', async () => {
    const correspondent = await call('POST', '/correspondents', { json: { name: 'Client ABC' } });
    await writeFile(join(server.ingestDir, 'document.pdf'), await makePdf(['Une facture']));
    const body = {
      filename: 'Document Original.pdf',
      file_path: join(server.ingestDir, 'document.pdf'),
      title: 'Document Title',
      document_type_id: 1,
      correspondent_id: correspondent.json.data.id,
      document_date: '2026-01-21',
      amount: 100.5,
      currency: 'CHF',
    };
    const created = await call('POST', '/documents', { json: body });
    expect(created.status, created.text).toBe(201);
    const { id } = created.json.data;

    const list = await call(
      'GET',
      '/documents?page=1&per_page=20&search=facture&document_type_id=1&order_by=amount&order=ASC',
    );
    expect(list.status).toBe(200);
    expect(list.json.pagination).toEqual({ page: 1, per_page: 20, total: 1, total_pages: 1 });
    expect(Object.keys(list.json)).toEqual(['success', 'data', 'pagination']);
    expect(Object.keys(list.json.data[0])).toEqual(documentKeys);
    expect(list.json.data[0]).toMatchObject({
      id,
      title: 'Document Title',
      original_filename: 'Document Original.pdf',
      mime_type: 'application/pdf',
      document_type_label: 'Facture',
      correspondent_name: 'Client ABC',
      document_date: '2026-01-21',
      amount: 100.5,
      currency: 'CHF',
      created_at: expect.stringMatching(moment),
      asn: null,
    });
    expect(list.json.data[0].file_path).toBe(`/documents/${list.json.data[0].filename}`);

    const tag = await call('POST', '/tags', { json: { name: 'Important', color: '#ff0000' } });
    const put = await call('PUT', `/documents/${id}`, {
      json: { title: 'New Title', document_type_id: 2, tags: [tag.json.data.id] },
    });
    expect(put.json.data).toMatchObject({ title: 'New Title', document_type_id: 2, amount: 100.5 });
    const detail = await call('GET', `/documents/${id}`);
    // What CONSUMERS.md adds comes after the documented keys.
    expect(Object.keys(detail.json.data).slice(0, documentKeys.length + 1)).toEqual([...documentKeys, 'tags']);
    expect(detail.json.data.tags).toEqual([{ id: tag.json.data.id, name: 'Important', color: '#ff0000' }]);
    expect((await call('GET', `/documents?tag_id=${tag.json.data.id}`)).json.pagination.total).toBe(1);
  });

  it('upload answers for each file; download and preview give the bytes', async () => {
    const png = makePng({ grey: 7 });
    const both = await upload({ 'été.png': png, 'vide.txt': '' });
    expect(both.status, both.text).toBe(201);
    const [first, second] = both.json.results;
    expect(first).toEqual({ success: true, filename: 'été.png', id: expect.any(Number) });
    expect(second).toEqual({ success: false, filename: 'vide.txt', error: 'Le fichier est vide' });

    const again = await upload({ 'autre.png': png }, 'file');
    expect([again.status, again.json.results[0]]).toEqual([
      409,
      { success: false, filename: 'autre.png', error: 'Ce fichier existe déjà', existing_id: first.id },
    ]);

    const file = await fetch(`${server.url}/kdocs/api/documents/${first.id}/download`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(Buffer.from(await file.arrayBuffer()).equals(png)).toBe(true);
    expect(file.headers.get('content-disposition')).toContain("filename*=UTF-8''%C3%A9t%C3%A9.png");
    const preview = await call('GET', `/documents/${first.id}/preview`);
    expect([preview.status, preview.headers.get('content-type')]).toEqual([200, 'image/png']);
  });

  it('keeps only the last part of a name that would lead elsewhere', async () => {
    const { id } = (await upload({ '../../etc/cron.d/é\\..\\note.txt': 'nom' })).json.results[0];
    const { data } = (await call('GET', `/documents/${id}`)).json;
    expect([data.original_filename, data.title, data.file_path]).toEqual([
      'note.txt',
      'note',
      expect.stringMatching(/^\/documents\/[0-9a-f]{16}\.txt$/),
    ]);
  });

  it('DELETE goes to the trash, from which it is restored or purged; bulk changes many', async () => {
    const { id } = (await upload({ 'note.txt': 'Une note' })).json.results[0];
    expect((await call('DELETE', `/documents/${id}/purge`)).status).toBe(409);
    expect((await call('DELETE', `/documents/${id}`)).json).toEqual({
      success: true,
      message: 'Document supprimé avec succès',
    });
    expect((await call('GET', `/documents/${id}`)).status).toBe(404);
    const trash = await call('GET', '/documents/trash');
    expect(trash.json.data.map((d: any) => d.id)).toEqual([id]);
    expect((await call('POST', `/documents/${id}/restore`)).json.data.id).toBe(id);
    const bulk = await call('POST', '/documents/bulk', { json: { ids: [id, 999_999], delete: true } });
    expect(bulk.json.data).toEqual({ updated: 1, refused: [{ id: 999_999, message: 'Document non trouvé' }] });
    expect((await call('DELETE', `/documents/${id}/purge`)).status).toBe(200);
    expect((await call('GET', '/documents/trash')).json.data).toEqual([]);
  });
});

describe('tags, correspondents, types', () => {
  it('serve the documented bodies', async () => {
    const body = { name: 'Tag Name', color: '#ff0000', match: 'pattern', matching_algorithm: 'auto', parent_id: null };
    const tag = await call('POST', '/tags', { json: body });
    expect([tag.status, tag.json.data]).toEqual([
      201,
      { id: expect.any(Number), ...body, created_at: expect.stringMatching(moment), updated_at: expect.any(String) },
    ]);
    const { id } = tag.json.data;
    expect(
      (await call('PUT', `/tags/${id}`, { json: { matching_algorithm: 'any', match: 'facture' } })).json.data,
    ).toMatchObject({ name: 'Tag Name', match: 'facture' });
    expect((await call('POST', `/tags/${id}/dry-run`, { json: {} })).json.data).toMatchObject({
      scanned: expect.any(Number),
      matched: 1,
    });
    expect((await call('GET', '/tags')).json.data.map((t: any) => t.name)).toContain('Tag Name');
    expect((await call('DELETE', `/tags/${id}`)).status).toBe(200);
    expect((await call('GET', `/tags/${id}`)).json).toEqual({ error: true, message: 'Tag non trouvé' });

    const rule = { name: 'Correspondent Name', match: 'pattern', matching_algorithm: 'auto' };
    const made = await call('POST', '/correspondents', { json: rule });
    expect([made.status, made.json.data]).toEqual([
      201,
      { id: expect.any(Number), ...rule, created_at: expect.any(String), updated_at: expect.any(String) },
    ]);
    expect((await call('POST', '/correspondents', { json: { name: 'correspondent NAME' } })).json).toMatchObject({
      error: true,
      errors: { name: ['Cette valeur existe déjà'] },
    });
    expect((await call('DELETE', `/correspondents/${made.json.data.id}`)).status).toBe(200);

    expect((await call('GET', '/document-types')).json.data.map((t: any) => t.code)).toEqual([
      'FACTURE',
      'CONTRAT',
      'CORRESPONDANCE',
      'RH',
      'AUTRE',
    ]);
    const inUse = await call('DELETE', '/document-types/2');
    expect([inUse.status, inUse.json.count]).toEqual([409, 1]);
  });
});

describe('session', () => {
  it('gives a cookie to JSON and a redirect to a form, shows the page again after a slip', async () => {
    const { username, email, password } = server.admin;
    const json = await server.request('POST', '/kdocs/login', { json: { username: email, password } });
    expect([json.status, json.json]).toEqual([200, { success: true, data: { id: server.admin.id, username } }]);
    const [set = '', device] = json.headers.getSetCookie();
    expect(set).toMatch(/^kdocs_session=[^;]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
    expect(device).toMatch(/^passerelle_device=dev_[^;]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
    const cookie = set.split(';')[0] as string;
    expect((await server.request('GET', '/kdocs/api/tags', { headers: { cookie } })).status).toBe(200);

    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
    const form = await server.request('POST', '/kdocs/login', {
      headers,
      form: { username, password, next: '//evil.example' },
    });
    expect([form.status, form.headers.get('location')]).toEqual([302, '/console/']);
    const wrong = await server.request('POST', '/kdocs/login', { headers, form: { username, password: 'Faux-mot-1' } });
    expect(wrong.status).toBe(401);
    expect(wrong.text).toContain('Identifiant ou mot de passe incorrect');

    const out = await server.request('POST', '/kdocs/logout', { headers: { cookie } });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([200, expect.stringContaining('Max-Age=0')]);
    expect((await server.request('GET', '/kdocs/api/tags', { headers: { cookie } })).status).toBe(401);
    expect((await server.request('GET', '/kdocs/login')).text).toContain('action="/kdocs/login"');
    const english = await server.request('POST', '/kdocs/login', {
      headers: { ...headers, 'accept-language': 'en' },
      form: { username, password: 'Faux-mot-1' },
    });
    expect(english.text).toContain('That user name and password don’t match');
    expect(english.headers.get('vary')).toContain('Accept-Language');
  });
});
