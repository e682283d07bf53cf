import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../../support/database.js';
import { exifTag as tag, makeFilm, makePhoto } from '../../support/media-files.js';
import { type ServerProcess, startProcess } from '../../support/process.js';

let folder: string;
let env: NodeJS.ProcessEnv;
let drop: () => Promise<void>;
let server: ServerProcess;
let authorization: string;
let intervention: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-process-'));
  const database = await freshDatabase(folder);
  drop = database.drop;
  const password = 'Passerelle-2026!';
  const quiet = { WATCH_DIR: 'off', TESSERACT: 'off', RATE_LIMITS: 'off' };
  env = { ...database.env, ...quiet, DATA_DIR: folder, ADMIN_PASSWORD: password, TZ: 'America/New_York' };
  // So that the queue cannot be quicker than the kill.
  if (env['DATABASE_URL']) env['PROCESS'] = 'web';
  server = await startProcess(env);
  const form = new URLSearchParams({ username: 'admin', password });
  const login = await fetch(`${server.url}/auth/login`, { method: 'POST', body: form });
  authorization = `Bearer ${((await login.json()) as { access_token: string }).access_token}`;
  const client = await json('POST', '/api/clients', { nom: 'Dupont' });
  const kind = { type_intervention: 'detection', lieu: 'Lyon', description: 'Fuite' };
  const visit = { client_id: client.id, date_intervention: '2026-07-14T08:00:00Z', ...kind };
  intervention = (await json('POST', '/api/interventions', visit)).id;
}, 120_000);
afterAll(async () => {
  await server?.end('SIGKILL');
  await drop?.();
  await rm(folder, { recursive: true, force: true });
});

async function json(method: string, path: string, body?: object): Promise<any> {
  const headers = { authorization, 'content-type': 'application/json' };
  const answer = await fetch(server.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  expect(answer.status, path).toBeLessThan(300);
  return answer.json();
}

async function upload(content: Uint8Array, name: string): Promise<any> {
  const body = new FormData();
  body.set('intervention_id', intervention);
  body.set('file', new Blob([content as Uint8Array<ArrayBuffer>]), name);
  const answer = await fetch(`${server.url}/api/medias/upload`, { method: 'POST', headers: { authorization }, body });
  expect(answer.status).toBe(201);
  return answer.json();
}

const photoOf = (moment: string, offset = ''): Promise<Buffer> =>
  makePhoto({ exif: { exif: { [tag.dateTimeOriginal]: moment, [tag.offsetTimeOriginal]: offset } } });

test('a photo without an offset was taken on the clock of the firm, on a server in New York', async () => {
  expect((await upload(await photoOf('2026:07:14 10:00:00'), 'a.jpg')).date_prise).toBe('2026-07-14T08:00:00Z');
  expect((await upload(await photoOf('2026:01:14 10:00:00'), 'a.jpg')).date_prise).toBe('2026-01-14T09:00:00Z');
  expect((await upload(await photoOf('2026:07:14 10:00:00', '-04:00'), 'a.jpg')).date_prise).toBe(
    '2026-07-14T14:00:00Z',
  );
});

test.runIf(existsSync('/proc/self/status'))(
  '5 GB are refused at the limit, with flat memory, and not read to their end',
  async () => {
    const status = `/proc/${server.process.pid}/status`;
    const residentMegabytes = async (): Promise<number> =>
      Number(/VmRSS:\s+(\d+)/.exec(await readFile(status, 'utf8'))?.[1]) / 1024;
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk)));
    // The connection is closed under the sender.
    socket.on('error', () => undefined);
    socket.setMaxListeners(0);
    const totalBytes = 5 * 1024 ** 3;
    socket.write(
      `POST /api/medias/upload HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n` +
        `Content-Type: multipart/form-data; boundary=b\r\nContent-Length: ${totalBytes}\r\n\r\n` +
        `--b\r\nContent-Disposition: form-data; name="file"; filename="film.mp4"\r\n\r\n`,
    );
    const before = await residentMegabytes();
    let most = before;
    let sentBytes = 0;
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    while (!socket.destroyed && sentBytes < totalBytes) {
      sentBytes += chunk.length;
      if (!socket.write(chunk))
        await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined);
      most = Math.max(most, await residentMegabytes());
    }
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain('PAYLOAD_TOO_LARGE');
    expect(sentBytes).toBeLessThan(1024 ** 3);
    // Buffers that wait for the collector; of what is sent nothing is kept.
    expect(most - before).toBeLessThan(250);
    await expect.poll(() => readdir(join(folder, 'spool'))).toEqual([]);
    // The server has taken no harm.
    expect((await upload(await makePhoto(), 'a.jpg')).statut).toBe('ready');
  },
  60_000,
);

test(
  'what was not looked at when the server was killed is looked at when it is back',
  { timeout: 120_000 },
  async () => {
    // A film that keeps its reader busy: a table of its head claims two thousand million frames.
    const film = await makeFilm();
    film[film.indexOf('stsc') + 16] = 0x70;
    const films = [upload(film, 'film.mp4'), upload(film, 'film.mp4')];
    await setTimeout(500);
    const photo = await upload(await photoOf('2026:07:14 10:00:00'), 'a.jpg');
    expect(photo.statut).toBe('processing');
    await Promise.all(films);
    await server.end('SIGKILL');
    server = await startProcess({ ...env, PROCESS: 'all' });
    await expect
      .poll(() => json('GET', `/api/medias/${photo.id}`), { timeout: 90_000, interval: 500 })
      .toMatchObject({ statut: 'ready', date_prise: '2026-07-14T08:00:00Z', url_vignette: expect.any(String) });
  },
);
