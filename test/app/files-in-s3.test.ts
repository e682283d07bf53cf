import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { makeClient, makeIntervention } from '../support/fieldwork.js';
import { makePdf } from '../support/files.js';
import { startTestServer, type TestServer } from '../support/harness.js';
import { makePhoto } from '../support/media-files.js';
import { startProcess } from '../support/process.js';
import { breakAfter, refuse, type S3Server, startS3Server } from '../support/s3-server.js';
import { emptyTrash } from '../support/tasks.js';

let s3: S3Server;
let server: TestServer;
beforeAll(async () => {
  s3 = await startS3Server();
  server = await startTestServer({ env: { ...s3.env(), S3_PREFIX: 'firm' } });
});
afterEach(() => {
  s3.fault = undefined;
});
afterAll(async () => {
  await server?.stop();
  await s3?.stop();
});

const auth = (token = server.admin.token): Record<string, string> => ({ authorization: `Bearer ${token}` });

async function upload(name: string, content: Buffer, to = server.url, token?: string): Promise<Response> {
  const body = new FormData();
  body.append('files', new Blob([new Uint8Array(content)]), name);
  return fetch(`${to}/kdocs/api/documents/upload`, { method: 'POST', headers: auth(token), body });
}

async function uploaded(name: string, content: Buffer, token?: string): Promise<number> {
  const response = await upload(name, content, server.url, token);
  expect(response.status).toBe(201);
  return ((await response.json()) as any).results[0].id;
}

const download = (id: number, headers: Record<string, string> = {}, from = server.url): Promise<Response> =>
  fetch(`${from}/kdocs/api/documents/${id}/download`, { headers: { ...auth(), ...headers } });
const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());
const spooled = (): Promise<string[]> => readdir(join(server.services.config.dataDir, 'spool'));

