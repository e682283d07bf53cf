import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import type { Networks } from '../lib/public-address.js';
import { ConfigError } from './config-error.js';
import { misspelt, readEnvironment } from './environment.js';
import { s3Conflicts, type S3Config, s3Of } from './s3.js';
import { settings } from './settings.js';

/** Where the program's own files lie: the package's root, from `src/` and from `dist/` alike. */
export const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Where traces go. */
export interface TelemetryConfig {
  endpoint: string;
  /** May hold a secret. */
  headers: Readonly<Record<string, string>>;
  serviceName: string;
  /** Of the traces that begin here, from 0 to 1. */
  ratio: number;
}

export type CorsOrigins = '*' | readonly string[];

export interface Config {
  port: number;
  host: string;
  /** Without a trailing slash. */
  publicUrl: string;
  /** With `{z}`, `{x}` and `{y}`; undefined: maps of the console have no tiles. */
  mapTilesUrl: string | undefined;
  approval: {
    /** Whether a rejection needs a comment. */
    mustSayWhyRejected: boolean;
  };
  /** Whose pages may call the server from a browser, beside its own; `*`: everybody's, without cookies. */
  corsOrigins: CorsOrigins;
  dataDir: string;
  /** Files are refused while less is free on the disk of `dataDir`. */
  minFreeBytes: number;
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
  /** Where the files are; undefined: under `dataDir`. */
  s3: S3Config | undefined;
  /** How many documents a search counts and ranks one by one. */
  searchCounted: number;
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
  /** Of the made-up firm not only the little that is there at once. */
  wholeDemo: boolean;
  registrationOpen: boolean;
  /** ISO 4217 code of the firm's own currency. */
  currency: string;
  /** IANA name of the zone in which the firm counts its days. */
  timeZone: string;
  /** How long a technician needs between two appointments. */
  travelBufferMinutes: number;
  /** Identity printed on invoices; undefined prints a default one with a warning. */
  seller: Environment['SELLER'];
  /** How the numbers of new invoices and credit notes begin. */
  series: { invoices: string; creditNotes: string };
  /** Percent a year as decimal text; undefined: letters of reminder reckon no penalties. */
  latePenaltyRate: string | undefined;
  /** undefined: nothing is mailed. `url` holds a password. */
  mail: { url: string; from: string } | undefined;
  webhooks: {
    /** Addresses beyond the public ones that webhooks may be sent to. */
    allowPrivate: 'all' | Networks;
  };
  plugins: {
    /** Where plugins may be installed from, as `isSourceRule` has them; empty: from nowhere. */
    sources: readonly string[];
    /** The registry of npm packages; there is one when a source is of npm. */
    registry: string | undefined;
  };
  /** Number of reverse proxies in front whose X-Forwarded-* headers are believed. */
  trustProxy: number;
  /**
   * What this process does: `web` answers requests, `worker` does jobs, the clock's work, consumes the event log and
   * watches the folder of dropped files; `all` does both.
   */
  process: 'all' | 'web' | 'worker';
  /** After SIGTERM. */
  drainMs: number;
  /** undefined: they are not shown. */
  metrics:
    | { /** What whoever asks for them must say; undefined: nobody need. */ token: string | undefined }
    | undefined;
  /** undefined: no traces are recorded. */
  telemetry: TelemetryConfig | undefined;
  /** How long the event log is kept, in days. */
  eventRetentionDays: number;
  logLevel: string;
}

/**
 * Reads the settings once: from the environment and, for what stands not there, from the file `.env`. Throws
 * ConfigError with one line that names every wrong or misspelt setting and what it should be; values are not repeated,
 * since some are secrets.
 */
export function readConfig(env: NodeJS.ProcessEnv = readEnvironment()): Config {
  const { config, problems } = lookAtConfig(env);
  if (!config) throw new ConfigError(`Configuration: ${problems.join('; ')}`);
  return config;
}

/**
 * The same without throwing: the problems, each beginning with the name of a setting, and no settings if there are
 * any.
 */
export function lookAtConfig(env: NodeJS.ProcessEnv): { config: Config | undefined; problems: string[] } {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = settings.safeParse(present);
  const wrong = parsed.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];
  const problems = [...wrong, ...misspelt(present, Object.keys(settings.shape))];
  if (parsed.success && problems.length === 0) problems.push(...conflictsBetween(parsed.data));
  return { config: parsed.success && problems.length === 0 ? configOf(parsed.data) : undefined, problems };
}

