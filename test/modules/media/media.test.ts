import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onlyOwnRights } from '../../../src/kernel/viewer.js';
import { makeClient, makeIntervention } from '../../support/fieldwork.js';
import { makePdf } from '../../support/files.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';
import { exifTag as tag, makePhoto } from '../../support/media-files.js';
import { emptyTrash } from '../../support/tasks.js';

let server: TestServer;
let technician: Person;
/** What the server's clock is ahead by. */
let aheadMs = 0;

beforeAll(async () => {
  server = await startTestServer({ now: () => new Date(Date.now() + aheadMs) });
  technician = await server.person({ roles: ['technicien'] });
});
afterAll(() => server?.stop());

const dayMs = 86_400_000;

const anIntervention = async (): Promise<string> =>
  makeIntervention(server, server.admin, { clientId: await makeClient(server) });

interface Sent {
  content: Uint8Array;
  input: object;
  filename?: string;
  selection?: string;
  by?: Person;
}

async function upload({ content, input, filename = 'a.jpg', selection = 'id', by = technician }: Sent): Promise<any> {
  const query = `mutation ($input: UploadMediumInput!) { uploadMedium(input: $input) { medium { ${selection} } } }`;
  const body = new FormData();
  body.set('operations', JSON.stringify({ query, variables: { input: { ...input, file: null } } }));
  body.set('map', '{"0": ["variables.input.file"]}');
  body.set('0', new Blob([content as Uint8Array<ArrayBuffer>]), filename);
  return (await server.request('POST', '/graphql', { token: by.token, body })).json;
}
async function kept({ selection = 'id', ...sent }: Sent): Promise<any> {
  const { medium } = (await upload(sent)).data.uploadMedium;
  // A busy machine may leave it to the queue.
  await server.services.jobs.run('media.process', { mediumId: medium.id });
  return (await ask(`query ($id: ID!) { medium(id: $id) { ${selection} } }`, medium)).medium;
}
const ask = async (query: string, variables: object = {}, by: Person = technician): Promise<any> => {
  const { data, errors } = await server.graphql(query, variables, by.token);
  return errors?.[0] ?? data;
};
const eventsOf = async (id: string): Promise<[string, any][]> =>
  (
    await server.sql("select type, data from events where subject_type = 'Medium' and subject_id = ? order by id", [id])
  ).map(({ type, data }) => [type, data]);
const keysOf = async (id: string): Promise<string[]> => {
  const [row] = await server.sql('select content_key, thumbnail_key from media where id = ?', [id]);
  return [row.content_key, row.thumbnail_key];
};

test('a file is sent, read with its intervention, changed and deleted', async () => {
  const interventionId = await anIntervention();
  const content = await makePhoto({ exif: { ifd0: { [tag.make]: 'Canon', [tag.model]: 'Canon EOS R5' } } });
  const medium = await kept({
    content,
    input: { interventionId, tags: ['fuite', ' fuite ', ''], latitude: 48.856614, longitude: 2.3522219 },
    selection: `id kind status mimeType tags width height device latitude longitude exif version
      intervention { id } uploadedBy { username } fileUrl thumbnailUrl`,
  });
  expect(medium).toEqual({
    id: expect.any(String),
    kind: 'PHOTO',
    status: 'READY',
    mimeType: 'image/jpeg',
    tags: ['fuite'],
    width: 64,
    height: 32,
    device: 'Canon EOS R5',
    latitude: 48.856614,
    longitude: 2.352222,
    exif: { Make: 'Canon', Model: 'Canon EOS R5' },
    version: 1,
    intervention: { id: interventionId },
    uploadedBy: { username: technician.username },
    fileUrl: expect.stringMatching(/\/api\/medias\/[0-9a-f-]{36}\/download\?expires=\d+&signature=/),
    thumbnailUrl: expect.stringMatching(/\/thumbnail\?expires=/),
  });
  const { id } = medium;
  const withMedia = `query ($id: ID!) { intervention(id: $id) { media(filter: { kind: PHOTO }) { totalCount nodes { id } } } }`;
  expect(await ask(withMedia, { id: interventionId })).toEqual({
    intervention: { media: { totalCount: 1, nodes: [{ id }] } },
  });

  const update = `mutation ($input: UpdateMediumInput!) { updateMedium(input: $input) { medium { version tags latitude takenAt } } }`;
  expect(
    await ask(update, {
      input: { id, version: 1, tags: null, latitude: null, longitude: null, takenAt: '2026-07-14T08:00:00Z' },
    }),
  ).toEqual({
    updateMedium: { medium: { version: 2, tags: [], latitude: null, takenAt: '2026-07-14T08:00:00Z' } },
  });
  expect((await ask(update, { input: { id, version: 1, description: 'x' } })).extensions).toMatchObject({
    code: 'CONFLICT',
    reason: 'stale_version',
    details: { version: 2, changed: ['latitude', 'longitude', 'tags', 'takenAt'] },
  });
  expect((await ask(update, { input: { id, latitude: 12 } })).extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    fields: [{ path: ['input', 'longitude'], code: 'required' }],
  });
  expect(await ask('mutation ($id: ID!) { deleteMedium(input: { id: $id }) { deletedId } }', { id })).toEqual({
    deleteMedium: { deletedId: id },
  });
  expect(await ask('query ($id: ID!) { medium(id: $id) { id } }', { id })).toEqual({ medium: null });
  const isOfPeople = ([, { version, fields }]: [string, any]): boolean => version > 1 || fields.length === 0;
  expect((await eventsOf(id)).filter(isOfPeople)).toEqual([
    ['media.uploaded', { interventionId, version: 1, fields: [] }],
    ['media.updated', { interventionId, version: 2, fields: ['tags', 'takenAt', 'latitude', 'longitude'] }],
    ['media.deleted', { interventionId, version: 3, fields: [] }],
  ]);
});

