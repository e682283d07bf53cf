import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import pg from 'pg';
import { type Logger, pino } from 'pino';
import { inject } from 'vitest';
import { type App, startApp } from '../../src/app.js';
import { readConfig } from '../../src/config.js';

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
  request: (method: string, path: string, options?: RequestOptions) => Promise<Answer>;
  graphql: (query: string, variables?: object, token?: string) => Promise<{ data: any; errors?: any[]; status: number }>;
  person: (options?: { roles?: string[] }) => Promise<Person>;
  /** One statement straight to the database. */
  sql: (text: string, parameters?: unknown[]) => Promise<any[]>;
  stop: () => Promise<void>;
}

export interface TestServerOptions {
  env?: NodeJS.ProcessEnv;
  now?: () => Date;
}

const password = 'Motdepasse-1';
let passwordHash: Promise<string> | undefined;

/** A whole server on a database of its own, listening on a free port. */
export async function startTestServer({ env = {}, now }: TestServerOptions = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-'));
  const database = await freshDatabase(folder);
  const lines: string[] = [];
  const log: Logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const config = readConfig({ ...database.env, DATA_DIR: folder, PORT: '0', DEMO: '0', JWT_SECRET: 'test-secret-'.repeat(4), ENCRYPTION_KEY: 'test-key-'.repeat(4), RATE_LIMITS: 'off', WATCH_DIR: 'off', TESSERACT: 'off', ...env });
  const app = await startApp({ config, log, database: { fsync: false }, validateResponses: true, ...(now && { now }) });
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
    for (const role of roles) await sql('insert into role_assignments (user_id, role_id) select ?, id from roles where name = ?', [user.id, role]);
    const [session] = await sql(`insert into sessions (user_id, kind, expires_at) values (?, 'token', now() + interval '7 days') returning id`, [user.id]);
    const token = app.services.accessTokens.sign(user.id, session.id, app.services.now());
    return { id: user.id, username: name, email, password, token };
  };

  const request: TestServer['request'] = async (method, path, { token, headers, json, form, body } = {}) => {
    const sent = json !== undefined ? JSON.stringify(json) : form ? new URLSearchParams(form) : body;
    const response = await fetch(`${app.url}${path}`, {
      method,
      redirect: 'manual',
      headers: { ...(token && { authorization: `Bearer ${token}` }), ...(json !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(sent !== undefined && { body: sent }),
    });
    const text = await response.text();
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
    request,
    graphql: async (query, variables, token) => {
      const { json, status, text } = await request('POST', '/graphql', { json: { query, variables }, token });
      if (!json) throw new Error(`GraphQL answered ${status}: ${text}`);
      return { ...json, status };
    },
    person,
    sql,
    stop: async () => {
      await app.stop();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A copy of the prepared database: in `folder` when embedded, else under a name of its own. */
export async function freshDatabase(folder: string): Promise<{ env: NodeJS.ProcessEnv; drop: () => Promise<void> }> {
  const prepared = inject('database');
  if (prepared.kind === 'embedded') {
    await cp(prepared.template, folder, { recursive: true });
    return { env: {}, drop: async () => undefined };
  }
  const name = `passerelle_test_${process.pid}_${randomBytes(4).toString('hex')}`;
  const run = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: prepared.url });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await run(`create database ${name} template ${prepared.template}`);
  return {
    env: { DATABASE_URL: Object.assign(new URL(prepared.url), { pathname: `/${name}` }).href },
    drop: () => run(`drop database ${name} with (force)`),
  };
}
