import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { runCli, startCli } from '../support/cli.js';
import { type FreshDatabase, freshDatabase } from '../support/database.js';
import { makePdf } from '../support/files.js';
import { startProcess } from '../support/process.js';

// Each command is a process of its own, which begins by loading the program.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const password = 'Passe-partout-1';
let folder: string;
let database: FreshDatabase;
/** Of the installation that is backed up. */
let source: NodeJS.ProcessEnv;
let backup: string;
/** An API token of the administrator, which every copy of the installation takes. */
let token: string;
/** What the installation answered. */
let answers: any;
const databases: string[] = [];

/** What an installation answers. */
const questions = `{
  documents(first: 50) { nodes { id title sizeBytes contentHash textStatus owner { username } stars } }
  users(first: 50) { nodes { id username email roles { name } } }
  viewer { apiTokens { name } }
  tag(id: 1) { name }
}`;

async function ask(url: string): Promise<any> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: questions }),
  });
  return response.json();
}

const plugins = resolve('examples/plugins');
const runs = (env: NodeJS.ProcessEnv) => ({ ...env, WATCH_DIR: 'off', TESSERACT: 'off', PLUGIN_SOURCES: plugins });

beforeAll(async () => {
  folder = await mkdtemp(join(inject('folder'), 'backup-'));
  database = await freshDatabase(join(folder, 'source'));
  source = { ...database.env, DATA_DIR: join(folder, 'source'), WEBHOOK_ALLOW_PRIVATE: 'on' };
  await mkdir(join(folder, 'source'), { recursive: true });
  const server = await startProcess(runs({ ...source, ADMIN_PASSWORD: password }));
  const login = await fetch(`${server.url}/auth/login`, {
    method: 'POST',
    body: new URLSearchParams({ username: 'admin', password }),
  });
  const headers = { authorization: `Bearer ${((await login.json()) as { access_token: string }).access_token}` };
  const graphql = (query: string, variables: object) =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
  const made = await graphql('mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { token } }', {
    input: { name: 'everywhere' },
  });
  token = ((await made.json()) as any).data.createApiToken.token;
  await graphql('mutation ($input: CreateWebhookEndpointInput!) { createWebhookEndpoint(input: $input) { secret } }', {
    // Nobody answers there, so that what is sent waits.
    input: { name: 'Closed', url: 'http://127.0.0.1:1/', events: ['tag.*'] },
  });
  for (const word of ['un', 'deux', 'trois']) {
    const form = new FormData();
    form.append('files', new Blob([new Uint8Array(await makePdf([word]))]), `${word}.pdf`);
    await fetch(`${server.url}/kdocs/api/documents/upload`, { method: 'POST', headers, body: form });
  }
  const id = 'document-stars';
  await graphql('mutation ($input: InstallPluginInput!) { installPlugin(input: $input) { plugin { id } } }', {
    input: { id, source: join(plugins, id) },
  });
  await graphql('mutation ($input: EnablePluginInput!) { enablePlugin(input: $input) { plugin { id } } }', {
    input: { id },
  });
  await graphql('mutation ($input: StarDocumentInput!) { starDocument(input: $input) { document { id } } }', {
    input: { documentId: '2' },
  });
  backup = join(folder, 'first.backup');
  const tag = (n: number) =>
    graphql('mutation ($input: CreateTagInput!) { createTag(input: $input) { tag { id } } }', {
      input: { name: `tag ${n}` },
    });
  await tag(0);
  answers = await ask(server.url);
  expect(answers.errors).toBeUndefined();
  expect(answers.data.documents.nodes).toHaveLength(3);
  expect(answers.data.documents.nodes).toContainEqual(expect.objectContaining({ id: '2', stars: 1 }));
  if (inject('database').kind === 'server') {
    // Beside a server that writes.
    let isOver = false;
    const taking = runCli(['backup', backup, '--json'], { env: source });
    const writing = (async () => {
      for (let n = 1; !isOver; n += 1) expect((await tag(n)).status).toBe(200);
    })();
    expect(await taking).toMatchObject({ code: 0 });
    isOver = true;
    await writing;
    await server.end('SIGTERM');
  } else {
    await server.end('SIGTERM');
    expect(await runCli(['backup', backup, '--json'], { env: source })).toMatchObject({ code: 0 });
  }
});

afterAll(async () => {
  await database.drop();
  for (const name of databases) await onServer(`drop database ${name} with (force)`);
  await rm(folder, { recursive: true, force: true });
});

const onServer = async (statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString: process.env['TEST_DATABASE_URL'] });
  await client.connect();
  await client.query(statement).finally(() => client.end());
};

