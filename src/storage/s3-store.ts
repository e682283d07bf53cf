import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { basename } from 'node:path/posix';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { ContentStore } from './content-store.js';
import { ObjectStream } from './object-stream.js';
import { spool } from './spool.js';
import { keyAt, placeOf, placesBelow } from './storage-key.js';

/** How long S3 is waited for, in milliseconds. */
export interface Patience {
  /** For one answer that is small, its repetitions included. */
  answerMs: number;
  /** While a file is sent or read: without anything moving. */
  stallMs: number;
}

export interface S3StoreOptions {
  client: S3Client;
  bucket: string;
  /** What the names of objects begin with: empty, or ending with a slash. */
  prefix: string;
  /** Whether the server holds `If-None-Match: *`; with one that does not, the last of several writers at once wins. */
  isConditional: boolean;
  /** Where content is copied to for programs that need a path. */
  spoolFolder: string;
  patience: Patience;
}

/** What removes does so under a lock, and may fail: it does not wait for as long as others. */
const removalMs = 5_000;
/** So many objects are listed, and then removed at the same time. */
const removalBatch = 50;
/** A write that meets another of the same key tries again so often, and rests in between. */
const conflictRetries = 10;
const conflictRestMs = 200;

/**
 * Keeps each key in an object of its own, named as `placeOf` says. Every write is one request, so that an object
 * appears whole or not at all and an upload that breaks leaves nothing to pay for or to clean up; S3 takes up to 5 GB
 * that way. What S3 receives is checked against its SHA-256, which is signed. Lost answers are made good by the
 * client's retries: all requests here may be repeated.
 */
export function s3Store(options: S3StoreOptions): ContentStore {
  const { client, bucket: Bucket, prefix, isConditional, spoolFolder, patience } = options;
  const objectOf = (key: string) => ({ Bucket, Key: prefix + placeOf(key) });
  const soon = (ms = patience.answerMs): { abortSignal: AbortSignal } => ({ abortSignal: AbortSignal.timeout(ms) });
  const onlyNew = isConditional ? { IfNoneMatch: '*' } : {};

  const head = (key: string) => client.send(new HeadObjectCommand(objectOf(key)), soon());

  async function exists(key: string): Promise<boolean> {
    try {
      await head(key);
      return true;
    } catch (error) {
      if (isAbsence(error)) return false;
      throw error;
    }
  }

  /** Resolves as well when the object is there, or appears meanwhile. */
  async function create(key: string, send: () => Promise<unknown>): Promise<void> {
    for (let retries = conflictRetries; ; retries -= 1) {
      try {
        await send();
        return;
      } catch (error) {
        const status = statusOf(error);
        if (status === 412) return;
        // Another writer is at it: whether it succeeds is not known yet.
        if (status !== 409 || retries === 0) throw error;
        await setTimeout(conflictRestMs);
        if (await exists(key)) return;
      }
    }
  }

  async function putAhead(sourcePath: string, key: string): Promise<void> {
    if (await exists(key)) return;
    const { size } = await stat(sourcePath);
    const sha256 = await hashOf(sourcePath);
    await create(key, () => sendFile(client, { ...objectOf(key), ...onlyNew }, { sourcePath, size, sha256 }, patience));
  }

  const read: ContentStore['read'] = (key, range) => {
    const command = new GetObjectCommand({
      ...objectOf(key),
      ...(range && { Range: `bytes=${range.start}-${range.end}` }),
    });
    return new ObjectStream({
      open: async (abortSignal) => {
        const { Body } = await client.send(command, { abortSignal }).catch(explain(key));
        return Body as Readable;
      },
      ...patience,
    });
  };

  return {
    async put(sourcePath, key) {
      await putAhead(sourcePath, key);
      await rm(sourcePath, { force: true });
    },
    putAhead,
    async putBytes(bytes, key) {
      if (!isConditional && (await exists(key))) return;
      const command = { ...objectOf(key), ...onlyNew, Body: bytes, ContentLength: bytes.length };
      await create(key, () => client.send(new PutObjectCommand(command), soon()));
    },
    exists,
    size: async (key) => (await head(key).catch(explain(key))).ContentLength ?? 0,
    read,
    bytes: async (key) => buffer(read(key)),
    async remove(key) {
      await client.send(new DeleteObjectCommand(objectOf(key)), soon(Math.min(removalMs, patience.answerMs)));
    },
    async removeAll(keyPrefix, { except } = {}) {
      const kept = except === undefined ? undefined : objectOf(except).Key;
      const { start } = placesBelow(keyPrefix);
      const query = { Bucket, Prefix: prefix + commonStart(keyPrefix), MaxKeys: removalBatch };
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(new ListObjectsV2Command({ ...query, ContinuationToken }), soon());
        const names = (page.Contents ?? []).map(({ Key = '' }) => Key);
        const unwanted = names.filter((name) => name !== kept && basename(name).startsWith(start));
        await Promise.all(unwanted.map((Key) => client.send(new DeleteObjectCommand({ Bucket, Key }), soon())));
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
    },
    async *keys() {
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix: prefix, ContinuationToken }), soon());
        for (const { Key = '' } of page.Contents ?? []) {
          const key = keyAt(Key.slice(prefix.length));
          if (key !== undefined) yield key;
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
    },
    async withLocalFile(key, use) {
      const copy = await spool(read(key), { folder: spoolFolder, limitBytes: Infinity });
      try {
        return await use(copy.path);
      } finally {
        await copy.discard();
      }
    },
  };
}