test('documents, previews, invoices and archives are made of files in S3, and the disk keeps none', async () => {
  const person = await server.person();
  const content = await makePdf(['Facture EDF', 'Électricité du mois de mars']);
  const id = await uploaded('Relevé.pdf', content, person.token);
  expect((await server.sql('select content from documents where id = ?', [id]))[0].content).toContain('Électricité');

  const whole = await download(id);
  expect((await bytesOf(whole)).equals(content)).toBe(true);
  const part = await download(id, { range: 'bytes=5-104' });
  expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 5-104/${content.length}`]);
  expect((await bytesOf(part)).equals(content.subarray(5, 105))).toBe(true);
  expect((await download(id, { range: `bytes=${content.length}-` })).status).toBe(416);

  const previews = await Promise.all(
    [1, 2].map(() => fetch(`${server.url}/kdocs/api/documents/${id}/preview`, { headers: auth() })),
  );
  const [first, second] = await Promise.all(previews.map(bytesOf));
  expect(first!.subarray(1, 4).toString()).toBe('PNG');
  expect(second!.equals(first!)).toBe(true);

  const invoice = await server.request('POST', '/v1/invoices', {
    token: server.admin.token,
    json: { customerId: person.id, items: [{ description: 'Conseil', quantity: 1, price: 10 }] },
  });
  const { invoiceId } = invoice.json;
  const pdf = async (): Promise<Buffer> =>
    bytesOf(await fetch(`${server.url}/v1/invoices/${invoiceId}/pdf`, { headers: auth() }));
  expect((await pdf()).subarray(0, 5).toString()).toBe('%PDF-');
  expect((await s3.objects()).filter((name) => name.startsWith('firm/drafts/'))).toHaveLength(1);
  await server.request('PUT', `/v1/invoices/${invoiceId}`, { token: server.admin.token, json: { status: 'issued' } });
  expect((await pdf()).equals(await pdf())).toBe(true);

  const exported = await fetch(`${server.url}/v1/users/me/export`, { headers: auth(person.token) });
  const files = unzipSync(new Uint8Array(await bytesOf(exported)));
  expect(Buffer.from(files[`documents/${id}-Relevé.pdf`]!).equals(content)).toBe(true);

  const kinds = (await s3.objects()).map((name) => name.split('/').slice(0, 2).join('/'));
  expect(kinds.toSorted()).toEqual(['firm/documents', 'firm/invoices', 'firm/previews']);
  const { dataDir } = server.services.config;
  expect((await readdir(dataDir)).filter((name) => !name.startsWith('postgres')).toSorted()).toEqual([
    'ingest',
    'spool',
  ]);
  expect([await spooled(), await readdir(join(dataDir, 'ingest'))]).toEqual([[], []]);
});

test('photos of interventions and their thumbnails, also when the queue looks at them', async () => {
  const before = await s3.objects();
  const clientId = await makeClient(server);
  const body = new FormData();
  body.set('intervention_id', await makeIntervention(server, server.admin, { clientId }));
  const photo = await makePhoto({ widthPx: 640 });
  body.set('file', new Blob([new Uint8Array(photo)]), 'a.jpg');
  const { id } = (await server.request('POST', '/api/medias/upload', { token: server.admin.token, body })).json;
  const made = async (): Promise<string[]> =>
    (await s3.objects()).filter((name) => !before.includes(name)).map((name) => name.split('/')[1] as string);
  await server.services.store.removeAll(`thumbnails/${id}`);
  await server.sql("update media set status = 'processing', thumbnail_key = null where id = ?", [id]);
  await server.services.jobs.run('media.process', { mediumId: id });
  expect((await made()).toSorted()).toEqual(['media', 'thumbnails']);
  const path = `${server.url}/api/medias/${id}`;
  const part = await fetch(`${path}/download`, { headers: { ...auth(), range: 'bytes=-10' } });
  expect([part.status, (await bytesOf(part)).equals(photo.subarray(-10))]).toEqual([206, true]);
  expect((await fetch(`${path}/thumbnail`, { headers: auth() })).headers.get('content-type')).toBe('image/jpeg');
  await server.sql("update media set deleted_at = now() - interval '31 days' where id = ?", [id]);
  await emptyTrash(server, 'media');
  expect(await made()).toEqual([]);
});

test('a download that breaks in S3 closes the connection instead of ending as if it were whole', async () => {
  const content = Buffer.from('passerelle\n'.repeat(200_000));
  const id = await uploaded('long.txt', content);
  s3.fault = breakAfter(500_000);
  for (const path of [`/kdocs/api/documents/${id}/download`, '/v1/users/me/export']) {
    const response = await fetch(server.url + path, { headers: auth() });
    expect(response.status).toBe(200);
    await expect(response.arrayBuffer()).rejects.toThrow();
  }
  s3.fault = undefined;
  expect((await bytesOf(await download(id))).equals(content)).toBe(true);
});

test('without S3 nothing is filed, and the rest goes on; with it the same upload is taken', async () => {
  const content = Buffer.from('Une note');
  const up = async (): Promise<string | undefined> =>
    /^xcore_content_store_up (\S+)$/m.exec((await server.request('GET', '/metrics')).text)?.[1];
  const kept = await uploaded('bail.txt', Buffer.from('Un bail'));
  s3.fault = async (exchange) => refuse(exchange, 500, 'InternalError');
  for (const answer of [await upload('note.txt', content), await download(kept)])
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10']);
  expect(await up()).toBe('0');
  expect((await server.request('GET', '/health')).status).toBe(200);
  expect(await server.sql(`select id from documents where title = 'note'`)).toEqual([]);
  expect(await spooled()).toEqual([]);
  s3.fault = undefined;
  expect(await up()).toBe('1');
  const id = await uploaded('note.txt', content);
  expect(await (await download(id)).text()).toBe('Une note');
});

test('nobody waits in the database for a file that is on its way to S3', async () => {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let isSending = false;
  s3.fault = async (exchange, next) => {
    if (exchange.method === 'PUT') {
      isSending = true;
      await released;
    }
    return next();
  };
  const sent = upload('slow.txt', Buffer.from('Un fichier lent'));
  await expect.poll(() => isSending).toBe(true);
  // The embedded database runs one transaction at a time, so that this would wait for an open one.
  const tag = await server.request('POST', '/kdocs/api/tags', { token: server.admin.token, json: { name: 'Urgent' } });
  expect(tag.status).toBe(201);
  const open = `select 1 from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`;
  // A job may have one for a moment; that of an upload would be there until it is released.
  await expect.poll(() => server.sql(open)).toEqual([]);
  release();
  expect((await sent).status).toBe(201);
});

if (inject('database').kind !== 'embedded') {
  test('two processes with disks of their own share every file', { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(inject('folder'), 'other-'));
    const other = await startProcess({
      DATABASE_URL: server.services.config.databaseUrl,
      DATA_DIR: folder,
      TESSERACT: 'off',
      RATE_LIMITS: 'off',
      ...s3.env(),
      S3_PREFIX: 'firm',
    });
    try {
      const content = await makePdf(['Bail commercial', 'Loyer annuel']);
      const id = await uploaded('bail.pdf', content);
      expect((await bytesOf(await download(id, {}, other.url))).equals(content)).toBe(true);
      const preview = await fetch(`${other.url}/kdocs/api/documents/${id}/preview`, { headers: auth() });
      expect((await bytesOf(preview)).subarray(1, 4).toString()).toBe('PNG');
      // And the other way round.
      const note = (await (await upload('là-bas.txt', Buffer.from('De là-bas'), other.url)).json()) as any;
      expect(await (await download(note.results[0].id)).text()).toBe('De là-bas');
      expect((await readdir(folder)).toSorted()).toEqual(['ingest', 'spool']);
      expect(await readdir(join(folder, 'spool'))).toEqual([]);
    } finally {
      await other.end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    }
  });
}
