import { once } from 'node:events';
import { mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/config-error.js';
import { readConfig } from '../../src/config/config.js';
import { openBucket } from '../../src/storage/open-bucket.js';
import type { OpenContentStore } from '../../src/storage/open-content-store.js';
import type { Patience } from '../../src/storage/s3-store.js';
import { isFull } from '../support/full.js';
import { breakAfter, refuse, type S3Server, startS3Server } from '../support/s3-server.js';

/** What may go wrong between the server and S3. What every store promises is in storage.test.ts. */

const key = 'documents/abcdef0123';
const name = 'documents/ab/cd/abcdef0123';
/** For what is to hang. */
const impatience = { answerMs: 1_200, stallMs: 400 };

let s3: S3Server;
let folder: string;
const lines: string[] = [];
beforeAll(async () => {
  s3 = await startS3Server();
  folder = await mkdtemp(join(tmpdir(), 's3-store-'));
});
afterAll(async () => {
  await s3.stop();
  await rm(folder, { recursive: true });
});
afterEach(() => {
  s3.fault = undefined;
});

const openFiles = (env: Record<string, string> = {}, patience?: Patience): Promise<OpenContentStore> =>
  openBucket(readConfig({ ...s3.env(), ...env }).s3!, {
    spoolFolder: join(folder, 'spool'),
    log: pino({}, { write: (line: string) => void lines.push(line) }),
    ...(patience && { patience }),
  });

describe('a store whose server is in trouble', () => {
  let opened: OpenContentStore;
  let source: string;
  const content = Buffer.alloc(3_000_000, 'passerelle ');
  beforeEach(async () => {
    opened = await openFiles();
    source = join(folder, 'spooled');
    await writeFile(source, content);
    s3.requests.length = 0;
  });
  afterEach(async () => {
    s3.fault = undefined;
    await opened.store.remove(key);
    opened.close();
  });

  test('tries again what was refused for now, and what broke, from the beginning of the file', async () => {
    let puts = 0;
    s3.fault = async (exchange, next) => {
      if (exchange.method !== 'PUT') return next();
      puts += 1;
      if (puts === 1) return refuse(exchange, 503, 'SlowDown');
      if (puts === 3) return next();
      await once(exchange.req, 'data');
      exchange.res.socket?.destroy();
    };
    await opened.store.put(source, key);
    expect(puts).toBe(3);
    expect((await opened.store.bytes(key)).equals(content)).toBe(true);
  });

  test('an answer that is lost after the object was written is success', async () => {
    let isFirst = true;
    s3.fault = async (exchange, next) => {
      const isLost = exchange.method === 'PUT' && isFirst;
      if (isLost) isFirst = false;
      await next();
      if (isLost) exchange.res.socket?.destroy();
    };
    await opened.store.putBytes(content, key);
    await opened.store.put(source, key);
    expect((await opened.store.bytes(key)).equals(content)).toBe(true);
  });

  test('an upload that cannot be finished leaves nothing, and the file stays to be tried again', async () => {
    s3.fault = async (exchange, next) => {
      if (exchange.method !== 'PUT') return next();
      await once(exchange.req, 'data');
      exchange.res.socket?.destroy();
    };
    await expect(opened.store.put(source, key)).rejects.toThrow();
    s3.fault = undefined;
    expect(await s3.objects()).toEqual([]);
    await opened.store.put(source, key);
    expect(await s3.objects()).toEqual([name]);
  });

  test('one that hangs is given up: an upload, a question, the beginning and the middle of a download', async () => {
    opened.close();
    opened = await openFiles({}, impatience);
    await opened.store.putBytes(content, key);
    const hung: (() => void)[] = [];
    const hang = (): Promise<void> => new Promise((resolve) => hung.push(resolve));
    s3.fault = hang;
    await Promise.all([
      expect(opened.store.exists(key)).rejects.toThrow(),
      expect(buffer(opened.store.read(key))).rejects.toThrow('S3 sent nothing for 1.2 s'),
      expect(opened.store.bytes(key)).rejects.toMatchObject({ code: 'UNAVAILABLE' }),
      expect(opened.store.putBytes(content, 'documents/other')).rejects.toThrow(),
      expect(opened.store.remove('documents/other')).rejects.toThrow(),
    ]);
    s3.fault = (exchange, next) => (exchange.method === 'PUT' ? hang() : next());
    await expect(opened.store.put(source, 'documents/other')).rejects.toThrow();
    s3.fault = breakAfter(1_000_000, () => undefined);
    await expect(buffer(opened.store.read(key))).rejects.toThrow('S3 sent nothing for 0.4 s');
    await expect(opened.store.withLocalFile(key, async () => undefined)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      options: { reason: 'files.unreachable' },
    });
    expect(await readdir(join(folder, 'spool'))).toEqual([]);
    for (const release of hung) release();
  });

  test('a download that breaks is an error and never a whole file', async () => {
    await opened.store.putBytes(content, key);
    s3.fault = breakAfter(1_000_000);
    let received = 0;
    const stream = opened.store.read(key).on('data', (chunk: Buffer) => (received += chunk.length));
    await expect(once(stream, 'end')).rejects.toThrow('aborted');
    expect(received).toBeLessThan(content.length);
  });

  test('a reader that takes its time is waited for; one that leaves closes the connection', async () => {
    opened.close();
    opened = await openFiles({}, impatience);
    await opened.store.putBytes(content, key);
    let closed = 0;
    s3.fault = async (exchange, next) => {
      exchange.res.once('close', () => (closed += 1));
      await next();
    };
    let received = 0;
    for await (const chunk of opened.store.read(key)) {
      if (received === 0) await setTimeout(impatience.stallMs * 3);
      received += (chunk as Buffer).length;
    }
    expect([received, closed]).toEqual([content.length, 1]);
    const left = opened.store.read(key);
    await once(left, 'readable');
    left.destroy();
    await expect.poll(() => closed).toBe(2);
    // One that was never read asked for nothing.
    opened.store.read(key).destroy();
    expect(closed).toBe(2);
  });

  test('says whether it can be reached', async () => {
    expect(await opened.isUp()).toBe(true);
    s3.fault = async (exchange) => refuse(exchange, 503, 'SlowDown');
    expect(await opened.isUp()).toBe(false);
    s3.fault = undefined;
    expect(await opened.isUp()).toBe(true);
  });

  test('files of any size are sent and read without being held in memory', { timeout: 300_000 }, async () => {
    const sizeBytes = isFull ? 400_000_000 : 60_000_000;
    const file = await open(source, 'w');
    await file.truncate(sizeBytes);
    await file.close();
    const before = liveBytes();
    const grown: number[] = [];
    s3.fault = async ({ method, req: { socket } }, next) => {
      const looking = setInterval(() => {
        if (method !== 'PUT' || socket.bytesRead < sizeBytes / 2) return;
        clearInterval(looking);
        grown.push(liveBytes() - before);
      }, 5);
      await next();
      clearInterval(looking);
    };
    await opened.store.put(source, key);
    let received = 0;
    await pipeline(opened.store.read(key), async function (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        received += chunk.length;
        if (grown.length < 2 && received > sizeBytes / 2) grown.push(liveBytes() - before);
      }
    });
    expect(received).toBe(sizeBytes);
    expect(grown).toHaveLength(2);
    expect(Math.max(...grown)).toBeLessThan(10_000_000);
  });
});

