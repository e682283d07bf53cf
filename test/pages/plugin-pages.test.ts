import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Answer, type Person, startTestServer, type TestServer } from '../support/harness.js';
import { writePlugin } from '../support/plugins.js';

let server: TestServer;
let person: Person;
let manager: Person;

const code = `
  import { definePlugin } from '@passerelle/plugin';
  export default definePlugin({
    sdl: 'extend type Query { "Who it works for." notesReader: ID }',
    resolvers: { Query: { notesReader: (parent, args, api) => api.viewer.id } },
    pages: [{ path: 'board', title: 'The <board>' }],
  });
`;
const page = '<!doctype html><script type="module" src="board.js"></script>';

beforeAll(async () => {
  const root = await mkdtemp(join(inject('folder'), 'pages-'));
  server = await startTestServer({ env: { PLUGIN_SOURCES: root, RATE_LIMITS: 'on' } });
  person = await server.person();
  manager = await server.person({ roles: ['manager'] });
  for (const [id, capabilities] of [
    ['notes', ['graph:read']],
    ['bare', []],
  ] as const) {
    const source = await writePlugin(root, { id, capabilities: [...capabilities] });
    await mkdir(join(source, 'pages/img'), { recursive: true });
    const files = {
      'index.js': id === 'notes' ? code : code.replaceAll('notesReader', 'bareReader'),
      'pages/board.html': page,
      'pages/board.js': 'parent.postMessage(1, "*")',
      'pages/img/logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'pages/.env': 'SECRET=1',
      'pages/tool.exe': 'MZ',
    };
    for (const [path, text] of Object.entries(files)) await writeFile(join(source, path), text);
    expect((await plugins('POST', '', { name: id, source })).json).toMatchObject({ status: 'installed' });
    expect((await plugins('POST', `/${id}/enable`)).status).toBe(200);
  }
});
afterAll(() => server?.stop());

const plugins = (method: string, path: string, json?: object): Promise<Answer> =>
  server.request(method, `/system/plugins${path}`, { token: server.admin.token, ...(json && { json }) });
const ask = (query: string, { token = person.token, plugin = 'notes', variables = {} } = {}): Promise<Answer> =>
  server.request('POST', `/plugins/${plugin}/graphql`, { token, json: { query, variables } });
/** As it is written, without what `fetch` makes of dots. */
const statusOf = (path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    get({ hostname, port, path }, (answer) => resolve(answer.resume().statusCode)).on('error', reject);
  });

test('a page of ours holds the one of the plugin in a sandbox, and leads its frame nowhere else', async () => {
  const { status, text, headers } = await server.request('GET', '/plugins/notes/board');
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(text).toContain('<title>The &lt;board&gt; · Plugin notes · Passerelle</title>');
  expect(text).toMatch(/<iframe[^>]*sandbox="allow-scripts allow-forms"/);
  const french = await server.request('GET', '/plugins/notes/board', { headers: { 'accept-language': 'fr' } });
  expect([french.headers.get('vary'), french.text]).toEqual([
    expect.stringContaining('Accept-Language'),
    expect.stringMatching(/<html lang="fr">.*Se connecter/s),
  ]);
  const policy = String(headers.get('content-security-policy'));
  expect(policy).toMatch(/frame-src [^;]*\/plugins\/notes\/files\/$/);
  expect(policy).toContain(`${new URL(server.url).host}/plugins/notes/files/`);
  expect(policy).toContain("script-src 'self'");
  expect((await server.request('GET', '/')).text).toContain('href="/plugins/notes/board">The &lt;board&gt;</a>');
  for (const path of ['notes/other', 'notes/graphql', 'none/board', 'notes', ''])
    expect((await server.request('GET', `/plugins/${path}`)).status, path).toBe(404);
});

