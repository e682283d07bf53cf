import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { type CliEnd, runCli, startCli } from '../support/cli.js';
import { type FreshDatabase, freshDatabase } from '../support/database.js';
import { type ServerProcess, startProcess } from '../support/process.js';

// Each command is a process of its own, which begins by loading the program.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const password = 'Passe-partout-1';
const plugins = resolve('examples/plugins');
let folder: string;
let database: FreshDatabase;
let env: NodeJS.ProcessEnv;
/** All that any command wrote, for the search for secrets at the end. */
const written: string[] = [];

const run = async (words: readonly string[], input = '', more: NodeJS.ProcessEnv = {}): Promise<CliEnd> => {
  const end = await runCli(words, { env: { ...env, ...more }, input });
  written.push(end.out, end.err);
  return end;
};

beforeAll(async () => {
  folder = await mkdtemp(join(inject('folder'), 'cli-'));
  database = await freshDatabase(folder);
  env = { ...database.env, DATA_DIR: folder };
});

afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

describe('on the database', () => {
  test('people are made and listed; a password never is an argument, and a bad one changes nothing', async () => {
    const weak = await run(['user', 'create', 'ada', '--email', 'ada@example.org', '--role', 'x'], 'weak\n');
    expect(weak.code).toBe(2);
    expect(weak.err).toMatch(/^passerelle: password: .*there is no role x/);
    const role = ['--role', 'admin', '--first-name', 'Ada'];
    const made = await run(['user', 'create', 'ada', '--email', 'ada@example.org', ...role, '--json'], `${password}\n`);
    expect(made.json).toEqual([
      { id: '1', username: 'ada', email: 'ada@example.org', fullName: 'Ada', isActive: true, roles: ['admin'] },
    ]);
  });

  test('an operation runs as a person, with the exit code of its answer', async () => {
    const file = join(folder, 'variables.json');
    await writeFile(file, '{"first": 1}');
    const operation = 'query ($first: Int) { viewer { username } users(first: $first) { nodes { username } } }';
    const answer = await run(['query', operation, '--variables', `@${file}`, '--as', 'ada']);
    expect(answer).toMatchObject({
      code: 0,
      json: { data: { viewer: { username: 'ada' }, users: { nodes: [{ username: 'ada' }] } } },
    });
  });

  test('migrations are told', async () => {
    const status = await run(['migrate', 'status', '--json']);
    expect(status).toMatchObject({ code: 0, json: { pending: [], unknown: [] } });
    expect(status.json.done.length).toBeGreaterThan(30);
  });
});

