import { tmpdir } from 'node:os';
import type { Logger } from 'pino';
import { createClient } from 'redis';
import { ConfigError } from '../../config/config-error.js';
import type { Config } from '../../config/config.js';
import { findTesseract } from '../../files/recognition.js';
import { smtpMailer } from '../../mail/mailer.js';
import { openContentStore } from '../../storage/open-content-store.js';
import type { Finding } from '../doctor.js';

const connectTimeoutMs = 5_000;

/** In S3: writes, reads, lists and deletes. A folder is looked at with the disk. */
export async function examineFiles({ s3, dataDir }: Config, log: Logger): Promise<Finding[]> {
  const check = 'files';
  if (!s3) return [{ check, status: 'ok', message: `kept in ${dataDir}/files` }];
  try {
    const opened = await openContentStore({ s3, dataDir }, { spoolFolder: tmpdir(), log });
    opened.close();
    return [{ check, status: 'ok', message: `S3: the bucket ${s3.bucket} can be written, read and emptied` }];
  } catch (error) {
    return [
      {
        check,
        status: 'fail',
        message: messageOf(error),
        advice: 'Look at S3_ENDPOINT, S3_BUCKET and the key; it needs to put, get, list and delete objects.',
      },
    ];
  }
}

export async function examineRedis({ redisUrl, databaseUrl }: Config): Promise<Finding[]> {
  const check = 'redis';
  if (redisUrl === undefined)
    return [
      {
        check,
        status: 'ok',
        message: databaseUrl ? 'none: each process counts its quotas alone' : 'none, and none is needed',
      },
    ];
  const client = createClient({
    url: redisUrl,
    socket: { connectTimeout: connectTimeoutMs, reconnectStrategy: false },
  });
  client.on('error', () => undefined);
  const where = new URL(redisUrl).host;
  try {
    await client.connect();
    const startedMs = performance.now();
    await client.ping();
    const ms = Math.round(performance.now() - startedMs);
    return [{ check, status: 'ok', message: `${where} answers in ${ms} ms` }];
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return [
      {
        check,
        status: 'fail',
        message: `REDIS_URL: ${where} cannot be used (${code ?? message.split('\n')[0]})`,
        advice: 'Start Redis, or correct REDIS_URL; without the setting each process counts alone.',
      },
    ];
  } finally {
    client.destroy();
  }
}

/** Signs in at the mail server and sends nothing. */
export async function examineMail({ mail }: Config): Promise<Finding[]> {
  const check = 'mail';
  if (!mail) return [{ check, status: 'ok', message: 'no server is set, and nothing is mailed' }];
  try {
    await smtpMailer(mail).verify();
    return [{ check, status: 'ok', message: `${new URL(mail.url).host} takes the sign-in; nothing was sent` }];
  } catch (error) {
    return [
      {
        check,
        status: 'fail',
        message: `SMTP_URL: ${new URL(mail.url).host}: ${messageOf(error)}`,
        advice: 'Look at the host, port, user and password of SMTP_URL, and whether this machine may send mail.',
      },
    ];
  }
}

export async function examineTesseract({ tesseract }: Config, log: Logger): Promise<Finding[]> {
  const check = 'recognition';
  if (!tesseract) return [{ check, status: 'ok', message: 'switched off' }];
  const found = await findTesseract(tesseract, log);
  return [
    found
      ? { check, status: 'ok', message: `${found.version}, ${found.languages.join(' and ')}` }
      : {
          check,
          status: 'warn',
          message: `${tesseract.program} cannot be used: the text of pictures and scans is not recognised`,
          advice: 'Install tesseract with the languages fra and eng, or set TESSERACT=off.',
        },
  ];
}

const messageOf = (error: unknown): string =>
  error instanceof ConfigError ? error.message : ((error as Error).message.split('\n')[0] ?? '');
