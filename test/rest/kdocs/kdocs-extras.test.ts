import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

/** What K-Docs' programs expect around a document: its envelope, its keys, its statuses. */
let server: TestServer;
let manager: Person;
let id: number;
const call: TestServer['request'] = (method, path, options) =>
  server.request(method, `/kdocs/api${path}`, { token: manager.token, ...options });
const moment = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;
const formOf = (content: string, name: string, part = 'file'): FormData => {
  const body = new FormData();
  body.append(part, new Blob([content]), name);
  return body;
};

beforeAll(async () => {
  server = await startTestServer();
  manager = await server.person({ roles: ['manager'] });
  id = (await call('POST', '/documents/upload', { body: formOf('bordereau', 'un.txt') })).json.results[0].id;
});
afterAll(() => server?.stop());

describe('versions and history', () => {
  it('PUT file, list, download, restore', async () => {
    const put = await call('PUT', `/documents/${id}/file`, { body: formOf('deux', 'deux.txt') });
    expect([put.status, put.json.message, put.json.data.original_filename]).toEqual([
      200,
      'Fichier remplacé avec succès',
      'deux.txt',
    ]);
    const { json } = await call('GET', `/documents/${id}/versions`);
    expect(json).toEqual({
      success: true,
      data: [
        {
          number: 1,
          original_filename: 'un.txt',
          file_size: 9,
          mime_type: 'text/plain',
          content_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
          replaced_by_id: manager.id,
          replaced_by: manager.username,
          replaced_at: expect.stringMatching(moment),
        },
      ],
    });
    expect((await call('GET', `/documents/${id}/versions/1/download`)).text).toBe('bordereau');
    const restored = await call('POST', `/documents/${id}/versions/1/restore`, { json: {} });
    expect([restored.status, restored.json.data.original_filename]).toEqual([200, 'un.txt']);
    for (const number of ['7', 'x', '-1', '99999999999999999999']) {
      const none = await call('GET', `/documents/${id}/versions/${number}/download`);
      expect([none.status, none.json]).toEqual([404, { error: true, message: 'Version non trouvée' }]);
    }
    // The documented keys of a document stay as they are.
    const detail = (await call('GET', `/documents/${id}`)).json.data;
    expect(Object.keys(detail).slice(0, Object.keys(put.json.data).length)).toEqual(Object.keys(put.json.data));
  });

  it('GET history pages like every list', async () => {
    const { json } = await call('GET', `/documents/${id}/history?per_page=2`);
    expect(json).toEqual({
      success: true,
      data: Array.from({ length: 2 }, () => ({
        id: expect.any(Number),
        type: 'document.version_added',
        occurred_at: expect.stringMatching(moment),
        user: expect.any(String),
        fields: [],
      })),
      pagination: { page: 1, per_page: 2, total: 3, total_pages: 2 },
    });
    expect((await call('GET', `/documents/${id}/history?per_page=2&page=2`)).json.data.map((e: any) => e.type)).toEqual(
      ['document.created'],
    );
    expect((await call('GET', '/documents/999999/history')).json).toEqual({
      error: true,
      message: 'Document non trouvé',
    });
  });
});

