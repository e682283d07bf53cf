import { createHash, randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeClient, makeIntervention } from '../../support/fieldwork.js';
import { makeDocx, makePdf } from '../../support/files.js';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';
import { exifTag as tag, makeFilm, makePhoto, makeRecording, makeWav } from '../../support/media-files.js';

let server: TestServer;
let technician: Person;
let reader: Person;
let intervention: string;
/** What the server's clock is ahead by. */
let aheadMs = 0;

beforeAll(async () => {
  server = await startTestServer({ now: () => new Date(Date.now() + aheadMs) });
  technician = await server.person({ roles: ['technicien'] });
  reader = await server.person({ roles: ['lecteur'] });
  intervention = await anIntervention();
});
afterAll(() => server?.stop());
beforeEach(() => {
  aheadMs = 0;
});

const nobodysId = '00000000-0000-0000-0000-000000000000';
const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const anIntervention = async (): Promise<string> =>
  makeIntervention(server, server.admin, { clientId: await makeClient(server) });

interface Sent {
  content?: Uint8Array | string;
  name?: string;
  /** The part that the file comes in. */
  part?: string;
  fields?: readonly (readonly [string, string])[];
  by?: Person;
}

function upload({ content, name = 'photo.jpg', part = 'file', fields = [], by = technician }: Sent): Promise<Answer> {
  const body = new FormData();
  const given = new Set(fields.map(([field]) => field));
  if (!given.has('intervention_id')) body.append('intervention_id', intervention);
  for (const [field, value] of fields) body.append(field, value);
  if (content !== undefined)
    body.append(part, new Blob([content as Uint8Array<ArrayBuffer>], { type: 'image/jpeg' }), name);
  return server.request('POST', '/api/medias/upload', { token: by.token, body });
}

/** With the name as it is, and without the time that a form of 50 MiB takes to be written. */
function uploadBytes(content: Uint8Array, name: string): Promise<Answer> {
  const part = (head: string): Buffer => Buffer.from(`--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n`);
  const body = Buffer.concat([
    part('name="intervention_id"'),
    Buffer.from(`${intervention}\r\n`),
    part(`name="file"; filename="${name}"`),
    content,
    Buffer.from('\r\n--b--\r\n'),
  ]);
  const headers = { 'content-type': 'multipart/form-data; boundary=b' };
  return server.request('POST', '/api/medias/upload', { token: technician.token, headers, body });
}

async function kept(sent: Sent): Promise<any> {
  const { status, json, text } = await upload(sent);
  expect(status, text).toBe(201);
  expect(json.status).toBe(json.statut);
  return json.statut === 'processing' ? lookedAt(json) : json;
}

/** A busy machine may leave it to the queue. */
async function lookedAt(media: any): Promise<any> {
  await server.services.jobs.run('media.process', { mediumId: media.id });
  const { json } = await api('GET', `/${media.id}`);
  return { ...media, ...json, status: json.statut };
}

const api = (method: string, path: string, json?: unknown, by: Person = technician): Promise<Answer> =>
  server.request(method, `/api/medias${path}`, { token: by.token, ...(json !== undefined && { json }) });
