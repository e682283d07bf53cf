import { z } from 'zod';
import { isSourceRule } from '../lib/plugin-source-rule.js';
import { isNetwork } from '../lib/public-address.js';
import { isTimeZone } from '../lib/zoned-day.js';
import { flag } from './flag.js';
import { s3Settings } from './s3.js';
import { seller } from './seller.js';

const wholeNumber = (min: number, max: number) => {
  const text = `is a whole number from ${min} to ${max}`;
  return z.coerce.number(text).int(text).min(min, text).max(max, text);
};
const secret = z.string().min(32, 'needs at least 32 characters').optional();
const name = z.string();

/** `https://app.example.org`: scheme, host and port alone. */
function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** `a@b.fr` or `Name <a@b.fr>`. */
function isMailbox(text: string): boolean {
  const address = /^[^<>\r\n]*<([^<>]+)>$/.exec(text)?.[1] ?? text;
  return z.email().safeParse(address).success;
}

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** A number is the series, the year, `-` and up to ten digits: within the 35 characters that it may have (BR-FR-01). */
const series = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_+-]{0,19}$/, 'is 1 to 20 of A-Z a-z 0-9 - _ +, a letter or digit first');

/**
 * Every setting, with its default. Nothing else in the product reads the environment. The descriptions, in the order of
 * the table, make `.env.example`.
 */