async function emptyDatabase(): Promise<string> {
  const prepared = inject('database') as { prefix: string; url: string };
  const name = `${prepared.prefix}${randomBytes(6).toString('hex')}`;
  databases.push(name);
  await onServer(`create database ${name}`);
  return Object.assign(new URL(prepared.url), { pathname: `/${name}` }).href;
}

test('a backup that is whole says so; one that was cut or changed is refused, and says why', async () => {
  const bytes = await readFile(backup);
  const [cut, changed] = [join(folder, 'cut.backup'), join(folder, 'changed.backup')];
  await writeFile(cut, bytes.subarray(0, bytes.length - 200));
  const flipped = Buffer.from(bytes);
  flipped[Math.floor(bytes.length / 2)]! ^= 1;
  await writeFile(changed, flipped);
  const none = join(folder, 'none');
  const keyless = { DATA_DIR: join(folder, 'keyless'), ENCRYPTION_KEY: '' };
  // Each is a process, and none needs another.
  const [whole, shortened, refused, withoutKey] = await Promise.all([
    runCli(['backup', '--verify', backup, '--json']),
    runCli(['backup', '--verify', cut]),
    runCli(['restore', changed], { env: { DATA_DIR: none } }),
    runCli(['restore', backup], { env: keyless }),
  ]);
  expect(whole).toMatchObject({
    code: 0,
    // The package of the plugin is one of the files.
    json: { files: 4, tables: { 'public.documents': 3, 'plugin_document_stars.stars': 1 }, missingFiles: [] },
  });
  expect(shortened).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/cannot be used: it (is cut short|ends too early)/),
  });
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('cannot be used') });
  expect(existsSync(join(none, 'postgres'))).toBe(false);
  expect(withoutKey).toMatchObject({ code: 3, err: expect.stringContaining('The key of the backup is missing') });
});

test('a backup that is killed leaves nothing that looks whole', async () => {
  const path = join(folder, 'killed.backup');
  const taking = startCli(['backup', path], { env: source });
  await expect.poll(() => existsSync(`${path}.partial`), { timeout: 120_000, interval: 5 }).toBe(true);
  taking.process.kill('SIGKILL');
  await taking.end;
  expect(existsSync(path)).toBe(false);
});

test('a target that is not empty is refused', async () => {
  expect(await runCli(['restore', backup], { env: source })).toMatchObject({
    code: 3,
    err: expect.stringContaining('The database is not empty'),
  });
});

test('from an empty machine everything comes back: answers, files and what waits', async () => {
  const target: NodeJS.ProcessEnv = { DATA_DIR: join(folder, 'target'), WEBHOOK_ALLOW_PRIVATE: 'on' };
  const restored = await runCli(['restore', backup, '--json'], { env: target });
  // The webhooks that waited are held.
  expect(restored).toMatchObject({ code: 4, json: { files: 4, migrated: [], notes: [expect.any(String)] } });
  expect(restored.json.held).toBeGreaterThan(0);
  expect(await answersOf(target)).toEqual(answers);
  expect(await runCli(['outgoing', 'send', '--json'], { env: target })).toMatchObject({
    code: 0,
    json: { webhooks: restored.json.held, mails: 0 },
  });
});

test('from the embedded database to PostgreSQL, sealed and with the keys', async () => {
  if (inject('database').kind === 'embedded') return;
  const sealed = join(folder, 'sealed.backup');
  const passphrase = { input: 'phrase de passe\n' };
  const target = { DATA_DIR: join(folder, 'target') };
  expect(
    await runCli(['backup', sealed, '--passphrase', '--with-secrets'], { env: target, ...passphrase }),
  ).toMatchObject({ code: 0 });
  expect((await readFile(sealed)).includes('ustar')).toBe(false);
  expect(await runCli(['backup', '--verify', sealed, '--passphrase'], { input: 'une autre phrase\n' })).toMatchObject({
    code: 1,
    err: expect.stringContaining('passphrase is wrong'),
  });
  const moved = { DATABASE_URL: await emptyDatabase(), DATA_DIR: join(folder, 'moved') };
  const restored = await runCli(['restore', sealed, '--passphrase', '--outgoing', 'send', '--json'], {
    env: moved,
    ...passphrase,
  });
  expect(restored).toMatchObject({ code: 0, json: { files: 4, held: 0 } });
  expect(await answersOf(moved)).toEqual(answers);
});

async function answersOf(env: NodeJS.ProcessEnv): Promise<unknown> {
  const server = await startProcess(runs(env));
  try {
    return await ask(server.url);
  } finally {
    await server.end('SIGTERM');
  }
}
