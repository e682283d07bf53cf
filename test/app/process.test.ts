import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import WebSocket from 'ws';
import { runCli } from '../support/cli.js';
import { freshDatabase } from '../support/database.js';
import { makePdf } from '../support/files.js';
import { isFull } from '../support/full.js';
import { runToEnd, type ServerProcess, startProcess } from '../support/process.js';

let folder: string;
let env: NodeJS.ProcessEnv;
let running: ServerProcess | undefined;
let drop: () => Promise<void>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-process-'));
  const database = await freshDatabase(folder);
  drop = database.drop;
  env = { ...database.env, DATA_DIR: folder };
});
afterEach(async () => {
  if (running?.process.exitCode === null && running.process.signalCode === null) await running.end('SIGKILL');
  running = undefined;
  await drop();
  await rm(folder, { recursive: true, force: true });
});

const json = { 'content-type': 'application/json' };

async function signIn(url: string): Promise<Record<string, string>> {
  const person = { email: 'k@example.com', password: 'Passerelle-2026!', full_name: 'K' };
  await fetch(`${url}/auth/register`, { method: 'POST', headers: json, body: JSON.stringify(person) });
  const login = await fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ username: person.email, password: person.password }),
  });
  return { authorization: `Bearer ${((await login.json()) as { access_token: string }).access_token}` };
}

async function upload(url: string, headers: Record<string, string>, bytes: Buffer, name: string): Promise<number> {
  const form = new FormData();
  form.set('files', new Blob([new Uint8Array(bytes)]), name);
  const response = await fetch(`${url}/kdocs/api/documents/upload`, { method: 'POST', headers, body: form });
  const answer = (await response.json()) as { results: { success: boolean; id: number }[] };
  if (!answer.results?.[0]?.success) throw new Error(JSON.stringify(answer));
  return answer.results[0].id;
}

/** How many files are sent, and after how many answers the server is killed. */
const { uploads, killedAfter } = isFull ? { uploads: 100, killedAfter: 30 } : { uploads: 60, killedAfter: 20 };

test(
  'a server killed amid uploads has each answered one whole, with its text, and none by half',
  { timeout: 240_000 },
  async () => {
    running = await startProcess(env);
    const headers = await signIn(running.url);
    const files = await Promise.all(
      Array.from({ length: uploads }, (_, i) => makePdf([`Pièce numéro ${i}`, `témoin${i}`])),
    );
    const answered = new Map<number, number>();
    let next = 0;
    const { url } = running;
    const client = async (): Promise<void> => {
      while (next < files.length) {
        const i = next++;
        try {
          answered.set(await upload(url, headers, files[i] as Buffer, `piece-${i}.pdf`), i);
        } catch {
          return; // The server is gone.
        }
        if (answered.size === killedAfter) await running?.end('SIGKILL');
      }
    };
    await Promise.all(Array.from({ length: 6 }, client));
    expect(answered.size).toBeGreaterThanOrEqual(killedAfter);
    expect(answered.size).toBeLessThan(uploads);

    running = await startProcess(env);
    const all: { id: number }[] = [];
    for (let page = 1, pages = 1; page <= pages; page++) {
      const list = (await (
        await fetch(`${running.url}/kdocs/api/documents?per_page=100&page=${page}`, { headers })
      ).json()) as any;
      all.push(...list.data);
      pages = list.pagination.total_pages;
    }
    expect(new Set(all.map((d) => d.id)).isSupersetOf(new Set(answered.keys()))).toBe(true);
    const query = `query ($id: ID!) { document(id: $id) { content contentHash originalFilename } }`;
    for (const { id } of all) {
      const reply = await fetch(`${running.url}/graphql`, {
        method: 'POST',
        headers: { ...headers, ...json },
        body: JSON.stringify({ query, variables: { id } }),
      });
      const { document } = ((await reply.json()) as any).data;
      const i = /piece-(\d+)/.exec(document.originalFilename)?.[1];
      const bytes = Buffer.from(
        await (await fetch(`${running.url}/kdocs/api/documents/${id}/download`, { headers })).arrayBuffer(),
      );
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(document.contentHash);
      expect(document.content).toContain(`témoin${i}`);
    }
  },
);

