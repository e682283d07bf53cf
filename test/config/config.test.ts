import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { ConfigError } from '../../src/config/config-error.js';
import { readConfig } from '../../src/config/config.js';
import { settings } from '../../src/config/settings.js';

test('nothing set: embedded, with the demo firm, on this machine only', () => {
  expect(readConfig({})).toMatchObject({
    port: 4000,
    host: '127.0.0.1',
    publicUrl: 'http://127.0.0.1:4000',
    databaseUrl: undefined,
    demo: true,
  });
});

test('with a server of its own there is no demo firm unless asked for', () => {
  const server = { DATABASE_URL: 'postgres://db/x', JWT_SECRET: 's'.repeat(32), ENCRYPTION_KEY: 'k'.repeat(32) };
  expect(readConfig(server).demo).toBe(false);
  expect(readConfig({ ...server, DEMO: '1' }).demo).toBe(true);
  expect(() => readConfig({ DATABASE_URL: server.DATABASE_URL })).toThrow(/JWT_SECRET is required/);
});

test('every wrong value is named at once, and no value is repeated', () => {
  const wrong = {
    PORT: 'p0rt',
    DATABASE_URL: 'mysql://secret@db',
    JWT_SECRET: 'short-secret',
    DEMO: 'perhaps',
    SELLER: '{',
    CURRENCY: 'euro',
  };
  const refusal = (() => {
    try {
      return readConfig(wrong);
    } catch (error) {
      return error;
    }
  })();
  expect(refusal).toBeInstanceOf(ConfigError);
  for (const name of Object.keys(wrong)) expect(String(refusal)).toContain(`${name} `);
  for (const value of ['p0rt', 'secret@db', 'short-secret', 'perhaps', 'euro'])
    expect(String(refusal)).not.toContain(value);
});

test('CORS_ORIGINS lists origins, or lets everybody in', () => {
  expect(readConfig({}).corsOrigins).toEqual([]);
  expect(readConfig({ CORS_ORIGINS: ' * ' }).corsOrigins).toBe('*');
  expect(readConfig({ CORS_ORIGINS: 'http://localhost:3000/, https://App.example.org' }).corsOrigins).toEqual([
    'http://localhost:3000',
    'https://app.example.org',
  ]);
  for (const wrong of ['localhost:3000', 'https://app.example.org/page', '*, http://localhost:3000', 'null', 'ftp://x'])
    expect(() => readConfig({ CORS_ORIGINS: wrong })).toThrow(/CORS_ORIGINS must be/);
});

test('a rejection needs a comment only where it is asked for', () => {
  expect(readConfig({}).approval.mustSayWhyRejected).toBe(false);
  expect(readConfig({ APPROVAL_REJECTION_COMMENT: 'required' }).approval.mustSayWhyRejected).toBe(true);
});

test('mail is off without a server, needs a sender with one, and a wrong setting is named without its password', () => {
  expect(readConfig({}).mail).toBeUndefined();
  const SMTP_URL = 'smtp://robot:hunter2@mail.example.net:587';
  expect(readConfig({ SMTP_URL, MAIL_FROM: 'Passerelle <robot@example.net>' }).mail).toEqual({
    url: SMTP_URL,
    from: 'Passerelle <robot@example.net>',
  });
  expect(readConfig({ SMTP_URL, MAIL_FROM: 'robot@example.net' }).mail?.from).toBe('robot@example.net');
  expect(() => readConfig({ SMTP_URL })).toThrow(/^Configuration: MAIL_FROM is required with SMTP_URL$/);
  for (const wrong of [
    { SMTP_URL: 'http://robot:hunter2@mail' },
    { SMTP_URL: 'mail.example.net' },
    { MAIL_FROM: 'Passerelle' },
    { MAIL_FROM: 'a@b.fr\nBcc: c@d.fr' },
  ]) {
    expect(() => readConfig({ SMTP_URL, MAIL_FROM: 'robot@example.net', ...wrong })).toThrow(
      new RegExp(`^Configuration: ${Object.keys(wrong)[0]} must be (?!.*hunter2)[^\n]*$`),
    );
  }
});

