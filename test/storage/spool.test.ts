import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diskStore } from '../../src/storage/disk-store.js';
import { spool, spoolOwner, sweepSpool } from '../../src/storage/spool.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storage-'));
});
afterEach(() => rm(folder, { recursive: true }));

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

  test('sweeping removes at once what a process left that has died, and not what a living one is at', async () => {
    const owner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      await once(owner, 'spawn');
      const name = `${spoolOwner(owner.pid)}.upload.spooled`;
      await writeFile(join(folder, name), 'half');
      await writeFile(join(folder, '1-1-0123456789abcdef.elsewhere.spooled'), 'half');
      const own = await spool(Readable.from(['x']), { folder, limitBytes: 10 });
      expect(await sweepSpool(folder, 3_600_000)).toBe(0);
      owner.kill('SIGKILL');
      await once(owner, 'exit');
      expect(await sweepSpool(folder, 3_600_000)).toBe(1);
      expect(await readdir(folder)).not.toContain(name);
      await own.discard();
      expect(await readdir(folder)).toEqual(['1-1-0123456789abcdef.elsewhere.spooled']);
    } finally {
      owner.kill('SIGKILL');
    }
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
