import { afterAll, beforeAll, expect, test } from 'vitest';
import { approvalDesk } from '../../support/approvals.js';
import { makePng } from '../../support/files.js';
import {
  type Answer,
  type Person,
  type RequestOptions,
  startTestServer,
  type TestServer,
} from '../../support/harness.js';

/** What the page of K-Docs does, in its order and with its headers: a session's cookie, JSON, selects that send text. */
let server: TestServer;
let clerk: Person;
let boss: Person;
let cookie: string;

const json = { accept: 'application/json' };
const page = (method: string, path: string, options: RequestOptions = {}): Promise<Answer> =>
  server.request(method, path, { ...options, headers: { ...json, cookie, origin: server.url, ...options.headers } });
const api = (method: string, path: string, body?: object): Promise<Answer> =>
  page(method, `/kdocs/api${path}`, body && { json: body });

async function signIn({ username, password }: Person): Promise<void> {
  const answer = await server.request('POST', '/kdocs/login', {
    form: { username, password },
    headers: { origin: server.url },
  });
  expect(answer.status).toBe(302);
  cookie = String(answer.headers.get('set-cookie')).split(';')[0] as string;
}

async function upload(...files: [name: string, content: string | Buffer][]): Promise<Answer> {
  const body = new FormData();
  for (const [name, content] of files) body.append('files[]', new Blob([new Uint8Array(Buffer.from(content))]), name);
  return page('POST', '/kdocs/api/documents/upload', { body });
}

beforeAll(async () => {
  server = await startTestServer({ env: { RATE_LIMITS: 'off' } });
  clerk = await server.person({ roles: ['manager'] });
  boss = await server.person({ roles: ['manager', 'APPROVER'] });
  await server.sql(`insert into correspondents (name) values ('EDF'), ('Orange')`);
  await server.sql(`insert into tags (name) values ('Urgent'), ('À payer')`);
  await server.sql(`insert into custom_fields (name, kind, choices) values
    ('Chantier', 'choice', '["Nord","Sud"]'), ('Payé', 'boolean', '[]'), ('Quantité', 'decimal', '[]'), ('Livré le', 'date', '[]')`);
});
afterAll(() => server?.stop());

test('it asks whether K-Docs is there, without a credential', async () => {
  for (const path of ['/kdocs/health', '/kdocs/api/health']) {
    const { status, json: health } = await server.request('GET', path);
    expect([status, health]).toEqual([
      200,
      {
        status: 'ok',
        checks: { database: { status: 'ok' }, storage: { status: 'ok' }, events: { status: 'ok' } },
        version: expect.any(String),
      },
    ]);
  }
});

test('who has a session is sent on from the login page; others see it', async () => {
  expect((await server.request('GET', '/kdocs/login')).status).toBe(200);
  await signIn(clerk);
  const sent = await page('GET', '/kdocs/login?next=/kdocs/api/tags');
  expect([sent.status, sent.headers.get('location')]).toEqual([302, '/kdocs/api/tags']);
  expect((await page('GET', '/kdocs/login?next=//evil.example')).headers.get('location')).toBe('/console/');
  const useless: Record<string, string>[] = [{ cookie: 'kdocs_session=ended' }, { authorization: 'Bearer broken' }];
  for (const headers of useless) expect((await server.request('GET', '/kdocs/login', { headers })).status).toBe(200);
});