/** What the names of the objects begin with whose keys begin with `keyPrefix`; others may begin so too. */
function commonStart(keyPrefix: string): string {
  const { kind, shard, start } = placesBelow(keyPrefix);
  const [first, second] = shard;
  if (first.length < 2) return `${kind}/${first}`;
  return second.length < 2 ? `${kind}/${first}/${second}` : `${kind}/${first}/${second}/${start}`;
}

interface FileToSend {
  sourcePath: string;
  size: number;
  /** Lower-case hex. */
  sha256: string;
}

/**
 * Sends a file without ever holding it in memory. The client repeats only what it can read again, so the file is opened
 * where an attempt begins, below the part of the client that repeats. Rejects when nothing moves for too long.
 */
async function sendFile(
  client: S3Client,
  target: { Bucket: string; Key: string; IfNoneMatch?: string },
  { sourcePath, size, sha256 }: FileToSend,
  { stallMs }: Patience,
): Promise<void> {
  const stalled = new AbortController();
  const command = new PutObjectCommand({ ...target, ContentLength: size });
  command.middlewareStack.add(
    (next) => async (args) => {
      const request = args.request as { headers: Record<string, string> };
      // The signer takes it as the hash of the body, which is not there yet.
      request.headers['x-amz-content-sha256'] = sha256;
      return next(args);
    },
    { name: 'fileHash', step: 'build' },
  );
  command.middlewareStack.add(
    (next) => async (args) => {
      const body = createReadStream(sourcePath).on('error', (error) => stalled.abort(error));
      let seen = -1;
      const watch = setInterval(() => {
        if (body.bytesRead === seen) stalled.abort(new Error(`S3 took nothing for ${stallMs / 1000} s`));
        seen = body.bytesRead;
      }, stallMs);
      try {
        const request = Object.assign(Object.create(Object.getPrototypeOf(args.request)), args.request, { body });
        return await next({ ...args, request });
      } finally {
        clearInterval(watch);
        body.destroy();
      }
    },
    { name: 'fileBody', step: 'finalizeRequest', priority: 'low' },
  );
  await client.send(command, { abortSignal: stalled.signal, requestTimeout: 0 });
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

export const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;

/** What answers a HEAD has no text that would tell an absent object from an absent bucket. */
const isAbsence = (error: unknown): boolean =>
  statusOf(error) === 404 && (error as S3ServiceException).name !== 'NoSuchBucket';

const explain =
  (key: string) =>
  (error: unknown): never => {
    if (!isAbsence(error)) throw error;
    throw Object.assign(new Error(`ENOENT: there is no content ${key}`, { cause: error }), { code: 'ENOENT' });
  };