test('a subscriber resumes over a kill between two events, without loss or doubles', { timeout: 120_000 }, async () => {
  running = await startProcess(env);
  const headers = await signIn(running.url);
  const events = async (after: string, n: number): Promise<{ position: string; documentId: string }[]> => {
    const client = createClient({
      url: `${running?.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: headers,
      retryAttempts: 0,
    });
    const taken: { position: string; documentId: string }[] = [];
    for await (const { data } of client.iterate({
      query: `subscription { documentEvents(after: "${after}") { position documentId } }`,
    })) {
      taken.push((data as any).documentEvents);
      if (taken.length === n) break;
    }
    await client.dispose();
    return taken;
  };
  const first = await upload(running.url, headers, await makePdf(['un']), 'un.pdf');
  const [seen] = await events('0', 1);
  // The second is committed, and the process dies before anybody could be told.
  const second = await upload(running.url, headers, await makePdf(['deux']), 'deux.pdf');
  await running.end('SIGKILL');
  running = await startProcess(env);
  const third = await upload(running.url, headers, await makePdf(['trois']), 'trois.pdf');
  const rest = await events(seen?.position as string, 2);
  expect([seen, ...rest].map((e) => Number(e?.documentId))).toEqual([first, second, third]);
});

test('Ctrl-C finishes what is under way, ends with 0 and leaves no lock', async () => {
  running = await startProcess(env);
  const headers = await signIn(running.url);
  const underway = upload(
    running.url,
    headers,
    await makePdf(Array.from({ length: 400 }, (_, i) => `ligne ${i}`)),
    'long.pdf',
  );
  await new Promise((resolve) => setImmediate(resolve));
  const [code, id] = await Promise.all([running.end('SIGINT'), underway.catch(() => undefined)]);
  expect(code).toBe(0);
  // Either it was admitted, and then it was finished, or it was refused as a whole.
  expect(id === undefined || id > 0).toBe(true);
  expect(existsSync(join(folder, 'postgres.lock'))).toBe(false);
});

test.each([
  ['SIGTERM', 0],
  ['SIGUSR2', 1],
] as const)('every line of the log is out when the process ends by %s', async (signal, expected) => {
  const defect = `process.on('SIGUSR2', () => { throw new Error('a defect') })`;
  running = await startProcess({
    ...env,
    LOG_LEVEL: 'info',
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(defect)}`,
  });
  const ids = Array.from({ length: 60 }, (_, i) => `line-${i}-of-60`);
  for (const id of ids) await fetch(`${running.url}/health`, { headers: { 'x-request-id': id } });
  expect(await running.end(signal)).toBe(expected);
  const lines = running
    .output()
    .split('\n')
    .filter((line) => line.includes('-of-60'))
    .map((line) => JSON.parse(line).requestId);
  expect(lines).toEqual(ids);
});

test('a second Ctrl-C does not wait for the requests under way', async () => {
  running = await startProcess({ ...env, LOG_LEVEL: 'info' });
  const { port } = new URL(running.url);
  const unfinished = connect(Number(port), '127.0.0.1', () =>
    unfinished.write('POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{'),
  );
  unfinished.on('error', () => undefined);
  await once(unfinished, 'connect');
  // The server knows of it by then: it is answered after what was sent before.
  await fetch(`${running.url}/health/live`);
  const again = setInterval(() => running?.process.kill('SIGINT'), 100);
  expect(await running.end('SIGINT')).toBe(130);
  clearInterval(again);
  expect(running.output()).not.toContain('"msg":"stopped"');
});

test('npm start hands SIGTERM on to the server, and ends after it', async () => {
  running = await startProcess({ ...env, LOG_LEVEL: 'info' }, ['npm', '--prefix', process.cwd(), 'start']);
  expect(await running.end('SIGTERM')).toBe(0);
  expect(running.output()).toMatch(/"msg":"stopped"\}\s*$/);
});

test('npm start runs the same where the shell has no exec, as on Windows', async () => {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: { start: string } };
  const [before, started, otherwise] = scripts.start.split(/ && exec | \|\| /);
  expect([before, started]).toEqual(['node scripts/has-exec.mjs', otherwise]);
  const asked = `Object.defineProperty(process, 'platform', { value: 'win32' })`;
  const elsewhere = ['--import', `data:text/javascript,${encodeURIComponent(asked)}`, 'scripts/has-exec.mjs'];
  expect(spawnSync(process.execPath, elsewhere).status).toBe(1);
});