test('files are sent, corrected, discussed and approved in one place', async () => {
  await signIn(clerk);
  const sent = await upload(['edf.txt', 'Facture EDF']);
  expect(sent.json).toEqual({
    success: true,
    message: '1 document(s) créé(s)',
    results: [{ success: true, filename: 'edf.txt', id: expect.any(Number) }],
  });
  const { id } = sent.json.results[0];
  const partly = await upload(['encore.txt', 'Facture EDF'], ['autre.txt', 'Autre chose']);
  expect([partly.status, partly.json.success, partly.json.message]).toEqual([
    201,
    true,
    'encore.txt : Ce fichier existe déjà',
  ]);
  const refused = await upload(['encore.txt', 'Facture EDF']);
  expect([refused.status, refused.json.success, refused.json.message]).toEqual([
    409,
    false,
    'encore.txt : Ce fichier existe déjà',
  ]);

  const listed = await api('GET', '/documents?page=1&per_page=20&search=&document_type_id=&correspondent_id=&tag_id=');
  expect(listed.json.pagination.total).toBe(2);

  // The dialog: every select holds a text, the lists come with the document.
  await signIn(boss);
  const { json: read } = await api('GET', `/documents/${id}`);
  expect(read.data).toMatchObject({
    id,
    tags: [],
    notes: [],
    ocr_text: 'Facture EDF',
    checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
    validation_status: null,
    validated_at: null,
    validation_comment: null,
    can_validate: true,
    custom_field_values: {},
    thumbnail_url: `/kdocs/api/documents/${id}/thumbnail`,
    view_url: `/kdocs/api/documents/${id}/view`,
    download_url: `/kdocs/api/documents/${id}/download`,
    _meta: {
      correspondents: [
        { id: expect.any(Number), name: 'EDF' },
        { id: expect.any(Number), name: 'Orange' },
      ],
      document_types: expect.arrayContaining([{ id: 1, code: 'FACTURE', label: expect.any(String) }]),
      all_tags: [
        { id: expect.any(Number), name: expect.any(String), color: expect.any(String) },
        { id: expect.any(Number), name: expect.any(String), color: expect.any(String) },
      ],
      custom_fields: expect.arrayContaining([
        { id: expect.any(Number), name: 'Chantier', field_type: 'select', options: 'Nord,Sud', required: false },
        { id: expect.any(Number), name: 'Payé', field_type: 'checkbox', options: null, required: false },
      ]),
      logical_folders: [],
    },
  });
  const { correspondents, all_tags: tags, custom_fields: fields } = read.data._meta;
  const fieldId = (name: string): string => String(fields.find((field: { name: string }) => field.name === name).id);
  for (const address of [read.data.view_url, read.data.download_url]) {
    const file = await page('GET', address);
    expect([file.status, file.text]).toEqual([200, 'Facture EDF']);
  }
  const saved = await api('PUT', `/documents/${id}`, {
    title: 'Facture EDF janvier',
    document_type_id: '2',
    correspondent_id: String(correspondents[0].id),
    document_date: '2026-01-21',
    logical_folder_id: null,
    tags: [tags[0].id],
    amount: 120.5,
    currency: '',
    custom_field_values: {
      [fieldId('Chantier')]: 'Nord',
      [fieldId('Payé')]: '1',
      [fieldId('Quantité')]: '',
      [fieldId('Livré le')]: '2026-01-31T00:00:00Z',
    },
    ocr_text: 'relu',
  });
  expect([saved.status, saved.json.success]).toEqual([200, true]);
  expect(saved.headers.get('warning')).toBe('299 - "Ignored: logical_folder_id, ocr_text"');
  expect(saved.json.data).toMatchObject({ title: 'Facture EDF janvier', document_type_id: 2, amount: 120.5 });

  // What was read goes back whole, with nested objects, and changes nothing.
  const sheet = (await api('GET', `/documents/${id}`)).json.data;
  expect(sheet.custom_field_values).toEqual({
    [fieldId('Chantier')]: 'Nord',
    [fieldId('Payé')]: 'true',
    [fieldId('Livré le')]: '2026-01-31',
  });
  expect((await api('PUT', `/documents/${id}`, sheet)).status).toBe(200);
  const again = (await api('GET', `/documents/${id}`)).json.data;
  expect({ ...again, updated_at: '' }).toEqual({ ...sheet, updated_at: '' });
  // Absence leaves, null and '' empty.
  await api('PUT', `/documents/${id}`, {
    correspondent_id: '',
    document_date: null,
    custom_field_values: { [fieldId('Chantier')]: '' },
  });
  expect((await api('GET', `/documents/${id}`)).json.data).toMatchObject({
    title: 'Facture EDF janvier',
    correspondent_id: null,
    document_date: null,
    amount: 120.5,
    custom_field_values: { [fieldId('Payé')]: 'true' },
  });
  const wrong = await api('PUT', `/documents/${id}`, {
    amount: '12,5',
    custom_field_values: { [fieldId('Chantier')]: 'Est' },
  });
  expect([wrong.status, Object.keys(wrong.json.errors)]).toEqual([400, ['amount']]);
  const notAChoice = await api('PUT', `/documents/${id}`, {
    title: 'x',
    custom_field_values: { [fieldId('Chantier')]: 'Est' },
  });
  expect([notAChoice.status, Object.keys(notAChoice.json.errors)]).toEqual([400, ['custom_field_values.0.value']]);
  expect((await api('GET', `/documents/${id}`)).json.data.title).toBe('Facture EDF janvier');

  // The status toggle sends no comment; nobody had submitted the document.
  const approved = await api('POST', `/validation/${id}/status`, { status: 'approved' });
  expect([approved.status, approved.json]).toEqual([
    200,
    { success: true, status: 'approved', validated_by: boss.id, role: 'APPROVER' },
  ]);
  const reread = (await api('GET', `/documents/${id}`)).json.data;
  expect(reread).toMatchObject({ validation_status: 'approved', validation_comment: null, can_validate: false });
  expect(reread.validated_at).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
});

