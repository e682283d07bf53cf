import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import { type Logger, pino } from 'pino';
import { inject } from 'vitest';
import { type App, type AppOptions, startApp } from '../../src/app/start.js';
import { readConfig } from '../../src/config/config.js';
import { freshDatabase } from './database.js';
import { running } from './running.js';
import { SecretWatch, suspectRows } from './secrets.js';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed body; undefined when it is not JSON. */
  json: any;
}

export interface RequestOptions {
  token?: string | undefined;
  headers?: Record<string, string>;
  json?: unknown;
  form?: Record<string, string>;
  body?: NonNullable<RequestInit['body']>;
}

export interface Person {
  id: number;
  username: string;
  email: string;
  password: string;
  /** Access JWT of a session of their own. */
  token: string;
}

export interface TestServer {
  url: string;
  app: App;
  db: App['database'];
  services: App['services'];
  admin: Person;
  ingestDir: string;
  /** Log lines so far, as JSON text. */
  log: string[];
  /** Every secret that came by. A request throws when its answer shows one again. */
  secrets: SecretWatch;
  /** Where the log or a table holds one of them; `stop` throws when there is any. */
  leaks: () => Promise<string[]>;
  request: (method: string, path: string, options?: RequestOptions) => Promise<Answer>;
  graphql: (
    query: string,
    variables?: object,
    token?: string,
  ) => Promise<{ data: any; errors?: any[]; status: number }>;
  person: (options?: { roles?: string[] }) => Promise<Person>;
  /** One statement straight to the database. */
  sql: (text: string, parameters?: unknown[]) => Promise<any[]>;
  stop: () => Promise<void>;
}

export interface TestServerOptions {
  env?: NodeJS.ProcessEnv;
  now?: () => Date;
  eventSocket?: AppOptions['eventSocket'];
  clientStallMs?: number;
  socketIdleMs?: number;
  socketPenaltyMs?: number;
  plugins?: AppOptions['plugins'];
}

const password = 'Motdepasse-1';
let passwordHash: Promise<string> | undefined;

/** A whole server on a database of its own, listening on a free port. */
export async function startTestServer({
  env = {},
  now,
  eventSocket,
  clientStallMs,
  socketIdleMs,
  socketPenaltyMs,
  plugins,
}: TestServerOptions = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(inject('folder'), 'server-'));
  const database = await freshDatabase(folder);
  const lines: string[] = [];
  const secrets = new SecretWatch();
  const log: Logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const config = readConfig({
    ...database.env,
    DATA_DIR: folder,
    PORT: '0',
    DEMO: '0',
    JWT_SECRET: 'test-secret-'.repeat(4),
    ENCRYPTION_KEY: 'test-key-'.repeat(4),
    RATE_LIMITS: 'off',
    WATCH_DIR: 'off',
    TESSERACT: 'off',
    ...env,
  });
  const app = await startApp({
    config,
    log,
    database: { fsync: false },
    validateResponses: true,
    ...(now && { now }),
    ...(eventSocket && { eventSocket }),
    ...(clientStallMs !== undefined && { clientStallMs }),
    ...(socketIdleMs !== undefined && { socketIdleMs }),
    ...(socketPenaltyMs !== undefined && { socketPenaltyMs }),
    ...(plugins !== undefined && { plugins }),
  });
  running.set(app, `the server at ${app.url}`);
  const { orm } = app.database;
  const sql: TestServer['sql'] = (text, parameters = []) => orm.em.fork().getConnection().execute(text, parameters);

  let people = 0;
  const person: TestServer['person'] = async ({ roles = ['user'] } = {}) => {
    const name = `person${(people += 1)}`;
    const email = `${name}@example.org`;
    const [user] = await sql(
      `insert into users (username, email, first_name, last_name, password_hash) values (?, ?, ?, ?, ?) returning id`,
      [name, email, 'Person', String(people), await (passwordHash ??= hash(password))],
    );
    for (const role of roles)
      await sql('insert into role_assignments (user_id, role_id) select ?, id from roles where name = ?', [
        user.id,
        role,
      ]);
    const [session] = await sql(
      `insert into sessions (user_id, kind, expires_at) values (?, 'token', now() + interval '7 days') returning id`,
      [user.id],
    );
    const token = app.services.accessTokens.sign(user.id, session.id, app.services.now());
    secrets.remember(token);
    secrets.rememberPassword(password);
    return { id: user.id, username: name, email, password, token };
  };

  const request: TestServer['request'] = async (method, path, { token, headers, json, form, body } = {}) => {
    const sent = json !== undefined ? JSON.stringify(json) : form ? new URLSearchParams(form) : body;
    const response = await fetch(`${app.url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent !== undefined && { body: sent }),
    });
    const text = await response.text();
    // The documents of the API quote the examples of the contracts, passwords included.
    if (!path.startsWith('/core-docs')) {
      secrets.noteExchange({
        name: `${method} ${path}`,
        credentials: [token ?? '', ...Object.values(headers ?? {})],
        body: json ?? form,
        answer: [text, ...response.headers.getSetCookie()].join('\n'),
        isReplayable:
          headers !== undefined && Object.keys(headers).some((name) => name.toLowerCase() === 'idempotency-key'),
      });
    }
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  };

  return {
    url: app.url,
    app,
    db: app.database,
    services: app.services,
    admin: await person({ roles: ['admin'] }),
    ingestDir: config.ingestDir,
    log: lines,
    secrets,
    leaks: () => leaksOf(secrets, { lines, sql }),
    request,
    graphql: async (query, variables, token) => {
      const { json, status, text } = await request('POST', '/graphql', { json: { query, variables }, token });
      if (!json) throw new Error(`GraphQL answered ${status}: ${text}`);
      return { ...json, status };
    },
    person,
    sql,
    stop: async () => {
      const leaks = await leaksOf(secrets, { lines, sql });
      await app.stop();
      running.delete(app);
      await database.drop();
      await rm(folder, { recursive: true, force: true });
      if (leaks.length) throw new Error(`Secrets stand in the open:\n${leaks.join('\n')}`);
    },
  };
}

/** Where the log or a table holds a secret. The texts of documents are people's own. */
async function leaksOf(
  secrets: SecretWatch,
  { lines, sql }: { lines: readonly string[]; sql: TestServer['sql'] },
): Promise<string[]> {
  const tables = await sql(
    `select relname as name from pg_class where relnamespace = current_schema()::regnamespace
        and relkind in ('r', 'p') and not relispartition and relname <> 'documents'`,
  );
  const rows: { place: string; text: string }[] = await sql(suspectRows(tables.map(({ name }) => name)), [
    JSON.stringify(secrets.passwords),
  ]);
  const places = [...lines.map((text) => ({ place: 'log', text })), ...rows];
  return places.flatMap(({ place, text }) =>
    secrets.leaksIn(text).map((leak) => `${place}: ${leak} in ${text.slice(0, 300)}`),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