describe('custom fields', () => {
  it('are defined, set and read', async () => {
    const made = await call('POST', '/custom-fields', {
      json: { name: 'Chantier', type: 'choice', choices: ['Nord', 'Sud'] },
    });
    expect([made.status, made.json.data]).toEqual([
      201,
      {
        id: expect.any(Number),
        name: 'Chantier',
        type: 'choice',
        choices: ['Nord', 'Sud'],
        document_type_id: null,
        required: false,
        created_at: expect.stringMatching(moment),
        updated_at: expect.stringMatching(moment),
      },
    ]);
    const choice = made.json.data.id;
    const number = (
      await call('POST', '/custom-fields', {
        json: { name: 'Surface', type: 'decimal', document_type_id: null, required: false },
      })
    ).json.data.id;
    expect((await call('GET', '/custom-fields')).json.data.map((f: any) => f.name)).toEqual(['Chantier', 'Surface']);
    expect(
      (await call('PUT', `/custom-fields/${choice}`, { json: { choices: ['Nord', 'Sud', 'Est'] } })).json.data.choices,
    ).toHaveLength(3);

    const set = await call('PUT', `/documents/${id}/fields`, {
      json: {
        fields: [
          { field_id: choice, value: 'Nord' },
          { field_id: number, value: 12.5 },
        ],
      },
    });
    const data = [
      { field_id: choice, name: 'Chantier', type: 'choice', value: 'Nord' },
      { field_id: number, name: 'Surface', type: 'decimal', value: 12.5 },
    ];
    expect([set.status, set.json]).toEqual([200, { success: true, data, message: 'Champs mis à jour avec succès' }]);
    expect((await call('GET', `/documents/${id}/fields`)).json).toEqual({ success: true, data });

    const wrong = await call('PUT', `/documents/${id}/fields`, {
      json: {
        fields: [
          { field_id: choice, value: 'Ouest' },
          { field_id: number, value: 'x' },
          { field_id: 999, value: 1 },
        ],
      },
    });
    expect([wrong.status, Object.keys(wrong.json.errors)]).toEqual([
      400,
      ['fields.0.value', 'fields.1.value', 'fields.2.field_id'],
    ]);
    expect((await call('PUT', `/custom-fields/${choice}`, { json: { choices: ['Sud'] } })).json).toEqual({
      error: true,
      message: 'Un choix à retirer est utilisé par des documents',
      count: 1,
    });
    expect((await call('POST', '/custom-fields', { json: { name: 'x', type: 'couleur' } })).json.errors).toHaveProperty(
      'type',
    );
    const asked = await call('DELETE', `/custom-fields/${choice}`);
    expect([asked.status, asked.json]).toEqual([
      409,
      {
        error: true,
        message: 'Ce champ est renseigné dans 1 document(s) ; force=true supprime aussi ces valeurs',
        count: 1,
      },
    ]);
    expect((await call('DELETE', `/custom-fields/${choice}?force=true`)).status).toBe(200);
    expect((await call('GET', `/custom-fields/${choice}`)).json).toEqual({
      error: true,
      message: 'Champ personnalisé non trouvé',
    });
  });
});

describe('saved views', () => {
  it('are kept, run, changed and deleted', async () => {
    const filter = { document_type_id: null, amount_min: 100, search: 'bordereau' };
    const made = await call('POST', '/saved-views', {
      json: { name: 'À payer', filter, order_by: 'amount', order: 'DESC', shared: true },
    });
    expect([made.status, made.json.data]).toEqual([
      201,
      {
        id: expect.any(Number),
        name: 'À payer',
        filter,
        order_by: 'amount',
        order: 'DESC',
        shared: true,
        owner_id: manager.id,
        owner: manager.username,
        created_at: expect.stringMatching(moment),
        updated_at: expect.stringMatching(moment),
      },
    ]);
    const view = made.json.data.id;
    expect((await call('GET', '/saved-views')).json.data.map((v: any) => v.name)).toEqual(['À payer']);
    expect((await call('GET', `/saved-views/${view}/documents`)).json.pagination.total).toBe(0);
    expect(
      (await call('PUT', `/saved-views/${view}`, { json: { filter: { search: 'bordereau' } } })).json.data.filter,
    ).toEqual({ search: 'bordereau' });
    const { json } = await call('GET', `/saved-views/${view}/documents?per_page=5`);
    expect([json.data.map((d: any) => d.id), json.pagination]).toEqual([
      [id],
      { page: 1, per_page: 5, total: 1, total_pages: 1 },
    ]);
    expect((await call('POST', '/saved-views', { json: { name: 'à PAYER' } })).json).toMatchObject({
      error: true,
      errors: { name: ['Cette valeur existe déjà'] },
    });
    const other = await server.person();
    expect((await call('DELETE', `/saved-views/${view}`, { token: other.token })).status).toBe(403);
    expect((await call('DELETE', `/saved-views/${view}`)).json).toEqual({
      success: true,
      message: 'Vue supprimée avec succès',
    });
    expect((await call('GET', `/saved-views/${view}/documents`)).json).toEqual({
      error: true,
      message: 'Vue non trouvée',
    });
  });
});

