import { unzipSync } from 'fflate';
import { extractText, getDocumentProxy } from 'unpdf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';
import { addPhoto, makeVisit, type Visit } from '../../support/reports.js';

let server: TestServer;
let technician: Person;
let visit: Visit;

beforeAll(async () => {
  server = await startTestServer();
  technician = await server.person({ roles: ['technicien'] });
  visit = await makeVisit(server, technician);
  await addPhoto(server, visit, { caption: 'Derrière la cloison' });
}, 120_000);
afterAll(() => server?.stop());

const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const nobodysId = '00000000-0000-0000-0000-000000000000';

const api = (method: string, path = '', json?: unknown, token = technician.token): Promise<Answer> =>
  server.request(method, `/api/rapports${path}`, { token, ...(json !== undefined && { json }) });

/** smartleakpro.md, « POST /rapports/generate ». */
const documented = { type_rapport: 'inspection', format: 'pdf', template: 'default' };

async function generate(changes: object = {}): Promise<any> {
  const { status, json } = await api('POST', '/generate', {
    intervention_id: visit.interventionId,
    ...documented,
    ...changes,
  });
  expect(status).toBe(201);
  return json;
}

async function draft(changes: object = {}): Promise<any> {
  const body = { intervention_id: visit.interventionId, type_rapport: 'maintenance', titre: 'Visite annuelle' };
  const { status, json } = await api('POST', '/', { ...body, description: 'Rien à signaler', ...changes });
  expect(status).toBe(201);
  return json;
}

async function download(id: string): Promise<{ response: Response; bytes: Buffer }> {
  const response = await fetch(`${server.app.url}/api/rapports/${id}/download`, {
    headers: { authorization: `Bearer ${technician.token}` },
  });
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
}

const errorOf = ({ status, json }: Answer) => [status, json.detail, json.error_code, Object.keys(json.field_errors)];

test('the example of the document: the report comes back with its file, which is downloaded at once', async () => {
  const made = await generate({ include_medias: true });
  expect(made).toMatchObject({
    id: expect.stringMatching(uuid),
    intervention_id: visit.interventionId,
    type_rapport: 'inspection',
    titre: 'Rapport d’inspection du 14 juillet 2026',
    statut: 'genere',
    taille_fichier: expect.any(Number),
    type_fichier: 'application/pdf',
    chemin_fichier: expect.stringContaining(`/api/rapports/${made.id}/download`),
    date_creation: expect.stringMatching(moment),
    date_generation: expect.stringMatching(moment),
    date_validation: null,
    version: 3,
    intervention: {
      id: visit.interventionId,
      type_intervention: 'detection',
      client: { nom: 'Copropriété Les Tilleuls', email: expect.stringContaining('@example.org') },
    },
    // What React's client reads.
    rapport_id: made.id,
    file_path: made.chemin_fichier,
    file_size: made.taille_fichier,
    file_type: 'application/pdf',
    medias: [expect.objectContaining({ type_media: 'photo', description: 'Derrière la cloison' })],
  });
  expect((await api('GET', `/${made.id}`)).json).toEqual(
    Object.fromEntries(Object.entries(made).filter(([key]) => !/^(rapport_id|file_\w+)$/.test(key))),
  );
  const { response, bytes } = await download(made.id);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/pdf');
  expect(response.headers.get('content-disposition')).toMatch(
    /^attachment; filename="Rapport d_inspection _ Copropriete Les Tilleuls _ \d{4}-\d\d-\d\d\.pdf"; filename\*=UTF-8''Rapport%20d/,
  );
  expect(bytes).toHaveLength(made.taille_fichier);
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(bytes)), { mergePages: true });
  for (const part of ['Copropriété Les Tilleuls', 'Derrière la cloison', 'En cours, par', 'Hélène Dupont'])
    expect(text).toContain(part);
  const part = await fetch(made.chemin_fichier.replace(/^.*\/api/, `${server.app.url}/api`), {
    headers: { authorization: `Bearer ${technician.token}`, range: 'bytes=0-4' },
  });
  expect([part.status, await part.text()]).toEqual([206, '%PDF-']);
}, 60_000);

test('React and the tests ask in their own words', async () => {
  const react = await generate({
    format: undefined,
    format_export: 'docx',
    inclure_medias: false,
    inclure_gps: true,
    options: {},
  });
  expect(react).toMatchObject({
    statut: 'genere',
    type_fichier: expect.stringContaining('wordprocessingml'),
  });
  const { bytes } = await download(react.id);
  const parts = unzipSync(bytes);
  expect(Buffer.from(parts['word/document.xml'] as Uint8Array).toString()).not.toContain('Derrière la cloison');
  const csv = await generate({ format: 'csv', inclure_gps: false });
  const table = (await download(csv.id)).bytes.toString();
  expect(csv.type_fichier).toBe('text/csv');
  expect(table).toContain('Derrière la cloison');
  expect(table).not.toContain('48,85');
}, 60_000);