test('what is wrong is told at once, and nothing is kept of it', async () => {
  const content = await makePhoto();
  const interventionId = await anIntervention();
  const { errors } = await upload({
    content,
    input: {
      interventionId,
      latitude: 91,
      longitude: 1,
      gpsAccuracy: -1,
      takenAt: '1800-01-01T00:00:00Z',
      description: 'x'.repeat(10_001),
      tags: ['x'.repeat(101)],
    },
  });
  expect(errors[0].extensions.fields.map(({ path, code }: any) => [path.slice(1).join('.'), code]).toSorted()).toEqual([
    ['description', 'too_long'],
    ['gpsAccuracy', 'too_small'],
    ['latitude', 'too_large'],
    ['tags.0', 'too_long'],
    ['takenAt', 'too_small'],
  ]);
  const refused = async (input: object, sent: Uint8Array = content): Promise<any> =>
    (await upload({ content: sent, input })).errors[0].extensions;
  expect(await refused({ interventionId: randomUUID() })).toMatchObject({ code: 'NOT_FOUND', subject: 'Intervention' });
  expect(await refused({ interventionId }, Buffer.from('<html>'))).toMatchObject({
    code: 'UNSUPPORTED_MEDIA_TYPE',
    reason: 'media.unsupported_type',
  });
  expect(await refused({ interventionId, id: 'x' })).toMatchObject({ code: 'BAD_USER_INPUT' });
  await server.sql('update interventions set deleted_at = now() where id = ?', [interventionId]);
  expect(await refused({ interventionId })).toMatchObject({ code: 'NOT_FOUND' });
  expect(await server.sql('select 1 from media where intervention_id = ?', [interventionId])).toEqual([]);
});

test('two uploads under one id at once are one file', async () => {
  const [id, interventionId, content] = [randomUUID(), await anIntervention(), await makePhoto()];
  const input = { id, interventionId };
  const answers = await Promise.all(Array.from({ length: 4 }, () => upload({ content, input })));
  expect(answers.map(({ data }) => data?.uploadMedium?.medium.id)).toEqual([id, id, id, id]);
  expect((await eventsOf(id)).map(([type]) => type)).toEqual(['media.uploaded']);
  const [key = '', thumbnailKey = ''] = await keysOf(id);
  expect((await buffer(server.services.store.read(key))).equals(content)).toBe(true);
  expect(await server.services.store.exists(thumbnailKey)).toBe(true);
});