describe('beside a running server', () => {
  let server: ServerProcess;
  let port: string;
  let token: string;

  beforeAll(async () => {
    const scopes = ['read', 'write', 'admin'].flatMap((scope) => ['--scope', scope]);
    const made = await runCli(['token', 'create', '--user', 'ada', '--name', 'cli', ...scopes, '--json'], { env });
    ({ token } = made.json);
    server = await startProcess({ ...env, WATCH_DIR: 'off', TESSERACT: 'off', PLUGIN_SOURCES: plugins });
    ({ port } = new URL(server.url));
  });

  // It may not have come up.
  afterAll(() => (server as ServerProcess | undefined)?.end('SIGTERM'));

  test('what works directly is refused on the embedded database, with what to do', async () => {
    if (inject('database').kind === 'server') return;
    const refused = await run(['user', 'list']);
    expect(refused).toMatchObject({ code: 3, out: '' });
    expect(refused.err).toMatch(/in use by process \d+.*Stop that process.*--url/);
  });

  test('the server is asked instead', async () => {
    const remote = { PASSERELLE_URL: server.url, PASSERELLE_TOKEN: token };
    expect((await run(['query', '{ viewer { username } }'], '', remote)).json).toEqual({
      data: { viewer: { username: 'ada' } },
    });
    expect((await run(['user', 'list', '--json'], '', remote)).json).toMatchObject([{ username: 'ada' }]);
    const wrong = await run(['query', '-'], '{ nothing }', remote);
    expect(wrong).toMatchObject({ code: 1, json: { errors: [{ message: expect.stringContaining('nothing') }] } });
    const inPerson = await run(['token', 'revoke', '1'], '', remote);
    expect(inPerson).toMatchObject({ code: 3, err: expect.stringMatching(/scope|session/) });
    expect(await run(['query', '{ viewer { id } }'], '', { PASSERELLE_URL: 'http://127.0.0.1:1' })).toMatchObject({
      code: 3,
      err: expect.stringContaining('Nobody answers at http://127.0.0.1:1'),
    });
  });

  test('a plugin is installed, set and removed; what is refused says why, each with its code', async () => {
    const plugin = (...words: string[]): Promise<CliEnd> =>
      run(['plugin', ...words], '', { PASSERELLE_URL: server.url, PASSERELLE_TOKEN: token });
    const [id, source] = ['vehicle-fleet', join(plugins, 'vehicle-fleet')];
    expect(await plugin('install', id, source, '--set', 'serviceEvery=5000', '--enable', '--json')).toMatchObject({
      code: 0,
      json: { plugin: { id, status: 'ACTIVE', contribution: { dialectPrefix: '/parc/v1' } }, lagging: [] },
    });
    expect(await plugin('set', id, 'serviceEvery=5')).toMatchObject({
      code: 2,
      err: expect.stringContaining('settings.serviceEvery'),
    });
    expect(await plugin('rollback', id)).toMatchObject({ code: 1, err: expect.stringContaining('No such former') });
    const shown = await plugin('show', id);
    expect(shown).toMatchObject({ code: 0, out: expect.stringMatching(/^state +active$[^]*^serviceEvery +5000$/m) });
    expect(await plugin('uninstall', id)).toMatchObject({ code: 0, out: `Removed ${id}\n` });
    expect(await plugin('show', id)).toMatchObject({ code: 1, err: `passerelle: There is no plugin ${id}\n` });
  });

  test('events come as they happen; after a kill of the server it goes on without loss or repetition', async () => {
    const listening = startCli(['listen', 'user.*', '--json', '--count', '6'], {
      env: { PASSERELLE_URL: server.url, PASSERELLE_TOKEN: token },
    });
    const login = () =>
      fetch(`${server.url}/auth/login`, { method: 'POST', body: new URLSearchParams({ username: 'ada', password }) });
    const lines = (): number => listening.out().split('\n').length - 1;
    // It listens from when it says nothing: the first ones may be before it.
    await expect
      .poll(async () => ((await login()).status === 200 ? lines() : 0), { timeout: 60_000 })
      .toBeGreaterThan(0);
    const before = lines();
    await server.end('SIGKILL');
    server = await startProcess({ ...env, PORT: port, WATCH_DIR: 'off', TESSERACT: 'off' });
    // While it rests before the next try.
    await login();
    await expect.poll(async () => (await login(), lines()), { timeout: 60_000 }).toBeGreaterThan(before);
    await expect.poll(async () => (await login(), listening.process.exitCode), { timeout: 60_000 }).toBe(0);
    const { out, err } = await listening.end;
    expect(err).toMatch(/the connection was cut .* trying again/);
    const ids = out
      .trim()
      .split('\n')
      .map((line) => Number(JSON.parse(line).id));
    const all = await startCli(['listen', 'user.*', '--json', '--count', '6', '--after', String(ids[0]! - 1)], {
      env: { PASSERELLE_URL: server.url, PASSERELLE_TOKEN: token },
    }).end;
    expect(all.out).toBe(out);
  });

  test('a credential that nobody has, a type that there is not and a place beyond the log are refused', async () => {
    const url = ['--url', server.url];
    expect((await run(['listen', ...url], '', { PASSERELLE_TOKEN: 'apt_wrong' })).code).toBe(3);
    expect((await run(['listen', 'no.such', ...url], '', { PASSERELLE_TOKEN: token })).code).toBe(2);
    expect((await run(['listen', '--after', '999999', ...url], '', { PASSERELLE_TOKEN: token })).code).toBe(1);
  });

  test('it is looked at', async () => {
    const { json, code } = await run(['doctor', '--json', '--url', server.url], '', {
      PASSERELLE_TOKEN: token,
      PORT: port,
    });
    const found = (check: string) => json.find((finding: { check: string }) => finding.check === check);
    expect(found('server')).toMatchObject({ status: 'ok' });
    expect(found('server clock')).toMatchObject({ status: 'ok' });
    expect(found('token')).toMatchObject({ status: 'ok', message: 'stands for ada' });
    expect(found('port')).toMatchObject({ status: 'ok', message: expect.stringContaining('Passerelle answers') });
    expect([0, 4]).toContain(code);
  });
});