type Environment = z.output<typeof settings>;

/** Why settings that are right one by one cannot stand together. */
function conflictsBetween(e: Environment): string[] {
  const conflicts = [
    ...(['JWT_SECRET', 'ENCRYPTION_KEY'] as const).map(
      (name) => e.DATABASE_URL && !e[name] && `${name} is required with DATABASE_URL`,
    ),
    e.DATABASE_REPLICA_URLS.length > 0 && !e.DATABASE_URL && 'DATABASE_REPLICA_URLS needs DATABASE_URL',
    e.PROCESS !== 'all' &&
      !e.DATABASE_URL &&
      'PROCESS must be all without DATABASE_URL: the embedded database admits one process',
    ...s3Conflicts(e),
    e.SMTP_URL && !e.MAIL_FROM && 'MAIL_FROM is required with SMTP_URL',
    e.PLUGIN_SOURCES.some((entry) => entry.startsWith('npm:')) &&
      !e.PLUGIN_REGISTRY &&
      'PLUGIN_REGISTRY is required with npm: in PLUGIN_SOURCES',
    e.INVOICE_SERIES.toUpperCase() === e.CREDIT_NOTE_SERIES.toUpperCase() &&
      'CREDIT_NOTE_SERIES must not be INVOICE_SERIES: credit notes are numbered by themselves',
  ];
  return conflicts.filter((conflict) => typeof conflict === 'string' && conflict !== '') as string[];
}

function configOf(e: Environment): Config {
  const dataDir = resolve(e.DATA_DIR);
  const ingestDir = e.INGEST_DIR ? resolve(e.INGEST_DIR) : join(dataDir, 'ingest');
  const host = e.HOST.includes(':') ? `[${e.HOST}]` : e.HOST;
  return {
    port: e.PORT,
    host: e.HOST,
    mapTilesUrl: e.MAP_TILES_URL,
    publicUrl: (e.PUBLIC_URL ?? `http://${host}:${e.PORT}`).replace(/\/+$/, ''),
    approval: { mustSayWhyRejected: e.APPROVAL_REJECTION_COMMENT === 'required' },
    corsOrigins: e.CORS_ORIGINS,
    dataDir,
    minFreeBytes: e.MIN_FREE_DISK_MB * 2 ** 20,
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
    s3: s3Of(e),
    searchCounted: e.SEARCH_COUNTED,
    redisUrl: e.REDIS_URL,
    jwtSecret: e.JWT_SECRET,
    encryptionKey: e.ENCRYPTION_KEY,
    passThrough: e.PASS_THROUGH,
    rateLimitFactor: e.RATE_LIMITS,
    admin: { email: e.ADMIN_EMAIL, username: e.ADMIN_USERNAME, password: e.ADMIN_PASSWORD },
    demo: e.DEMO ?? !e.DATABASE_URL,
    wholeDemo: e.DEMO === true,
    registrationOpen: e.REGISTRATION === 'open',
    currency: e.CURRENCY,
    timeZone: e.TIME_ZONE,
    travelBufferMinutes: e.TRAVEL_BUFFER_MINUTES,
    seller: e.SELLER,
    latePenaltyRate: e.LATE_PENALTY_RATE,
    series: { invoices: e.INVOICE_SERIES, creditNotes: e.CREDIT_NOTE_SERIES },
    mail: e.SMTP_URL && e.MAIL_FROM ? { url: e.SMTP_URL, from: e.MAIL_FROM } : undefined,
    webhooks: { allowPrivate: e.WEBHOOK_ALLOW_PRIVATE },
    plugins: { sources: e.PLUGIN_SOURCES, registry: e.PLUGIN_REGISTRY },
    trustProxy: e.TRUST_PROXY,
    process: e.PROCESS,
    drainMs: e.DRAIN_SECONDS * 1_000,
    metrics: e.METRICS ? { token: e.METRICS_TOKEN } : undefined,
    telemetry:
      e.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? undefined
        : {
            endpoint: e.OTEL_EXPORTER_OTLP_ENDPOINT,
            headers: Object.fromEntries(
              e.OTEL_EXPORTER_OTLP_HEADERS.map((pair) => /^([^=]+)=(.*)$/.exec(pair)!.slice(1)),
            ),
            serviceName: e.OTEL_SERVICE_NAME,
            ratio: e.OTEL_TRACES_SAMPLER_ARG,
          },
    eventRetentionDays: e.EVENT_RETENTION_DAYS,
    logLevel: e.LOG_LEVEL,
  };
}