describe('share links', () => {
  it('are made, listed and revoked', async () => {
    const made = await call('POST', `/documents/${id}/share-links`, {
      json: { expires_at: '2999-01-01T00:00:00Z', password: 'Sésame-2026', max_downloads: 3 },
    });
    const link = {
      id: expect.any(Number),
      prefix: expect.stringMatching(/^lnk_/),
      version: 3,
      has_password: true,
      expires_at: '2999-01-01 00:00:00',
      max_downloads: 3,
      downloads: 0,
      created_at: expect.stringMatching(moment),
      last_used_at: null,
      revoked_at: null,
    };
    expect([made.status, made.json.data]).toEqual([
      201,
      { ...link, token: expect.stringMatching(/^lnk_/), url: expect.stringContaining('/s/lnk_') },
    ]);
    expect((await call('GET', `/documents/${id}/share-links`)).json).toEqual({ success: true, data: [link] });
    const wrong = await call('POST', `/documents/${id}/share-links`, {
      json: { expires_at: '2020-01-01T00:00:00Z', password: 'x', max_downloads: 0 },
    });
    expect([wrong.status, Object.keys(wrong.json.errors)]).toEqual([400, ['expires_at', 'password', 'max_downloads']]);
    expect((await call('DELETE', `/share-links/${made.json.data.id}`)).json).toEqual({
      success: true,
      message: 'Lien de partage révoqué',
    });
    expect((await server.request('GET', `/kdocs/api/shared/${made.json.data.token}`)).json).toEqual({
      error: true,
      message: 'Lien non trouvé ou expiré',
    });
    expect((await call('DELETE', '/share-links/999999')).status).toBe(404);
  });
});

it('nothing that a client can send is a defect', async () => {
  const texts = ['\0', '\ud800', 'x'.repeat(3000), -1, 1e300, null, {}, [], true];
  const calls = texts.flatMap((value) => [
    call('POST', '/custom-fields', {
      json: { name: value, type: 'choice', choices: [value], document_type_id: value },
    }),
    call('PUT', `/documents/${id}/fields`, { json: { fields: [{ field_id: 1, value }] } }),
    call('POST', '/saved-views', {
      json: { name: value, filter: { search: value, tag_id: value, amount_min: value } },
    }),
    call('POST', `/documents/${id}/share-links`, {
      json: { expires_at: value, password: value, max_downloads: value },
    }),
    call('POST', `/shared/${encodeURIComponent(JSON.stringify(value).slice(0, 200))}/download`, {
      json: { password: value },
    }),
    server.graphql(
      `mutation ($view: CreateSavedViewInput!, $field: CreateCustomFieldInput!) { createSavedView(input: $view) { savedView { id } } createCustomField(input: $field) { customField { id } } }`,
      {
        view: { name: `n${String(value)}`, filter: { search: value, fields: [{ fieldId: '1', value }] } },
        field: { name: `n${String(value)}`, kind: 'CHOICE', choices: [String(value)] },
      },
      manager.token,
    ),
  ]);
  for (const answer of await Promise.all(calls)) {
    expect(answer.status, JSON.stringify(answer)).toBeLessThan(500);
    expect(JSON.stringify('errors' in answer ? answer.errors : '')).not.toContain('INTERNAL_SERVER_ERROR');
  }
  // What was kept can be opened.
  const { errors } = await server.graphql(
    '{ savedViews { nodes { name documents { totalCount } } } }',
    {},
    manager.token,
  );
  expect((errors ?? []).map((e: any) => e.extensions.code).filter((code: string) => code !== 'BAD_USER_INPUT')).toEqual(
    [],
  );
});
