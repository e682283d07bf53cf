import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diskStore } from '../../src/storage/disk-store.js';
import { spool, sweepSpool } from '../../src/storage/spool.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storage-'));
});
afterEach(() => rm(folder, { recursive: true }));

const filesUnder = async (path: string): Promise<string[]> =>
  (await readdir(path, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('diskStore', () => {
  const key = 'documents/abcdef0123';

  test('takes over a spooled file, privately and once', async () => {
    const store = diskStore(join(folder, 'store'));
    const source = join(folder, 'spooled');
    await writeFile(source, 'content', { mode: 0o644 });
    expect(await store.exists(key)).toBe(false);

    await store.put(source, key);
    expect(await filesUnder(folder)).toEqual([join(folder, 'store/documents/ab/cd/abcdef0123')]);
    expect(await store.exists(key)).toBe(true);
    expect(await store.size(key)).toBe(7);
    expect((await stat(store.localPath(key)!)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'store/documents/ab'))).mode & 0o777).toBe(0o700);

    // The same again, as after a crash: with the source, without it, and from memory.
    await writeFile(source, 'content');
    await store.put(source, key);
    await store.put(source, key);
    await store.putBytes(Buffer.from('other'), key);
    expect((await store.bytes(key)).toString()).toBe('content');
    expect(await filesUnder(folder)).toHaveLength(1);
  });

  test('takes over a file from another device', async ({ skip }) => {
    const elsewhere = await mkdtemp('/dev/shm/storage-').catch(() => undefined);
    if (!elsewhere || (await stat(elsewhere)).dev === (await stat(folder)).dev) return skip('no second device here');
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

  test('writers of one key at the same time all succeed and leave one whole file', async () => {
    const store = diskStore(folder);
    const content = Buffer.alloc(300_000, 'x');
    await Promise.all(Array.from({ length: 10 }, () => store.putBytes(content, key)));
    expect(await store.bytes(key)).toEqual(content);
    expect(await filesUnder(folder)).toHaveLength(1);
  });

  test('reads whole, by range, and removes', async () => {
    const store = diskStore(folder);
    await store.putBytes(Buffer.from('0123456789'), key);
    expect(await text(store.read(key))).toBe('0123456789');
    expect(await text(store.read(key, { start: 2, end: 4 }))).toBe('234');
    await store.remove(key);
    await store.remove(key);
    expect(await store.exists(key)).toBe(false);
    await expect(text(store.read(key))).rejects.toThrow('ENOENT');
    await expect(store.bytes(key)).rejects.toThrow('ENOENT');
    await expect(store.size(key)).rejects.toThrow('ENOENT');
  });

  test('a failed write leaves nothing', async () => {
    const store = diskStore(folder);
    await expect(store.put(join(folder, 'absent'), key)).rejects.toThrow('ENOENT');
    expect(await filesUnder(folder)).toEqual([]);
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
    const store = diskStore(folder);
    await expect(store.putBytes(Buffer.of(), wrong)).rejects.toThrow(TypeError);
    await expect(store.exists(wrong)).rejects.toThrow(TypeError);
    await expect(store.bytes(wrong)).rejects.toThrow(TypeError);
    await expect(store.remove(wrong)).rejects.toThrow(TypeError);
    expect(() => store.read(wrong)).toThrow(TypeError);
    expect(() => store.localPath(wrong)).toThrow(TypeError);
  });

  test('short names and names with dots stay within their kind', async () => {
    const store = diskStore(folder);
    for (const name of ['a', 'a..', 'a.b', 'ab..', '-', '_..x']) {
      await store.putBytes(Buffer.from(name), `documents/${name}`);
      expect(store.localPath(`documents/${name}`)).toMatch(
        new RegExp(`^${folder}/documents/[\\w-]{2}/[\\w-]{2}/[\\w.-]+$`),
      );
      expect((await store.bytes(`documents/${name}`)).toString()).toBe(name);
    }
  });

  test('removes all that begin alike, but the one that somebody may be reading', async () => {
    const store = diskStore(folder);
    const keys = ['drafts/7-old', 'drafts/7-older', 'drafts/7-new', 'drafts/71-other'];
    for (const key of keys) await store.putBytes(Buffer.from(key), key);
    await store.removeAll('drafts/7-', { except: 'drafts/7-new' });
    expect(await Promise.all(keys.map((key) => store.exists(key)))).toEqual([false, false, true, true]);
    await store.removeAll('drafts/7-');
    expect(await store.exists('drafts/7-new')).toBe(false);
  });
});

describe('spool', () => {
  test('writes, measures and hashes; the store takes over', async () => {
    const content = Buffer.alloc(500_000, 'passerelle ');
    const file = await spool(Readable.from([content.subarray(0, 7), content.subarray(7)]), {
      folder: join(folder, 'spool'),
      limitBytes: content.length,
    });
    expect(file).toMatchObject({
      sizeBytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    });
    expect((await stat(file.path)).mode & 0o777).toBe(0o600);

    const store = diskStore(join(folder, 'store'));
    await store.put(file.path, `documents/${file.sha256}`);
    await file.discard();
    expect(await buffer(store.read(`documents/${file.sha256}`))).toEqual(content);
  });

  test('an empty stream is an empty file', async () => {
    const file = await spool(Readable.from([]), { folder, limitBytes: 10 });
    expect(file.sizeBytes).toBe(0);
    await file.discard();
    expect(await readdir(folder)).toEqual([]);
  });

  test('one byte too many is refused, stops the sender and leaves nothing', async () => {
    const endless = new Readable({
      read() {
        this.push(Buffer.alloc(1024));
      },
    });
    await expect(spool(endless, { folder, limitBytes: 100_000 })).rejects.toMatchObject({
      name: 'DomainError',
      code: 'PAYLOAD_TOO_LARGE',
    });
    expect(endless.destroyed).toBe(true);
    await expect(spool(Readable.from([Buffer.alloc(11)]), { folder, limitBytes: 10 })).rejects.toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([
    ['with an error', new Error('gone')],
    ['without a word', undefined],
  ])('a sender that breaks off %s leaves nothing', async (_, error) => {
    const stream = new PassThrough();
    stream.write('begun');
    setTimeout(() => stream.destroy(error), 20);
    await expect(spool(stream, { folder, limitBytes: 100 })).rejects.toThrow(error?.message ?? /.*/);
    expect(await readdir(folder)).toEqual([]);
  });

  test('sweeping removes what is old and ours', async () => {
    const [old, young] = await Promise.all([1, 2].map(() => spool(Readable.from(['x']), { folder, limitBytes: 10 })));
    await cp(old!.path, join(folder, 'other'));
    const hourAgo = new Date(Date.now() - 3_600_000);
    await utimes(old!.path, hourAgo, hourAgo);
    await utimes(join(folder, 'other'), hourAgo, hourAgo);
    expect(await sweepSpool(folder, 60_000)).toBe(1);
    expect((await readdir(folder)).sort()).toEqual([young!.path.slice(folder.length + 1), 'other'].sort());
    expect(await sweepSpool(join(folder, 'absent'), 0)).toBe(0);
    await mkdir(join(folder, 'empty'));
    expect(await sweepSpool(join(folder, 'empty'), 0)).toBe(0);
  });
});