describe('a file that waits to be looked at', () => {
  /** As an upload leaves it when the process that looks is busy. */
  const waiting = async (content: Uint8Array, device: string): Promise<string> => {
    const { id } = await kept({ content, input: { interventionId: await anIntervention() } });
    await server.sql(
      `update media set status = 'processing', thumbnail_key = null, width = null, height = null, exif = null,
              taken_at = null, latitude = null, longitude = null, device = ? where id = ?`,
      [device, id],
    );
    return id;
  };
  const selection = 'status kind width takenAt latitude device description version thumbnailUrl';
  const read = async (id: string): Promise<any> =>
    (await ask(`query ($id: ID!) { medium(id: $id) { ${selection} } }`, { id })).medium;

  test('is filled by what nobody stated, without a new version', async () => {
    const content = await makePhoto({
      exif: {
        ifd0: { [tag.make]: 'Apple', [tag.model]: 'iPhone 15' },
        exif: { [tag.dateTimeOriginal]: '2026:07:14 10:00:00', [tag.offsetTimeOriginal]: '+02:00' },
      },
    });
    const id = await waiting(content, 'Mozilla/5.0');
    await server.services.jobs.run('media.process', { mediumId: id });
    const looked = {
      status: 'READY',
      kind: 'PHOTO',
      width: 64,
      takenAt: '2026-07-14T08:00:00Z',
      device: 'Mozilla/5.0',
      version: 1,
      thumbnailUrl: expect.any(String),
    };
    expect(await read(id)).toMatchObject(looked);
    // Once more changes nothing.
    const before = await eventsOf(id);
    await server.services.jobs.run('media.process', { mediumId: id });
    expect(await eventsOf(id)).toEqual(before);
    expect(before.at(-1)).toEqual(['media.updated', expect.objectContaining({ version: 1 })]);
  });

  test('by hand: the status PROCESSING has it looked at again', async () => {
    const { id } = await kept({ content: await makePhoto(), input: { interventionId: await anIntervention() } });
    await server.sql("update media set status = 'error', width = null where id = ?", [id]);
    const bulk =
      'mutation ($input: BulkEditMediaInput!) { bulkEditMedia(input: $input) { changedCount notFoundIds media { status } } }';
    const nobodys = randomUUID();
    expect(await ask(bulk, { input: { ids: [id, id.toUpperCase(), nobodys], status: 'PROCESSING' } })).toEqual({
      bulkEditMedia: { changedCount: 1, notFoundIds: [nobodys], media: [{ status: 'PROCESSING' }] },
    });
    await expect.poll(() => read(id), { timeout: 20_000 }).toMatchObject({ status: 'READY', width: 64 });
  });
});

test('the trash is emptied after 30 days, with the bytes', async () => {
  const interventionId = await anIntervention();
  const { id } = await kept({ content: await makePhoto(), input: { interventionId } });
  const { id: stays } = await kept({ content: await makePdf(['x']), input: { interventionId } });
  const keys = await keysOf(id);
  await ask('mutation ($id: ID!) { deleteMedium(input: { id: $id }) { deletedId } }', { id });
  const isThere = (): Promise<boolean[]> => Promise.all(keys.map((key) => server.services.store.exists(key)));
  aheadMs = 29 * dayMs;
  await emptyTrash(server, 'media');
  expect(await isThere()).toEqual([true, true]);
  aheadMs = 31 * dayMs;
  await emptyTrash(server, 'media');
  aheadMs = 0;
  expect(await isThere()).toEqual([false, false]);
  expect(await server.sql('select id from media where intervention_id = ?', [interventionId])).toEqual([{ id: stays }]);
});

test('figures are of what is there; who may read no files has none', async () => {
  const figures =
    '{ mediaStatistics { totalCount totalBytes kinds { kind count totalBytes } interventions { count } } }';
  const { mediaStatistics: before } = await ask(figures);
  const content = await makePdf(['x']);
  await kept({ content, input: { interventionId: await anIntervention() } });
  const { mediaStatistics: after } = await ask(figures);
  expect(after.totalCount).toBe(before.totalCount + 1);
  expect(after.totalBytes).toBe(before.totalBytes + content.length);
  expect(after.kinds.find(({ kind }: any) => kind === 'DOCUMENT').count).toBeGreaterThan(0);
  const nobody = await server.person();
  for (const query of [figures, '{ media { totalCount } }', `{ mediumFile(id: "${randomUUID()}") { key } }`])
    expect((await ask(query, {}, nobody)).extensions.code, query).toBe('FORBIDDEN');
});

test('a webhook gets the file as its GET answers it, as whom it belongs to', async () => {
  const { id } = await kept({ content: await makePhoto(), input: { interventionId: await anIntervention() } });
  const [event] = await server.sql(
    `select position::text, type, subject_type as "subjectType", subject_id as "subjectId", data,
            to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "occurredAt"
       from events where type = 'media.uploaded' and subject_id = ?`,
    [id],
  );
  const seenBy = (person: Person, permissions: string[]): Promise<any> =>
    server.services.eventPayloads.document(event, { ...onlyOwnRights(person.id), permissions: new Set(permissions) });
  const { message } = await seenBy(technician, ['media:read']);
  const { json } = await server.request('GET', `/api/medias/${id}`, { token: technician.token });
  expect(message).toMatchObject({ type: 'media_uploaded', resource_id: id, data: { id, type_media: 'photo' } });
  expect(Object.keys(message.data)).toEqual(Object.keys(json));
  expect(await seenBy(technician, [])).toEqual({ missing: 'refused' });
});
