import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { watchForPanic } from '../../src/db/embedded-panic.js';
import { diskStore } from '../../src/storage/disk-store.js';
import { spool } from '../../src/storage/spool.js';
import { type Answer, startTestServer, type TestServer } from '../support/harness.js';
import { runToEnd } from '../support/process.js';

const run = promisify(execFile);

/** A small disk of its own; undefined where one may not mount. */
async function smallDisk(megabytes: number): Promise<{ folder: string; remove: () => Promise<void> } | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-disk-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  } catch {
    await remove();
    return undefined;
  }
  return { folder, remove: () => run('umount', ['-l', folder]).then(remove) };
}

describe('a disk with less than is asked to be free', () => {
  let server: TestServer;
  let token: string;
  beforeAll(async () => {
    // More than any disk has.
    server = await startTestServer({ env: { MIN_FREE_DISK_MB: '1000000000' } });
    ({ token } = server.admin);
  });
  afterAll(() => server?.stop());

  const send = (path: string, fields: Record<string, string> = {}): Promise<Answer> => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    body.set('file', new File(['un deux trois'], 'note.txt', { type: 'text/plain' }));
    return server.request('POST', path, { body, token });
  };

  test('files are refused with 507 in the envelope of each door, and with the time to come again', async () => {
    const answers = {
      kdocs: await send('/kdocs/api/documents/upload'),
      smartleakpro: await send('/api/medias/upload', { intervention_id: '00000000-0000-4000-8000-000000000000' }),
      budget: await send('/api/v1/imports', { account_id: '1' }),
      graph: await send('/graphql'),
    };
    for (const [door, { status }] of Object.entries(answers)) expect([door, status]).toEqual([door, 507]);
    const uploads = { kdocs: '/documents/upload', smartleakpro: '/medias/upload', budget: '/imports' };
    for (const [door, path] of Object.entries(uploads)) {
      const { json } = await server.request('GET', `/core-docs/${door}.json`);
      expect(json.paths[path].post.responses).toHaveProperty('507');
    }
    for (const door of ['kdocs', 'smartleakpro', 'budget'] as const)
      expect(answers[door].headers.get('retry-after')).toBe('300');
    expect(answers.kdocs.json).toMatchObject({ error: true });
    expect(answers.smartleakpro.json).toMatchObject({ error_code: 'SERVICE_UNAVAILABLE' });
    expect(answers.budget.json).toMatchObject({ error: { code: 'SERVICE_UNAVAILABLE' } });
  });

  test('the health says so; what needs no room is served, and the process stays in rotation', async () => {
    const { json } = await server.request('GET', '/health');
    expect(json.checks).toEqual({ database: true, redis: true, disk: false });
    expect((await server.request('GET', '/health/ready')).status).toBe(200);
    const tag = 'mutation { createTag(input: { name: "Sans fichier" }) { tag { name } } }';
    expect((await server.graphql(tag, {}, token)).data.createTag.tag.name).toBe('Sans fichier');
  });
});

test('a disk that fills up amid a file refuses it in the same words, and keeps nothing of it', async ({ skip }) => {
  const disk = await smallDisk(1);
  if (!disk) return skip();
  try {
    const bytes = Buffer.alloc(2 ** 21, 1);
    const noSpace = { code: 'UNAVAILABLE', options: { reason: 'files.no_space' } };
    const folder = join(disk.folder, 'spool');
    await expect(spool(Readable.from([bytes]), { folder, limitBytes: 2 ** 22 })).rejects.toMatchObject(noSpace);
    const store = diskStore(join(disk.folder, 'files'));
    await expect(store.putBytes(bytes, 'documents/ab.pdf')).rejects.toMatchObject(noSpace);
    await expect(store.putBytes(Buffer.alloc(1000), 'documents/cd.pdf')).resolves.toBeUndefined();
  } finally {
    await disk.remove();
  }
});

test('only a panic of the embedded database is told, before whoever asked hears of it', async () => {
  const told: unknown[] = [];
  const failing = (severity: string) => () => Promise.reject(Object.assign(new Error(severity), { severity }));
  for (const severity of ['ERROR', 'PANIC']) {
    const client = { execProtocol: failing(severity), execProtocolStream: failing(severity) };
    watchForPanic(client as never, (error) => told.push((error as Error).message));
    await expect(client.execProtocol()).rejects.toThrow(severity);
    await expect(client.execProtocolStream()).rejects.toThrow(severity);
  }
  expect(told).toEqual(['PANIC', 'PANIC']);
});

test.skipIf(process.env['TEST_DATABASE_URL'])(
  'an embedded database says as its last word that its disk is full, is not opened there, and has all of it with room',
  async ({ skip }) => {
    const disk = await smallDisk(100);
    if (!disk) return skip();
    const { folder } = disk;
    try {
      const database = join(folder, 'db');
      const client = await PGlite.create(database);
      const panic = new Promise<string>((resolve) =>
        // Instead of ending the process it never settles: nothing may be asked of the database after that.
        watchForPanic(client, (error) => {
          resolve((error as { code: string }).code);
          return new Promise(() => undefined);
        }),
      );
      let code: string | undefined;
      const told = panic.then((given) => (code = given));
      await client.query('create table notes (id serial, text text)');
      let written = 0;
      const text = randomBytes(500_000).toString('hex');
      const write = async (): Promise<void> => {
        await client.query("insert into notes (text) values ('kept')");
        written += 1;
        // Grows the log alone, which is what PostgreSQL cannot do without.
        await client.query("select pg_logical_emit_message(true, 'fill', $1)", [text]);
      };
      while (code === undefined) await Promise.race([told, write()]);
      // PostgreSQL's word for a disk that is full.
      expect(code).toBe('53100');

      const refused = await runToEnd({ DATA_DIR: folder });
      expect(refused.code).not.toBe(0);
      expect(refused.output).toContain('DATA_DIR: the disk is full');

      await run('mount', ['-o', 'remount,size=300m', folder]);
      await rm(join(database, 'postmaster.pid'), { force: true });
      const again = await PGlite.create(database);
      const { rows } = await again.query('select count(*)::int as count from notes');
      expect(rows).toEqual([{ count: written }]);
      await again.close();
    } finally {
      await disk.remove();
    }
  },
);