test('its files are those of its folder for pages, in a sandbox that reaches nothing but them', async () => {
  const { status, text, headers } = await server.request('GET', '/plugins/notes/files/board.html');
  expect([status, text]).toEqual([200, page]);
  const policy = String(headers.get('content-security-policy')).split(';');
  const sources = policy.find((each) => each.startsWith('script-src'))?.replace('script-src ', '');
  expect(sources?.split(' ').every((source) => source.endsWith('/plugins/notes/files/'))).toBe(true);
  expect(policy).toEqual([
    'sandbox allow-scripts allow-forms',
    "default-src 'none'",
    ...['script-src', 'style-src', 'img-src', 'font-src'].map((directive) => `${directive} ${sources}`),
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
  ]);
  expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  const script = await server.request('GET', '/plugins/notes/files/board.js');
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  const known = { 'if-none-match': String(script.headers.get('etag')) };
  expect((await server.request('GET', '/plugins/notes/files/board.js', { headers: known })).status).toBe(304);
  const svg = await server.request('GET', '/plugins/notes/files/img/logo.svg');
  expect([svg.status, svg.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
  const post = await server.request('POST', '/plugins/notes/files/board.js');
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

test.each([
  '../plugin.json',
  '../index.js',
  '..%2fplugin.json',
  '%2e%2e/plugin.json',
  'img/../../plugin.json',
  'img%2f..%2f..%2fplugin.json',
  '..%5cplugin.json',
  './board.html',
  '/board.html',
  '/etc/hosts.txt',
  'board.html/',
  'board.html%00.js',
  '%E0%A4%A.js',
  '.env',
  'tool.exe',
  'plugin.json',
  'index.js',
  'img',
  'none.html',
])('there is no file %s', async (path) => {
  expect(await statusOf(`/plugins/notes/files/${path}`)).toBe(404);
});

test('a link that somebody puts into the unpacked package leads nowhere', async () => {
  const [{ hash }] = await server.sql(`select package_hash as hash from plugins where id = 'notes'`);
  const folder = join(server.services.config.dataDir, 'plugins/notes', hash);
  await symlink(join(folder, 'plugin.json'), join(folder, 'pages/link.json'));
  await symlink('board.js', join(folder, 'pages/near.js'));
  await symlink('/etc', join(folder, 'pages/etc'));
  for (const path of ['link.json', 'near.js', 'etc/hosts.txt'])
    expect(await statusOf(`/plugins/notes/files/${path}`), path).toBe(404);
});

test('a page is not answered more than any answer may have', async () => {
  const [{ id }] = await server.sql(
    `insert into documents (title, filename, original_filename, content_key, content_hash, file_size, mime_type, content, owner_id)
     values ('Long', 'f', 'f', 'k', repeat('a', 64), 1, 'text/plain', repeat('x', 2000000), ?) returning id`,
    [person.id],
  );
  const names = Array.from({ length: 20 }, (_, at) => `a${at}: content`).join(' ');
  const { status, json } = await ask(`{ document(id: ${id}) { ${names} } }`);
  expect([status, json.data]).toEqual([200, null]);
  expect(json.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', reason: 'answer_too_large' } }]);
});

test('what a page asks runs as the person, with no more than the plugin was granted', async () => {
  const own = await ask('{ viewer { username } notesReader }');
  expect([own.status, own.json]).toEqual([
    200,
    { data: { viewer: { username: person.username }, notesReader: String(person.id) } },
  ]);
  const change = 'mutation ($input: CreateClientInput!) { createClient(input: $input) { client { id } } }';
  const refused = await ask(change, { token: manager.token, variables: { input: { name: 'A' } } });
  expect([refused.status, refused.json.errors[0].extensions]).toEqual([
    403,
    expect.objectContaining({ code: 'FORBIDDEN', reason: 'scope' }),
  ]);
  expect(await server.sql(`select 1 from clients where name = 'A'`)).toEqual([]);
  const unread = await ask('{ viewer { username } }', { plugin: 'bare' });
  expect([unread.status, unread.json.errors[0].extensions.code]).toEqual([403, 'FORBIDDEN']);
  const wrong = await ask('{ nothing }');
  expect([wrong.status, wrong.json.errors[0].extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
  const follow = await ask('subscription { documentEvents { position } }');
  expect([follow.status, follow.json.errors[0].message]).toEqual([
    403,
    'Pages of plugins ask by queries and mutations',
  ]);
  // Credentials and rights are nothing that a plugin gets at, whatever it was granted.
  const inPerson = await ask('{ passkeys { id } }', { token: server.admin.token });
  expect(inPerson.json.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});

test('who is not signed in asks nothing, and what is asked is counted as for /graphql', async () => {
  for (const token of ['', 'wrong']) {
    const { status, json } = await server.request('POST', '/plugins/notes/graphql', {
      ...(token && { token }),
      json: { query: '{ viewer { username } }' },
    });
    expect([status, json.errors[0].extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
  }
  const before = await server.request('POST', '/graphql', { token: person.token, json: { query: '{ __typename }' } });
  const after = await ask('{ documents(first: 50) { nodes { id } } }');
  const left = ({ headers }: Answer): number => Number(headers.get('x-ratelimit-remaining'));
  expect(left(after)).toBeLessThan(left(before));
  const { status, json } = await ask('{ viewer { username } }', { plugin: 'none' });
  expect([status, json.errors[0].extensions.code]).toEqual([404, 'NOT_FOUND']);
  const form = await server.request('POST', '/plugins/notes/graphql', {
    token: person.token,
    body: new URLSearchParams({ query: '{ viewer { username } }' }),
  });
  expect(form.status).toBe(415);
});

test('all of it leaves with the plugin', async () => {
  await plugins('POST', '/notes/disable');
  const gone = async (): Promise<unknown[]> => [
    (await server.request('GET', '/plugins/notes/board')).status,
    (await server.request('GET', '/plugins/notes/files/board.html')).status,
    (await ask('{ viewer { username } }')).status,
  ];
  expect(await gone()).toEqual([404, 404, 404]);
  await plugins('POST', '/notes/enable');
  expect(await gone()).toEqual([200, 200, 200]);
  await plugins('DELETE', '/notes');
  expect(await gone()).toEqual([404, 404, 404]);
  expect((await server.request('GET', '/')).text).not.toContain('/plugins/notes');
});