/** What is in use, the S3 server of the test included, and not what waits to be collected. */
function liveBytes(): number {
  // What the first frees of buffers is counted until the second.
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('the start', () => {
  test('names the setting that keeps it from using the bucket, and no secret', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const silentPlace = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const place = new URL(s3.url).host;
    const denied = (method: string): S3Server['fault'] => {
      return async (exchange, next) => (exchange.method === method ? refuse(exchange, 403, 'AccessDenied') : next());
    };
    const cases: [Record<string, string>, string, S3Server['fault']?][] = [
      [{ S3_BUCKET: 'nowhere' }, `S3_BUCKET: ${place} has no bucket nowhere`],
      [{ S3_ACCESS_KEY_ID: 'AKIAHUNTER2' }, `S3_ACCESS_KEY_ID: ${place} does not know it`],
      [
        { S3_SECRET_ACCESS_KEY: 'hunter2' },
        `S3_SECRET_ACCESS_KEY: ${place} says that it is not that of S3_ACCESS_KEY_ID`,
      ],
      [{ S3_ENDPOINT: 'http://127.0.0.1:1' }, 'S3_ENDPOINT: nobody answers at 127.0.0.1:1'],
      [{ S3_ENDPOINT: `http://${silentPlace}` }, `S3_ENDPOINT: nobody answers at ${silentPlace} in time`],
      [{ S3_ENDPOINT: 'http://nobody.invalid' }, 'S3_ENDPOINT: there is no host of the name in nobody.invalid'],
      [
        { S3_ENDPOINT: 'http://nobody.invalid', S3_FORCE_PATH_STYLE: 'off' },
        'S3_ENDPOINT: there is no host of the name files.nobody.invalid (S3_FORCE_PATH_STYLE=on asks nobody.invalid)',
      ],
      [{}, 'S3_BUCKET: the key may not write in the bucket files (AccessDenied)', denied('PUT')],
      [{}, 'S3_BUCKET: the key may not delete in the bucket files (AccessDenied)', denied('DELETE')],
      [
        {},
        'S3_BUCKET: the key may not list in the bucket files (AccessDenied)',
        async (exchange, next) => (exchange.path === '/files/' ? refuse(exchange, 403, 'AccessDenied') : next()),
      ],
      [
        {},
        'S3_REGION: the bucket files is not in us-east-1',
        async (exchange) => refuse(exchange, 301, 'PermanentRedirect'),
      ],
      [
        {},
        `S3_ENDPOINT: ${place} cannot be used (NotImplemented 501)`,
        async (exchange) => refuse(exchange, 501, 'NotImplemented'),
      ],
    ];
    const said: string[] = [];
    for (const [env, , fault] of cases) {
      s3.fault = fault;
      const error = await openFiles(env, impatience).then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      expect(error).toBeInstanceOf(ConfigError);
      said.push(error!.message);
    }
    s3.fault = undefined;
    expect(said).toEqual(cases.map(([, message]) => message));
    expect(`${said.join()}${lines.join()}`).not.toMatch(/hunter2|S3RVER/i);
    silent.close();
  });

  test('leaves nothing in the bucket, and says when two writers at once are not told apart', async () => {
    const before = await s3.objects();
    for (const fault of [
      undefined,
      // Some servers ignore what they do not know, and some say that they do not.
      (async (exchange, next) => {
        if (exchange.headers['if-none-match']) return refuse(exchange, 501, 'NotImplemented');
        return next();
      }) satisfies S3Server['fault'],
    ]) {
      s3.fault = fault;
      s3.isConditional = fault !== undefined;
      lines.length = 0;
      const opened = await openFiles();
      await opened.store.putBytes(Buffer.from('first'), key);
      await opened.store.putBytes(Buffer.from('second'), key);
      expect((await opened.store.bytes(key)).toString()).toBe('first');
      await opened.store.remove(key);
      opened.close();
      expect(lines.join()).toContain('does not hold If-None-Match');
    }
    s3.isConditional = true;
    expect(await s3.objects()).toEqual(before);
  });
});