test('what is wrong is told by the dialect’s names', async () => {
  expect(errorOf(await api('POST', '/generate', {}))).toEqual([
    422,
    'Données invalides',
    'VALIDATION_ERROR',
    ['intervention_id', 'type_rapport'],
  ]);
  const wrong = { ...documented, intervention_id: visit.interventionId };
  expect(errorOf(await api('POST', '/generate', { ...wrong, format: 'odt' }))[3]).toEqual(['format']);
  const { status, json } = await api('POST', '/generate', { ...wrong, template: 'inconnu' });
  expect([status, json.field_errors]).toEqual([422, { template: ["Cet élément n'existe pas ; connus : default"] }]);
  expect(errorOf(await api('POST', '/generate', { ...wrong, intervention_id: nobodysId }))).toEqual([
    404,
    'Intervention non trouvée',
    'NOT_FOUND',
    [],
  ]);
  expect(errorOf(await api('GET', `/${nobodysId}`))).toEqual([404, 'Rapport non trouvé', 'NOT_FOUND', []]);
  expect((await api('GET', '/invalid-id')).status).toBe(404);
});

test('a draft is written, read, changed, has no file, gets one, and is deleted', async () => {
  const made = await draft({ auteur_rapport: '', contenu: { preconisations: 'Purger', suite: 'Rappeler' } });
  expect(made).toMatchObject({
    statut: 'brouillon',
    titre: 'Visite annuelle',
    description: 'Rien à signaler',
    auteur_rapport: expect.stringContaining('Person'),
    chemin_fichier: null,
    taille_fichier: null,
    version: 1,
  });
  // The order of its headings is its writer's.
  expect(Object.keys(made.contenu)).toEqual(['preconisations', 'suite']);
  expect(errorOf(await api('GET', `/${made.id}/download`))).toEqual([
    404,
    'Fichier du rapport non trouvé',
    'NOT_FOUND',
    [],
  ]);
  // Forms send the whole object back.
  const { json: changed } = await api('PUT', `/${made.id}`, { ...made, titre: 'Visite de juillet', description: '' });
  expect(changed).toMatchObject({ titre: 'Visite de juillet', description: null, version: 2 });
  const stale = await api('PUT', `/${made.id}`, { titre: 'Autre', version: 1 });
  expect([stale.status, stale.json.current]).toEqual([409, changed]);
  const { status, json } = await api('POST', `/${made.id}/generate`, { format: 'csv' });
  expect([status, json.id, json.statut]).toEqual([200, made.id, 'genere']);
  expect((await api('DELETE', `/${made.id}`)).status).toBe(204);
  expect((await api('GET', `/${made.id}`)).status).toBe(404);
}, 60_000);

test('a client that was offline names the report itself, and sends it twice', async () => {
  const id = '11111111-2222-3333-4444-555555555555';
  expect(await draft({ id })).toMatchObject({ id, version: 1 });
  expect(await draft({ id, titre: 'Encore' })).toMatchObject({ id, titre: 'Visite annuelle' });
  const other = await api(
    'POST',
    '/',
    { id, intervention_id: visit.interventionId, type_rapport: 'autre' },
    server.admin.token,
  );
  expect(errorOf(other)).toEqual([409, 'Cet identifiant est déjà pris', 'CONFLICT', []]);
});

test('a validated report stays: accents are read, and neither PUT, DELETE nor a new file go through', async () => {
  const { id } = await generate({ format: 'csv' });
  const { json } = await api('PUT', `/${id}`, { statut: 'validé' });
  expect(json).toMatchObject({ statut: 'valide', date_validation: expect.stringMatching(moment) });
  const kept = [400, 'Un rapport validé ou archivé ne peut être ni modifié ni supprimé', 'VALIDATION_ERROR', ['id']];
  expect(errorOf(await api('DELETE', `/${id}`))).toEqual(kept);
  expect(errorOf(await api('PUT', `/${id}`, { titre: 'Autre' }))).toEqual(kept);
  expect(errorOf(await api('POST', `/${id}/generate`))).toEqual(kept);
  expect(errorOf(await api('PUT', `/${id}`, { statut: 'brouillon' }))).toEqual([
    400,
    'Transition invalide de valide vers brouillon',
    'VALIDATION_ERROR',
    ['statut'],
  ]);
  expect((await api('PUT', `/${id}`, { statut: 'archivé' })).json.statut).toBe('archive');
  expect(errorOf(await api('DELETE', `/${id}`))).toEqual(kept);
}, 60_000);

