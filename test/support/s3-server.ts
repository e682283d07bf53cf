import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import S3rver, { type Exchange } from '@20minutes/s3rver';
import { running } from './running.js';

/** What happens to a request instead of its answer; undefined: nothing. */
type Fault = (exchange: Exchange, next: () => Promise<void>) => Promise<void>;

export interface S3Server {
  url: string;
  /** Settings of the product for a bucket of its own there. */
  env: (bucket?: string) => Record<string, string>;
  /** Names of the objects in a bucket. */
  objects: (bucket?: string) => Promise<string[]>;
  /** `PUT /bucket/name`, in the order in which they came. */
  requests: string[];
  /** Every request meets it from now on; undefined: all is well again. */
  fault: Fault | undefined;
  /** False: as servers do that do not know `If-None-Match` of a PUT. */
  isConditional: boolean;
  stop: () => Promise<void>;
}

/** What s3rver adds to the name of an object for its file. */
const objectSuffix = '._S3rver_object';
const buckets = ['files', 'other'];

/**
 * s3rver, which speaks the protocol, checks signatures and keeps objects in a folder; and what it lacks of S3: an object
 * appears whole or not at all, `If-None-Match: *` is held, and objects of one folder can be deleted at the same time.
 */
export async function startS3Server({ port = 0 }: { port?: number } = {}): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), 'passerelle-s3-'));
  const server = new S3rver({
    address: '127.0.0.1',
    port,
    silent: true,
    directory,
    vhostBuckets: false,
    configureBuckets: buckets.map((name) => ({ name })),
  });
  const { store } = server;
  const putContent = store.putContent.bind(store);
  let parts = 0;
  store.putContent = async (path, content) => {
    const part = join(directory, `.part-${(parts += 1)}`);
    const put = await putContent(part, content instanceof Readable ? content : Readable.from([content]));
    await rename(part, path);
    return put;
  };
  store.deleteObject = async (bucket, key) => {
    await Promise.all(
      ['object', 'object.md5', 'metadata.json'].map((part) =>
        rm(store.getResourcePath(bucket, key, part), { force: true }),
      ),
    );
  };

  const made: Pick<S3Server, 'requests' | 'fault' | 'isConditional'> = {
    requests: [],
    fault: undefined,
    isConditional: true,
  };
  const writing = new Set<string>();
  server.middleware.unshift(async (exchange, next) => {
    const { method, path, headers } = exchange;
    made.requests.push(`${method} ${path}`);
    // It reckons the signature of a bucket's address without its last slash, which clients send and sign.
    if (/^\/\w+\/$/.test(path)) delete headers['authorization'];
    if (made.fault) return made.fault(exchange, next);
    if (!made.isConditional || method !== 'PUT' || headers['if-none-match'] !== '*') return next();
    const [, bucket = '', ...key] = path.split('/');
    if (writing.has(path)) return refuse(exchange, 409, 'ConditionalRequestConflict');
    writing.add(path);
    try {
      if (await exchange.store.existsObject(bucket, key.join('/'))) return refuse(exchange, 412, 'PreconditionFailed');
      await next();
    } finally {
      writing.delete(path);
    }
  });
  const restoreCiphers = allowDes();
  const address = await server.run();
  running.set(server, 'an S3 server');
  const url = `http://127.0.0.1:${address.port}`;
  return Object.assign(made, {
    url,
    objects: async (bucket = 'files') => {
      const folder = join(directory, bucket);
      const files = await readdir(folder, { recursive: true });
      return files.flatMap((file) => (file.endsWith(objectSuffix) ? [file.slice(0, -objectSuffix.length)] : []));
    },
    env: (bucket = 'files') => ({
      S3_BUCKET: bucket,
      S3_ENDPOINT: url,
      S3_ACCESS_KEY_ID: 'S3RVER',
      S3_SECRET_ACCESS_KEY: 'S3RVER',
    }),
    stop: async () => {
      server.httpServer.closeAllConnections();
      await server.close();
      restoreCiphers();
      running.delete(server);
      await rm(directory, { recursive: true, force: true });
    },
  });
}

/** Lets a part of each download through and then closes the connection; or calls `then` instead. */
export const breakAfter =
  (bytes: number, then = (exchange: Exchange): unknown => exchange.res.socket?.destroy()): Fault =>
  async (exchange, next) => {
    await next();
    if (exchange.method !== 'GET' || !(exchange.body instanceof Readable)) return;
    const body = exchange.body;
    let sent = 0;
    const push = body.push.bind(body);
    body.push = (chunk: Buffer | null, ...rest) => {
      sent += chunk?.length ?? 0;
      if (sent <= bytes) return push(chunk, ...rest);
      then(exchange);
      return false;
    };
  };

/** It enciphers the tokens of its pages by DES, which Node has no more but as a part of triple DES. */
function allowDes(): () => void {
  const crypto = createRequire(import.meta.url)('node:crypto') as typeof import('node:crypto');
  const { createCipheriv, createDecipheriv } = crypto;
  const tripled = (make: any) => (name: string, key: Buffer, iv: Buffer, options?: object) =>
    name === 'des' ? make('des-ede3-cbc', Buffer.concat([key, key, key]), iv) : make(name, key, iv, options);
  Object.assign(crypto, { createCipheriv: tripled(createCipheriv), createDecipheriv: tripled(createDecipheriv) });
  return () => void Object.assign(crypto, { createCipheriv, createDecipheriv });
}

/** Answers with an error as S3 does. */
export function refuse(exchange: Exchange, status: number, code: string): void {
  exchange.status = status;
  exchange.type = 'application/xml';
  exchange.body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>no</Message></Error>`;
}