test('notes are said and deleted by their author, or by who may change the document', async () => {
  await signIn(clerk);
  const { id } = (await upload(['note.txt', 'Une pièce à discuter'])).json.results[0];
  const added = await api('POST', `/documents/${id}/notes`, { note: 'À vérifier' });
  expect([added.status, added.json]).toMatchObject([201, { success: true, note_id: expect.any(Number) }]);
  const reader = await server.person({ roles: ['lecteur'] });
  await signIn(reader);
  const own = await api('POST', `/documents/${id}/notes`, { note: 'Vu' });
  expect(own.status).toBe(201);
  const { notes } = (await api('GET', `/documents/${id}/notes`)).json;
  expect(notes).toEqual([
    {
      id: own.json.note_id,
      note: 'Vu',
      user_id: reader.id,
      user_name: reader.username,
      created_at: expect.any(String),
    },
    {
      id: added.json.note_id,
      note: 'À vérifier',
      user_id: clerk.id,
      user_name: clerk.username,
      created_at: expect.any(String),
    },
  ]);
  expect((await api('GET', `/documents/${id}`)).json.data.notes).toEqual(notes);
  expect((await api('DELETE', `/documents/${id}/notes/${added.json.note_id}`)).status).toBe(403);
  expect((await api('DELETE', `/documents/${id + 1}/notes/${own.json.note_id}`)).status).toBe(404);
  expect((await api('DELETE', `/documents/${id}/notes/${own.json.note_id}`)).json.success).toBe(true);
  expect((await api('POST', `/documents/${id}/notes`, { note: ' ' })).json.errors).toHaveProperty('note');
  await signIn(clerk);
  expect((await api('DELETE', `/documents/${id}/notes/${added.json.note_id}`)).json.success).toBe(true);
  expect((await api('GET', `/documents/${id}/notes`)).json.notes).toEqual([]);
  const stranger = await server.person();
  await signIn(stranger);
  for (const [method, path] of [
    ['GET', `/documents/${id}/notes`],
    ['POST', `/documents/${id}/notes`],
    ['DELETE', `/documents/${id}/notes/${added.json.note_id}`],
  ] as const)
    expect((await api(method, path, method === 'POST' ? { note: 'x' } : undefined)).status).toBe(404);
});

test('notes, versions and the history of an approval come whole, beyond what a page of the graph holds', async () => {
  await signIn(clerk);
  const { id } = (await upload(['long.txt', 'Une pièce dont on parle beaucoup'])).json.results[0];
  await approvalDesk(server).submit(id, clerk);
  await server.sql(
    `insert into document_notes (document_id, author_id, text, created_at)
     select ?, ?, 'note ' || i, now() from generate_series(1, 130) i`,
    [id, clerk.id],
  );
  await server.sql(
    `insert into document_versions (document_id, number, filename, original_filename, content_key, content_hash, file_size,
                                    mime_type, text_status, replaced_by_id, replaced_at)
     select d.id, i, filename, original_filename, content_key, content_hash, file_size, mime_type, text_status, owner_id, now()
       from documents d, generate_series(1, 130) i where d.id = ?`,
    [id],
  );
  await server.sql(
    `insert into approval_history (approval_id, action, from_status, to_status, performed_by_id, comment, created_at)
     select ?, 'commented', 'pending', 'pending', ?, 'avis ' || i, now() from generate_series(1, 130) i`,
    [id, clerk.id],
  );
  const { notes } = (await api('GET', `/documents/${id}/notes`)).json;
  expect([notes.length, notes[0].note, notes[129].note]).toEqual([130, 'note 130', 'note 1']);
  expect((await api('GET', `/documents/${id}`)).json.data.notes).toEqual(notes);
  const versions = (await api('GET', `/documents/${id}/versions`)).json.data;
  expect(versions.map(({ number }: { number: number }) => number)).toEqual(
    Array.from({ length: 130 }, (_, i) => 130 - i),
  );
  const { history } = (await api('GET', `/validation/${id}/history`)).json;
  expect([history.length, history[0].comment, history[130].action]).toEqual([131, 'avis 130', 'submitted']);
  await server.sql('delete from approvals where id = ?', [id]);
});

