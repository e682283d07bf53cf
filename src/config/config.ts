import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const flag = z.enum(['0', '1', 'off', 'on', 'false', 'true']).transform((v) => v === '1' || v === 'on' || v === 'true');
const secret = z.string().min(32, 'needs at least 32 characters').optional();

const isTimeZone = (name: string): boolean => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
};

/** `https://app.example.org`: scheme, host and port alone. */
function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** `a@b.fr` or `Name <a@b.fr>`. */
function isMailbox(text: string): boolean {
  const address = /^[^<>\r\n]*<([^<>]+)>$/.exec(text)?.[1] ?? text;
  return z.email().safeParse(address).success;
}

/** Every setting, with its default. Nothing else in the product reads the environment. */
const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  HOST: z.string().min(1).default('127.0.0.1'),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' }).optional(),
  DATABASE_REPLICA_URLS: z
    .string()
    .default('')
    .transform((v) =>
      v
        .split(',')
        .map((u) => u.trim())
        .filter(Boolean),
    )
    .pipe(z.array(z.url({ protocol: /^postgres(ql)?$/, error: 'must be postgres:// URLs with commas between them' }))),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be a redis:// URL' }).optional(),
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform((text) => {
      const origins = text.split(',').map((origin) => origin.trim().replace(/\/$/, '').toLowerCase());
      return text.trim() === '*' ? ('*' as const) : origins.filter(Boolean);
    })
    .refine(
      (origins) => origins === '*' || origins.every(isOrigin),
      'must be * or origins such as https://app.example.org with commas between them',
    ),
  JWT_SECRET: secret,
  ENCRYPTION_KEY: secret,
  ADMIN_EMAIL: z.email().default('admin@example.com'),
  ADMIN_USERNAME: z
    .string()
    .regex(/^[a-z][a-z0-9._-]{1,49}$/, 'is 2 to 50 of a-z 0-9 . _ -')
    .default('admin'),
  ADMIN_PASSWORD: z.string().min(8).optional(),
  DEMO: flag.optional(),
  PASS_THROUGH: flag.default(true),
  RATE_LIMITS: z
    .string()
    .default('on')
    .transform((text) => (text === 'off' ? undefined : text === 'on' ? 1 : Number(text)))
    .pipe(z.number('is on, off or a number of at least 1').min(1, 'is on, off or a number of at least 1').optional()),
  REGISTRATION: z.enum(['open', 'closed']).default('open'),
  INGEST_DIR: z.string().min(1).optional(),
  WATCH_DIR: z.string().min(1).optional(),
  WATCH_OWNER: z.string().min(1).optional(),
  TESSERACT: z.string().min(1).default('tesseract'),
  PATH: z.string().optional(),
  TESSDATA_PREFIX: z.string().optional(),
  CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/, 'is a three-letter currency code')
    .default('EUR'),
  TIME_ZONE: z.string().refine(isTimeZone, 'is a time zone such as Europe/Paris').default('Europe/Paris'),
  SELLER: z
    .string()
    .optional()
    .transform((text, ctx) => {
      if (text === undefined) return undefined;
      try {
        return JSON.parse(text) as unknown;
      } catch {
        ctx.addIssue({ code: 'custom', message: 'must be a JSON object' });
        return z.NEVER;
      }
    })
    .pipe(
      z
        .strictObject({
          name: z.string().min(1),
          street: z.string().optional(),
          postalCode: z.string().optional(),
          city: z.string().optional(),
          country: z.string().length(2).default('FR'),
          email: z.email().optional(),
          siren: z
            .string()
            .regex(/^\d{9}$/)
            .optional(),
          siret: z
            .string()
            .regex(/^\d{14}$/)
            .optional(),
          vatNumber: z.string().optional(),
          legalForm: z.string().optional(),
          shareCapital: z.string().optional(),
          rcs: z.string().optional(),
          iban: z.string().optional(),
          vatExemptionReason: z.string().optional(),
        })
        .optional(),
    ),
  SMTP_URL: z.url({ protocol: /^smtps?$/, hostname: /./, error: 'must be a smtp:// or smtps:// URL' }).optional(),
  MAIL_FROM: z.string().refine(isMailbox, 'must be an address, or a name with an address in angle brackets').optional(),
  TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
  PROCESS: z.enum(['all', 'web', 'worker'], 'is all, web or worker').default('all'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** Where the program's own files lie: the package's root, from `src/` and from `dist/` alike. */
export const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

export type CorsOrigins = '*' | readonly string[];

export interface Config {
  port: number;
  host: string;
  /** Without a trailing slash. */
  publicUrl: string;
  /** Whose pages may call the server from a browser, beside its own; `*`: everybody's, without cookies. */
  corsOrigins: CorsOrigins;
  dataDir: string;
  ingestDir: string;
  /** Files that are dropped in here become documents; undefined: none is watched. */
  watchDir: string | undefined;
  /** User name of whom those documents belong to; undefined: the first administrator. */
  watchOwner: string | undefined;
  /**
   * The program that recognises text in pictures, and all that it needs of the environment; undefined: switched off.
   */
  tesseract: { program: string; environment: Readonly<Record<string, string>> } | undefined;
  /** undefined: PostgreSQL runs inside the process, its files under `dataDir`. */
  databaseUrl: string | undefined;
  databaseReplicaUrls: readonly string[];
  /** Holds the counters of the quotas, so that several processes count together. */
  redisUrl: string | undefined;
  jwtSecret: string | undefined;
  /** Seals what must be read again and never lie open: second factors, kept answers. */
  encryptionKey: string | undefined;
  /** False has graphql-js answer every query, also those that plans could write by themselves. */
  passThrough: boolean;
  /** Multiplies the documented quotas, at least 1; undefined switches them off, not the lock after failed logins. */
  rateLimitFactor: number | undefined;
  admin: { email: string; username: string; password: string | undefined };
  demo: boolean;
  registrationOpen: boolean;
  /** ISO 4217 code of the firm's own currency. */
  currency: string;
  /** IANA name of the zone in which the firm counts its days. */
  timeZone: string;
  /** Identity printed on invoices; undefined prints a default one with a warning. */
  seller: z.infer<typeof environment>['SELLER'];
  /** undefined: nothing is mailed. `url` holds a password. */
  mail: { url: string; from: string } | undefined;
  /** Number of reverse proxies in front whose X-Forwarded-* headers are believed. */
  trustProxy: number;
  /**
   * What this process does: `web` answers requests, `worker` does jobs, the clock's work, consumes the event log and
   * watches the folder of dropped files; `all` does both.
   */
  process: 'all' | 'web' | 'worker';
  logLevel: string;
}

export class ConfigError extends Error {}

/**
 * Reads the environment once. Throws ConfigError with one line that names every wrong setting and what it should be;
 * values are not repeated, since some are secrets.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(present);
  if (!parsed.success) {
    throw new ConfigError(
      `Configuration: ${parsed.error.issues.map((i) => `${i.path.join('.')} ${i.message}`).join('; ')}`,
    );
  }
  const conflict = conflictBetween(parsed.data);
  if (conflict) throw new ConfigError(`Configuration: ${conflict}`);
  return configOf(parsed.data);
}

type Environment = z.output<typeof environment>;

/** Why settings that are right one by one cannot stand together; undefined when they can. */
function conflictBetween(e: Environment): string | undefined {
  for (const name of ['JWT_SECRET', 'ENCRYPTION_KEY'] as const)
    if (e.DATABASE_URL && !e[name]) return `${name} is required with DATABASE_URL`;
  if (e.DATABASE_REPLICA_URLS.length && !e.DATABASE_URL) return 'DATABASE_REPLICA_URLS needs DATABASE_URL';
  if (e.PROCESS !== 'all' && !e.DATABASE_URL)
    return 'PROCESS must be all without DATABASE_URL: the embedded database admits one process';
  if (e.SMTP_URL && !e.MAIL_FROM) return 'MAIL_FROM is required with SMTP_URL';
  return undefined;
}

function configOf(e: Environment): Config {
  const dataDir = resolve(e.DATA_DIR);
  const ingestDir = e.INGEST_DIR ? resolve(e.INGEST_DIR) : join(dataDir, 'ingest');
  const host = e.HOST.includes(':') ? `[${e.HOST}]` : e.HOST;
  return {
    port: e.PORT,
    host: e.HOST,
    publicUrl: (e.PUBLIC_URL ?? `http://${host}:${e.PORT}`).replace(/\/+$/, ''),
    corsOrigins: e.CORS_ORIGINS,
    dataDir,
    ingestDir,
    watchDir: e.WATCH_DIR === 'off' ? undefined : e.WATCH_DIR ? resolve(e.WATCH_DIR) : join(ingestDir, 'watched'),
    watchOwner: e.WATCH_OWNER,
    tesseract:
      e.TESSERACT === 'off'
        ? undefined
        : {
            program: e.TESSERACT,
            environment: {
              ...(e.PATH && { PATH: e.PATH }),
              ...(e.TESSDATA_PREFIX && { TESSDATA_PREFIX: e.TESSDATA_PREFIX }),
            },
          },
    databaseUrl: e.DATABASE_URL,
    databaseReplicaUrls: e.DATABASE_REPLICA_URLS,
    redisUrl: e.REDIS_URL,
    jwtSecret: e.JWT_SECRET,
    encryptionKey: e.ENCRYPTION_KEY,
    passThrough: e.PASS_THROUGH,
    rateLimitFactor: e.RATE_LIMITS,
    admin: { email: e.ADMIN_EMAIL, username: e.ADMIN_USERNAME, password: e.ADMIN_PASSWORD },
    demo: e.DEMO ?? !e.DATABASE_URL,
    registrationOpen: e.REGISTRATION === 'open',
    currency: e.CURRENCY,
    timeZone: e.TIME_ZONE,
    seller: e.SELLER,
    mail: e.SMTP_URL && e.MAIL_FROM ? { url: e.SMTP_URL, from: e.MAIL_FROM } : undefined,
    trustProxy: e.TRUST_PROXY,
    process: e.PROCESS,
    logLevel: e.LOG_LEVEL,
  };
}
