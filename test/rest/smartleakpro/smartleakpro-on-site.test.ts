import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeClient, makeIntervention } from '../../support/fieldwork.js';
import { makePng } from '../../support/files.js';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let technician: Person;
let id: string;
beforeAll(async () => {
  server = await startTestServer();
  technician = await server.person({ roles: ['technicien'] });
  id = await makeIntervention(server, technician, { clientId: await makeClient(server) });
});
afterAll(() => server?.stop());

const nobodysId = '00000000-0000-0000-0000-000000000000';
const api = (method: string, path: string, json?: unknown): Promise<Answer> =>
  server.request(method, `/api/interventions${path}`, { token: technician.token, ...(json !== undefined && { json }) });

test('inspections are a bare array, also of none', async () => {
  expect((await api('GET', `/${id}/inspections`)).json).toEqual([]);
  expect((await api('GET', `/${nobodysId}/inspections`)).json.detail).toBe('Intervention non trouvée');
  const { status, json } = await api('POST', `/${id}/inspections/`, {
    type_inspection: 'acoustique',
    statut: 'terminé',
    resultat: 'Fuite localisée',
    observations: '',
    coordonnees_gps: { latitude: '48.856614', longitude: '2.352222' },
    date_inspection: '2026-12-01T09:30',
  });
  expect(status).toBe(201);
  expect(json).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    intervention_id: id,
    statut: 'termine',
    type_inspection: 'acoustique',
    resultat: 'Fuite localisée',
    observations: null,
    photos: [],
    coordonnees_gps: { latitude: '48.856614', longitude: '2.352222' },
    date_inspection: '2026-12-01T09:30:00Z',
    date_creation: expect.any(String),
  });
  const own = { id: 'd0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', date_inspection: '2026-11-01' };
  for (let i = 0; i < 2; i += 1) expect((await api('POST', `/${id}/inspections`, own)).status).toBe(201);
  expect((await api('GET', `/${id}/inspections`)).json.map((each: any) => each.id)).toEqual([own.id, json.id]);
  const [medium] = await server.sql(
    `insert into media (intervention_id, inspection_id, kind, original_filename, content_key, content_hash, file_size, mime_type)
     values (?, ?, 'photo', 'a.jpg', 'none', 'none', 1, 'image/jpeg') returning id`,
    [id, json.id],
  );
  const photos = (await api('GET', `/${id}/inspections`)).json.map((each: any) => each.photos);
  expect(photos).toEqual([[], [medium.id]]);
  const wrong = await api('POST', `/${id}/inspections`, {
    statut: 'fini',
    coordonnees_gps: { latitude: 91, longitude: 2 },
  });
  expect([wrong.status, Object.keys(wrong.json.field_errors)]).toEqual([422, ['statut', 'coordonnees_gps.latitude']]);
});

const sign = (
  image: Uint8Array | string,
  { nom = 'Mme Dupont', name = 'signature.png', at = id } = {},
): Promise<Answer> => {
  const body = new FormData();
  if (nom) body.set('nom', nom);
  body.set('image', new Blob([typeof image === 'string' ? image : new Uint8Array(image)]), name);
  return server.request('POST', `/api/interventions/${at}/signature`, { token: technician.token, body });
};
const picture = async (path: string): Promise<Response> =>
  fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${technician.token}` } });

test('the client signs on site, and the last signature holds', async () => {
  const path = `/api/interventions/${id}/signature`;
  expect((await api('GET', `/${id}/signature`)).json.detail).toBe('Signature non trouvée');
  const first = makePng({ widthPx: 40, grey: 10 });
  const { status, json } = await sign(first);
  expect(status).toBe(201);
  expect(json).toEqual({
    intervention_id: id,
    nom: 'Mme Dupont',
    date_signature: expect.stringMatching(/Z$/),
    url: path,
  });
  const shown = await picture(json.url);
  expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/png']);
  expect(Buffer.from(await shown.arrayBuffer()).equals(first)).toBe(true);
  expect((await api('GET', `/${id}`)).json.version).toBe(2);

  const before = (await server.sql('select signature_key as key from interventions where id = ?', [id]))[0].key;
  // What it is called does not matter, what it is does.
  const second = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(100)]);
  expect((await sign(second, { nom: 'M. Dupont', name: 'x.png' })).status).toBe(201);
  expect((await picture(path)).headers.get('content-type')).toBe('image/jpeg');
  expect(await server.services.store.exists(before)).toBe(false);
  const { data } = await server.graphql(
    'query ($id: ID!) { intervention(id: $id) { signatoryName signedAt signatureFile { mimeType downloadUrl } } }',
    { id },
    technician.token,
  );
  expect(data.intervention).toMatchObject({
    signatoryName: 'M. Dupont',
    signatureFile: { mimeType: 'image/jpeg', downloadUrl: path },
  });
});

test('what is no picture, too large or without a name is no signature', async () => {
  const statusOf = async (answer: Promise<Answer>): Promise<number> => (await answer).status;
  const [png] = [makePng({ widthPx: 20, grey: 1 })];
  expect(await statusOf(sign('<svg xmlns="http://www.w3.org/2000/svg"/>', { name: 'x.jpg' }))).toBe(415);
  expect(await statusOf(sign('<html></html>', { name: 'x.png' }))).toBe(415);
  const large = Buffer.concat([png, Buffer.alloc(2 * 1024 * 1024)]);
  expect(await statusOf(sign(large))).toBe(413);
  expect(await statusOf(sign(large.subarray(0, 2 * 1024 * 1024)))).toBe(201);
  expect(await statusOf(sign(png, { nom: '' }))).toBe(422);
  expect(await statusOf(sign(png, { at: nobodysId }))).toBe(404);
  const reader = await server.person({ roles: ['lecteur'] });
  const read = await fetch(`${server.url}/api/interventions/${id}/signature`, {
    headers: { authorization: `Bearer ${reader.token}` },
  });
  expect(read.status).toBe(200);
  expect((await fetch(`${server.url}/api/interventions/${id}/signature`)).status).toBe(401);
});