/** A start that must fail, with one line and no stack. */
async function refusal(settings: NodeJS.ProcessEnv): Promise<string> {
  const { code, output } = await runToEnd({ ...env, ...settings });
  const [line = '', ...rest] = output.trim().split('\n');
  expect({ code, line, rest }).toEqual({ code: 1, line, rest: [] });
  expect(line).toMatch(/^Passerelle cannot start\. /);
  return line.replace('Passerelle cannot start. ', '');
}

test('a wrong setting stops the start with one line that names it and keeps the value to itself', async () => {
  const line = await refusal({ PORT: 'hunter2', LOG_LEVEL: 'loud', JWT_SECRTE: 'hunter2', JWT_SECRET: undefined });
  expect(line).toMatch(/PORT is .*LOG_LEVEL is .*JWT_SECRTE: did you mean JWT_SECRET\?/);
  expect(line).not.toContain('hunter2');
});

test('a start that finds something out of its reach names the setting', async () => {
  expect(await refusal({ DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/x' })).toBe(
    'DATABASE_URL: nobody answers at 127.0.0.1:1',
  );
});

test('.env is read, under what the environment says', async () => {
  await writeFile(join(folder, '.env'), `REGISTRATION=closed\nHOST='127.0.0.2'\nPORT=hunter2\n`);
  running = await startProcess({ ...env, HOST: '127.0.0.1' });
  expect(running.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  const body = JSON.stringify({ email: 'k@example.com', password: 'Passerelle-2026!', full_name: 'K' });
  const register = await fetch(`${running.url}/auth/register`, { method: 'POST', headers: json, body });
  expect(register.status).toBe(403);
});

test('a log that is no terminal has lines of JSON only, and once the password that was made', async () => {
  running = await startProcess({ ...env, LOG_LEVEL: 'info' });
  await fetch(`${running.url}/health`);
  const { url } = running;
  await running.end('SIGTERM');
  const lines = linesOf(running);
  expect(lines.filter(({ msg }) => msg === 'Passerelle serves')).toEqual([
    expect.objectContaining({ level: 30, url, process: 'all' }),
  ]);
  const [admin, ...others] = lines.filter((line) => 'password' in line);
  expect(others).toEqual([]);
  running = await startProcess(env);
  expect(await loginStatus(admin)).toBe(200);
  expect(running.output()).not.toContain('password');
  // What to do when it is lost, on every later start.
  expect(running.output()).toContain('"resetAdmin":"npm run reset-admin"');
});

test(
  'no start loses the password of the first administrator, and another one is made',
  { timeout: 240_000 },
  async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    expect(await refusal({ PORT: String(port), HOST: '127.0.0.1' })).toMatch(/^PORT: another program listens/);
    taken.close();
    running = await startProcess(env);
    const [admin] = linesOf(running).filter((line) => 'password' in line);
    expect(await loginStatus(admin)).toBe(200);
    await running.end('SIGTERM');

    const reset = await runCli(['user', 'reset-admin', '--json'], { env });
    expect(reset).toMatchObject({ code: 0, json: { username: admin.username } });
    expect(await runCli(['user', 'reset-admin', 'nobody'], { env })).toMatchObject({ code: 1, out: '' });
    running = await startProcess(env);
    expect([await loginStatus(admin), await loginStatus(reset.json)]).toEqual([401, 200]);
  },
);

const linesOf = (server: ServerProcess): any[] =>
  server
    .output()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

async function loginStatus({ username, password }: { username: string; password: string }): Promise<number> {
  const body = JSON.stringify({ username, password });
  return (await fetch(`${running?.url}/auth/login`, { method: 'POST', headers: json, body })).status;
}

if (inject('database').kind === 'embedded') {
  test('a second process on the same embedded folder is refused with a clear line', async () => {
    running = await startProcess(env);
    const { code, output } = await runToEnd(env);
    expect(code).toBe(1);
    expect(output).toMatch(/in use by process \d+/);
    expect(output.trim().split('\n')).toHaveLength(1);
  });

  test('the lock of a process that was killed is taken over', async () => {
    running = await startProcess(env);
    await running.end('SIGKILL');
    expect(existsSync(join(folder, 'postgres.lock'))).toBe(true);
    running = await startProcess(env);
    expect((await fetch(`${running.url}/health`)).status).toBe(200);
  });
}
