import { randomUUID } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Logger } from 'pino';
import { ConfigError } from '../config/config-error.js';
import type { S3Config } from '../config/s3.js';
import type { OpenContentStore } from './open-content-store.js';
import { type Patience, s3Store, statusOf } from './s3-store.js';
import { tellingOutages } from './telling-outages.js';

export interface OpenBucketOptions {
  spoolFolder: string;
  log: Logger;
  patience?: Patience;
}

/** Shorter than what a transaction may be idle for, in `db/server.ts`. */
const defaultPatience: Patience = { answerMs: 10_000, stallMs: 20_000 };
const connectTimeoutMs = 5_000;
/** How long one try may last, so that another fits into the whole patience. */
const tryShare = 0.45;
const isUpTimeoutMs = 2_000;

/**
 * Tries everything that the store will do in the bucket, and opens it. Throws ConfigError, which names the setting,
 * when nobody answers, the key is not good, there is no such bucket, or something may not be done in it.
 */
export async function openBucket(settings: S3Config, options: OpenBucketOptions): Promise<OpenContentStore> {
  const { spoolFolder, log, patience = defaultPatience } = options;
  const { bucket, prefix } = settings;
  const client = clientOf(settings, patience);
  try {
    const isConditional = await tryBucket(client, settings, patience);
    if (!isConditional)
      log.warn({ bucket }, 'the S3 server does not hold If-None-Match: the last of two writes at once wins');
    return {
      store: tellingOutages(s3Store({ client, bucket, prefix, isConditional, spoolFolder, patience }), log),
      isUp: () => answers(client, bucket),
      close: () => client.destroy(),
    };
  } catch (error) {
    client.destroy();
    throw error;
  }
}

function clientOf({ region, endpoint, credentials, forcePathStyle }: S3Config, { answerMs }: Patience): S3Client {
  // A download holds its connection for as long as its reader takes: a limit would have other requests wait for it.
  const agent = { keepAlive: true, maxSockets: Infinity };
  return new S3Client({
    region,
    forcePathStyle,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials && { credentials }),
    maxAttempts: 3,
    // Other servers than Amazon's do not know the newer checksums. What is sent is signed with its SHA-256 anyway.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: Math.min(connectTimeoutMs, answerMs * tryShare),
      requestTimeout: answerMs * tryShare,
      throwOnRequestTimeout: true,
      // Silence on a connection may be a slow reader's. `Patience` is kept where one knows what is waited for.
      socketTimeout: 0,
      httpAgent: agent,
      httpsAgent: agent,
    },
  });
}

/** Resolves with whether the server refuses to write over what is there. */
async function tryBucket(client: S3Client, settings: S3Config, { answerMs }: Patience): Promise<boolean> {
  const { bucket: Bucket, prefix } = settings;
  // No kind of keys has a hyphen.
  const probe = { Bucket, Key: `${prefix}start-up/${randomUUID()}` };
  let doing = 'write';
  const soon = (): { abortSignal: AbortSignal } => ({ abortSignal: AbortSignal.timeout(answerMs) });
  const create = async (): Promise<boolean> => {
    const created = new PutObjectCommand({ ...probe, Body: 'Passerelle', IfNoneMatch: '*' });
    return client.send(created, soon()).then(
      () => true,
      (error) => {
        if (statusOf(error) === 412) return false;
        throw error;
      },
    );
  };
  try {
    const isConditional = await create()
      .then(async () => !(await create()))
      .catch(async (error) => {
        if (statusOf(error) !== 501) throw error;
        await client.send(new PutObjectCommand({ ...probe, Body: 'Passerelle' }), soon());
        return false;
      });
    doing = 'read';
    await (await client.send(new GetObjectCommand(probe), soon())).Body?.transformToByteArray();
    doing = 'list';
    await client.send(new ListObjectsV2Command({ Bucket, Prefix: probe.Key, MaxKeys: 1 }), soon());
    doing = 'delete';
    await client.send(new DeleteObjectCommand(probe), soon());
    return isConditional;
  } catch (error) {
    if (doing === 'read' || doing === 'list')
      await client.send(new DeleteObjectCommand(probe), soon()).catch(() => undefined);
    throw new ConfigError(refusalOf(error as Error, { settings, doing }), { cause: error });
  }
}

async function answers(client: S3Client, Bucket: string): Promise<boolean> {
  try {
    await client.send(new HeadBucketCommand({ Bucket }), { abortSignal: AbortSignal.timeout(isUpTimeoutMs) });
    return true;
  } catch {
    return false;
  }
}

/** In words of ours: what servers say of a request may show parts of it. */
function refusalOf(error: Error, { settings, doing }: { settings: S3Config; doing: string }): string {
  const { bucket, endpoint, region } = settings;
  const place = endpoint === undefined ? `S3 in ${region}` : new URL(endpoint).host;
  const { code } = error as NodeJS.ErrnoException;
  switch (error.name) {
    case 'NoSuchBucket':
      return `S3_BUCKET: ${place} has no bucket ${bucket}`;
    case 'InvalidAccessKeyId':
      return `S3_ACCESS_KEY_ID: ${place} does not know it`;
    case 'SignatureDoesNotMatch':
      return `S3_SECRET_ACCESS_KEY: ${place} says that it is not that of S3_ACCESS_KEY_ID`;
    case 'CredentialsProviderError':
      return 'S3_ACCESS_KEY_ID: there is none, and this machine has no credentials of AWS';
    case 'PermanentRedirect':
    case 'AuthorizationHeaderMalformed':
    case 'IllegalLocationConstraintException':
      return `S3_REGION: the bucket ${bucket} is not in ${region}`;
    case 'RequestTimeTooSkewed':
      return `S3_ENDPOINT: the clocks of ${place} and of this machine differ`;
    case 'AbortError':
    case 'TimeoutError':
      return `S3_ENDPOINT: nobody answers at ${place} in time`;
  }
  switch (code) {
    case 'ECONNREFUSED':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `S3_ENDPOINT: nobody answers at ${place}`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return settings.forcePathStyle
        ? `S3_ENDPOINT: there is no host of the name in ${place}`
        : `S3_ENDPOINT: there is no host of the name ${bucket}.${place} (S3_FORCE_PATH_STYLE=on asks ${place})`;
  }
  const status = statusOf(error);
  if (status === 403) return `S3_BUCKET: the key may not ${doing} in the bucket ${bucket} (${error.name})`;
  return `S3_ENDPOINT: ${place} cannot be used (${code ?? [error.name, status].filter(Boolean).join(' ')})`;
}