test('several documents at once, one action a request', async () => {
  await signIn(clerk);
  const ids = (await upload(['a.txt', 'Pièce A'], ['b.txt', 'Pièce B'])).json.results.map(
    (made: { id: number }) => made.id,
  );
  const [tag] = await server.sql(`select id from tags where name = 'Urgent'`);
  const action = (body: object): Promise<Answer> =>
    api('POST', '/documents/bulk-action', { document_ids: ids, ...body });
  expect((await action({ action: 'add_tag', tag_id: String(tag.id) })).json).toMatchObject({
    success: true,
    results: { success: 2, errors: 0 },
  });
  expect((await action({ action: 'set_type', document_type_id: 2 })).json.results).toEqual({ success: 2, errors: 0 });
  expect((await api('GET', `/documents/${ids[0]}`)).json.data).toMatchObject({
    document_type_id: 2,
    tags: [{ id: tag.id }],
  });
  expect((await action({ action: 'remove_tag', tag_id: tag.id })).json.results.success).toBe(2);
  for (const [body, field] of [
    [{ action: 'set_correspondent' }, 'correspondent_id'],
    [{ action: 'burn' }, 'action'],
    [{ action: 'delete', document_ids: [] }, 'document_ids'],
  ] as const)
    expect((await action(body)).json.errors).toHaveProperty(field);
  expect((await action({ action: 'delete', document_ids: [...ids, 999_999] })).json.results).toEqual({
    success: 2,
    errors: 1,
  });
  expect((await api('GET', `/documents/${ids[0]}`)).status).toBe(404);
});

test('searches: quick, of correspondents, saved', async () => {
  await signIn(clerk);
  const { id } = (await upload(['loyer.txt', 'Quittance de loyer'])).json.results[0];
  expect((await api('GET', '/search/quick?q=l')).json).toEqual({ results: [] });
  expect((await api('GET', '/search/quick?q=loyer')).json.results).toEqual([
    { id, title: 'loyer', original_filename: 'loyer.txt', correspondent_name: null, document_date: null, amount: null },
  ]);
  const [whole, documents] = [await api('GET', '/search?q=loyer'), await api('GET', '/documents/search?q=loyer')];
  expect(documents.json.data.documents).toEqual(whole.json.data.documents);
  expect((await api('GET', '/correspondents/search?q=or')).json).toEqual({
    success: true,
    results: [{ id: expect.any(Number), name: 'Orange' }],
  });
  expect((await api('GET', '/correspondents/search?q=')).json.results).toHaveLength(2);

  const filters = { logical_folder: null, folder: null, type: '1', correspondent: null, tag: '' };
  const saved = await api('POST', '/saved-searches', { name: 'Factures EDF', query: 'edf', filters });
  expect([saved.status, saved.json.success]).toEqual([201, true]);
  expect((await api('POST', '/saved-searches', { name: 'Sans filtre', query: '' })).status).toBe(201);
  const { searches } = (await api('GET', '/saved-searches')).json;
  expect(searches).toContainEqual({ id: saved.json.id, name: 'Factures EDF', query: 'edf', filters: { type: 1 } });
  expect((await api('DELETE', `/saved-searches/${saved.json.id}`)).json.success).toBe(true);
  expect((await api('GET', '/saved-searches')).json.searches).toHaveLength(1);
});