test('quotas are on, off or multiplied', () => {
  expect(
    [{}, { RATE_LIMITS: 'on' }, { RATE_LIMITS: 'off' }, { RATE_LIMITS: '2.5' }].map(
      (env) => readConfig(env).rateLimitFactor,
    ),
  ).toEqual([1, 1, undefined, 2.5]);
  for (const RATE_LIMITS of ['0', '0.5', '-1', 'many', 'NaN', 'Infinity', '1e999']) {
    expect(() => readConfig({ RATE_LIMITS })).toThrow(
      /^Configuration: RATE_LIMITS is on, off or a number of at least 1$/,
    );
  }
});

test('a name that is nearly one of ours is told, unless that one is set as well', () => {
  const told = (env: NodeJS.ProcessEnv): string => {
    try {
      readConfig(env);
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  for (const [wrong, meant] of [
    ['JWT_SECRTE', 'JWT_SECRET'],
    ['REGISTRATON', 'REGISTRATION'],
    ['RATE_LIMIT', 'RATE_LIMITS'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['database_url', 'DATABASE_URL'],
    ['DATABASE_REPLICAS_URL', 'DATABASE_REPLICA_URLS'],
    ['PROT', 'PORT'],
  ] as const) {
    expect(told({ [wrong]: 'hunter2' })).toBe(
      `Configuration: ${wrong}: did you mean ${meant}? (if not, set ${meant} as well)`,
    );
  }
  expect(told({ LOGLEVEL: 'debug', LOG_LEVEL: 'info' })).toBe('');
  // What shells, npm, containers and clusters set.
  const usual = `HOME HOSTNAME USER SHELL PWD OLDPWD TERM LANG LC_ALL TZ EDITOR MAIL LOGNAME DISPLAY SHLVL NODE INIT_CWD
    NODE_ENV NODE_OPTIONS COLOR CI DEBUG TMPDIR npm_config_cache POSTGRES_URL REDIS_HOST REDIS_PORT DATABASE_HOST
    PASSERELLE_PORT PASSERELLE_SERVICE_HOST KUBERNETES_PORT SMTP_HOST SMTP_PORT SECRET_KEY SORT POST`.split(/\s+/);
  expect(told(Object.fromEntries(usual.map((name) => [name, '1'])))).toBe('');
});

test('.env.example names every setting, and what it shows is accepted', async () => {
  const shown = parseEnv((await readFile('.env.example', 'utf8')).replaceAll(/^# (?=[A-Z0-9_]+=)/gm, ''));
  const outside = ['PATH', 'TESSDATA_PREFIX'];
  expect(Object.keys(shown).toSorted()).toEqual(
    Object.keys(settings.shape)
      .filter((name) => !outside.includes(name))
      .toSorted(),
  );
  const keys = { JWT_SECRET: 's'.repeat(32), ENCRYPTION_KEY: 'k'.repeat(32) };
  expect(readConfig({ ...shown, ...keys })).toMatchObject({ port: 4000, passThrough: true });
  const readme = await readFile('README.md', 'utf8');
  expect(Object.keys(shown).filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

test('a series of numbers has no space, no accent, no more than fits, and none is both', () => {
  expect(readConfig({}).series).toEqual({ invoices: 'FA', creditNotes: 'AV' });
  expect(readConfig({ INVOICE_SERIES: 'F-2', CREDIT_NOTE_SERIES: 'A'.repeat(20) }).series.creditNotes).toHaveLength(20);
  for (const name of ['INVOICE_SERIES', 'CREDIT_NOTE_SERIES'])
    for (const wrong of ['FA 1', 'É', 'FÀ', '-FA', 'F/A', 'FA\n', 'A'.repeat(21), 'A'.repeat(36)])
      expect(() => readConfig({ [name]: wrong })).toThrow(new RegExp(`^Configuration: ${name} is 1 to 20 of`));
  expect(() => readConfig({ INVOICE_SERIES: 'av' })).toThrow(/CREDIT_NOTE_SERIES must not be INVOICE_SERIES/);
});

test('a seller whose numbers cannot be right, or contradict each other, stops the start and is named', () => {
  const read = (seller: object) => readConfig({ SELLER: JSON.stringify({ name: 'Cabinet Martin', ...seller }) });
  const siren = '732829320';
  expect(
    read({
      siren: '732 829 320',
      siret: '732 829 320 00074',
      vatNumber: 'FR 44 732829320',
      iban: 'FR76 3000 6000 0112 3456 7890 189',
    }).seller,
  ).toMatchObject({ siren, siret: '73282932000074', vatNumber: 'FR44732829320', iban: 'FR7630006000011234567890189' });
  for (const [wrong, message] of [
    [{ siren: '732829321' }, 'SELLER.siren is no SIREN'],
    [{ siren: '123456782', siret: '73282932000074' }, 'SELLER.siret must begin with the siren'],
    [{ siren, siret: '73282932000075' }, 'SELLER.siret is no SIRET'],
    [{ siren, vatNumber: 'FR45732829320' }, 'SELLER.vatNumber is no French VAT number'],
    [{ siren, vatNumber: 'FR11123456782' }, 'SELLER.vatNumber must end with the siren'],
    [{ siren, vatNumber: '44732829320' }, 'SELLER.vatNumber must begin with'],
    [{ siren, iban: 'FR7630006000011234567890188' }, 'SELLER.iban is no IBAN'],
    [{ siren, country: 'France' }, 'SELLER.country is no ISO 3166-1 code'],
    [{}, 'SELLER.siren is required, or siret'],
  ] as const)
    expect(() => read(wrong), message).toThrow(message);
  expect(read({ country: 'DE', vatNumber: 'DE136695976' }).seller).toMatchObject({ country: 'DE' });
});

test('a bucket in S3 has a place, and its settings are given together', () => {
  expect(readConfig({}).s3).toBeUndefined();
  expect(readConfig({ S3_BUCKET: 'files', S3_REGION: 'eu-west-3' }).s3).toEqual({
    bucket: 'files',
    endpoint: undefined,
    region: 'eu-west-3',
    credentials: undefined,
    forcePathStyle: false,
    prefix: '',
  });
  const key = { S3_ACCESS_KEY_ID: 'AKIA', S3_SECRET_ACCESS_KEY: 'hunter2\n' };
  expect(readConfig({ S3_BUCKET: 'files', S3_ENDPOINT: 'http://s3:9000', S3_PREFIX: 'firm/a', ...key }).s3).toEqual({
    bucket: 'files',
    endpoint: 'http://s3:9000',
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'hunter2' },
    forcePathStyle: true,
    prefix: 'firm/a/',
  });
  for (const [wrong, message] of [
    [{ S3_ENDPOINT: 'http://s3:9000' }, 'S3_ENDPOINT needs S3_BUCKET'],
    [key, 'S3_ACCESS_KEY_ID needs S3_BUCKET; S3_SECRET_ACCESS_KEY needs S3_BUCKET'],
    [{ S3_BUCKET: 'files', S3_ACCESS_KEY_ID: 'AKIA' }, 'S3_SECRET_ACCESS_KEY is required with S3_ACCESS_KEY_ID'],
    [{ S3_BUCKET: 'files', S3_SECRET_ACCESS_KEY: 'hunter2' }, 'S3_ACCESS_KEY_ID is required with S3_SECRET_ACCESS_KEY'],
    [{ S3_BUCKET: 'a/b' }, 'S3_BUCKET is the name of a bucket'],
    [{ S3_BUCKET: 'files', S3_ENDPOINT: 's3:9000' }, 'S3_ENDPOINT must be an http:// or https:// URL'],
    [{ S3_BUCKET: 'files', S3_ENDPOINT: 'http://a:hunter2@s3' }, 'S3_ENDPOINT must hold no user, password or question'],
    [{ S3_BUCKET: 'files', S3_PREFIX: '../x' }, 'S3_PREFIX is a path such as firm/files'],
    [{ S3_BUCKET: 'files', S3_FORCE_PATH_STYLE: 'yes' }, 'S3_FORCE_PATH_STYLE is on or off'],
  ] as const) {
    expect(() => readConfig(wrong)).toThrow(message);
    expect(() => readConfig(wrong)).not.toThrow('hunter2');
  }
});