/** As an `<img>` opens it: nothing but the address. */
const open = (address: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(address.replace(/^https?:\/\/[^/]+/, server.url), { headers });

describe('POST /medias/upload', () => {
  test('the form of the document: file, intervention_id, description, tags as a JSON array', async () => {
    const photo = await makePhoto({
      widthPx: 64,
      heightPx: 32,
      exif: {
        ifd0: { [tag.make]: 'Apple', [tag.model]: 'iPhone 15', [tag.orientation]: 6 },
        exif: { [tag.dateTimeOriginal]: '2026:07:14 10:00:00' },
        gps: {
          [tag.gpsLatitudeRef]: 'N',
          [tag.gpsLatitude]: [
            [48, 1],
            [51, 1],
            [30, 1],
          ],
          [tag.gpsLongitudeRef]: 'W',
          [tag.gpsLongitude]: [
            [2, 1],
            [17, 1],
            [402, 10],
          ],
        },
      },
    });
    const media = await kept({
      content: photo,
      fields: [
        ['description', 'Fuite sous l’évier'],
        ['tags', '["fuite", "cuisine"]'],
      ],
    });
    const sha256 = createHash('sha256').update(photo).digest('hex');
    expect(media).toMatchObject({
      id: expect.stringMatching(uuid),
      media_id: media.id,
      upload_url: media.url_fichier,
      status: 'ready',
      message: 'Média envoyé avec succès',
      intervention_id: intervention,
      inspection_id: null,
      nom_fichier: 'photo.jpg',
      nom_original: 'photo.jpg',
      type_media: 'photo',
      statut: 'ready',
      mime_type: 'image/jpeg',
      taille_fichier: photo.length,
      hash_fichier: sha256,
      description: 'Fuite sous l’évier',
      annotations: null,
      tags: ['fuite', 'cuisine'],
      // On the clock of the firm, in summer.
      date_prise: '2026-07-14T08:00:00Z',
      latitude: 48.858333,
      longitude: -2.2945,
      appareil_info: 'Apple iPhone 15',
      resolution_x: 32,
      resolution_y: 64,
      duree: null,
      utilisateur_upload: expect.stringMatching(uuid),
      version: 1,
      date_creation: expect.stringMatching(moment),
      date_modification: expect.stringMatching(moment),
    });
    for (const key of ['metadata', 'exif_data', 'meta_exif'])
      expect(media[key], key).toMatchObject({ Make: 'Apple', Orientation: 6, DateTimeOriginal: '2026:07:14 10:00:00' });

    const { status, json } = await api('GET', `/${media.id}`);
    // Signed again, perhaps in another five minutes.
    const { url_fichier, url_vignette } = json;
    expect([status, media]).toEqual([
      200,
      expect.objectContaining({ ...json, url_fichier: media.url_fichier, url_vignette: media.url_vignette }),
    ]);
    expect((await open(url_vignette)).status).toBe(200);
    expect(Buffer.from(await (await open(url_fichier)).arrayBuffer()).equals(photo)).toBe(true);
  });

  test('repeated tags, type_media and the empty fields of a browser’s form', async () => {
    expect(
      await kept({
        content: await makePhoto(),
        fields: [
          ['type_media', 'photo'],
          ['tags', 'fuite'],
          ['tags', 'cave'],
          ['inspection_id', ''],
          ['annotations', ''],
          ['latitude', ''],
        ],
      }),
    ).toMatchObject({ type_media: 'photo', tags: ['fuite', 'cave'], latitude: null, annotations: null });
  });

  test('what the React application states of a picture stands before what the camera wrote', async () => {
    const [inspection] = await server.sql(
      'insert into inspections (intervention_id, inspected_at) values (?, now()) returning id',
      [intervention],
    );
    const content = await makePhoto({
      exif: {
        ifd0: { [tag.make]: 'Apple', [tag.model]: 'iPhone 15' },
        exif: { [tag.dateTimeOriginal]: '2026:07:14 10:00:00', [tag.offsetTimeOriginal]: '-04:00' },
        gps: {
          [tag.gpsLatitudeRef]: 'S',
          [tag.gpsLatitude]: [
            [10, 1],
            [0, 1],
            [0, 1],
          ],
          [tag.gpsLongitudeRef]: 'E',
          [tag.gpsLongitude]: [
            [20, 1],
            [0, 1],
            [0, 1],
          ],
          [tag.gpsAltitude]: [[99, 1]],
        },
      },
    });
    const stated = {
      inspection_id: inspection.id,
      annotations: 'joint usé',
      latitude: '48.8566141',
      longitude: '2.3522219',
      precision_gps: '12.345678901',
      altitude: '35.2',
      date_prise: '2026-11-30T03:16:45.123456',
      appareil_info: 'Mozilla/5.0 (iPhone)',
      mode_capture: 'camera',
    };
    expect(await kept({ content, fields: Object.entries(stated) })).toMatchObject({
      ...stated,
      latitude: 48.856614,
      longitude: 2.352222,
      precision_gps: 12.35,
      altitude: 35.2,
      date_prise: '2026-11-30T03:16:45Z',
    });
    // One of them does not make the others up.
    const { altitude, ...place } = await kept({
      content,
      fields: [
        ['latitude', '1'],
        ['longitude', '2'],
      ],
    });
    expect([place.latitude, place.longitude, altitude]).toEqual([1, 2, null]);
    expect(await kept({ content })).toMatchObject({ latitude: -10, longitude: 20, altitude: 99 });
    expect((await kept({ content })).date_prise).toBe('2026-07-14T14:00:00Z');
  });

  test('the type is told by the content, whatever the name says', async () => {
    const types: [string, Uint8Array, string, string][] = [
      [
        'x.jpg',
        await sharp(await makePhoto())
          .png()
          .toBuffer(),
        'image/png',
        'photo',
      ],
      [
        'x.jpg',
        await sharp(await makePhoto())
          .webp()
          .toBuffer(),
        'image/webp',
        'photo',
      ],
      [
        'x.jpg',
        await sharp(await makePhoto())
          .gif()
          .toBuffer(),
        'image/gif',
        'photo',
      ],
      ['film.mp4', await makeFilm(), 'video/mp4', 'video'],
      ['film.webm', await makeFilm({ format: 'webm' }), 'video/webm', 'video'],
      ['note.webm', await makeRecording('webm'), 'audio/webm', 'audio'],
      ['note.wav', makeWav(2), 'audio/wav', 'audio'],
      ['devis.pdf', await makePdf(['Devis']), 'application/pdf', 'document'],
      [
        'devis.docx',
        makeDocx(['Devis']),
        'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
        'document',
      ],
    ];
    for (const [name, content, mime_type, type_media] of types)
      expect(await kept({ content, name }), name).toMatchObject({ mime_type, type_media, statut: 'ready' });
    expect(await kept({ content: makeWav(2), name: 'note.wav' })).toMatchObject({ duree: 2, url_vignette: null });
    expect(await kept({ content: await makeFilm() })).toMatchObject({ duree: 2, resolution_x: 320, resolution_y: 240 });
  });

  test.each([
    ['x.jpg', '<!doctype html><script>alert(1)</script>'],
    ['x.jpg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['x.php', '<?php echo 1;'],
    ['x.jsp', '<%= 1 %>'],
    ['x.exe', 'MZ\0\0\u0001'],
    ['photo.jpg', 'fake image content'],
    ['photo.jpg', 'x'.repeat(1024 * 1024)],
  ])('refused by its content: %s', async (name, content) => {
    const { status, json } = await upload({ content, name });
    expect([status, json.error_code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });

  test('what is wrong with the fields is told at once; what there is not is 404', async () => {
    const content = await makePhoto();
    const wrong = await upload({
      content,
      fields: [
        ['intervention_id', 'invalid-id'],
        ['type_media', 'film'],
        ['latitude', '91'],
        ['date_prise', 'hier'],
        ['tags', '["a"'],
      ],
    });
    expect(wrong.status).toBe(422);
    expect(Object.keys(wrong.json.field_errors).toSorted()).toEqual([
      'date_prise',
      'intervention_id',
      'latitude',
      'type_media',
    ]);
    expect((await upload({ content, fields: [['tags', '[1]']] })).json.field_errors).toHaveProperty('tags');
    expect((await upload({ content, fields: [['latitude', '48']] })).json.field_errors).toHaveProperty('longitude');
    expect((await upload({ content: '' })).json.field_errors).toHaveProperty('file');
    expect((await upload({})).json.field_errors).toHaveProperty('file');
    const unknown = await upload({ content, fields: [['intervention_id', nobodysId]] });
    expect([unknown.status, unknown.json.detail]).toEqual([404, 'Intervention non trouvée']);
    const [elsewhere] = await server.sql(
      'insert into inspections (intervention_id, inspected_at) values (?, now()) returning id',
      [await anIntervention()],
    );
    const inspection = await upload({ content, fields: [['inspection_id', elsewhere.id]] });
    expect([inspection.status, Object.keys(inspection.json.field_errors)]).toEqual([422, ['inspection_id']]);
  });

  test('a photo that only begins as one is kept, and says so', async () => {
    const { json: media } = await upload({ content: Buffer.from('ffd8ffe000104a464946', 'hex') });
    expect(media.statut).toBe('processing');
    expect(await lookedAt(media)).toMatchObject({ statut: 'error', url_vignette: null });
  });

  test('an id made offline creates once, for the person who made it', async () => {
    const [id, content] = [randomUUID(), await makePhoto()];
    const fields = [['id', id]] as const;
    const [first, again] = [await kept({ content, fields }), await kept({ content, fields })];
    expect([first.id, again.id, again.version]).toEqual([id, id, 1]);
    // Other bytes under the same id change nothing, and leave nothing behind.
    const other = await kept({ content: await makePhoto({ widthPx: 10 }), fields });
    expect(other.hash_fichier).toBe(first.hash_fichier);
    expect(Buffer.from(await (await open(other.url_fichier)).arrayBuffer()).equals(content)).toBe(true);
    const taken = await upload({ content, fields, by: server.admin });
    expect([taken.status, taken.json.detail]).toEqual([409, 'Cet identifiant est déjà pris']);
    expect((await server.sql('select count(*)::int as n from media where id = ?', [id]))[0].n).toBe(1);
    await api('DELETE', `/${id}`);
    expect((await upload({ content, fields })).status).toBe(409);
  });

  test('names keep their letters, and no line of them reaches a header', async () => {
    const content = await makePdf(['Relevé']);
    const { id, nom_fichier } = await kept({ content, name: 'Relevé d’août.pdf' });
    const plain = await kept({ content, name: "Relevé d'août.pdf" });
    expect([nom_fichier, plain.nom_fichier]).toEqual(['Relevé d’août.pdf', "Relevé d'août.pdf"]);
    const download = await server.request('GET', `/api/medias/${plain.id}/download`, { token: technician.token });
    expect(download.headers.get('content-disposition')).toBe(
      `attachment; filename="Releve d'aout.pdf"; filename*=UTF-8''Relev%C3%A9%20d%27ao%C3%BBt.pdf`,
    );
    expect((await server.request('GET', `/api/medias/${id}/download`, { token: technician.token })).status).toBe(200);

    const evil = 'a\r\nX-Evil: 1\r\n.pdf';
    for (const name of [evil, encodeURIComponent(evil), '../../etc/passwd', 'x"; filename="y.exe', '\u202egpj.pdf']) {
      const answer = await uploadBytes(content, name);
      expect(answer.status, answer.text).toBeOneOf([201, 400, 422]);
      if (answer.status !== 201) continue;
      expect(answer.json.nom_fichier).not.toMatch(/[\r\n/\\\u202e]/);
      const { headers } = await server.request('GET', `/api/medias/${answer.json.id}/download`, {
        token: technician.token,
      });
      expect(headers.get('x-evil')).toBeNull();
      expect(headers.get('content-disposition')).not.toMatch(/[\r\n]/);
    }
  });

  test('a file of exactly 52,428,800 bytes is taken, one byte more is 413 before its type is looked at', async () => {
    const film = await makeFilm();
    const whole = Buffer.alloc(52_428_800);
    film.copy(whole);
    // What follows is a box that players skip.
    whole.writeUInt32BE(whole.length - film.length, film.length);
    whole.write('free', film.length + 4, 'latin1');
    const taken = await uploadBytes(whole, 'film.mp4');
    expect([taken.status, taken.json]).toEqual([
      201,
      expect.objectContaining({ taille_fichier: 52_428_800, duree: 2 }),
    ]);
    const { status, json } = await uploadBytes(Buffer.alloc(52_428_801, 'x'), 'film.mp4');
    expect([status, json.error_code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });

  test('who only reads sends nothing', async () => {
    expect((await upload({ content: await makePhoto(), by: reader })).status).toBe(403);
    expect((await upload({ content: await makePhoto(), by: await server.person() })).status).toBe(403);
  });
});

describe('files', () => {
  test('the thumbnail opens by header, cookie or signature, upright and without a place', async () => {
    const { id, url_vignette } = await kept({
      content: await makePhoto({ widthPx: 960, heightPx: 480, exif: { ifd0: { [tag.orientation]: 8 } } }),
    });
    const signed = await open(url_vignette);
    expect([signed.status, signed.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(signed.headers.get('content-disposition')).toMatch(/^inline/);
    expect(signed.headers.get('x-content-type-options')).toBe('nosniff');
    // The React application is on another origin.
    expect(signed.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    const { width, height, exif } = await sharp(await signed.arrayBuffer()).metadata();
    expect([width, height, exif]).toEqual([240, 480, undefined]);

    expect((await api('GET', `/${id}/thumbnail`)).status).toBe(200);
    const form = { username: reader.username, password: reader.password };
    const login = await server.request('POST', '/kdocs/login', { form });
    const cookie = login.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ');
    expect((await server.request('GET', `/api/medias/${id}/thumbnail`, { headers: { cookie } })).status).toBe(200);
    expect((await server.request('GET', `/api/medias/${id}/thumbnail`)).status).toBe(401);
    expect((await server.request('GET', `/api/medias/${id}/download`)).status).toBe(401);
  });

  test('what is no picture has no thumbnail', async () => {
    const { id, url_vignette } = await kept({ content: await makePdf(['x']), name: 'x.pdf' });
    expect(url_vignette).toBeNull();
    const { status, json } = await api('GET', `/${id}/thumbnail`);
    expect([status, json.detail]).toEqual([404, 'Ce média n’a pas de vignette']);
  });

  test('a signature is good for one file, one of its forms and one hour', async () => {
    const content = await makePhoto();
    const [media, other] = [await kept({ content }), await kept({ content })];
    const address = new URL(media.url_fichier);
    expect(Number(address.searchParams.get('expires')) - Date.now() / 1000).toBeLessThanOrEqual(3600);
    expect(Number(address.searchParams.get('expires')) - Date.now() / 1000).toBeGreaterThan(3000);
    expect((await open(media.url_fichier)).status).toBe(200);
    const changed = [
      media.url_fichier.replace('/download?', '/thumbnail?'),
      media.url_fichier.replace(media.id, other.id),
      media.url_fichier.replace(/expires=(\d+)/, (_match: string, at: string) => `expires=${Number(at) + 1}`),
      media.url_fichier.replace(/signature=(\d+)/, (_match: string, id: string) => `signature=${Number(id) + 1}`),
      media.url_fichier.replace(/signature=.*/, 'signature=x'),
      media.url_fichier.replace(/[?].*/, ''),
    ];
    for (const address of changed) expect((await open(address)).status, address).toBe(401);
    aheadMs = 3_601_000;
    const ended = await open(media.url_fichier);
    expect([ended.status, ((await ended.json()) as any).detail]).toEqual([401, 'Ce lien a expiré : relisez le média']);
    // Who has a credential as well needs no link.
    const again = await open(media.url_fichier, { 'x-api-key': await readersKey() });
    expect(again.status).toBe(200);
  });

  async function readersKey(): Promise<string> {
    const secret = `sk_${'k'.repeat(43)}`;
    await server.sql(
      `insert into api_keys (user_id, name, prefix, key_hash, scopes, limit_per_minute, limit_per_day, limit_per_month)
       values (?, 'k', 'sk_', ?, '{read}', 100, 100, 100)`,
      [reader.id, createHash('sha256').update(secret).digest('hex')],
    );
    return secret;
  }

  test('the right of whom it was made for is asked when it is opened', async () => {
    const { id } = await kept({ content: await makePhoto() });
    const leaver = await server.person({ roles: ['consultant'] });
    const { url_fichier } = (await api('GET', `/${id}`, undefined, leaver)).json;
    expect((await open(url_fichier)).status).toBe(200);
    await server.sql('delete from role_assignments where user_id = ?', [leaver.id]);
    expect((await open(url_fichier)).status).toBe(403);
    await server.sql('update users set is_active = false where id = ?', [leaver.id]);
    expect((await open(url_fichier)).status).toBe(401);
  });

  test('nothing of what is in the trash opens', async () => {
    const { id, url_fichier, url_vignette } = await kept({ content: await makePhoto() });
    expect((await api('DELETE', `/${id}`)).status).toBe(204);
    for (const address of [url_fichier, url_vignette]) expect((await open(address)).status).toBe(404);
    for (const path of ['', '/download', '/thumbnail']) expect((await api('GET', `/${id}${path}`)).status).toBe(404);
    expect((await api('GET', `/${id}`)).json.detail).toBe('Média non trouvé');
    expect((await api('DELETE', `/${id}`)).status).toBe(404);
  });

  test('ranges over 1000 bytes', async () => {
    const pdf = await makePdf([]);
    const content = Buffer.concat([pdf, Buffer.alloc(1000, '%')]).subarray(0, 1000);
    const { id } = await kept({ content, name: 'x.pdf' });
    const range = async (range: string): Promise<[number, string | null, string | null, Buffer]> => {
      const { status, headers } = await server.request('GET', `/api/medias/${id}/download`, {
        token: technician.token,
        headers: { range },
      });
      const response = await open(`${server.url}/api/medias/${id}/download`, {
        authorization: `Bearer ${technician.token}`,
        range,
      });
      const body = Buffer.from(await response.arrayBuffer());
      return [status, headers.get('content-range'), headers.get('content-length'), body];
    };
    const part = (start: number, end: number): Buffer => content.subarray(start, end + 1);
    expect(await range('bytes=-500')).toEqual([206, 'bytes 500-999/1000', '500', part(500, 999)]);
    expect(await range('bytes=0-99999')).toEqual([206, 'bytes 0-999/1000', '1000', part(0, 999)]);
    expect(await range('bytes=-5000')).toEqual([206, 'bytes 0-999/1000', '1000', part(0, 999)]);
    expect(await range('bytes=200-299')).toEqual([206, 'bytes 200-299/1000', '100', part(200, 299)]);
    expect((await range('bytes=1000-')).slice(0, 2)).toEqual([416, 'bytes */1000']);
    expect((await range('bytes=-0')).slice(0, 2)).toEqual([416, 'bytes */1000']);
    for (const ignored of ['bytes=5-1', 'bytes=abc', 'bytes=', 'bytes=--5', 'items=0-5', 'bytes=0-1,4-5'])
      expect(await range(ignored), ignored).toEqual([200, null, '1000', content]);
  });
});

describe('what is known of it', () => {
  test('list: filters, search and pages', async () => {
    intervention = await anIntervention();
    const place = [
      ['latitude', '1'],
      ['longitude', '1'],
    ] as const;
    const photo = await kept({ content: await makePhoto(), name: 'Cuisine.jpg', fields: place });
    const pdf = await kept({
      content: await makePdf(['x']),
      name: 'devis.pdf',
      fields: [
        ['annotations', 'à signer'],
        ['description', 'Chaudière'],
      ],
    });
    const ids = async (query: string): Promise<string[]> => {
      const { status, json } = await api('GET', `?intervention_id=${intervention}&size=12&${query}`);
      expect(status, query).toBe(200);
      expect(Object.keys(json)).toEqual(['medias', 'total', 'page', 'size', 'pages']);
      return json.medias.map(({ id }: { id: string }) => id);
    };
    expect(await ids('')).toEqual([pdf.id, photo.id]);
    expect(await ids('type_media=photo&statut=&search=')).toEqual([photo.id]);
    expect(await ids('search=CUISINE')).toEqual([photo.id]);
    expect(await ids('search=signer')).toEqual([pdf.id]);
    expect(await ids('search=chaud')).toEqual([pdf.id]);
    expect(await ids('statut=ready')).toHaveLength(2);
    expect(await ids('statut=error')).toEqual([]);
    expect(await ids('avec_gps=true')).toEqual([photo.id]);
    expect(await ids('avec_annotations=true')).toEqual([pdf.id]);
    expect(await ids(`inspection_id=${nobodysId}`)).toEqual([]);
    const today = new Date().toISOString().slice(0, 10);
    expect(await ids(`date_debut=${today}&date_fin=${today}`)).toHaveLength(2);
    expect(await ids('date_fin=2020-01-01')).toEqual([]);
    expect((await api('GET', '/?size=101')).status).toBe(422);
    expect((await api('GET', `/?intervention_id=${intervention}&size=1&page=2`)).json).toMatchObject({
      medias: [
        { id: photo.id, url_fichier: expect.stringContaining('signature='), taille_fichier: expect.any(Number) },
      ],
      total: 2,
      page: 2,
      size: 1,
      pages: 2,
    });
  });

  test('PUT: the fields given, also in a whole object; an older version is 409 with what is there', async () => {
    const media = await kept({
      content: await makePhoto({ exif: { exif: { [tag.dateTimeOriginal]: '2026:07:14 10:00:00' } } }),
      fields: [
        ['latitude', '48.856614'],
        ['longitude', '2.3522'],
        ['precision_gps', '5'],
      ],
    });
    expect((await api('PUT', `/${media.id}`, media)).json).toMatchObject({ version: 1, date_prise: media.date_prise });
    const changes = { annotations: 'joint à refaire', description: 'évier', tags: ['joint'], statut: 'ready' };
    const { status, json } = await api('PUT', `/${media.id}`, { ...media, ...changes });
    expect([status, json]).toEqual([200, expect.objectContaining({ ...changes, version: 2, type_media: 'photo' })]);
    expect((await api('PUT', `/${media.id}`, { description: '', annotations: null })).json).toMatchObject({
      description: null,
      annotations: null,
      tags: ['joint'],
      version: 3,
    });
    const stale = await api('PUT', `/${media.id}`, { version: 2, description: 'x' });
    expect([stale.status, stale.json.current]).toEqual([
      409,
      expect.objectContaining({ id: media.id, version: 3, description: null }),
    ]);
    expect((await api('PUT', `/${media.id}`, { version: 3, type_media: 'document' })).json.type_media).toBe('document');
    expect((await api('PUT', `/${media.id}`, { statut: 'fini' })).status).toBe(422);
    expect((await api('PUT', `/${nobodysId}`, {})).status).toBe(404);
    expect((await api('PUT', `/${media.id}`, {}, reader)).status).toBe(403);
    expect((await api('DELETE', `/${media.id}`, undefined, reader)).status).toBe(403);
  });

  test('figures', async () => {
    const { status, json } = await api('GET', '/stats/summary');
    const [{ n, bytes }] = await server.sql(
      'select count(*)::int as n, sum(file_size)::float8 as bytes from media where deleted_at is null',
    );
    expect([status, json]).toEqual([
      200,
      {
        total_medias: n,
        medias_ce_mois: n,
        medias_en_attente: expect.any(Number),
        medias_ready: expect.any(Number),
        par_type: expect.objectContaining({ photo: expect.any(Number), video: expect.any(Number) }),
        par_intervention: expect.objectContaining({ [intervention]: expect.any(Number) }),
        taille_totale: bytes,
        medias_avec_gps: expect.any(Number),
        medias_avec_annotations: expect.any(Number),
      },
    ]);
  });

  test('batch operations', async () => {
    const content = await makePhoto();
    const [one, other] = [await kept({ content }), await kept({ content })];
    const media_ids = [one.id, other.id, nobodysId];
    const marked = await api('POST', '/batch-operation', {
      media_ids,
      operation: 'update_status',
      parameters: { status: 'error' },
    });
    expect([marked.status, marked.json]).toEqual([200, { message: '2 média(s) modifié(s)', count: 2 }]);
    expect((await api('GET', `/${one.id}`)).json.statut).toBe('error');
    const deleted = await api('POST', '/batch-operation', { media_ids, operation: 'delete', parameters: {} });
    expect(deleted.json).toEqual({ message: '2 média(s) supprimé(s)', count: 2 });
    expect((await api('GET', `/${other.id}`)).status).toBe(404);
    for (const wrong of [
      { media_ids: [], operation: 'delete' },
      { media_ids, operation: 'copy' },
      { media_ids, operation: 'update_status' },
      { media_ids, operation: 'update_status', parameters: { status: 'fini' } },
    ])
      expect((await api('POST', '/batch-operation', wrong)).status).toBe(422);
    expect((await api('POST', '/batch-operation', { media_ids, operation: 'delete' }, reader)).status).toBe(403);
  });

  test('ids that nobody has', async () => {
    for (const id of [nobodysId, 'invalid-id']) expect((await api('GET', `/${id}`)).status).toBe(404);
    expect((await server.request('GET', '/api/medias/')).status).toBe(401);
  });
});
