import { existsSync, statSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import type { ContentStore } from '../../src/storage/content-store.js';
import { diskStore } from '../../src/storage/disk-store.js';
import { openContentStore } from '../../src/storage/open-content-store.js';
import { type S3Server, startS3Server } from '../support/s3-server.js';

/** What every store promises, on each; what is special to one stands below. */

let folder: string;
let s3: S3Server;
beforeAll(async () => {
  s3 = await startS3Server();
});
afterAll(() => s3.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storage-'));
});
afterEach(() => rm(folder, { recursive: true }));

const filesUnder = async (path: string): Promise<string[]> =>
  (await readdir(path, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

interface Opened {
  store: ContentStore;
  /** Where the contents lie, below the root of the store. */
  places: () => Promise<string[]>;
  close: () => void;
}

let firms = 0;
const stores: Record<string, () => Promise<Opened>> = {
  disk: async () => ({
    store: diskStore(join(folder, 'store')),
    places: async () =>
      existsSync(join(folder, 'store'))
        ? (await filesUnder(join(folder, 'store'))).map((path) => relative(join(folder, 'store'), path))
        : [],
    close: () => undefined,
  }),
  S3: () => openS3(s3.env()),
  'S3 without conditional writes': async () => {
    s3.isConditional = false;
    try {
      return await openS3(s3.env());
    } finally {
      s3.isConditional = true;
    }
  },
};

async function openS3(env: Record<string, string>): Promise<Opened> {
  const S3_PREFIX = `firm-${(firms += 1)}/`;
  const config = { ...readConfig({ ...env, S3_PREFIX }), dataDir: folder };
  const { store, close } = await openContentStore(config, {
    spoolFolder: join(folder, 'spool'),
    log: pino({ level: 'silent' }),
  });
  const places = async (): Promise<string[]> =>
    (await s3.objects()).flatMap((name) => (name.startsWith(S3_PREFIX) ? [name.slice(S3_PREFIX.length)] : []));
  return { store, places, close };
}

describe.each(Object.entries(stores))('%s', (name, open) => {
  const key = 'documents/abcdef0123';
  let store: ContentStore;
  let opened: Opened;
  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened.close());

  test('takes over a spooled file, once', async () => {
    const source = join(folder, 'spooled');
    await writeFile(source, 'content', { mode: 0o644 });
    expect(await store.exists(key)).toBe(false);

    await store.put(source, key);
    expect(existsSync(source)).toBe(false);
    expect(await opened.places()).toEqual(['documents/ab/cd/abcdef0123']);
    expect(await store.exists(key)).toBe(true);
    expect(await store.size(key)).toBe(7);

    // The same again, as after a crash: with the source, without it, and from memory.
    await writeFile(source, 'content');
    await store.put(source, key);
    await store.put(source, key);
    await store.putBytes(Buffer.from('other'), key);
    expect((await store.bytes(key)).toString()).toBe('content');
    expect(await opened.places()).toHaveLength(1);
    expect(existsSync(source)).toBe(false);
  });

  test('what is put ahead is put at once later, even when somebody removes it in between', async () => {
    const source = join(folder, 'spooled');
    await writeFile(source, 'content');
    await store.putAhead(source, key);
    expect(await readFile(source, 'utf8')).toBe('content');
    await store.remove(key);
    await store.put(source, key);
    expect((await store.bytes(key)).toString()).toBe('content');
    expect(existsSync(source)).toBe(false);
  });

  test('writers of one key at the same time all succeed and leave one whole content', async () => {
    const contents = Array.from({ length: 10 }, (_, writer) => Buffer.alloc(300_000, String(writer)));
    await Promise.all(contents.map((content) => store.putBytes(content, key)));
    const kept = await store.bytes(key);
    expect(contents.some((content) => content.equals(kept))).toBe(true);
    expect(await opened.places()).toHaveLength(1);
  });

  test('reads whole, by range, and removes', async () => {
    await store.putBytes(Buffer.from('0123456789'), key);
    expect(await text(store.read(key))).toBe('0123456789');
    expect(await text(store.read(key, { start: 2, end: 4 }))).toBe('234');
    expect(await text(store.read(key, { start: 9, end: 9 }))).toBe('9');
    await store.remove(key);
    await store.remove(key);
    expect(await store.exists(key)).toBe(false);
    const absent = { code: 'ENOENT' };
    await expect(text(store.read(key))).rejects.toMatchObject(absent);
    await expect(store.bytes(key)).rejects.toMatchObject(absent);
    await expect(store.size(key)).rejects.toMatchObject(absent);
    await expect(store.withLocalFile(key, (path) => stat(path))).rejects.toMatchObject(absent);
  });

  test('empty content is content', async () => {
    const source = join(folder, 'spooled');
    await writeFile(source, '');
    await store.put(source, key);
    await store.putBytes(Buffer.of(), 'documents/empty');
    expect(await store.exists(key)).toBe(true);
    expect([await store.size(key), (await store.bytes(key)).length]).toEqual([0, 0]);
    expect([await store.size('documents/empty'), (await store.bytes('documents/empty')).length]).toEqual([0, 0]);
  });

  test('a failed write leaves nothing', async () => {
    await expect(store.put(join(folder, 'absent'), key)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await opened.places()).toEqual([]);
  });

  test('a program that needs a path gets one for as long as it runs', async () => {
    await store.putBytes(Buffer.from('content'), key);
    const [path, read] = await store.withLocalFile(key, async (path) => [path, await readFile(path, 'utf8')] as const);
    expect(read).toBe('content');
    expect(existsSync(path)).toBe(name === 'disk');
    await expect(store.withLocalFile(key, () => Promise.reject(new Error('crashed')))).rejects.toThrow('crashed');
    if (name !== 'disk') expect(await readdir(join(folder, 'spool'))).toEqual([]);
    expect((await store.bytes(key)).toString()).toBe('content');
  });

  test.each([
    '',
    'x',
    'documents/',
    '/etc/passwd',
    'documents/..',
    'documents/.hidden',
    'documents/../x',
    '../x',
    'Documents/x',
    'a/b/c',
    'a/b\n',
    'a/é',
    'a/b\0',
    `a/${'x'.repeat(300)}`,
  ])('refuses the key %j', async (wrong) => {
    const source = join(folder, 'spooled');
    await writeFile(source, '');
    await expect(store.put(source, wrong)).rejects.toThrow(TypeError);
    await expect(store.putAhead(source, wrong)).rejects.toThrow(TypeError);
    await expect(store.putBytes(Buffer.of(), wrong)).rejects.toThrow(TypeError);
    await expect(store.exists(wrong)).rejects.toThrow(TypeError);
    await expect(store.size(wrong)).rejects.toThrow(TypeError);
    await expect(store.bytes(wrong)).rejects.toThrow(TypeError);
    await expect(store.remove(wrong)).rejects.toThrow(TypeError);
    await expect(store.withLocalFile(wrong, (path) => stat(path))).rejects.toThrow(TypeError);
    expect(() => store.read(wrong)).toThrow(TypeError);
    expect(existsSync(source)).toBe(true);
  });

  test('short names and names with dots stay within their kind', async () => {
    const names = ['a', 'a..', 'a.b', 'ab..', '-', '_..x'];
    for (const name of names) await store.putBytes(Buffer.from(name), `documents/${name}`);
    for (const name of names) expect((await store.bytes(`documents/${name}`)).toString()).toBe(name);
    const places = await opened.places();
    expect(places).toHaveLength(names.length);
    for (const place of places) expect(place).toMatch(/^documents\/[\w-]{2}\/[\w-]{2}\/[\w.-]+$/);
  });

  test('removes all that begin alike, but the one that somebody may be reading', async () => {
    const old = Array.from({ length: 60 }, (_, number) => `drafts/7-old${number}`);
    const others = ['drafts/71-other', 'drafts/70', 'draft/7-other'];
    await Promise.all([...old, 'drafts/7-new', ...others].map((each) => store.putBytes(Buffer.from(each), each)));
    const there = (keys: string[]): Promise<boolean[]> => Promise.all(keys.map((each) => store.exists(each)));
    await store.removeAll('drafts/7-', { except: 'drafts/7-new' });
    expect(new Set(await there(old))).toEqual(new Set([false]));
    expect(await there(['drafts/7-new', ...others])).toEqual([true, true, true, true]);
    const keys: string[] = [];
    for await (const each of store.keys()) keys.push(each);
    expect(keys.toSorted()).toEqual(['draft/7-other', 'drafts/7-new', 'drafts/70', 'drafts/71-other']);
    await store.removeAll('drafts/7-new');
    expect(await there(['drafts/7-new', ...others])).toEqual([false, true, true, true]);
    await store.removeAll('drafts/7');
    expect(await there(others)).toEqual([false, false, true]);
    await store.removeAll('drafts/nothing');
    for (const wrong of ['drafts/', 'drafts', '', '../x'])
      await expect(store.removeAll(wrong)).rejects.toThrow(TypeError);
  });
});

describe('on the disk', () => {
  const key = 'documents/abcdef0123';

  test('files are private', async () => {
    const store = diskStore(folder);
    const source = join(folder, 'spooled');
    await writeFile(source, 'content', { mode: 0o644 });
    await store.put(source, key);
    expect((await stat(join(folder, 'documents/ab/cd/abcdef0123'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'documents/ab'))).mode & 0o777).toBe(0o700);
  });

  test('takes over a file from another device', async ({ skip }) => {
    const { dev } = await stat(folder);
    const others = ['/dev/shm', '/tmp', process.cwd()].filter(
      (place) => statSync(place, { throwIfNoEntry: false })?.dev !== dev,
    );
    const elsewhere = others[0] && (await mkdtemp(join(others[0], 'storage-')).catch(() => undefined));
    if (!elsewhere || (await stat(elsewhere)).dev === dev) return skip('no second device here');
    try {
      await writeFile(join(elsewhere, 'spooled'), 'content');
      const store = diskStore(folder);
      await store.put(join(elsewhere, 'spooled'), key);
      expect((await store.bytes(key)).toString()).toBe('content');
      expect(await filesUnder(elsewhere)).toEqual([]);
      expect(await filesUnder(folder)).toHaveLength(1);
    } finally {
      await rm(elsewhere, { recursive: true });
    }
  });
});