test('the list has the filters that consumers send, and counts its pages', async () => {
  const author = 'Zébulon Tilleul';
  const made = [
    await draft({ auteur_rapport: author, titre: 'Chaudière du 3e' }),
    await draft({ auteur_rapport: author, type_rapport: 'autre' }),
  ];
  const list = async (query: string): Promise<any> => {
    const { status, json } = await api('GET', `/?${query}`);
    expect(status).toBe(200);
    return json;
  };
  const { rapports, ...page } = await list('auteur=z%C3%A9bulon&page=1&size=1');
  expect(rapports.map(({ id }: any) => id)).toEqual([made[1].id]);
  expect(page).toEqual({ total: 2, page: 1, size: 1, pages: 2 });
  const { medias: _medias, ...row } = made[1];
  expect(rapports[0]).toEqual(row);
  const ids = async (query: string): Promise<string[]> =>
    (await list(`auteur=Tilleul&size=100&${query}`)).rapports.map(({ id }: any) => id);
  const [both, first] = [made.map(({ id }) => id).toReversed(), [made[0].id]];
  expect(await ids('search=CHAUDI%C3%88RE&statut=&type_rapport=')).toEqual(first);
  expect(await ids('type_rapport=maintenance')).toEqual(first);
  expect(await ids('statut=brouillon')).toEqual(both);
  expect(await ids('statut=valid%C3%A9')).toEqual([]);
  expect(await ids(`intervention_id=${visit.interventionId}`)).toEqual(both);
  expect(await ids(`intervention_id=${nobodysId}`)).toEqual([]);
  const today = new Date().toISOString().slice(0, 10);
  expect(await ids(`date_debut=${today}T00:00&date_fin=${today}`)).toEqual(both);
  expect(await ids('date_fin=2020-01-01')).toEqual([]);
  expect((await api('GET', '/?size=101')).status).toBe(422);
});

test('figures for the dashboard', async () => {
  const { status, json } = await api('GET', '/stats/summary');
  expect(status).toBe(200);
  expect(json).toEqual({
    total_rapports: expect.any(Number),
    rapports_ce_mois: json.total_rapports,
    rapports_en_attente: expect.any(Number),
    rapports_valides: 0,
    par_type: expect.objectContaining({ inspection: expect.any(Number), maintenance: expect.any(Number) }),
    par_auteur: expect.any(Object),
    taille_totale: expect.any(Number),
  });
  expect(Object.values(json.par_type as Record<string, number>).reduce((sum, count) => sum + count, 0)).toBe(
    json.total_rapports,
  );
});

test('the list is exported as CSV, Excel and PDF, with the columns and filters that are asked', async () => {
  await draft({ titre: '=HYPERLINK("http://evil")', auteur_rapport: 'Export' });
  const file = async (body: object): Promise<{ response: Response; bytes: Buffer }> => {
    const response = await fetch(`${server.app.url}/api/rapports/export`, {
      method: 'POST',
      headers: { authorization: `Bearer ${technician.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { response, bytes: Buffer.from(await response.arrayBuffer()) };
  };
  const filtres = { type_rapport: 'maintenance', statut: 'brouillon', date_debut: '2020-01-01', auteur: 'Export' };
  const csv = await file({ format: 'csv', filtres, colonnes: ['titre', 'statut', 'client'] });
  expect(csv.response.headers.get('content-disposition')).toMatch(
    /attachment; filename="rapports-\d{4}-\d\d-\d\d\.csv"/,
  );
  expect(csv.bytes.toString()).toBe(
    `\ufeffTitre;Statut;Client\r\n"'=HYPERLINK(""http://evil"")";Brouillon;Copropriété Les Tilleuls\r\n`,
  );
  const xlsx = await file({ format: 'xlsx', filtres });
  expect(Object.keys(unzipSync(xlsx.bytes))).toContain('xl/worksheets/sheet1.xml');
  const pdf = await file({ format: 'pdf', filtres: null });
  expect([pdf.response.headers.get('content-type'), pdf.bytes.subarray(0, 5).toString()]).toEqual([
    'application/pdf',
    '%PDF-',
  ]);
  expect(errorOf(await api('POST', '/export', { format: 'odt', colonnes: ['inconnue'] }))[3]).toEqual([
    'format',
    'colonnes.0',
  ]);
});

test('the file of a report stays whatever the owner of its document does', async () => {
  const { id } = await generate({ format: 'csv' });
  const [{ document_id: documentId }] = await server.sql('select document_id from reports where id = ?', [id]);
  const { bytes } = await download(id);
  expect((await api('PUT', `/${id}`, { statut: 'valide' })).status).toBe(200);
  for (const mutation of [
    'trashDocument(input: { id: $id }) { document { id } }',
    'purgeDocument(input: { id: $id }) { deletedId }',
  ]) {
    const variables = { id: String(documentId) };
    const { errors } = await server.graphql(`mutation ($id: ID!) { ${mutation} }`, variables, technician.token);
    expect(errors).toBeUndefined();
    const { response, bytes: now } = await download(id);
    expect([response.status, now]).toEqual([200, bytes]);
  }
  expect((await api('GET', `/${id}`)).json).toMatchObject({ statut: 'valide', taille_fichier: bytes.length });
}, 60_000);