describe('without anything', () => {
  test('wrong usage is told with code 2, help and exit codes with 0', async () => {
    for (const words of [
      ['nothing'],
      ['user', 'create'],
      ['query', '{ a }'],
      ['listen'],
      ['query', '{ a }', '--variables', '[]'],
    ])
      expect((await run(words)).code, words.join(' ')).toBe(2);
    expect(await run(['help', 'exit-codes'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('3  nothing was'),
    });
    expect((await run(['routes', '--json'])).json.length).toBeGreaterThan(300);
  });

  test('words are completed: commands, options and their values', async () => {
    const complete = async (...words: string[]): Promise<string[]> =>
      (await run(['__complete', '--', ...words])).out.split('\n').filter(Boolean);
    expect(await complete('mig')).toEqual(['migrate']);
    expect(await complete('user', '')).toEqual(expect.arrayContaining(['create', 'list', 'reset-password']));
    expect(await complete('user', 'list', '--j')).toEqual(['--json']);
    expect(await complete('token', 'create', '--scope', 'w')).toEqual(['webhooks', 'write']);
    expect((await run(['completion', 'bash'])).out).toContain('complete -o default -F _passerelle passerelle');
  });

  test('every fault of a broken machine is named, each with what to do', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    const { code, json } = await run(['doctor', '--json', '--url', 'http://127.0.0.1:1'], '', {
      DATA_DIR: '/proc/nowhere',
      DATABASE_URL: 'postgres://127.0.0.1:1/none',
      JWT_SECRET: 'short',
      ENCRYPTION_KEY: '',
      LOG_LEVEL: 'loudest',
      PUBLIC_ULR: 'http://example.org',
      PORT: String(port),
      REDIS_URL: 'redis://127.0.0.1:1',
      S3_BUCKET: 'files',
      S3_ENDPOINT: 'http://127.0.0.1:1',
      S3_ACCESS_KEY_ID: 'key',
      S3_SECRET_ACCESS_KEY: 'Secret-of-S3',
      SMTP_URL: 'smtp://user:Secret-of-mail@127.0.0.1:1',
      MAIL_FROM: 'firm@example.org',
      TESSERACT: '/nowhere/tesseract',
    });
    taken.close();
    const wrong = (json as { check: string; status: string; message: string; advice?: string }[]).filter(
      ({ status }) => status !== 'ok',
    );
    const messages = wrong.map(({ check, message }) => `${check}: ${message}`);
    for (const part of [
      'configuration: JWT_SECRET',
      'configuration: ENCRYPTION_KEY is required',
      'configuration: LOG_LEVEL',
      'configuration: PUBLIC_ULR: did you mean PUBLIC_URL',
      'folders: DATA_DIR',
      'database: DATABASE_URL: nobody answers at 127.0.0.1:1',
      'redis: REDIS_URL',
      'files: S3_ENDPOINT',
      'mail: SMTP_URL',
      'recognition: /nowhere/tesseract',
      `port: ${port} of 127.0.0.1 cannot be had (EADDRINUSE)`,
      'server: nobody answers',
    ])
      expect(messages).toContainEqual(expect.stringContaining(part));
    expect(wrong.filter(({ advice }) => !advice)).toEqual([]);
    expect(code).toBe(1);
  });
});

test('no secret was written', () => {
  const text = written.join('\n');
  for (const secret of [password, 'Secret-of-S3', 'Secret-of-mail', 'test-secret-test', 'test-key-test'])
    expect(text).not.toContain(secret);
});