export const settings = z.object({
  PORT: wholeNumber(0, 65_535).default(4000).describe('Where it listens; 0 takes any free port.'),
  HOST: name.default('127.0.0.1').describe('The address that it listens at; 0.0.0.0 is all of this machine.'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
    .optional()
    .describe('The address that browsers see, without it http://HOST:PORT. https: turns on Secure cookies and HSTS.'),
  DATA_DIR: name.default('./data').describe('Embedded database, files, spool.'),
  MIN_FREE_DISK_MB: wholeNumber(0, 1_000_000_000)
    .default(200)
    .describe('Files are refused (507) and /health says so while less is free on the disk of DATA_DIR; 0 never does.'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' })
    .optional()
    .meta({
      description: 'PostgreSQL of version 15 or newer; without it the embedded database.',
      examples: ['postgres://passerelle:…@db:5432/passerelle'],
    }),
  DATABASE_REPLICA_URLS: z
    .string()
    .default('')
    .transform(list)
    .pipe(z.array(z.url({ protocol: /^postgres(ql)?$/, error: 'must be postgres:// URLs with commas between them' })))
    .describe('Replicas for the reads of the graph, with commas between them.'),
  ...s3Settings,
  SEARCH_COUNTED: wholeNumber(10, 100_000)
    .default(10_000)
    .describe('Documents that a search counts one by one and ranks; where more are found, its counts are estimates.'),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// URL' })
    .optional()
    .meta({
      description: 'Counts the quotas of several processes together.',
      examples: ['redis://cache:6379'],
    }),
  MAP_TILES_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
    .refine((url) => ['{z}', '{x}', '{y}'].every((part) => url.includes(part)), 'must hold {z}, {x} and {y}')
    .refine((url) => !url.includes('{s}'), 'must name one host, without {s}')
    .optional()
    .meta({
      description: 'Where browsers get the tiles of the console’s maps; without it maps have a plain ground.',
      examples: ['https://tiles.example.org/{z}/{x}/{y}.png'],
    }),
  APPROVAL_REJECTION_COMMENT: z
    .enum(['optional', 'required'])
    .default('optional')
    .describe('required: who rejects a document must say why.'),
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform((text) => {
      const origins = list(text).map((origin) => origin.replace(/\/$/, '').toLowerCase());
      return text.trim() === '*' ? ('*' as const) : origins.filter(Boolean);
    })
    .refine(
      (origins) => origins === '*' || origins.every(isOrigin),
      'must be * or origins such as https://app.example.org with commas between them',
    )
    .describe(
      'Whose pages may call the server from a browser: origins with commas between them, or * without cookies.',
    ),
  JWT_SECRET: secret.describe(
    'Signs access tokens; at least 32 characters. Made and kept when embedded, required with DATABASE_URL.',
  ),
  ENCRYPTION_KEY: secret.describe(
    'Seals second factors and kept answers; at least 32 characters. Made and kept when embedded, required with ' +
      'DATABASE_URL.',
  ),
  ADMIN_EMAIL: z
    .email('must be an e-mail address')
    .default('admin@example.com')
    .describe('The person whom the first start makes, as administrator.'),
  ADMIN_USERNAME: z
    .string()
    .regex(/^[a-z][a-z0-9._-]{1,49}$/, 'is 2 to 50 of a-z 0-9 . _ -, a letter first')
    .default('admin')
    .describe('The user name of that person.'),
  ADMIN_PASSWORD: z
    .string()
    .min(8, 'needs at least 8 characters')
    .optional()
    .describe('The password of that person; without it one is made and shown once.'),
  DEMO: flag
    .optional()
    .describe(
      'A made-up firm, once, into an empty database. on: with two years behind it. Unset: a small one when embedded.',
    ),
  PASS_THROUGH: flag.default(true).meta({
    description: 'off has graphql-js answer every query, also those that plans write straight from the rows.',
    examples: ['on'],
  }),
  RATE_LIMITS: z
    .string()
    .default('on')
    .transform((text) => (text === 'off' ? undefined : text === 'on' ? 1 : Number(text)))
    .pipe(z.number('is on, off or a number of at least 1').min(1, 'is on, off or a number of at least 1').optional())
    .describe('off switches the quotas off, not the lock after failed logins; a number multiplies the quotas.'),
  REGISTRATION: z
    .enum(['open', 'closed'], 'is open or closed')
    .default('open')
    .describe('Whether people may register.'),
  INGEST_DIR: name
    .optional()
    .describe('Where POST /kdocs/api/documents may take files from; without it DATA_DIR/ingest.'),
  WATCH_DIR: name
    .optional()
    .describe('Files that are dropped in here become documents; without it INGEST_DIR/watched. off switches it off.'),
  WATCH_OWNER: name
    .optional()
    .describe('User name of whom those documents belong to; without it the first administrator.'),
  TESSERACT: name
    .default('tesseract')
    .describe('The program that recognises text in pictures, a name or a path; off switches it off.'),
  // Not ours: what the program gets of the environment.
  PATH: name.optional(),
  TESSDATA_PREFIX: name.optional(),
  CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/, 'is a three-letter currency code')
    .default('EUR')
    .describe("The firm's own currency."),
  TIME_ZONE: z
    .string()
    .refine(isTimeZone, 'is a time zone such as Europe/Paris')
    .default('Europe/Paris')
    .describe('In which the firm counts its days, and people who chose none theirs.'),
  TRAVEL_BUFFER_MINUTES: z.coerce
    .number('is a number of minutes')
    .int('is a whole number')
    .min(0, 'is 0 or more')
    .max(720, 'is 720 at most')
    .default(0)
    .describe('How long a technician needs between two appointments.'),
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
    .pipe(seller)
    .meta({
      description: `Who bills, printed on invoices: ${Object.keys(seller.unwrap().shape).join(', ')}.`,
      examples: ['{"name": "Cabinet Martin", "city": "Lyon", "siren": "123456782"}'],
    }),
  INVOICE_SERIES: series.default('FA').describe('How the numbers of new invoices begin: FA2026-00001.'),
  CREDIT_NOTE_SERIES: series
    .default('AV')
    .describe('How the numbers of credit notes begin; another series than that of invoices.'),
  LATE_PENALTY_RATE: z
    .string()
    .regex(/^\d{1,2}(\.\d{1,4})?$/, 'is percent a year such as 8.28')
    .optional()
    .meta({
      description:
        'Yearly rate in percent by which letters of reminder reckon penalties: thrice the legal interest rate.',
      examples: ['8.28'],
    }),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, hostname: /./, error: 'must be a smtp:// or smtps:// URL' })
    .optional()
    .meta({
      description: 'Notifications are mailed too; without it nothing is.',
      examples: ['smtp://user:password@mail.example.com:587'],
    }),
  MAIL_FROM: z
    .string()
    .refine(isMailbox, 'must be an address, or a name with an address in angle brackets')
    .optional()
    .meta({
      description: 'Sender of the mail; required with SMTP_URL.',
      examples: ['Passerelle <passerelle@example.com>'],
    }),
  WEBHOOK_ALLOW_PRIVATE: z
    .string()
    .default('off')
    .transform((text) => (text === 'on' ? ('all' as const) : text === 'off' ? [] : list(text)))
    .refine(
      (allowed) => allowed === 'all' || allowed.every(isNetwork),
      'is on, off or networks such as 10.0.0.0/8 with commas between them',
    )
    .describe(
      'Whether webhooks may be sent to addresses that are not public: off, on, or only to networks such as ' +
        '10.0.0.0/8,fd00::/8.',
    ),
  EVENT_RETENTION_DAYS: wholeNumber(31, 36_500)
    .default(400)
    .describe('For how many days the event log is kept; a month goes when its last day is that old.'),
  PLUGIN_SOURCES: z
    .string()
    .default('')
    .transform(list)
    .refine(
      (entries) => entries.every(isSourceRule),
      'has absolute folders, npm:@scope/* or npm:name, and https:// addresses that end with / with commas between them',
    )
    .meta({
      description: 'Where plugins may be installed from: folders, packages of npm, addresses; nowhere without it.',
      examples: ['/srv/plugins,npm:@firm/*,https://git.example.com/plugins/'],
    }),
  PLUGIN_REGISTRY: z
    .url({ protocol: /^https$/, error: 'must be an https:// URL' })
    .optional()
    .meta({
      description: 'The registry that packages of plugins come from; PLUGIN_SOURCES with npm: needs it.',
      examples: ['https://npm.example.com/'],
    }),
  TRUST_PROXY: wholeNumber(0, 10).default(0).describe('How many reverse proxies in front to believe.'),
  PROCESS: z
    .enum(['all', 'web', 'worker'], 'is all, web or worker')
    .default('all')
    .describe('web answers requests, worker does what need not be answered, all does both.'),
  DRAIN_SECONDS: wholeNumber(0, 300)
    .default(1)
    .describe('How long after SIGTERM it still takes requests, while /health/ready says that it is about to stop.'),
  METRICS: flag.default(true).meta({
    description: 'off: there is no /metrics.',
    examples: ['on'],
  }),
  METRICS_TOKEN: z
    .string()
    .min(16, 'needs at least 16 characters')
    .regex(/^[\x21-\x7e]+$/, 'is printable characters without blanks')
    .optional()
    .describe('What Prometheus must say as its bearer token at /metrics; without it anybody may read them.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
    .optional()
    .meta({
      description: 'Where traces are sent to, by OTLP over HTTP; without it none are recorded.',
      examples: ['http://collector:4318'],
    }),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .default('')
    .transform(list)
    .refine((pairs) => pairs.every((pair) => /^[^\s=]+=./.test(pair)), 'is name=value, with commas between them')
    .describe('Headers for the collector, such as a token: name=value with commas between them.'),
  OTEL_SERVICE_NAME: name.default('passerelle').describe('What the server is called in traces.'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number('is a number from 0 to 1')
    .min(0, 'is 0 or more')
    .max(1, 'is 1 at most')
    .default(1)
    .describe('The share of the traces that are recorded, of those that begin here.'),
  LOG_LEVEL: z
    .enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'is fatal, error, warn, info, debug, trace or silent',
    )
    .default('info')
    .describe('Lines are JSON with the id of the request.'),
});