test('what waits for a person is counted; a notification is deleted; a picture is read again', async () => {
  await signIn(boss);
  const before = (await api('GET', '/tasks/counts')).json;
  expect(before).toEqual({
    success: true,
    counts: { total: 0, validation: 0, urgent: 0, consume: 0, workflow: 0, notes: 0 },
  });
  const desk = approvalDesk(server);
  const id = await desk.file(clerk, { typeId: '1', amount: 10 });
  expect((await api('GET', '/tasks/counts')).json.counts).toMatchObject({ total: 1, validation: 1, urgent: 0 });
  await server.sql(`update approvals set deadline = now() - interval '2 days' where id = ?`, [id]);
  expect((await api('GET', '/tasks/counts')).json.counts).toMatchObject({ validation: 1, urgent: 1 });

  await expect.poll(async () => (await api('GET', '/notifications')).json.data.length).toBeGreaterThan(0);
  const [{ id: notification }] = (await api('GET', '/notifications')).json.data;
  expect((await api('DELETE', `/notifications/${notification}`)).json).toEqual({
    success: true,
    message: 'Notification supprimée',
  });
  expect((await api('DELETE', `/notifications/${notification}`)).status).toBe(404);

  const picture = (await upload(['photo.png', makePng({ widthPx: 9, grey: 90 })])).json.results[0].id;
  const thumbnail = await page('GET', `/kdocs/api/documents/${picture}/thumbnail`);
  expect([thumbnail.status, thumbnail.headers.get('content-type')]).toEqual([200, 'image/png']);
  // `fetch` with the header and no body; the tests' server has no program that recognises text.
  const again = await page('POST', `/kdocs/api/documents/${picture}/ocr`, {
    headers: { 'content-type': 'application/json' },
  });
  expect([again.status, again.json.message]).toEqual([
    409,
    "La reconnaissance de texte n'est pas installée sur le serveur",
  ]);
});

test('lists that fill menus are whole unless a page is asked for', async () => {
  await signIn(boss);
  await server.sql(`insert into tags (name) select 'Étiquette ' || n from generate_series(1, 150) n`);
  await server.sql(`insert into correspondents (name) select 'Fournisseur ' || n from generate_series(1, 150) n`);
  await server.sql(
    `insert into document_types (code, label) select 'T' || n, 'Type ' || n from generate_series(1, 150) n`,
  );
  const { id } = (await upload(['menus.txt', 'Des menus'])).json.results[0];
  const { _meta: meta } = (await api('GET', `/documents/${id}`)).json.data;
  for (const [path, menu] of [
    ['/tags', meta.all_tags],
    ['/correspondents', meta.correspondents],
    ['/document-types', meta.document_types],
  ] as const) {
    const whole = (await api('GET', path)).json;
    expect(whole.data.length).toBeGreaterThan(150);
    expect(whole.pagination).toEqual({ page: 1, per_page: 10_000, total: whole.data.length, total_pages: 1 });
    expect(menu.map((row: { id: number }) => row.id).toSorted()).toEqual(
      whole.data.map((row: { id: number }) => row.id).toSorted(),
    );
    expect((await api('GET', `${path}?page=&per_page=`)).json).toEqual(whole);
    const second = (await api('GET', `${path}?page=2`)).json;
    expect([second.data.length, second.pagination.per_page]).toEqual([whole.data.length - 100, 100]);
    expect((await api('GET', `${path}?per_page=20`)).json.data).toHaveLength(20);
    expect((await api('GET', `${path}?per_page=101`)).status).toBe(400);
  }
  // What is written once and shown to many is as it is now, whatever its signs.
  const name = 'Neuf "à" \\ payer';
  const { id: added } = (await api('POST', '/tags', { name })).json.data;
  const { _meta: now } = (await api('GET', `/documents/${id}`)).json.data;
  expect(now.all_tags.filter((tag: { id: number }) => tag.id === added)).toEqual([
    { id: added, name, color: expect.any(String) },
  ]);
  const { errors } = await server.graphql('{ tags(first: 10001) { totalCount nodes { id } } }', {}, server.admin.token);
  expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
  expect(
    (await server.graphql('{ documents(first: 101) { totalCount } }', {}, server.admin.token)).errors,
  ).toBeTruthy();
});
